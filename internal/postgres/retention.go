package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/scheduler"
)

// redactions take the words out of what lies after $1 up to $2. `edge` is the moment up to which a batch of $3 reaches; rows of
// that very moment belong to it. Rows, keys, intents and amounts stay: sums are still right and a repeat is still known. The
// number of a stranger has no further use and goes too.
var redactions = map[scheduler.Words]struct{ edge, strip string }{
	scheduler.WordsIn: {
		`SELECT at FROM inbox WHERE at > $1 AND at <= $2 ORDER BY at LIMIT $3`,
		`UPDATE inbox SET raw = NULL, text = '', media = '', reply = NULL, sender = CASE WHEN person_id IS NULL AND staff_id IS NULL THEN '' ELSE sender END
			WHERE at > $1 AND at <= $2`,
	},
	// Nothing is worth saying after ninety days: what waits still is cancelled.
	scheduler.WordsOut: {
		`SELECT created_at FROM outbox WHERE created_at > $1 AND created_at <= $2 ORDER BY created_at LIMIT $3`,
		`UPDATE outbox SET args = '{}', literal = NULL, said = '', buttons = NULL, picture = NULL, opens_vars = NULL, refused = '{}',
				recipient = CASE WHEN person_id IS NULL AND staff_id IS NULL THEN '' ELSE recipient END,
				state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END, error = CASE WHEN state = 'queued' THEN 'too old' ELSE error END
			WHERE created_at > $1 AND created_at <= $2`,
	},
	scheduler.WordsReports: {
		`SELECT at FROM report_change WHERE at > $1 AND at <= $2 ORDER BY at LIMIT $3`,
		`UPDATE report_change SET raw = '' WHERE at > $1 AND at <= $2 AND raw <> ''`,
	},
	scheduler.WordsCases: {
		`SELECT closed_at FROM cases WHERE closed_at > $1 AND closed_at <= $2 ORDER BY closed_at LIMIT $3`,
		`WITH shut AS (UPDATE cases SET note = '' WHERE closed_at > $1 AND closed_at <= $2 RETURNING id)
			UPDATE case_event e SET note = '' FROM shut WHERE e.case_id = shut.id AND e.note <> ''`,
	},
}

// Redact takes the words out of the oldest rows of a kind and moves its mark in the same transaction.
func (s *Schedule) Redact(ctx context.Context, what scheduler.Words, before time.Time, limit int) (n int, err error) {
	q, ok := redactions[what]
	if !ok {
		return 0, fmt.Errorf("redact: %q is not known", what)
	}
	err = s.in(ctx, func(tx *Tx) error {
		n = 0
		if _, err := tx.Exec(ctx, `INSERT INTO retention (what, done_to) VALUES ($1, '2000-01-01') ON CONFLICT DO NOTHING`, what); err != nil {
			return err
		}
		var from time.Time
		err := tx.QueryRow(ctx, `SELECT done_to FROM retention WHERE what = $1 FOR UPDATE SKIP LOCKED`, what).Scan(&from)
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !from.Before(before) {
			return nil // another replica is at it, or a clock that is behind asks
		}
		if err != nil {
			return err
		}
		var edge *time.Time
		if err := tx.QueryRow(ctx, `SELECT max(at), count(*) FROM (`+q.edge+`) AS due (at)`, from, before, limit).Scan(&edge, &n); err != nil || n == 0 {
			return err
		}
		if _, err := tx.Exec(ctx, q.strip, from, *edge); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE retention SET done_to = $2 WHERE what = $1`, what, *edge)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("redact %s: %w", what, err)
	}
	return n, nil
}

// purges delete the oldest $2 rows of a kind up to $1. A message goes only when nothing refers to it any more.
var purges = map[scheduler.Remains]string{
	scheduler.OldEvents: `DELETE FROM outbox_event WHERE id IN (SELECT id FROM outbox_event WHERE at <= $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldOut:    `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE created_at <= $1 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldIn: `DELETE FROM inbox WHERE id IN (SELECT i.id FROM inbox i WHERE i.at <= $1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.cause = i.id)
		ORDER BY i.at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldSkips:    `DELETE FROM slot_skipped WHERE ctid IN (SELECT ctid FROM slot_skipped WHERE slot <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldLinks:    `DELETE FROM link WHERE token_hash IN (SELECT token_hash FROM link WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldTries:    `DELETE FROM link_try WHERE (sender, code) IN (SELECT sender, code FROM link_try WHERE last <= $1 ORDER BY last LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldNotices:  `DELETE FROM link_notice WHERE id IN (SELECT id FROM link_notice WHERE at <= $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldLogins:   `DELETE FROM login WHERE token_hash IN (SELECT token_hash FROM login WHERE seen_at <= $1 ORDER BY seen_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldScreens:  `DELETE FROM ussd_session WHERE session IN (SELECT session FROM ussd_session WHERE at <= $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
	scheduler.OldWorklist: `DELETE FROM worklist WHERE (staff_id, day, n) IN (SELECT staff_id, day, n FROM worklist WHERE day <= $1::timestamptz::date ORDER BY day LIMIT $2 FOR UPDATE SKIP LOCKED)`,
}

// Purge deletes the oldest rows of a kind.
func (s *Schedule) Purge(ctx context.Context, what scheduler.Remains, before time.Time, limit int) (n int, err error) {
	sql, ok := purges[what]
	if !ok {
		return 0, fmt.Errorf("purge: %q is not known", what)
	}
	err = s.in(ctx, func(tx *Tx) error {
		tag, err := tx.Exec(ctx, sql, before, limit)
		n = int(tag.RowsAffected())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("purge %s: %w", what, err)
	}
	return n, nil
}
