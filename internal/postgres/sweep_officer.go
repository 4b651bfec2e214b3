package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// newHolders notes, once a sweep, which kecamatan of a zone ($1) have another TKSK than the one their people know, by the rule of
// owner_for. The first of a kecamatan is nobody's successor; a vacancy and leave change nothing. Whoever changes while the
// sweep goes on is of the next one.
const newHolders = `
	INSERT INTO officer_told AS o (area_code, staff_id, at)
	SELECT x.area_code, min(s.id), $2 FROM staff_area x JOIN staff s ON s.id = x.staff_id AND s.active AND s.role = 'tksk'
	JOIN area a ON a.code = x.area_code AND a.zone = $1 GROUP BY x.area_code
	ON CONFLICT (area_code) DO UPDATE SET next = nullif(excluded.staff_id, o.staff_id)
	WHERE o.next IS DISTINCT FROM nullif(excluded.staff_id, o.staff_id)`

// named is the TKSK that a message m named, null where it named nobody.
const named = `CASE jsonb_typeof(m.args -> 'tksk') WHEN 'object' THEN m.args -> 'tksk' ->> 'name' ELSE m.args ->> 'tksk' END`

// Successors takes the next people whose kecamatan has another TKSK than the one they know. When nobody is left it is known.
func (s *Schedule) Successors(ctx context.Context, sel scheduler.Selection, say func(scheduler.Successor) []prokus.Message) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		if reached == 0 {
			if _, err := tx.Exec(ctx, newHolders, sel.Zone, sel.Now); err != nil {
				return 0, false, err
			}
		}
		where, args := placed(sel, "p.area_code", 4)
		rows, err := tx.Query(ctx, `
			SELECT `+reporterCols+`, c.next, h.names, coalesce(h.moved, '')
			FROM officer_told c JOIN area z ON z.code = c.area_code AND z.zone = $1 JOIN person p ON p.area_code = c.area_code `+reporterFrom+`
			LEFT JOIN LATERAL (
				SELECT array_agg(DISTINCT `+named+`) FILTER (WHERE `+named+` <> '') AS names,
					(array_agg(`+named+` ORDER BY m.seq DESC) FILTER (WHERE m.text_key IN ('move.told', 'move.told_shared') AND m.created_at > c.at))[1] AS moved
				FROM outbox m WHERE m.person_id = p.id AND m.state IN ('sent', 'delivered', 'read') AND m.args ? 'tksk'
			) h ON true
			WHERE c.next IS NOT NULL AND p.status = 'aktif' AND p.consent = 'ya' AND p.id > $2`+where+` ORDER BY p.id LIMIT $3`, append([]any{sel.Zone, reached, sel.Limit}, args...)...)
		if err != nil {
			return 0, false, err
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r scheduler.Successor, err error) {
			return r, scanReporter(row, &r.Reporter, &r.Staff, &r.Heard, &r.Moved)
		})
		if err != nil {
			return 0, false, fmt.Errorf("successors: %w", err)
		}
		var msgs []prokus.Message
		for _, r := range found {
			msgs = append(msgs, say(r)...)
			reached = r.ID
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		if len(found) == sel.Limit {
			return reached, false, nil
		}
		_, err = tx.Exec(ctx, `UPDATE officer_told o SET staff_id = next, next = NULL, at = $2 FROM area a WHERE o.next IS NOT NULL AND a.code = o.area_code AND a.zone = $1`,
			sel.Zone, sel.Now)
		return reached, true, err
	})
}
