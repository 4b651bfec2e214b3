package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Return puts a row that was being sent back into the queue until a moment. A road that was chosen is chosen again.
func (s *Schedule) Return(ctx context.Context, id string, until time.Time, counted bool, why scheduler.Refusal) error {
	err := s.in(ctx, func(tx *Tx) error { return putBack(ctx, tx, id, until, counted, why) })
	if err != nil {
		return fmt.Errorf("return: %w", err)
	}
	return nil
}

func putBack(ctx context.Context, tx *Tx, id string, until time.Time, counted bool, why scheduler.Refusal) error {
	if counted && why.Kind == channels.Temporary {
		given, err := givenBack(ctx, tx, id)
		if err != nil {
			return err
		}
		counted = !given
	}
	var channel string
	var at time.Time
	err := tx.QueryRow(ctx, `
		WITH was AS (SELECT id, channel, coalesce(sending_at, sent_at, created_at) AS at FROM outbox WHERE id = $1 FOR UPDATE)
		UPDATE outbox o SET state = 'queued', not_before = $2, enqueued_at = NULL, attempts = attempts - CASE WHEN $3 THEN 0 ELSE 1 END,
			sending_at = NULL, error_kind = $4, error = $5, awaits = '',
			channel = CASE WHEN chosen THEN '' ELSE o.channel END, via = CASE WHEN chosen THEN '' ELSE via END,
			recipient = CASE WHEN chosen THEN '' ELSE recipient END
		FROM was WHERE o.id = was.id AND state IN ('sending', 'sent') RETURNING was.channel, was.at`, id, until, counted, string(why.Kind), why.Code).Scan(&channel, &at)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO outbox_event (outbox_id, channel, what, state, code, at, until) VALUES ($1, $2, 'refused', $3, $4, $5, $6)`,
		id, channel, string(why.Kind), why.Code, at, until)
	return err
}

// givenBack says whether a row's sender was found to be down by another row's failure since this one failed. Its attempt was
// then to be given back while it was still being sent. The lock on the gate makes both take turns (Learn).
func givenBack(ctx context.Context, tx *Tx, id string) (given bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT pause_ms > 0 AND reason = $2 AND $1 = ANY (failed) FROM channel_gate
		WHERE channel = (SELECT channel FROM outbox WHERE id = $1) FOR SHARE`, id, scheduler.GateDown).Scan(&given)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return given, err
}

// Hold lets queued rows wait until a moment; awaits names the sender that they wait for, if it is that.
func (s *Schedule) Hold(ctx context.Context, ids []string, until time.Time, awaits string) error {
	err := s.in(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE outbox SET not_before = $2, enqueued_at = NULL, awaits = $3, error = CASE WHEN $3 = '' THEN error ELSE 'rate' END
			WHERE id = ANY ($1::uuid[]) AND state = 'queued' AND not_before < $2`, ids, until, awaits)
		return err
	})
	if err != nil {
		return fmt.Errorf("hold: %w", err)
	}
	return nil
}

// Reroute puts a row back because this road refused it; it takes another one. An address that blocked us is marked.
func (s *Schedule) Reroute(ctx context.Context, id string, r scheduler.Road, why scheduler.Refusal, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		row, err := lockSent(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if why.Kind == channels.BlockedBy {
			if _, err := blockRoad(ctx, tx, row); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE outbox SET refused = refused || $2::text WHERE id = $1`, id, r.Key()); err != nil {
			return err
		}
		return putBack(ctx, tx, id, now, why.Kind != channels.Misconfig, why)
	})
	if err != nil {
		return fmt.Errorf("reroute: %w", err)
	}
	return nil
}

// Fail ends a row. A chat or number that blocked us is marked; while another road is left the row takes that one.
func (s *Schedule) Fail(ctx context.Context, id string, why scheduler.Refusal, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		r, err := lockSent(ctx, tx, id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return fail(ctx, tx, r, why, now)
	})
	if err != nil {
		return fmt.Errorf("fail: %w", err)
	}
	return nil
}

func fail(ctx context.Context, tx *Tx, r sentRow, why scheduler.Refusal, now time.Time) error {
	if why.Kind == channels.BlockedBy {
		other, err := blockRoad(ctx, tx, r)
		if err != nil {
			return err
		}
		if other {
			return putBack(ctx, tx, r.id, now, true, why)
		}
	}
	_, err := tx.Exec(ctx, `UPDATE outbox SET state = 'failed', error_kind = $2, error = $3 WHERE id = $1`, r.id, string(why.Kind), why.Code)
	if err != nil {
		return err
	}
	if err := outboxEvent(ctx, tx, r.id, r.channel, "refused", string(why.Kind), why.Code, now); err != nil {
		return err
	}
	if r.broadcast != nil {
		if err := haltFailing(ctx, tx, *r.broadcast); err != nil {
			return err
		}
	}
	if why.Kind == channels.BlockedBy && r.person != nil {
		return openCases(ctx, tx, now, []newCase{{person: *r.person, reason: prokus.DeadNumber}})
	}
	return nil
}

// blockRoad marks the address that the row went to; other says whether the row may take another one.
func blockRoad(ctx context.Context, tx *Tx, r sentRow) (other bool, err error) {
	_, err = tx.Exec(ctx, `
		UPDATE address a SET status = 'diblokir', is_primary = false FROM outbox o
		WHERE o.id = $1 AND a.value = o.recipient AND a.status = 'aktif' AND (a.person_id = o.person_id OR a.staff_id = o.staff_id)`, r.id)
	if err != nil {
		return false, err
	}
	err = tx.QueryRow(ctx, `
		SELECT o.chosen AND EXISTS (SELECT 1 FROM address a WHERE a.status = 'aktif' AND (a.person_id = o.person_id OR a.staff_id = o.staff_id))
		FROM outbox o WHERE o.id = $1`, r.id).Scan(&other)
	return other, err
}
