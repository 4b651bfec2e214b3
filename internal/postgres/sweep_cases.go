package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// newCase is a case that a rule found. The rest follows from the person and the reason.
type newCase struct {
	person int64
	reason prokus.Reason
	detail prokus.CaseDetail
}

// openCases opens cases that rules found, each with its ticket, its owner and its times in working days of the district.
// Where a case of that person and reason is open already, nothing happens.
func openCases(ctx context.Context, tx *Tx, now time.Time, found []newCase) error {
	if len(found) == 0 {
		return nil
	}
	people, err := casePeople(ctx, tx, found)
	if err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	found = slices.DeleteFunc(found, func(c newCase) bool {
		p, ok := people[c.person]
		return !ok || slices.Contains(p.open, string(c.reason))
	})
	calendars, err := calendarsOf(ctx, tx, people, now)
	if err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	book, err := tx.rulebook(ctx, now)
	if err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	tickets, err := takeTickets(ctx, tx, found, people, now)
	if err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	b := &pgx.Batch{}
	for _, c := range found {
		p := people[c.person]
		rules := book.For(p.area)
		rule := rules.Case(c.reason)
		local := now.In(prokus.Zone(p.zone))
		kabupaten, cal := kabupatenOf(p.area), calendars[p.area]
		owner, due := p.owner, cal.AddWorkingDays(local, rules.PromiseDays)
		var remind, escalate *time.Time
		if rule.ToDistrict {
			owner = p.coordinator
		} else {
			r := cal.AddWorkingDays(local, rule.RemindDays)
			r = time.Date(r.Year(), r.Month(), r.Day(), 8, 0, 0, 0, r.Location())
			due = cal.AddWorkingDays(local, rule.EscalateDays)
			remind, escalate = &r, &due
		}
		tickets[kabupaten]++
		b.Queue(`
			WITH opened AS (
				INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, confidential, detail, opened_at, due_at, remind_at, escalate_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
				ON CONFLICT (person_id, reason) WHERE status <> 'selesai' DO NOTHING RETURNING id
			)
			INSERT INTO case_event (case_id, at, what) SELECT id, $11, 'opened' FROM opened`,
			tickets[kabupaten], kabupaten, local.Year(), c.person, p.area, c.reason, rule.Priority, owner, rule.Confidential, c.detail, now, due, remind, escalate)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	return nil
}

// casePerson is what a case needs of a person.
type casePerson struct {
	area, zone         string
	owner, coordinator *int64
	open               []string // reasons that are open now
}

func casePeople(ctx context.Context, tx *Tx, found []newCase) (map[int64]casePerson, error) {
	ids := make([]int64, 0, len(found))
	for _, c := range found {
		ids = append(ids, c.person)
	}
	rows, err := tx.Query(ctx, `
		WITH who AS MATERIALIZED (SELECT id, area_code, zone FROM person WHERE id = ANY ($1)),
			posts AS MATERIALIZED (SELECT area_code, owner_for(area_code) AS owner, coordinator_of(area_code) AS coordinator FROM (SELECT DISTINCT area_code FROM who) a),
			open AS MATERIALIZED (SELECT c.person_id, array_agg(c.reason) AS reasons FROM cases c JOIN who ON who.id = c.person_id WHERE c.status <> 'selesai' GROUP BY 1)
		SELECT w.id, w.area_code, w.zone, o.owner, o.coordinator, coalesce(x.reasons, '{}')
		FROM who w JOIN posts o USING (area_code) LEFT JOIN open x ON x.person_id = w.id`, ids)
	if err != nil {
		return nil, err
	}
	people := make(map[int64]casePerson, len(ids))
	var id int64
	var p casePerson
	_, err = pgx.ForEachRow(rows, []any{&id, &p.area, &p.zone, &p.owner, &p.coordinator, &p.open}, func() error {
		people[id] = p
		p.open = nil
		return nil
	})
	return people, err
}

// calendarsOf are the working days of the areas of people, for the quarter that due times can reach.
func calendarsOf(ctx context.Context, tx *Tx, people map[int64]casePerson, now time.Time) (map[string]prokus.Calendar, error) {
	days := map[string][]time.Time{}
	rows, err := tx.Query(ctx, `SELECT area_code, day FROM holiday WHERE day BETWEEN $1::date - 2 AND $1::date + 90`, prokus.Day(now))
	if err != nil {
		return nil, err
	}
	var area string
	var day time.Time
	if _, err := pgx.ForEachRow(rows, []any{&area, &day}, func() error { days[area] = append(days[area], day); return nil }); err != nil {
		return nil, err
	}
	out := map[string]prokus.Calendar{}
	for _, p := range people {
		if _, ok := out[p.area]; !ok {
			out[p.area] = prokus.NewCalendar(slices.Concat(days["ID"], days[p.area[:min(2, len(p.area))]], days[kabupatenOf(p.area)], days[p.area]))
		}
	}
	return out, nil
}

// takeTickets reserves the tickets of a kabupaten and year at once, in the order of their codes so that two sweeps do not
// wait for each other in a circle. It returns the last ticket before the reserved ones.
func takeTickets(ctx context.Context, tx *Tx, found []newCase, people map[int64]casePerson, now time.Time) (map[string]int, error) {
	need, years := map[string]int{}, map[string]int{}
	var order []string
	for _, c := range found {
		p := people[c.person]
		k := kabupatenOf(p.area)
		if need[k] == 0 {
			order = append(order, k)
		}
		need[k]++
		years[k] = now.In(prokus.Zone(p.zone)).Year()
	}
	slices.Sort(order)
	last := map[string]int{}
	for _, k := range order {
		var n int
		err := tx.QueryRow(ctx, `
			INSERT INTO ticket_counter AS t (kabupaten, year, last) VALUES ($1, $2, $3)
			ON CONFLICT (kabupaten, year) DO UPDATE SET last = t.last + excluded.last RETURNING last`, k, years[k], need[k]).Scan(&n)
		if err != nil {
			return nil, err
		}
		last[k] = n - need[k]
	}
	return last, nil
}

// kabupatenOf is the kabupaten of a kecamatan's code: "32.10" of "32.10.07".
func kabupatenOf(area string) string { return area[:min(5, len(area))] }

// closeGone follows a WITH gone AS (SELECT id …): it closes those cases at $1 with the outcome $2.
const closeGone = `shut AS (
		UPDATE cases c SET status = 'selesai', closed_at = $1, outcome = $2, remind_at = NULL, escalate_at = NULL, wake_at = NULL
		WHERE c.id IN (SELECT id FROM gone) AND c.status <> 'selesai' RETURNING c.id
	)
	INSERT INTO case_event (case_id, at, what, note) SELECT id, $1, 'closed', $2 FROM shut`
