package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// farewellDays is for how long the end of a batch is news.
const farewellDays = 7

// Leavers takes the next people of batches that ended before the day of the slot, and not long ago.
func (s *Schedule) Leavers(ctx context.Context, sel scheduler.Selection, say func(scheduler.Leaver) []prokus.Message) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		where, args := placed(sel, "p.area_code", 6)
		rows, err := tx.Query(ctx, `
			SELECT `+reporterCols+`, b.id, b.closed_on
			FROM batch b JOIN person p ON p.batch_id = b.id `+reporterFrom+`
			WHERE b.closed_on < $4::date AND b.closed_on >= $4::date - $5::int
				AND p.status = 'aktif' AND p.consent = 'ya' AND p.zone = $1 AND p.id > $2`+where+`
			ORDER BY p.id LIMIT $3`, append([]any{sel.Zone, reached, sel.Limit, prokus.Day(sel.Slot), farewellDays}, args...)...)
		if err != nil {
			return 0, false, fmt.Errorf("leavers: %w", err)
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l scheduler.Leaver, err error) {
			return l, scanReporter(row, &l.Reporter, &l.Batch, &l.Closed)
		})
		if err != nil {
			return 0, false, fmt.Errorf("leavers: %w", err)
		}
		var msgs []prokus.Message
		for _, l := range found {
			msgs = append(msgs, say(l)...)
			reached = l.ID
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		return reached, len(found) < sel.Limit, nil
	})
}
