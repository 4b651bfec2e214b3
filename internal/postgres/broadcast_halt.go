package postgres

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
)

// A broadcast pauses by itself when more than haltRate percent of its newest haltOf messages with an outcome failed (console.md 4.9).
const (
	haltOf   = 50
	haltRate = 20
)

// haltFailing pauses a running broadcast of which too much fails. Somebody looks, and resumes or cancels it.
func haltFailing(ctx context.Context, tx *Tx, broadcast int64) error {
	var failing bool
	err := tx.QueryRow(ctx, `
		SELECT count(*) = $2 AND count(*) FILTER (WHERE state = 'failed') * 100 > $3 * count(*) FROM (
			SELECT o.state FROM outbox o
			WHERE o.broadcast_id = $1 AND o.state IN ('failed', 'sent', 'delivered', 'read')
				AND o.sending_at >= coalesce((SELECT resumed_at FROM broadcast WHERE id = $1), '-infinity')
			ORDER BY o.seq DESC LIMIT $2) newest`, broadcast, haltOf, haltRate).Scan(&failing)
	if err != nil || !failing {
		return err
	}
	b, err := oneBroadcast(ctx, tx, `WHERE b.id = $1 FOR NO KEY UPDATE OF b`, broadcast)
	if err != nil || b.State != console.Running {
		return err
	}
	return halt(ctx, tx, b, console.HaltedFailing)
}

// halt pauses a broadcast in the program's own name.
func halt(ctx context.Context, tx *Tx, b console.Broadcast, why string) error {
	before := b.State
	b.State, b.Halted = console.Paused, why
	if err := saveBroadcast(ctx, tx, &b); err != nil {
		return err
	}
	return follow(ctx, tx, before, b, time.Time{}) // only what goes on needs the time
}
