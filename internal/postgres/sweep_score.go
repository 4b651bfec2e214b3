package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Scores counts the scores of the next active people of a zone as of a closed week.
func (s *Schedule) Scores(ctx context.Context, sel scheduler.Selection, closed prokus.Week) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		where, args := placed(sel, "area_code", 4)
		rows, err := tx.Query(ctx, `SELECT id FROM person WHERE status = 'aktif' AND zone = $1 AND id > $2`+where+` ORDER BY id LIMIT $3`,
			append([]any{sel.Zone, reached, sel.Limit}, args...)...)
		if err != nil {
			return 0, false, err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(ids) == 0 {
			return reached, true, err
		}
		deeds, err := tx.Deeds(ctx, ids, closed)
		if err != nil {
			return 0, false, err
		}
		scores, sales := map[int64]prokus.Score{}, map[int64]prokus.Direction{}
		for id, d := range deeds {
			scores[id], sales[id] = d.Score(), d.Trend35().Direction
		}
		if err := tx.SaveScores(ctx, scores, sales, closed, sel.Now); err != nil {
			return 0, false, err
		}
		return ids[len(ids)-1], len(ids) < sel.Limit, nil
	})
}
