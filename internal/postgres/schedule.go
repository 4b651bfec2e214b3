package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/scheduler"
)

// Schedule fulfils scheduler.Store.
type Schedule struct {
	db *DB
	in func(context.Context, func(*Tx) error) error // runs a transaction
	// within is the area of a rehearsal: rows of the outbox and cases of elsewhere are left alone. Empty: everywhere.
	within string
}

var _ scheduler.Store = (*Schedule)(nil)

// Schedule is the database as the scheduler sees it.
func (db *DB) Schedule() *Schedule { return &Schedule{db: db, in: db.InTx} }

// errRehearsed ends a rehearsal.
var errRehearsed = errors.New("rehearsed")

// Rehearse runs f on a store of an area (empty: of all) whose every effect is undone at the end. What it touches stays locked until then, so it is
// for people who wait for the answer, not for a loop; it gives way after two seconds where others hold a lock.
func (s *Schedule) Rehearse(ctx context.Context, within string, f func(scheduler.Store) error) error {
	err := pgx.BeginFunc(ctx, s.db.pool, func(outer pgx.Tx) error {
		if _, err := outer.Exec(ctx, `SET LOCAL lock_timeout = '2s'`); err != nil {
			return fmt.Errorf("rehearse: %w", err)
		}
		in := func(ctx context.Context, g func(*Tx) error) error {
			return pgx.BeginFunc(ctx, outer, func(tx pgx.Tx) error { return g(&Tx{Tx: tx, db: s.db, rehearsed: true}) })
		}
		if err := f(&Schedule{db: s.db, in: in, within: within}); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// slotBatch runs one batch of a slot under the lock of the rule's row: f begins after `reached` and says how far it came.
// The slot advances in the same transaction, so neither a crash nor a second replica repeats or loses anybody.
func (s *Schedule) slotBatch(ctx context.Context, sel scheduler.Selection, f func(tx *Tx, reached int64) (next int64, done bool, err error)) (done bool, err error) {
	lock := ` FOR UPDATE SKIP LOCKED`
	if sel.Wait {
		lock = ` FOR UPDATE`
	}
	err = s.in(ctx, func(tx *Tx) error {
		var swept time.Time
		var slot *time.Time
		var reached int64
		k := sel.Key()
		err := tx.QueryRow(ctx, `SELECT swept_to, slot, reached FROM rule_slot WHERE rule = $1 AND zone = $2 AND area = $3 AND version = $4`+lock,
			k.Rule, k.Zone, k.Area, k.Version).Scan(&swept, &slot, &reached)
		if errors.Is(err, pgx.ErrNoRows) {
			done = true // another replica is at it
			return nil
		}
		if err != nil {
			return err
		}
		if !swept.Before(sel.Slot) {
			done = true
			return nil
		}
		if slot == nil || !slot.Equal(sel.Slot) {
			reached = 0
		}
		var next int64
		if next, done, err = f(tx, reached); err != nil {
			return err
		}
		if done {
			_, err = tx.Exec(ctx, `UPDATE rule_slot SET swept_to = $5, slot = NULL, reached = 0 WHERE rule = $1 AND zone = $2 AND area = $3 AND version = $4`,
				k.Rule, k.Zone, k.Area, k.Version, sel.Slot)
		} else {
			_, err = tx.Exec(ctx, `UPDATE rule_slot SET slot = $5, reached = $6 WHERE rule = $1 AND zone = $2 AND area = $3 AND version = $4`,
				k.Rule, k.Zone, k.Area, k.Version, sel.Slot, next)
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("slot of %s: %w", sel.Rule, err)
	}
	return done, nil
}

// Zones are the zones in which people live, found by leaping over the index.
func (s *Schedule) Zones(ctx context.Context) (zones []string, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			WITH RECURSIVE z AS (
				(SELECT zone FROM person ORDER BY zone LIMIT 1)
				UNION ALL
				SELECT (SELECT p.zone FROM person p WHERE p.zone > z.zone ORDER BY p.zone LIMIT 1) FROM z WHERE z.zone IS NOT NULL
			)
			SELECT zone FROM z WHERE zone IS NOT NULL`)
		if err != nil {
			return err
		}
		zones, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("zones: %w", err)
	}
	return zones, nil
}
