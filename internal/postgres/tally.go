package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// ofArea narrows rows of the outbox (named so) to a rehearsed area; next is the first free parameter.
func (s *Schedule) ofArea(outbox string, next int) (sql string, args []any) {
	people, args := placed(scheduler.Selection{Within: s.within}, "x.area_code", next)
	if len(args) == 0 {
		return "", nil
	}
	return fmt.Sprintf(` AND (%[1]s.person_id IN (SELECT x.id FROM person x WHERE true%[2]s) OR %[1]s.staff_id IN (SELECT x.staff_id FROM staff_area x WHERE true%[2]s))`, outbox, people), args
}

// People counts active people of an area, up to a limit.
func (s *Schedule) People(ctx context.Context, within string, limit int) (n int, err error) {
	where, args := placed(scheduler.Selection{Within: within}, "p.area_code", 2)
	err = s.in(ctx, func(tx *Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM person p WHERE p.status = 'aktif'`+where+` LIMIT $1) p`, append([]any{limit}, args...)...).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("people: %w", err)
	}
	return n, nil
}

// headcounts count the rows of who by area and road: who has area_code, of (a key of the row) and owner, a person or (column is
// staff_id) a member of staff. The road is the preferred address, unless somebody else may have a person's number by now: her last
// message stands for the last from that number (heardOf).
func headcounts(who, column, since string) string {
	certain := ""
	if column == "person_id" {
		certain = ` JOIN person p ON p.id = w.owner AND (a.kind <> 'phone' OR a.doubted_at IS NULL AND greatest(a.linked_at, p.invited_at, p.last_seen) >= ` + since + `)`
	}
	return `SELECT x.area_code, x.via, x.number, count(*)::int FROM (
		SELECT DISTINCT ON (w.of) w.area_code, CASE a.kind WHEN 'phone' THEN 'sms' ELSE a.kind END AS via, CASE a.kind WHEN 'phone' THEN left(a.value, 6) ELSE '' END AS number
		FROM (` + who + `) w JOIN address a ON a.status = 'aktif' AND a.` + column + ` = w.owner` + certain + `
		ORDER BY w.of, a.is_primary DESC, a.id
	) x GROUP BY 1, 2, 3`
}

// counted moves a slot as if everybody had been taken, and counts them.
func (s *Schedule) counted(ctx context.Context, sel scheduler.Selection, sql string, args ...any) (all []scheduler.Headcount, err error) {
	_, err = s.slotBatch(ctx, sel, func(tx *Tx, _ int64) (int64, bool, error) {
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			return 0, false, err
		}
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[scheduler.Headcount])
		return 0, true, err
	})
	return all, err
}

// Pass moves a slot on without looking at anybody.
func (s *Schedule) Pass(ctx context.Context, sel scheduler.Selection) error {
	_, err := s.slotBatch(ctx, sel, func(*Tx, int64) (int64, bool, error) { return 0, true, nil })
	return err
}

// CountWeekly counts whom Weekly takes; held says whether with those whose figure waits for an addition.
func (s *Schedule) CountWeekly(ctx context.Context, sel scheduler.Selection, w prokus.Week, held bool) ([]scheduler.Headcount, error) {
	who, args := asked(sel)
	since := fmt.Sprintf("$%d::timestamptz", 5+len(args))
	return s.counted(ctx, sel, headcounts(`SELECT p.area_code, p.id AS of, p.id AS owner FROM (`+who+`) p WHERE $3 OR NOT p.held`, "person_id", since),
		append(append([]any{sel.Zone, int64(0), held, w.Date()}, args...), sel.Now.Add(-silentFor))...)
}

// CountUninvited counts whom Uninvited takes on the first day on which it may: on a later one they have been told.
func (s *Schedule) CountUninvited(ctx context.Context, sel scheduler.Selection) ([]scheduler.Headcount, error) {
	where, args := placed(sel, "p.area_code", 5)
	return s.counted(ctx, sel, headcounts(`SELECT p.area_code, p.id AS of, p.id AS owner FROM person p WHERE `+stillInvited+` AND (p.invited_at AT TIME ZONE p.zone)::date = $4::date - 3`+where, "person_id", "$3::timestamptz"),
		append([]any{sel.Zone, int64(0), sel.Now.Add(-silentFor), prokus.Day(sel.Slot)}, args...)...)
}

// CountInvitees counts the people of a day's planned sessions who have not said no.
func (s *Schedule) CountInvitees(ctx context.Context, sel scheduler.Selection, day time.Time) ([]scheduler.Headcount, error) {
	where, args := placed(sel, "s.area_code", 4)
	return s.counted(ctx, sel, headcounts(`
		SELECT p.area_code, (s.id, p.id) AS of, p.id AS owner
		FROM session s JOIN area a ON a.code = s.area_code JOIN invite i ON i.session_id = s.id JOIN person p ON p.id = i.person_id
		WHERE a.zone = $1 AND s.status = 'rencana' AND s.starts_at >= $3::date::timestamp AT TIME ZONE a.zone AND s.starts_at < ($3::date + 1)::timestamp AT TIME ZONE a.zone
			AND i.rsvp IN ('', 'ya', 'mungkin') AND p.status = 'aktif' AND p.consent = 'ya'`+where, "person_id", "$2::timestamptz"),
		append([]any{sel.Zone, sel.Now.Add(-silentFor), day}, args...)...)
}

// CountWorklists counts TKSK with something to do on the day, and on a Monday those with nothing.
func (s *Schedule) CountWorklists(ctx context.Context, sel scheduler.Selection) ([]scheduler.Headcount, error) {
	where, args := placed(sel, "a.code", 3)
	return s.counted(ctx, sel, headcounts(`
		SELECT min(a.code) AS area_code, s.id AS of, s.id AS owner
		FROM staff s JOIN staff_area x ON x.staff_id = s.id JOIN area a ON a.code = x.area_code AND a.zone = $1
		WHERE `+workingTKSK("$2::date")+where+`
		GROUP BY s.id HAVING `+worksOn("$2::date")+` AND (extract(isodow FROM $2::date) = 1 OR EXISTS (
			SELECT FROM cases c WHERE c.status = 'buka' AND NOT c.confidential
				AND (c.owner_id = s.id OR c.owner_id IN (SELECT l.staff_id FROM staff_leave l WHERE l.substitute = s.id AND $2 BETWEEN l.from_day AND l.to_day))))`, "staff_id", ""),
		append([]any{sel.Zone, prokus.Day(sel.Slot)}, args...)...)
}

// CountQueued counts what waits in the outbox already, and may leave until a moment.
func (s *Schedule) CountQueued(ctx context.Context, from, until time.Time) (all []prokus.DueCount, err error) {
	where, args := s.ofArea("o", 3)
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT date_trunc('hour', greatest(o.not_before, $1)), coalesce(p.zone, z.zone, ''), o.kind, coalesce(split_part(o.key, ':', 1), ''), coalesce(p.area_code, w.area_code, ''),
				coalesce(nullif(o.via, ''), CASE r.kind WHEN 'phone' THEN 'sms' ELSE r.kind END, 'sms'), count(*)::int
			FROM outbox o LEFT JOIN person p ON p.id = o.person_id
			LEFT JOIN LATERAL (SELECT x.area_code FROM staff_area x WHERE x.staff_id = o.staff_id ORDER BY x.area_code LIMIT 1) w ON true
			LEFT JOIN area z ON z.code = w.area_code
			LEFT JOIN LATERAL (SELECT a.kind FROM address a WHERE o.via = '' AND a.status = 'aktif' AND (a.person_id = o.person_id OR a.staff_id = o.staff_id)
				ORDER BY a.is_primary DESC, a.id LIMIT 1) r ON true
			WHERE o.state = 'queued' AND o.not_before < $2 AND (o.not_after IS NULL OR o.not_after > $1)`+where+`
			GROUP BY 1, 2, 3, 4, 5, 6`, append([]any{from, until}, args...)...)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d prokus.DueCount, err error) {
			var zone string
			err = row.Scan(&d.At, &zone, &d.Kind, &d.Rule, &d.Area, &d.Via, &d.N)
			d.At = d.At.In(prokus.Zone(zone))
			return d, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count what waits: %w", err)
	}
	return all, nil
}

// Whereabouts are where people and staff live or work, and how they are reached.
func (s *Schedule) Whereabouts(ctx context.Context, people, staff []int64) (ofPeople, ofStaff map[int64]scheduler.Headcount, err error) {
	where := func(owner, area string) string {
		return `SELECT DISTINCT ON (w.id) w.id, w.area_code, CASE a.kind WHEN 'phone' THEN 'sms' ELSE a.kind END, CASE a.kind WHEN 'phone' THEN left(a.value, 6) ELSE '' END, coalesce(z.zone, '')
			FROM (` + area + `) w JOIN address a ON a.status = 'aktif' AND a.` + owner + ` = w.id LEFT JOIN area z ON z.code = w.area_code ORDER BY w.id, a.is_primary DESC, a.id`
	}
	err = s.in(ctx, func(tx *Tx) error {
		if ofPeople, err = whereabouts(ctx, tx, where("person_id", `SELECT id, area_code FROM person WHERE id = ANY ($1)`), people); err != nil {
			return err
		}
		ofStaff, err = whereabouts(ctx, tx, where("staff_id", `SELECT staff_id AS id, min(area_code) AS area_code FROM staff_area WHERE staff_id = ANY ($1) GROUP BY staff_id`), staff)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("whereabouts: %w", err)
	}
	return ofPeople, ofStaff, nil
}

func whereabouts(ctx context.Context, tx *Tx, sql string, ids []int64) (map[int64]scheduler.Headcount, error) {
	all := map[int64]scheduler.Headcount{}
	rows, err := tx.Query(ctx, sql, ids)
	if err != nil {
		return nil, err
	}
	var id int64
	h := scheduler.Headcount{N: 1}
	_, err = pgx.ForEachRow(rows, []any{&id, &h.Area, &h.Via, &h.Number, &h.Zone}, func() error { all[id] = h; return nil })
	return all, err
}
