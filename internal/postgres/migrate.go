package postgres

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // goose speaks database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up: ours by goose under an advisory lock, then River's. It is safe to call from several
// processes at once and costs little when there is nothing to do.
func Migrate(ctx context.Context, dsn string) error {
	sqldb, err := sql.Open("pgx", dsn)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer sqldb.Close()
	p, err := provider(sqldb)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer pool.Close()
	rm, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return fmt.Errorf("migrate: jobs: %w", err)
	}
	if _, err := rm.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate: jobs: %w", err)
	}
	return nil
}

// Pending says whether the schema of the database is older than this program needs, or newer than it knows.
func Pending(ctx context.Context, dsn string) (have, want int64, err error) {
	sqldb, err := sql.Open("pgx", dsn)
	if err != nil {
		return 0, 0, fmt.Errorf("schema version: %w", err)
	}
	defer sqldb.Close()
	p, err := provider(sqldb)
	if err != nil {
		return 0, 0, err
	}
	have, want, err = p.GetVersions(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("schema version: %w", err)
	}
	return have, want, nil
}

func provider(sqldb *sql.DB) (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, sqldb, dir, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return p, nil
}

// SchemaHash names the schema by the text of its migrations; test templates are keyed by it.
func SchemaHash() string {
	h := sha256.New()
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, f := range files {
		b, err := migrations.ReadFile(f)
		if err != nil {
			panic(err) // embedded
		}
		h.Write([]byte(f))
		h.Write(b)
	}
	if jobs, err := rivermigrate.New(riverpgxv5.New(nil), nil); err == nil {
		fmt.Fprint(h, len(jobs.AllVersions()))
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
