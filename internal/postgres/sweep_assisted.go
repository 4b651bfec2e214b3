package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// assistedNamed is how many people are read of a kecamatan; one SMS names fewer.
const assistedNamed = 8

// firstWorkingDay says of a day $3 whether it is the first on which people of area a work in its week.
const firstWorkingDay = `extract(isodow FROM $3::date) < 6
	AND NOT EXISTS (SELECT 1 FROM holiday h WHERE h.day = $3::date AND h.area_code IN ('ID', left(a.code, 2), left(a.code, 5), a.code))
	AND NOT EXISTS (SELECT 1 FROM generate_series(date_trunc('week', $3::date::timestamp), $3::date::timestamp - interval '1 day', '1 day') d
		WHERE NOT EXISTS (SELECT 1 FROM holiday h WHERE h.day = d::date AND h.area_code IN ('ID', left(a.code, 2), left(a.code, 5), a.code)))`

// Assisted takes the next TKSK of a zone, with the people of each of their kecamatan who have no working address and no
// report for a week in which they had to report. On a leave the list goes to whoever stands in.
func (s *Schedule) Assisted(ctx context.Context, sel scheduler.Selection, w prokus.Week, say func(scheduler.Assisted) []prokus.Message) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		rows, err := tx.Query(ctx, `SELECT id FROM staff WHERE role = 'tksk' AND active AND id > $1 ORDER BY id LIMIT $2`, reached, digestsAtOnce)
		if err != nil {
			return 0, false, err
		}
		staff, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(staff) == 0 {
			return 0, true, err
		}
		where, args := placed(sel, "a.code", 6)
		rows, err = tx.Query(ctx, `
			SELECT r.id, r.name, r.title, r.lang, a.code, a.name, n.n, n.codes, n.names
			FROM staff_area x JOIN area a ON a.code = x.area_code AND a.zone = $1
			LEFT JOIN LATERAL (
				SELECT l.staff_id, l.substitute FROM staff_leave l WHERE l.staff_id = x.staff_id AND $3 BETWEEN l.from_day AND l.to_day
				ORDER BY l.from_day DESC LIMIT 1
			) l ON true
			JOIN staff r ON r.id = CASE WHEN l.staff_id IS NULL THEN x.staff_id ELSE l.substitute END AND r.active AND r.role = 'tksk'
			JOIN LATERAL (
				SELECT count(*) AS n, (array_agg(p.code ORDER BY p.name, p.id))[:$5] AS codes, (array_agg(p.name ORDER BY p.name, p.id))[:$5] AS names
				FROM person p
				WHERE p.area_code = a.code AND p.status = 'aktif' AND p.consent = 'ya'
					AND coalesce(p.consent_at, p.created_at) < ($4::date + 7)::timestamp AT TIME ZONE p.zone
					AND NOT EXISTS (SELECT 1 FROM address d WHERE d.person_id = p.id AND d.status = 'aktif')
					AND NOT EXISTS (SELECT 1 FROM report t WHERE t.person_id = p.id AND t.week = $4::date)
					AND NOT `+exempt("$4::date")+`
			) n ON n.n > 0
			WHERE x.staff_id = ANY ($2) AND `+firstWorkingDay+where+`
			ORDER BY x.staff_id, a.code`, append([]any{sel.Zone, staff, prokus.Day(sel.Slot), w.Date(), assistedNamed}, args...)...)
		if err != nil {
			return 0, false, err
		}
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a scheduler.Assisted, err error) {
			var codes, names []string
			a.Week, a.Staff.Role, a.Staff.Zone = w, prokus.TKSK, sel.Zone
			err = row.Scan(&a.Staff.ID, &a.Staff.Name, &a.Staff.Title, &a.Staff.Lang, &a.Area, &a.Name, &a.N, &codes, &names)
			for i, code := range codes {
				a.People = append(a.People, prokus.Person{Code: code, Name: names[i]})
			}
			return a, err
		})
		if err != nil {
			return 0, false, err
		}
		var msgs []prokus.Message
		for _, a := range all {
			msgs = append(msgs, say(a)...)
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		return staff[len(staff)-1], len(staff) < digestsAtOnce, nil
	})
}
