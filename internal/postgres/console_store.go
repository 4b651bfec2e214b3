package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Console is the database as the coordinators' console sees it. Every statement that reads a person, a case or a message
// carries the viewer's scope itself (in_scope), so no page can forget it (faults.md J6).
type Console struct{ db *DB }

var _ console.Store = (*Console)(nil)

// Console opens that view.
func (db *DB) Console() *Console { return &Console{db: db} }

// read runs f in a read-only transaction whose statements end after five seconds: a search must not cost the bot its
// database (faults.md J20).
func (c *Console) read(ctx context.Context, what string, f func(pgx.Tx) error) error {
	err := pgx.BeginTxFunc(ctx, c.db.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 5000`); err != nil {
			return err
		}
		return f(tx)
	})
	return consoleErr(what, err)
}

// change runs f in a transaction that writes, with a trace of who did what.
func (c *Console) change(ctx context.Context, what string, f func(*Tx) error) error {
	return consoleErr(what, c.db.InTx(ctx, f))
}

func consoleErr(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return console.ErrNotFound
	}
	return fmt.Errorf("%s: %w", what, err)
}

func audit(ctx context.Context, tx pgx.Tx, staff int64, what, about string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit (at, staff_id, what, about) VALUES ($1, $2, $3, $4)`, now, staff, what, about)
	return err
}

// weekDate is a week as the database keeps it: its Monday.
func weekDate(w prokus.Week) time.Time { return w.Date() }

// deref is the zero time for a null.
func deref(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
