package pgtest

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const (
	templatePrefix = "kabar_template_"
	templateLock   = 7_201_946 // advisory lock: one process makes the template, the others wait for it
)

// ensureTemplate makes the template of that schema unless it is there, and returns its name. It is closed to connections,
// because a database with sessions cannot be copied.
func ensureTemplate(ctx context.Context, server, schema string, migrate func(context.Context, string) error) (string, error) {
	name := templatePrefix + schema
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // gives the lock back too
	if done, err := isTemplate(ctx, conn, name); done || err != nil {
		return name, err
	}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return "", err
	}
	if done, err := isTemplate(ctx, conn, name); done || err != nil {
		return name, err
	}
	for _, sql := range []string{"drop database if exists " + name + " with (force)", "create database " + name} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return "", fmt.Errorf("%s: %w", sql, err)
		}
	}
	if err := migrate(ctx, database(server, name)); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "alter database "+name+" with is_template true allow_connections false")
	return name, err
}

// isTemplate is true once a template is whole: it is marked last.
func isTemplate(ctx context.Context, conn *pgx.Conn, name string) (done bool, err error) {
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1 and datistemplate)", name).Scan(&done)
	return done, err
}

// sweep drops what killed test runs have left, and templates of other schemas. Only for a server that has no users yet.
func sweep(ctx context.Context, server, schema string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, `select datname from pg_database
		where starts_with(datname, $1) or starts_with(datname, $2) and datname <> $3`, prefix, templatePrefix, templatePrefix+schema)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		for _, sql := range []string{"alter database " + name + " with is_template false", "drop database " + name} {
			if _, err := conn.Exec(ctx, sql); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
	}
	return nil
}
