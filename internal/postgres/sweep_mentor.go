package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Held takes the planned sessions of a day in a zone that have a mentor, with their headcounts.
func (s *Schedule) Held(ctx context.Context, sel scheduler.Selection, day time.Time, say func(prokus.Session) []prokus.Message) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		rows, err := tx.Query(ctx, `SELECT `+sessionColumns+sessionFrom+`
			WHERE a.zone = $1 AND s.id > $2 AND s.starts_at >= $4::date::timestamp AT TIME ZONE a.zone AND s.starts_at < ($4::date + 1)::timestamp AT TIME ZONE a.zone
				AND s.status = 'rencana' AND m.active
			ORDER BY s.id LIMIT $3`, sel.Zone, reached, sessionsAtOnce, day)
		if err != nil {
			return 0, false, err
		}
		sessions, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (prokus.Session, error) { return scanSession(r) })
		if err != nil {
			return 0, false, err
		}
		var msgs []prokus.Message
		for _, x := range sessions {
			msgs = append(msgs, say(x)...)
			reached = x.ID
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		return reached, len(sessions) < sessionsAtOnce, nil
	})
}
