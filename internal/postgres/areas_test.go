package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// withAreas is a database that has the areas and the calendar.
func withAreas(t testing.TB) (*postgres.DB, *pgxpool.Pool) {
	t.Helper()
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.LoadReference(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db, pool
}

func one[T any](t testing.TB, pool *pgxpool.Pool, sql string, args ...any) T {
	t.Helper()
	var v T
	if err := pool.QueryRow(context.Background(), sql, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func exec(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestLoadReferenceIsIdempotentAndKeepsWhatOfficesChanged(t *testing.T) {
	db, pool := withAreas(t)
	if n := one[int](t, pool, `SELECT count(*) FROM area`); n != 38+514+7277 {
		t.Fatalf("%d areas", n)
	}
	if z := one[string](t, pool, `SELECT zone FROM area WHERE code = '32.10.06' AND name = 'Maja' AND parent = '32.10'`); z != "Asia/Jakarta" {
		t.Errorf("zone of Maja: %s", z)
	}
	days := one[int](t, pool, `SELECT count(*) FROM holiday`)
	pauses := one[int](t, pool, `SELECT count(*) FROM pause`)
	if days < 30 || pauses != 2 {
		t.Fatalf("%d holidays, %d pauses", days, pauses)
	}
	exec(t, pool, `UPDATE area SET name = 'Salah' WHERE code = '32.10.06'`)
	exec(t, pool, `DELETE FROM holiday WHERE day = '2026-12-24'`)
	exec(t, pool, `INSERT INTO holiday VALUES ('2026-06-07', 'Hari Jadi Majalengka', '32.10')`)
	if err := db.LoadReference(t.Context()); err != nil {
		t.Fatal(err)
	}
	if name := one[string](t, pool, `SELECT name FROM area WHERE code = '32.10.06'`); name != "Maja" {
		t.Errorf("a damaged name stays: %s", name)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM holiday`); n != days {
		t.Errorf("%d holidays, want the office's %d", n, days)
	}
}
