package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// officesAtOnce is how many heads of offices one transaction takes; each needs the figures of a kabupaten, twice.
const officesAtOnce = 20

// lateByArea are the cases that went past their limit, by kecamatan; what is confidential is counted nowhere.
const lateByArea = `
	SELECT k.name, count(*) FROM cases c LEFT JOIN person p ON p.id = c.person_id JOIN area k ON k.code = coalesce(p.area_code, c.area_code)
	WHERE c.status IN ('buka', 'tunda', 'pantau') AND c.escalated_at IS NOT NULL AND NOT c.confidential AND in_scope(k.code, $1)
	GROUP BY k.code, k.name ORDER BY k.name LIMIT 60`

// Offices takes the next coordinators of a zone who want the weekly summary, with the figures of each kabupaten of theirs.
func (s *Schedule) Offices(ctx context.Context, sel scheduler.Selection, w prokus.Week, say func(scheduler.Office) []prokus.Message) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		where, args := placed(sel, "a.code", 4)
		rows, err := tx.Query(ctx, `
			SELECT s.id, s.name, s.title, s.lang, array_agg(a.code ORDER BY a.code), array_agg(a.name ORDER BY a.code)
			FROM staff s JOIN staff_area x ON x.staff_id = s.id JOIN area a ON a.code = x.area_code AND a.level = 2 AND a.zone = $1
			WHERE s.weekly_summary AND s.active AND s.role = 'koordinator' AND s.id > $2`+where+`
			GROUP BY s.id ORDER BY s.id LIMIT $3`, append([]any{sel.Zone, reached, officesAtOnce}, args...)...)
		if err != nil {
			return 0, false, err
		}
		type head struct {
			prokus.Staff
			codes, names []string
		}
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (h head, err error) {
			h.Role, h.Zone = prokus.Coordinator, sel.Zone
			return h, row.Scan(&h.ID, &h.Name, &h.Title, &h.Lang, &h.codes, &h.names)
		})
		if err != nil {
			return 0, false, err
		}
		var msgs []prokus.Message
		for _, h := range all {
			reached = h.ID
			for i, code := range h.codes {
				o, err := office(ctx, tx, code, w, sel.Slot)
				if err != nil {
					return 0, false, err
				}
				o.Staff, o.Code, o.District = h.Staff, code, h.names[i]
				msgs = append(msgs, say(o)...)
			}
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		return reached, len(all) < officesAtOnce, nil
	})
}

// office reads what the summary of one kabupaten says.
func office(ctx context.Context, tx *Tx, code string, w prokus.Week, at time.Time) (o scheduler.Office, err error) {
	scope := []string{code}
	o.Week = w
	if o.Figures, err = indicators(ctx, tx, scope, w, false, at); err != nil {
		return o, err
	}
	if o.Before, err = indicators(ctx, tx, scope, w-1, false, at); err != nil {
		return o, err
	}
	rows, err := tx.Query(ctx, lateByArea, scope)
	if err != nil {
		return o, err
	}
	o.Late, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (c scheduler.AreaCount, err error) { return c, r.Scan(&c.Name, &c.N) })
	return o, err
}
