package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// GrantSteps are the days on which a grant came to each stage, as far as they were told.
func (tx *Tx) GrantSteps(ctx context.Context, grant int64) (map[prokus.Stage]time.Time, error) {
	const find = `
		SELECT stage, min(since) FROM (
			SELECT stage, since FROM grant_change WHERE grant_id = $1 UNION ALL SELECT stage, since FROM grants WHERE id = $1
		) s GROUP BY stage`
	rows, err := tx.Query(ctx, find, grant)
	if err != nil {
		return nil, fmt.Errorf("grant steps: %w", err)
	}
	out := map[prokus.Stage]time.Time{}
	var stage prokus.Stage
	var since time.Time
	if _, err := pgx.ForEachRow(rows, []any{&stage, &since}, func() error { out[stage] = since; return nil }); err != nil {
		return nil, fmt.Errorf("grant steps: %w", err)
	}
	return out, nil
}

// SaveReceived keeps what she answered to "received in full?", and returns what she had answered before.
func (tx *Tx) SaveReceived(ctx context.Context, grant int64, answer string, now time.Time) (before string, at time.Time, err error) {
	const update = `
		UPDATE grants g SET received = $2, received_at = $3 FROM (SELECT id, received, received_at FROM grants WHERE id = $1 FOR UPDATE) old
		WHERE g.id = old.id RETURNING old.received, old.received_at`
	var when nullTime
	if err := tx.QueryRow(ctx, update, grant, answer, now).Scan(&before, &when); err != nil {
		return "", at, fmt.Errorf("received: %w", err)
	}
	return before, when.Time, nil
}

// AddNota keeps a receipt and counts it; it returns the sum of all receipts of the grant.
func (tx *Tx) AddNota(ctx context.Context, n acts.Nota) (sum int64, err error) {
	const insert = `
		WITH kept AS (
			INSERT INTO nota (grant_id, amount, media, channel, at, by_staff) VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0)) RETURNING grant_id, amount
		)
		UPDATE grants g SET spent = g.spent + kept.amount FROM kept WHERE g.id = kept.grant_id RETURNING g.spent`
	if err := tx.QueryRow(ctx, insert, n.Grant, n.Amount, n.Media, n.Channel, n.At, n.Staff).Scan(&sum); err != nil {
		return 0, fmt.Errorf("nota: %w", err)
	}
	return sum, nil
}

// CancelKeyed cancels what waits for somebody under a natural key, or under keys that begin with it and a colon.
func (tx *Tx) CancelKeyed(ctx context.Context, person int64, key, why string) error {
	const update = `
		UPDATE outbox SET state = 'cancelled', error = $3
		WHERE person_id = $1 AND state = 'queued' AND (key = $2 OR starts_with(key, $2 || ':'))`
	if _, err := tx.Exec(ctx, update, person, key, why); err != nil {
		return fmt.Errorf("cancel %s: %w", key, err)
	}
	return nil
}
