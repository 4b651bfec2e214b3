// Package pgtest gives every test a PostgreSQL database of its own, copied from a template that has every migration.
//
// The server is that of DATABASE_URL_TEST (a URL; its role must be allowed to create databases), else one that all test
// processes of this user share and that stops by itself some seconds after the last of them has ended.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/internal/postgres"
)

const (
	prefix      = "kabar_t_" // of databases that belong to one test
	connections = 10         // of one test's pool; the server has 200 for all
	// closeWait is how long a pool may take to get its connections back after the test.
	closeWait = time.Minute
)

// New is a pool on a fresh database that has every migration; both go when the test ends.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	config, err := pgxpool.ParseConfig(URL(t))
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	config.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		closed := make(chan struct{})
		go func() { pool.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(closeWait):
			t.Errorf("pgtest: the test keeps %d connections; rows not closed, or a transaction still open?", pool.Stat().AcquiredConns())
		}
	})
	return pool
}

// URL is the address of a fresh database that has every migration; it goes when the test ends.
func URL(t testing.TB) string {
	t.Helper()
	server := address(t)
	template, err := ensureTemplate(t.Context(), server, postgres.SchemaHash(), postgres.Migrate)
	if err != nil {
		t.Fatalf("pgtest: template: %v", err)
	}
	return fresh(t, server, template)
}

// Empty is the address of a fresh database without any migration; it goes when the test ends.
func Empty(t testing.TB) string {
	t.Helper()
	return fresh(t, address(t), "template1")
}

// address is the server of all tests in this process.
func address(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("pgtest: no PostgreSQL for the tests: %v", err)
	}
	return s.server
}

// fresh copies a template to a database with a name of its own.
func fresh(t testing.TB, server, template string) string {
	t.Helper()
	name := prefix + strings.ToLower(rand.Text())
	// Copying files beats the default, which writes a log record for every page.
	if err := exec(t.Context(), server, "create database "+name+" template "+template+" strategy file_copy"); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		if err := exec(ctx, server, "drop database if exists "+name+" with (force)"); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	return database(server, name)
}

// database is the address of another database on the same server.
func database(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // connecting to it will say what is wrong
	}
	u.Path = "/" + name
	return u.String()
}

// exec runs one statement on a connection of its own, so that no pool lives on between tests.
func exec(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}
