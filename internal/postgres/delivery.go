package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Claim takes a queued row that is due, lets prepare judge it, and marks it as prepare says: sending with one attempt
// more, queued until later, or at an end. ok is false when the row is not queued any more, or not due yet.
func (s *Schedule) Claim(ctx context.Context, id string, now time.Time, prepare func(scheduler.Facts) scheduler.Decision) (d scheduler.Decision, ok bool, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		f, err := claimFacts(ctx, tx, id, now)
		if ok = err == nil; errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if d = prepare(f); d.Verdict == scheduler.Send {
			if err := mayLeave(ctx, tx, &d, now); err != nil {
				return err
			}
		}
		return decide(ctx, tx, f, d, now)
	})
	if err != nil {
		return d, false, fmt.Errorf("claim: %w", err)
	}
	return d, ok, nil
}

func decide(ctx context.Context, tx *Tx, f scheduler.Facts, d scheduler.Decision, now time.Time) (err error) {
	switch d.Verdict {
	case scheduler.Wait:
		// The database keeps microseconds: a moment that it rounded down would come before itself, and be waited for again for ever.
		d.Until = d.Until.Add(time.Microsecond - time.Nanosecond).Truncate(time.Microsecond)
		_, err = tx.Exec(ctx, `UPDATE outbox SET not_before = $2, enqueued_at = NULL, error_kind = 'wait', error = $3, awaits = $4 WHERE id = $1`, f.ID, d.Until, d.Why, d.Awaits)
		if err == nil && d.Why != "rate" && d.Why != "chat" { // to wait for a token is no news
			err = judged(ctx, tx, f.ID, d, now)
		}
	case scheduler.Send:
		_, err = tx.Exec(ctx, `
			UPDATE outbox SET state = 'sending', attempts = attempts + 1, sending_at = $2, claimed_at = clock_timestamp(),
				channel = $3, via = $4, recipient = $5, said = $6, segments = $7, chosen = $8, error_kind = '', error = '', awaits = '',
				price = $9, operator = $10, detour = $11
			WHERE id = $1`, f.ID, now, d.Road.Channel, d.Road.Via, d.Road.To, d.Out.Text, d.Out.Segments, d.Road.Address != 0,
			d.Road.Price, string(d.Road.Operator), d.Detour)
		if err == nil {
			err = outboxEvent(ctx, tx, f.ID, d.Road.Channel, "attempt", "", "", now)
		}
	default:
		state := map[scheduler.Verdict]string{scheduler.Cancel: "cancelled", scheduler.Skip: "skipped", scheduler.Broken: "failed"}[d.Verdict]
		_, err = tx.Exec(ctx, `UPDATE outbox SET state = $2, error_kind = $3, error = $4, awaits = '' WHERE id = $1`, f.ID, state, string(d.Verdict), d.Why)
		if err == nil {
			err = judged(ctx, tx, f.ID, d, now)
		}
	}
	return err
}

func outboxEvent(ctx context.Context, tx *Tx, id, channel, what, state, code string, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO outbox_event (outbox_id, channel, what, state, code, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, channel, what, state, code, now)
	return err
}

// MarkSent keeps that a provider took the row, opens the question that it asks, and takes up statuses that came before we
// knew its id.
func (s *Schedule) MarkSent(ctx context.Context, id string, sent channels.Sent, o *scheduler.Opening, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		r, err := lockSent(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := markSent(ctx, tx, r, sent, o, now); err != nil {
			return err
		}
		return adoptStatuses(ctx, tx, r, sent.ProviderID)
	})
	if err != nil {
		return fmt.Errorf("mark sent: %w", err)
	}
	return nil
}

// sentRow is what opening a question and ranking a status need of a row.
type sentRow struct {
	id, state, channel, via, opens string
	person, staff, broadcast       *int64
	vars                           []byte
	attempts                       int
	sending, notAfter              *time.Time
}

const sentRowCols = `id, state, channel, via, opens, person_id, staff_id, broadcast_id, opens_vars, attempts, sending_at, not_after`

func (r *sentRow) scan(row pgx.Row) error {
	return row.Scan(&r.id, &r.state, &r.channel, &r.via, &r.opens, &r.person, &r.staff, &r.broadcast, &r.vars, &r.attempts, &r.sending, &r.notAfter)
}

func lockSent(ctx context.Context, tx *Tx, id string) (r sentRow, err error) {
	return r, r.scan(tx.QueryRow(ctx, `SELECT `+sentRowCols+` FROM outbox WHERE id = $1 FOR UPDATE`, id))
}

// markSent moves a row that is being sent, is in doubt, or was put back although it had left.
func markSent(ctx context.Context, tx *Tx, r sentRow, sent channels.Sent, o *scheduler.Opening, now time.Time) error {
	if r.state == "queued" { // a report of failure was faster than the answer: it is on its way again, and stays so
		var failed bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM outbox_event WHERE outbox_id = $1 AND what = 'status' AND provider_id = $2
			AND $2 <> '' AND state IN ('failed', 'undelivered'))`, r.id, sent.ProviderID).Scan(&failed)
		if err != nil || failed {
			return err
		}
	}
	switch r.state {
	case "sending", "unknown", "queued":
	default: // a callback was faster; only the provider's id is news
		_, err := tx.Exec(ctx, `UPDATE outbox SET provider_id = $2 WHERE id = $1 AND provider_id = ''`, r.id, sent.ProviderID)
		return err
	}
	var segments int
	var cost int64
	err := tx.QueryRow(ctx, `
		UPDATE outbox SET state = 'sent', provider_id = CASE WHEN $2 = '' THEN provider_id ELSE $2 END, sent_at = $3, error_kind = '', error = '', awaits = '',
			segments = CASE WHEN $4 > 0 THEN $4 ELSE segments END, cost = price * CASE WHEN $4 > 0 THEN $4 ELSE segments END
		WHERE id = $1 RETURNING segments, cost`, r.id, sent.ProviderID, now, sent.Segments).Scan(&segments, &cost)
	if err != nil {
		return err
	}
	if err := outboxEvent(ctx, tx, r.id, r.channel, "sent", "", "", now); err != nil {
		return err
	}
	if o != nil && r.opens != "" {
		if err := openPlace(ctx, tx, r, *o, now); err != nil {
			return err
		}
	}
	return spend(ctx, tx, r, segments, cost, now)
}

// openPlace puts the person where an answer to this row lands. An older question that takes the same kind of answer ends;
// one that takes both kinds keeps the other (R03). A question that was opened since the row left is newer and stays.
func openPlace(ctx context.Context, tx *Tx, r sentRow, o scheduler.Opening, now time.Time) error {
	owner, lock, who := "", "", int64(0)
	switch {
	case r.person != nil:
		owner, lock, who = fmt.Sprintf("p:%d", *r.person), `SELECT 1 FROM person WHERE id = $1 FOR NO KEY UPDATE`, *r.person
	case r.staff != nil:
		owner, lock, who = fmt.Sprintf("s:%d", *r.staff), `SELECT 1 FROM staff WHERE id = $1 FOR NO KEY UPDATE`, *r.staff
	default:
		return nil
	}
	if _, err := tx.Exec(ctx, lock, who); err != nil {
		return err
	}
	asked := now
	if r.sending != nil {
		asked = *r.sending
	}
	ttl := o.TTL
	if ttl <= 0 {
		ttl = 48 * time.Hour
	}
	_, err := tx.Exec(ctx, `
		DELETE FROM place WHERE owner = $1 AND asked_at <= $4 AND ((choice AND $2) OR typed <> '' AND $3) AND (NOT choice OR $2) AND (typed = '' OR $3)`,
		owner, o.Choice, o.Typed != "", asked)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE place SET choice = choice AND NOT $2, options = CASE WHEN choice AND $2 THEN '[]' ELSE options END, typed = CASE WHEN $3 THEN '' ELSE typed END
		WHERE owner = $1 AND asked_at <= $4 AND ((choice AND $2) OR (typed <> '' AND $3))`, owner, o.Choice, o.Typed != "", asked)
	if err != nil {
		return err
	}
	options := o.Options
	if len(options) == 0 {
		options = []byte("[]")
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO place (owner, ref, vars, options, choice, typed, channel, message, asked_at, expires_at)
		VALUES ($1, $2, coalesce($3::jsonb, '{}'), $4::jsonb, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
		owner, r.opens, jsonOrNil(r.vars), string(options), o.Choice, o.Typed, r.channel, r.id, asked, asked.Add(ttl))
	return err
}
