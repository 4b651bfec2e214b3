package postgres

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Worklist are the open cases of a member of staff, with those of whoever they stand in for. Each has a number that stands
// all day: the first look of a day numbers by rank, due time, village and name; what comes later takes the next free
// number. now is read in the zone of the staff's area.
func (tx *Tx) Worklist(ctx context.Context, staff int64, now time.Time) ([]prokus.WorkItem, error) {
	// Two looks at once must not give one number twice.
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('worklist', $1))`, staff); err != nil {
		return nil, fmt.Errorf("worklist: %w", err)
	}
	day, err := tx.staffDay(ctx, staff, now)
	if err != nil {
		return nil, fmt.Errorf("worklist: %w", err)
	}
	rows, err := tx.Query(ctx, `
		SELECT coalesce(w.n, 0), `+workCols+`
		FROM cases c JOIN person p ON p.id = c.person_id
		LEFT JOIN worklist w ON w.staff_id = $1 AND w.day = $2 AND w.case_id = c.id
		LEFT JOIN LATERAL (SELECT value FROM address a WHERE a.person_id = p.id AND a.kind = 'phone' AND a.status = 'aktif'
			ORDER BY a.is_primary DESC, a.id LIMIT 1) ph ON true
		WHERE c.status = 'buka'
			AND (c.owner_id = $1 OR c.owner_id IN (SELECT l.staff_id FROM staff_leave l WHERE l.substitute = $1 AND $2 BETWEEN l.from_day AND l.to_day))
			AND (NOT c.confidential OR EXISTS (SELECT 1 FROM staff s WHERE s.id = $1 AND s.role IN ('koordinator', 'kementerian')))`, staff, day)
	if err != nil {
		return nil, fmt.Errorf("worklist: %w", err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i prokus.WorkItem, err error) {
		err = scanWork(row, &i, &i.N)
		weeks := int(now.Sub(i.Case.Opened) / (7 * 24 * time.Hour))
		age := 0
		if i.Person.BirthYear > 0 {
			age = day.Year() - i.Person.BirthYear
		}
		i.Rank = prokus.Priority(i.Case.Priority, age, i.Person.Disability, weeks, max(i.Case.Detail.Weeks-2, 0))
		return i, err
	})
	if err != nil {
		return nil, fmt.Errorf("worklist: %w", err)
	}
	slices.SortFunc(items, func(a, b prokus.WorkItem) int {
		return cmp.Or(b.Rank-a.Rank, a.Case.Due.Compare(b.Case.Due), cmp.Compare(a.Person.Village, b.Person.Village),
			cmp.Compare(a.Person.Name, b.Person.Name), cmp.Compare(a.Case.ID, b.Case.ID))
	})
	if err := tx.numberWork(ctx, staff, day, items); err != nil {
		return nil, fmt.Errorf("worklist: %w", err)
	}
	slices.SortStableFunc(items, func(a, b prokus.WorkItem) int { return a.N - b.N })
	return items, nil
}

// staffDay is the date in the zone of a staff's area.
func (tx *Tx) staffDay(ctx context.Context, staff int64, now time.Time) (time.Time, error) {
	var zone string
	err := tx.QueryRow(ctx, `
		SELECT coalesce((SELECT a.zone FROM staff_area x JOIN area a ON a.code = x.area_code WHERE x.staff_id = $1 ORDER BY a.code LIMIT 1), '')`, staff).Scan(&zone)
	return prokus.Day(now.In(prokus.Zone(zone))), err
}

// numberWork gives a number to what has none yet today, in the order of items.
func (tx *Tx) numberWork(ctx context.Context, staff int64, day time.Time, items []prokus.WorkItem) error {
	var next int
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM worklist WHERE staff_id = $1 AND day = $2`, staff, day).Scan(&next); err != nil {
		return err
	}
	var ns []int
	var cases []int64
	for i := range items {
		if items[i].N == 0 {
			next++
			items[i].N = next
			ns, cases = append(ns, next), append(cases, items[i].Case.ID)
		}
	}
	if len(ns) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO worklist (staff_id, day, n, case_id) SELECT $1, $2, x.n, x.id FROM unnest($3::int[], $4::bigint[]) AS x (n, id)`, staff, day, ns, cases)
	return err
}

// NumberCase is the number of one case on the day of a moment; what has none takes the next free one, so that an urgent
// message can be answered before the list is looked at (decisions.md).
func (tx *Tx) NumberCase(ctx context.Context, staff, id int64, on time.Time) (n int, err error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('worklist', $1))`, staff); err != nil {
		return 0, fmt.Errorf("number case: %w", err)
	}
	day, err := tx.staffDay(ctx, staff, on)
	if err != nil {
		return 0, fmt.Errorf("number case: %w", err)
	}
	err = tx.QueryRow(ctx, `
		WITH kept AS (
			SELECT n FROM worklist WHERE staff_id = $1 AND day = $2 AND case_id = $3
		), given AS (
			INSERT INTO worklist (staff_id, day, n, case_id) SELECT $1, $2, coalesce(max(n), 0) + 1, $3 FROM worklist WHERE staff_id = $1 AND day = $2
			HAVING NOT EXISTS (SELECT FROM kept) RETURNING n
		)
		SELECT n FROM kept UNION ALL SELECT n FROM given`, staff, day, id).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("number case: %w", err)
	}
	return n, nil
}

// workCols and scanWork read a case with its person and phone (as ph.value).
const workCols = `c.id, c.ticket, c.person_id, c.area_code, c.reason, c.status, c.priority, coalesce(c.owner_id, 0), c.confidential, c.detail, c.note,
	c.opened_at, c.due_at, c.remind_at, c.escalate_at, c.escalated_at, c.acted_at, c.wake_at, c.closed_at, c.outcome,
	p.id, p.code, p.name, p.salutation, p.birth_year, p.area_code, p.village, p.rt, p.business, p.lang, p.status, p.consent, p.disability, p.zone,
	coalesce((SELECT name FROM area WHERE code = p.area_code), ''), coalesce(ph.value, '')`

func scanWork(row pgx.Row, i *prokus.WorkItem, first ...any) error {
	c, p := &i.Case, &i.Person
	var remind, escalate, escalated, acted, wake, closed *time.Time
	err := row.Scan(append(first, &c.ID, &c.Ticket, &c.Person, &c.Area, &c.Reason, &c.Status, &c.Priority, &c.Owner, &c.Confidential, &c.Detail, &c.Note,
		&c.Opened, &c.Due, &remind, &escalate, &escalated, &acted, &wake, &closed, &c.Outcome,
		&p.ID, &p.Code, &p.Name, &p.Salutation, &p.BirthYear, &p.Area, &p.Village, &p.RT, &p.Business, &p.Lang, &p.Status, &p.Consent, &p.Disability, &p.Zone, &p.Kecamatan, &i.Phone)...)
	c.RemindAt, c.EscalateAt, c.Escalated = deref(remind), deref(escalate), deref(escalated)
	c.Acted, c.Wake, c.Closed = deref(acted), deref(wake), deref(closed)
	return err
}
