package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/riverqueue/river"
)

// deliverTries bounds River's own retries of a delivery job. Retrying a send is decided by the outbox row, not by River:
// the job is repeated only when the program itself failed.
const deliverTries = 5

// Enqueue writes messages to the outbox and makes jobs for those that may leave at once: one job for all that one address
// is told, so that they keep their order. A message whose Key exists already is dropped silently (rule 4, once means a key).
// It returns the ids of the rows that were written; dropped ones are empty.
func (tx *Tx) Enqueue(ctx context.Context, now time.Time, msgs ...prokus.Message) ([]string, error) {
	const insert = `
		INSERT INTO outbox (id, key, person_id, staff_id, channel, via, recipient, kind, lane, text_key, args, lang, literal,
			buttons, keyboard, opens, opens_vars, cause, case_id, broadcast_id, not_before, not_after, created_at, enqueued_at, edits, picture)
		VALUES ($1, nullif($2, ''), nullif($3::bigint, 0), nullif($4::bigint, 0), $5, $6, $7, $8, $9, $10, coalesce($11::jsonb, '{}'), $12, nullif($13, ''),
			$14, $15, $16, $17, nullif($18::bigint, 0), nullif($19::bigint, 0), nullif($20::bigint, 0), $21, $22, $23, $24,
			coalesce((SELECT e.edits FROM outbox e WHERE e.id = $25::uuid), $25::uuid), $26)
		ON CONFLICT (key) DO NOTHING`
	ids := make([]string, len(msgs))
	b := &pgx.Batch{}
	for i, m := range msgs {
		id, err := uuid.NewV7()
		if err != nil {
			return nil, fmt.Errorf("enqueue: %w", err)
		}
		ids[i] = id.String()
		if m.NotBefore.IsZero() {
			m.NotBefore = now
		}
		if m.Lang == "" {
			m.Lang = prokus.ID
		}
		b.Queue(insert, id, m.Key, m.Person, m.Staff, m.Channel, m.Via, m.To, m.Kind, m.Kind.Lane(), m.Text, jsonOrNil(m.Args), m.Lang, m.Literal,
			jsonOrNil(m.Buttons), m.Keyboard, m.Opens, jsonOrNil(m.OpensVars), m.Cause, m.Case, m.Broadcast, m.NotBefore, timeOrNil(m.NotAfter), now,
			enqueuedAt(m, now), uuidOrNil(m.Edits), jsonOrNil(m.Picture))
	}
	res := tx.SendBatch(ctx, b)
	for i := range msgs {
		tag, err := res.Exec()
		if err != nil {
			res.Close()
			return nil, fmt.Errorf("enqueue %s: %w", msgs[i].Text, err)
		}
		if tag.RowsAffected() == 0 {
			ids[i] = ""
		}
	}
	if err := res.Close(); err != nil {
		return nil, fmt.Errorf("enqueue: %w", err)
	}
	return ids, tx.makeJobs(ctx, now, msgs, ids)
}

func (tx *Tx) makeJobs(ctx context.Context, now time.Time, msgs []prokus.Message, ids []string) error {
	type address struct {
		person, staff int64
		to            string
	}
	var order []address
	groups := map[address]*river.InsertManyParams{}
	for i, m := range msgs {
		if ids[i] == "" || enqueuedAt(m, now) == nil {
			continue
		}
		a := address{m.Person, m.Staff, m.To}
		g, ok := groups[a]
		if !ok {
			g = &river.InsertManyParams{Args: prokus.DeliverArgs{}, InsertOpts: deliverOpts(m.Kind.Lane())}
			groups[a] = g
			order = append(order, a)
		}
		g.Args = prokus.DeliverArgs{IDs: append(g.Args.(prokus.DeliverArgs).IDs, ids[i])}
	}
	if len(order) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, 0, len(order))
	for _, a := range order {
		params = append(params, *groups[a])
	}
	if _, err := tx.db.jobs.InsertManyTx(ctx, tx.Tx, params); err != nil {
		return fmt.Errorf("enqueue jobs: %w", err)
	}
	return nil
}

func deliverOpts(lane int) *river.InsertOpts {
	return &river.InsertOpts{Priority: lane, MaxAttempts: deliverTries}
}

// enqueuedAt is now for a message that may leave at once, else null: the sweep makes its job when it is due.
func enqueuedAt(m prokus.Message, now time.Time) *time.Time {
	if m.NotBefore.IsZero() || !m.NotBefore.After(now) {
		return &now
	}
	return nil
}

func jsonOrNil(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return string(b)
}

func uuidOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
