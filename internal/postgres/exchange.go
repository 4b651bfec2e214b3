package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/scheduler"
)

// How long an exchange is kept, how many of one message are, and how many are looked at and taken away at once: a minute's
// sweep clears more than ten million people can cause in a minute.
const (
	exchangeLife  = 90 * 24 * time.Hour
	exchangesOf   = 100
	exchangeBatch = 20_000
)

// RecordExchange keeps what was asked of a provider or told by one, beside its message. A callback that carries no id of
// ours is bound by the provider's. What a provider repeats without end is not kept without end.
func (db *DB) RecordExchange(ctx context.Context, x channels.Exchange) error {
	var id *string
	if u, err := uuid.Parse(x.Message); err == nil {
		s := u.String()
		id = &s
	}
	_, err := db.pool.Exec(ctx, `
		WITH m AS (
			SELECT coalesce($1::uuid, (SELECT id FROM outbox WHERE channel = $2 AND provider_id = $8 AND $8 <> '' ORDER BY seq DESC LIMIT 1)) AS id
		)
		INSERT INTO exchange (outbox_id, channel, what, request, http, outcome, code, provider_id, took_ms, at)
		SELECT m.id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM m
		WHERE m.id IS NULL OR (SELECT count(*) FROM (SELECT 1 FROM exchange WHERE outbox_id = m.id LIMIT $11) x) < $11`,
		id, x.Channel, x.What, clipped(x.Request, 500), x.HTTP, clipped(x.Outcome, 50), clipped(x.Code, 100), clipped(x.ProviderID, 200), x.Took.Milliseconds(), x.At, exchangesOf)
	if err != nil {
		return fmt.Errorf("record an exchange: %w", err)
	}
	return nil
}

// clipped bounds what a provider sent us, by whole runes.
func clipped(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n])
	}
	return s
}

// forgetExchanges takes the oldest away. Rows are numbered as they came, so the head of the table is looked at and nothing else.
func forgetExchanges(ctx context.Context, tx *Tx, now time.Time) error {
	_, err := tx.Exec(ctx, `
		DELETE FROM exchange WHERE id IN (
			SELECT id FROM (SELECT id, at FROM exchange ORDER BY id LIMIT $2) head WHERE at < $1)`, now.Add(-exchangeLife), exchangeBatch)
	return err
}

// judged keeps that the door did not let a row out, and until when it waits. The same reason again only moves the moment, so
// that a channel that is down for days leaves one line.
func judged(ctx context.Context, tx *Tx, id string, d scheduler.Decision, now time.Time) error {
	var until *time.Time
	if d.Verdict == scheduler.Wait {
		until = &d.Until
	}
	tag, err := tx.Exec(ctx, `
		UPDATE outbox_event SET until = $4 WHERE what = 'judged' AND state = $2 AND code = $3
			AND id = (SELECT max(id) FROM outbox_event WHERE outbox_id = $1)`, id, string(d.Verdict), d.Why, until)
	if err != nil || tag.RowsAffected() > 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO outbox_event (outbox_id, channel, what, state, code, at, until) VALUES ($1, $2, 'judged', $3, $4, $5, $6)`,
		id, d.Road.Channel, string(d.Verdict), d.Why, now, until)
	return err
}
