package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// A job that is not there two minutes after it was made is lost: River gave it up during an outage of the database.
// lostLimit bounds how many rows a sweep looks at for that. While more than lostAmong jobs wait, rows wait with them and
// nobody looks: comparing them all would cost more than the lost ones are late.
const (
	lostAfter = 2 * time.Minute
	lostLimit = 500
	lostAmong = 20_000
)

// addressOf names whom a row goes to: what goes to one address keeps its order.
const addressOf = `coalesce('p' || person_id, 's' || staff_id, recipient)`

// MakeJobs makes jobs for due rows, and for those whose job was lost. One job takes what one address is told.
func (s *Schedule) MakeJobs(ctx context.Context, now time.Time, limit int) (n int, err error) {
	const live = `IN ('available', 'running', 'retryable', 'scheduled', 'pending')`
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			WITH due AS (
				SELECT id FROM outbox WHERE state = 'queued' AND enqueued_at IS NULL AND not_before <= $1
					AND (awaits = '' OR not_before < $3) -- the pump sends those; where none runs, jobs do
				ORDER BY not_before, lane, seq LIMIT $2 FOR UPDATE SKIP LOCKED
			), old AS (
				SELECT id FROM outbox WHERE state = 'queued' AND enqueued_at < $3
					AND (SELECT count(*) FROM (SELECT 1 FROM river_job WHERE state `+live+` LIMIT $5 + 1) few) <= $5
				ORDER BY enqueued_at LIMIT $4 FOR UPDATE SKIP LOCKED
			), live AS MATERIALIZED (
				SELECT x.id FROM river_job j CROSS JOIN LATERAL jsonb_array_elements_text(j.args -> 'ids') AS x (id)
				WHERE j.kind = 'deliver' AND j.state `+live+` AND EXISTS (SELECT 1 FROM old)
			), marked AS (
				UPDATE outbox o SET enqueued_at = $1 FROM (SELECT id, false AS old FROM due UNION ALL SELECT id, true FROM old) x WHERE o.id = x.id
				RETURNING o.id, `+addressOf+` AS address, o.lane, o.seq, x.old
			)
			SELECT m.id, m.address, m.lane FROM marked m WHERE NOT m.old OR m.id::text NOT IN (SELECT id FROM live)
			ORDER BY m.seq`, now, limit, now.Add(-lostAfter), lostLimit, lostAmong)
		if err != nil {
			return err
		}
		type job struct {
			ids  []string
			lane int
		}
		var order []string
		jobs := map[string]*job{}
		n = 0
		var id, address string
		var lane int
		_, err = pgx.ForEachRow(rows, []any{&id, &address, &lane}, func() error {
			n++
			j, ok := jobs[address]
			if !ok {
				j = &job{lane: lane}
				jobs[address], order = j, append(order, address)
			}
			j.ids, j.lane = append(j.ids, id), min(j.lane, lane)
			return nil
		})
		if err != nil || n == 0 {
			return err
		}
		params := make([]river.InsertManyParams, 0, len(order))
		for _, a := range order {
			params = append(params, river.InsertManyParams{Args: prokus.DeliverArgs{IDs: jobs[a].ids}, InsertOpts: deliverOpts(jobs[a].lane)})
		}
		_, err = tx.db.jobs.InsertManyTx(ctx, tx.Tx, params)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("make jobs: %w", err)
	}
	return n, nil
}

// DueRows are rows that may leave now, replies first, in the order in which they were decided.
func (s *Schedule) DueRows(ctx context.Context, now time.Time, limit int) (due []scheduler.DueRow, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		where, args := s.ofArea("outbox", 3)
		rows, err := tx.Query(ctx, `
			SELECT id, `+addressOf+` FROM outbox WHERE state = 'queued' AND not_before <= $1`+where+` ORDER BY lane, seq LIMIT $2`, append([]any{now, limit}, args...)...)
		if err != nil {
			return err
		}
		due, err = pgx.CollectRows(rows, pgx.RowToStructByPos[scheduler.DueRow])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("due rows: %w", err)
	}
	return due, nil
}

// CausedBy are a turn's rows that are due and still queued, and how many of them somebody is sending.
func (s *Schedule) CausedBy(ctx context.Context, inbox int64, now time.Time) (queued []scheduler.DueRow, sending int, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, `+addressOf+` FROM outbox WHERE cause = $1 AND state = 'queued' AND not_before <= $2 ORDER BY seq`, inbox, now)
		if err != nil {
			return err
		}
		if queued, err = pgx.CollectRows(rows, pgx.RowToStructByPos[scheduler.DueRow]); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT count(*) FROM outbox WHERE cause = $1 AND `+beingSent, inbox).Scan(&sending)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("caused by: %w", err)
	}
	return queued, sending, nil
}

// beingSent is true of rows whose provider may still answer; what is older is in doubt and nobody waits for it.
const beingSent = `state = 'sending' AND claimed_at > clock_timestamp() - interval '25 seconds'`

// Sending counts the rows that somebody is sending now.
func (s *Schedule) Sending(ctx context.Context) (n int, err error) {
	err = s.in(ctx, func(tx *Tx) error { return tx.QueryRow(ctx, `SELECT count(*) FROM outbox WHERE `+beingSent).Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("sending: %w", err)
	}
	return n, nil
}

// Doubtful are rows that have been in sending for longer than a minute, by this clock and by real time.
func (s *Schedule) Doubtful(ctx context.Context, now time.Time, limit int) (doubts []scheduler.Doubt, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id, kind, channel, attempts, maybe_twice, opens, not_after, recipient, via, said, segments, sending_at FROM outbox
			WHERE state = 'sending' AND sending_at < $1 AND claimed_at < clock_timestamp() - interval '60 seconds' ORDER BY sending_at LIMIT $2`,
			now.Add(-time.Minute), limit)
		if err != nil {
			return err
		}
		doubts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d scheduler.Doubt, err error) {
			var notAfter *time.Time
			var via string
			err = row.Scan(&d.ID, &d.Kind, &d.Channel, &d.Attempt, &d.Flagged, &d.Opens, &notAfter, &d.Out.To, &via, &d.Out.Text, &d.Out.Segments, &d.Out.At)
			d.NotAfter, d.Out.ID, d.Out.Via, d.Out.Kind = deref(notAfter), d.ID, channels.Via(via), string(d.Kind)
			d.Out.Before = d.NotAfter
			return d, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("doubtful: %w", err)
	}
	return doubts, nil
}

// Settled ends a doubt about one attempt: queued again, flagged if it may arrive twice, or left as unknown.
func (s *Schedule) Settled(ctx context.Context, d scheduler.Doubt, again, flagged bool, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		state := "unknown"
		if again {
			state = "queued"
		}
		tag, err := tx.Exec(ctx, `
			UPDATE outbox SET state = $3, maybe_twice = maybe_twice OR $4, not_before = $5, enqueued_at = NULL
			WHERE id = $1 AND state = 'sending' AND attempts = $2`, d.ID, d.Attempt, state, again && flagged, now)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return outboxEvent(ctx, tx, d.ID, d.Channel, "reconciled", state, "", now)
	})
	if err != nil {
		return fmt.Errorf("settle a doubt: %w", err)
	}
	return nil
}

// NextOutbox is the earliest moment after a moment at which a queued row or a broadcast may leave.
func (s *Schedule) NextOutbox(ctx context.Context, after time.Time) (at time.Time, ok bool, err error) {
	var next *time.Time
	err = s.in(ctx, func(tx *Tx) error {
		where, args := s.ofArea("outbox", 2)
		return tx.QueryRow(ctx, `
			SELECT least(
				(SELECT min(not_before) FROM outbox WHERE state = 'queued' AND enqueued_at IS NULL AND not_before > $1`+where+`),
				(SELECT min(send_at) FROM broadcast WHERE state = 'disetujui' AND send_at > $1))`, append([]any{after}, args...)...).Scan(&next)
	})
	if err != nil {
		return at, false, fmt.Errorf("next outbox: %w", err)
	}
	return deref(next), next != nil, nil
}
