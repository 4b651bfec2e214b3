package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/scheduler"
)

// finalAfter is how long a provider that reports delivery has for it.
const finalAfter = 72 * time.Hour

// KeepStatus keeps a callback, bound by our own id, else by the provider's, else by nothing until its message is known.
// A callback that came before changes nothing.
func (s *Schedule) KeepStatus(ctx context.Context, st channels.Status, e scheduler.StatusEffect, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		r, err := rowOfStatus(ctx, tx, st)
		if errors.Is(err, pgx.ErrNoRows) && st.ProviderID != "" { // its message may be learning its id in this moment
			if err := lockProviderID(ctx, tx, st.Channel, st.ProviderID); err != nil {
				return err
			}
			r, err = rowOfStatus(ctx, tx, st)
		}
		known := err == nil
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		var id *string
		if known {
			id = &r.id
		}
		provider := st.ProviderID
		if provider == "" {
			provider = st.Message
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO outbox_event (outbox_id, channel, provider_id, what, state, code, at) VALUES ($1, $2, $3, 'status', $4, $5, $6)
			ON CONFLICT (channel, provider_id, state, code) WHERE what = 'status' DO NOTHING`, id, st.Channel, provider, string(st.State), st.Code, st.At)
		if err != nil || !known || tag.RowsAffected() == 0 {
			return err
		}
		return applyStatus(ctx, tx, r, st, e, now)
	})
	if err != nil {
		return fmt.Errorf("keep status: %w", err)
	}
	return nil
}

func rowOfStatus(ctx context.Context, tx *Tx, st channels.Status) (r sentRow, err error) {
	if id, err := uuid.Parse(st.Message); err == nil {
		if r, err := lockSent(ctx, tx, id.String()); !errors.Is(err, pgx.ErrNoRows) {
			return r, err
		}
	}
	if st.ProviderID == "" {
		return r, pgx.ErrNoRows
	}
	return r, r.scan(tx.QueryRow(ctx, `
		SELECT `+sentRowCols+` FROM outbox WHERE channel = $1 AND provider_id = $2 ORDER BY seq DESC LIMIT 1 FOR UPDATE`, st.Channel, st.ProviderID))
}

// applyStatus moves a row up the lattice; it never goes back (faults.md A3).
func applyStatus(ctx context.Context, tx *Tx, r sentRow, st channels.Status, e scheduler.StatusEffect, now time.Time) error {
	rank := st.State.Rank()
	if rank <= rankOf(r.state) {
		return nil
	}
	failed := st.State == channels.Failed || st.State == channels.Undelivered
	if rank >= channels.Accepted.Rank() && !failed && (r.state == "sending" || r.state == "unknown" || r.state == "queued") {
		var o *scheduler.Opening
		if r.opens != "" && e.Open != nil {
			o = e.Open(r.opens)
		}
		if err := markSent(ctx, tx, r, channels.Sent{ProviderID: st.ProviderID}, o, now); err != nil {
			return err
		}
	}
	switch {
	case failed && r.state == "queued":
		return nil // it is on its way again already
	case failed && e.Again != nil:
		if until, ok := e.Again(r.attempts, deref(r.notAfter)); ok {
			return putBack(ctx, tx, r.id, until, true, *e.Why)
		}
		return fail(ctx, tx, r, *e.Why, now)
	case failed:
		return fail(ctx, tx, r, scheduler.Refusal{Kind: channels.Invalid, Code: st.Code}, now)
	case st.State == channels.Delivered || st.State == channels.Read:
		_, err := tx.Exec(ctx, `UPDATE outbox SET state = $2 WHERE id = $1`, r.id, string(st.State))
		return err
	}
	return nil
}

// rankOf ranks our own states as the providers' states rank.
func rankOf(state string) int {
	switch state {
	case "queued":
		return channels.Queued.Rank()
	case "sent":
		return channels.Accepted.Rank()
	case "failed":
		return channels.Failed.Rank()
	case "delivered":
		return channels.Delivered.Rank()
	case "read":
		return channels.Read.Rank()
	}
	return channels.Sending.Rank()
}

// lockProviderID lets a callback about a message that is not known yet and the message that learns its id take turns: who
// comes second sees what the first left.
func lockProviderID(ctx context.Context, tx *Tx, channel, id string) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('provider_id:' || $1 || ':' || $2, 0))`, channel, id)
	return err
}

// adoptStatuses takes up callbacks that came before the provider's id of their message was known.
func adoptStatuses(ctx context.Context, tx *Tx, r sentRow, provider string) error {
	if provider == "" {
		return nil
	}
	if err := lockProviderID(ctx, tx, r.channel, provider); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `
		UPDATE outbox_event SET outbox_id = $3 WHERE channel = $1 AND provider_id = $2 AND what = 'status' AND outbox_id IS NULL RETURNING state`,
		r.channel, provider, r.id)
	if err != nil {
		return err
	}
	states, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	best := channels.Accepted
	for _, s := range states {
		if channels.State(s).Rank() > best.Rank() {
			best = channels.State(s)
		}
	}
	if best == channels.Accepted {
		return nil
	}
	state := string(best)
	if best == channels.Undelivered {
		state = string(channels.Failed)
	}
	_, err = tx.Exec(ctx, `UPDATE outbox SET state = $2 WHERE id = $1 AND state = 'sent'`, r.id, state)
	return err
}

// Forget marks what a reporting provider never brought to an end as unknown, and takes away questions that have expired.
func (s *Schedule) Forget(ctx context.Context, now time.Time, receipts []string) error {
	err := s.in(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE outbox SET state = 'unknown' WHERE id IN (
				SELECT id FROM outbox WHERE state = 'sent' AND channel = ANY ($2) AND sent_at < $1 AND sent_at > $1 - interval '3 days'
				LIMIT 1000 FOR UPDATE SKIP LOCKED)`, now.Add(-finalAfter), receipts)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM place WHERE id IN (SELECT id FROM place WHERE expires_at <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)`, now)
		if err != nil {
			return err
		}
		return forgetExchanges(ctx, tx, now)
	})
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}
