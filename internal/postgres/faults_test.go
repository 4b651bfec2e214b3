package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// Two transactions that take the same rows in opposite orders: PostgreSQL ends one of them, and it is run again (faults.md C4).
func TestC4Deadlock(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, pool, `INSERT INTO batch (name, amount, opened_on) VALUES ('a', 1, '2026-01-01'), ('b', 1, '2026-01-01')`)
	met := make(chan struct{}, 2)
	runs := make(chan int, 2)
	raise := func(first, second string) error {
		tries := 0
		defer func() { runs <- tries }()
		return db.InTx(t.Context(), func(tx *postgres.Tx) error {
			tries++
			if _, err := tx.Exec(t.Context(), `UPDATE batch SET amount = amount + 1 WHERE name = $1`, first); err != nil {
				return err
			}
			if tries == 1 { // both hold their first row before either takes its second
				met <- struct{}{}
				for len(met) < 2 {
					select {
					case <-t.Context().Done():
						return t.Context().Err()
					case <-time.After(time.Millisecond):
					}
				}
			}
			_, err := tx.Exec(t.Context(), `UPDATE batch SET amount = amount + 1 WHERE name = $1`, second)
			return err
		})
	}
	done := make(chan error, 2)
	go func() { done <- raise("a", "b") }()
	go func() { done <- raise("b", "a") }()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := <-runs + <-runs; n != 3 {
		t.Errorf("%d runs, want one of the two twice", n)
	}
	if got := one[string](t, pool, `SELECT string_agg(amount::text, ' ') FROM batch`); got != "3 3" {
		t.Errorf("each row was to be raised twice: %s", got)
	}
}

// A migration whose connection is cut off again and again: what was done stays whole, and the next run completes it (faults.md C8).
func TestC8MigrationBreaksOff(t *testing.T) {
	dsn := pgtest.Empty(t)
	control, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = control.Close(context.WithoutCancel(t.Context())) })
	cut := 0
	for try := range 12 {
		done := make(chan error, 1)
		go func() { done <- postgres.Migrate(t.Context(), dsn) }()
		migrating := true
		for killed := false; migrating; {
			select {
			case err := <-done:
				migrating = false
				if err == nil {
					try = 1000
				}
			case <-time.After(time.Duration(3+9*try) * time.Millisecond):
				if killed {
					continue
				}
				var n int
				err := control.QueryRow(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`).Scan(&n)
				if err != nil {
					t.Fatal(err)
				}
				if n > 0 {
					cut, killed = cut+1, true
				}
			}
		}
		if try == 1000 {
			break
		}
	}
	if cut == 0 {
		t.Error("no migration was cut off: the test proves nothing")
	}
	if err := postgres.Migrate(t.Context(), dsn); err != nil {
		t.Fatalf("after %d cuts: %v", cut, err)
	}
	have, want, err := postgres.Pending(t.Context(), dsn)
	if err != nil || have != want {
		t.Errorf("schema %v of %v, %v", have, want, err)
	}
	if tables := schema(t, dsn); tables != schema(t, pgtest.URL(t)) {
		t.Errorf("the schema differs from one that was made at once:\n%s", tables)
	}
	t.Logf("%d cuts", cut)
}

// schema is every column and index of a database.
func schema(t *testing.T, dsn string) (s string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.WithoutCancel(t.Context()))
	err = c.QueryRow(t.Context(), `SELECT string_agg(line, E'\n' ORDER BY line) FROM (
		SELECT format('%s.%s %s', table_name, column_name, data_type) FROM information_schema.columns WHERE table_schema = 'public'
		UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public') x (line)`).Scan(&s)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(s)
}
