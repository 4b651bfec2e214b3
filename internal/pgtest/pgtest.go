// Package pgtest gives every test a PostgreSQL database of its own.
package pgtest

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
)

// New is a pool on a fresh database that has every migration; both go when the test ends.
func New(t testing.TB) *pgxpool.Pool { t.Helper(); t.Fatal("pgtest: not yet"); return nil }

// URL is the address of a fresh database that has every migration.
func URL(t testing.TB) string { t.Helper(); t.Fatal("pgtest: not yet"); return "" }

// Empty is the address of a fresh database without any migration.
func Empty(t testing.TB) string { t.Helper(); t.Fatal("pgtest: not yet"); return "" }
