package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// digestsAtOnce is how many TKSK one transaction takes.
const digestsAtOnce = 100

// workingTKSK says of staff s that they look after a kecamatan and are not on leave on a day.
func workingTKSK(day string) string {
	return `s.role = 'tksk' AND s.active AND NOT EXISTS (SELECT 1 FROM staff_leave l WHERE l.staff_id = s.id AND ` + day + ` BETWEEN l.from_day AND l.to_day)`
}

// worksOn says, of the areas a of one TKSK, whether a day is a working day there.
func worksOn(day string) string {
	return `extract(isodow FROM ` + day + `) < 6 AND NOT EXISTS (SELECT 1 FROM holiday h WHERE h.day = ` + day + `
		AND h.area_code IN ('ID', left(min(a.code), 2), left(min(a.code), 5), min(a.code)))`
}

// Worklists takes the next TKSK of a zone who are not on leave, with their list of the day and the turnout of last week.
func (s *Schedule) Worklists(ctx context.Context, sel scheduler.Selection, say func(scheduler.Digest) []prokus.Message) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		day := prokus.Day(sel.Slot)
		where, args := placed(sel, "a.code", 5)
		rows, err := tx.Query(ctx, `
			SELECT s.id, s.role, s.name, s.title, s.lang, s.active, array_agg(a.code ORDER BY a.code),
				`+worksOn("$4::date")+`
			FROM staff s JOIN staff_area x ON x.staff_id = s.id JOIN area a ON a.code = x.area_code AND a.zone = $1
			WHERE `+workingTKSK("$4::date")+` AND s.id > $2`+where+`
			GROUP BY s.id ORDER BY s.id LIMIT $3`, append([]any{sel.Zone, reached, digestsAtOnce, day}, args...)...)
		if err != nil {
			return 0, false, err
		}
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d scheduler.Digest, err error) {
			d.Staff.Zone = sel.Zone
			return d, row.Scan(&d.Staff.ID, &d.Staff.Role, &d.Staff.Name, &d.Staff.Title, &d.Staff.Lang, &d.Staff.Active, &d.Staff.Areas, &d.Working)
		})
		if err != nil {
			return 0, false, err
		}
		var msgs []prokus.Message
		for _, d := range all {
			reached = d.Staff.ID
			if d.Items, err = tx.Worklist(ctx, d.Staff.ID, sel.Now); err != nil {
				return 0, false, err
			}
			w := prokus.WeekOf(sel.Slot) - 1
			if d.Turnout, err = turnoutOf(ctx, tx, d.Staff.Areas, w); err != nil {
				return 0, false, err
			}
			msgs = append(msgs, say(d)...)
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		return reached, len(all) < digestsAtOnce, nil
	})
}

// turnoutOf counts who was to report in a week in some kecamatan, and who did.
func turnoutOf(ctx context.Context, tx *Tx, areas []string, w prokus.Week) (t scheduler.Turnout, err error) {
	return t, tx.QueryRow(ctx, `
		SELECT count(r.person_id), count(*) FROM person p LEFT JOIN report r ON r.person_id = p.id AND r.week = $2
		WHERE p.area_code = ANY ($1) AND p.status = 'aktif' AND p.consent = 'ya'
			AND coalesce(p.consent_at, p.created_at) < ($2::date + 7)::timestamp AT TIME ZONE p.zone AND NOT `+exempt("$2::date"),
		areas, w.Date()).Scan(&t.Reported, &t.Due)
}
