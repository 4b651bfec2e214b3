// Package postgres holds every line of SQL. A file holds one subject; each statement is set-based where it can be, bounded
// where it must be, and tested on a real database. It fulfils the interfaces that the other rooms own.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// DB is the database of one Kabar.
type DB struct {
	pool *pgxpool.Pool
	jobs *river.Client[pgx.Tx] // inserts only; the workers' client lives in main

	secret []byte // under which tokens are kept (Seal)
}

// Open wraps a pool. Jobs are inserted through a River client of its own that runs nothing.
func Open(pool *pgxpool.Pool) (*DB, error) {
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{})
	if err != nil {
		return nil, fmt.Errorf("open: job inserter: %w", err)
	}
	return &DB{pool: pool, jobs: jobs}, nil
}

// Pool is the pool itself, for River's workers and for tests.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Tx is one transaction: what a turn, an act or a sweep does happens in it wholly or not at all.
type Tx struct {
	pgx.Tx
	db        *DB
	rehearsed bool // its effects are undone
}

// InTx runs f in a transaction and retries it, at most three times, when PostgreSQL says that it lost a race
// (40001 serialization failure, 40P01 deadlock; faults.md C4). f must therefore have no effect outside the transaction.
func (db *DB) InTx(ctx context.Context, f func(*Tx) error) error {
	var err error
	for attempt := range 3 {
		if attempt > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(attempt*attempt) * 5 * time.Millisecond):
			}
		}
		err = pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return f(&Tx{Tx: tx, db: db}) })
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || (pg.Code != "40001" && pg.Code != "40P01") {
			return err
		}
	}
	return err
}
