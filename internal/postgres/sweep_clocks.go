package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Remind takes cases whose reminder is due and which nobody has acted on. A reminder that its escalation has overtaken is
// not said any more.
func (s *Schedule) Remind(ctx context.Context, now time.Time, limit int, say func([]scheduler.Overdue) []prokus.Message) (n int, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		due, err := s.overdue(ctx, tx, now, limit, `c.remind_at <= $1`)
		if n = len(due); err != nil || n == 0 {
			return err
		}
		var late []scheduler.Overdue
		var ids, told []int64
		for _, o := range due {
			ids = append(ids, o.ID)
			if o.Status == prokus.CaseOpen && o.Acted.IsZero() && o.EscalateAt.After(now) {
				told, late = append(told, o.ID), append(late, o)
			}
		}
		if _, err := tx.Enqueue(ctx, now, say(late)...); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			WITH done AS (UPDATE cases SET remind_at = NULL WHERE id = ANY ($1))
			INSERT INTO case_event (case_id, at, what) SELECT id, $3, 'reminded' FROM unnest($2::bigint[]) AS id`, ids, told, now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("remind: %w", err)
	}
	return n, nil
}

// Escalate takes cases whose time is over and which nobody has acted on. The row lock decides between it and an action in
// the same second: a case that somebody is acting on is passed over, and seen again with the next sweep.
func (s *Schedule) Escalate(ctx context.Context, now time.Time, limit int, say func([]scheduler.Overdue) []prokus.Message) (n int, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		due, err := s.overdue(ctx, tx, now, limit, `c.escalate_at <= $1`)
		if n = len(due); err != nil || n == 0 {
			return err
		}
		var late []scheduler.Overdue
		var ids, escalated []int64
		for _, o := range due {
			ids = append(ids, o.ID)
			if o.Status == prokus.CaseOpen && o.Acted.IsZero() {
				late, escalated = append(late, o), append(escalated, o.ID)
			}
		}
		if _, err := tx.Enqueue(ctx, now, say(late)...); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			WITH done AS (
				UPDATE cases SET escalate_at = NULL, remind_at = NULL, escalated_at = CASE WHEN id = ANY ($2) THEN $3 ELSE escalated_at END WHERE id = ANY ($1)
			)
			INSERT INTO case_event (case_id, at, what) SELECT id, $3, 'escalated' FROM unnest($2::bigint[]) AS id`, ids, escalated, now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("escalate: %w", err)
	}
	return n, nil
}

// overdue locks cases whose clock has run, with who must act and the number in today's list.
func (s *Schedule) overdue(ctx context.Context, tx *Tx, now time.Time, limit int, due string) ([]scheduler.Overdue, error) {
	where, args := placed(scheduler.Selection{Within: s.within}, "c.area_code", 3)
	rows, err := tx.Query(ctx, `
		SELECT `+workCols+`, kec.name, kab.name, coalesce(o.id, 0), coalesce(o.role, ''), coalesce(o.title, ''), coalesce(o.name, ''), coalesce(o.lang, ''),
			coalesce(k.id, 0), coalesce(k.role, ''), coalesce(k.title, ''), coalesce(k.name, ''), coalesce(k.lang, '')
		FROM cases c JOIN person p ON p.id = c.person_id JOIN area kec ON kec.code = c.area_code LEFT JOIN area kab ON kab.code = kec.parent
		CROSS JOIN LATERAL (SELECT ''::text AS value) ph
		LEFT JOIN staff o ON o.id = acting_for(c.owner_id, c.area_code, ($1::timestamptz AT TIME ZONE p.zone)::date)
		LEFT JOIN staff k ON k.id = coordinator_of(c.area_code)
		WHERE `+due+` AND c.status <> 'selesai'`+where+` ORDER BY c.id LIMIT $2 FOR UPDATE OF c SKIP LOCKED`, append([]any{now, limit}, args...)...)
	if err != nil {
		return nil, err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o scheduler.Overdue, err error) {
		var i prokus.WorkItem
		var district *string
		err = scanWork(tail{row, []any{&o.Kecamatan, &district, &o.Owner.ID, &o.Owner.Role, &o.Owner.Title, &o.Owner.Name, &o.Owner.Lang,
			&o.Coordinator.ID, &o.Coordinator.Role, &o.Coordinator.Title, &o.Coordinator.Name, &o.Coordinator.Lang}}, &i)
		o.Case, o.Person = i.Case, i.Person
		if district != nil {
			o.District = *district
		}
		return o, err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all, placeInDay(ctx, tx, all, now)
}

// tail scans further columns after those that a shared scan reads.
type tail struct {
	row  pgx.Row
	more []any
}

func (t tail) Scan(dest ...any) error { return t.row.Scan(append(dest, t.more...)...) }

// placeInDay gives each case its number in today's list of whoever must act, and the working days that it has been open.
func placeInDay(ctx context.Context, tx *Tx, all []scheduler.Overdue, now time.Time) error {
	people := map[int64]casePerson{}
	numbers := map[[2]int64]int{}
	listed := map[int64]bool{}
	for _, o := range all {
		people[o.Person.ID] = casePerson{area: o.Area}
		if o.Owner.ID == 0 || listed[o.Owner.ID] {
			continue
		}
		listed[o.Owner.ID] = true
		items, err := tx.Worklist(ctx, o.Owner.ID, now)
		if err != nil {
			return err
		}
		for _, i := range items {
			numbers[[2]int64{o.Owner.ID, i.Case.ID}] = i.N
		}
	}
	oldest := now
	for _, o := range all {
		if o.Opened.Before(oldest) {
			oldest = o.Opened
		}
	}
	calendars, err := calendarsOf(ctx, tx, people, oldest)
	if err != nil {
		return err
	}
	for i := range all {
		o := &all[i]
		loc := o.Person.Location()
		o.N = numbers[[2]int64{o.Owner.ID, o.ID}]
		o.Days = calendars[o.Area].WorkingDaysBetween(o.Opened.In(loc), now.In(loc))
	}
	return nil
}

// askedAt is when the closing question of a case left; a question that never left counts from the end of the day on which
// the case was done.
const askedAt = `coalesce((SELECT max(o.sent_at) FROM outbox o WHERE o.case_id = c.id AND o.key LIKE 'helped:%'),
	(SELECT max(e.at) + interval '1 day' FROM case_event e WHERE e.case_id = c.id AND e.what = 'closed'), c.opened_at)`

// Unanswered closes cases whose closing question has stayed without an answer for a time.
func (s *Schedule) Unanswered(ctx context.Context, now time.Time, answer time.Duration, limit int) (n int, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		tag, err := tx.Exec(ctx, `
			WITH gone AS (
				SELECT c.id FROM cases c WHERE c.status = 'ditanya' AND `+askedAt+` <= $3
					AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.case_id = c.id AND o.key LIKE 'helped:%' AND o.state IN ('queued', 'sending'))
				LIMIT $4 FOR UPDATE SKIP LOCKED
			), `+closeGone, now, "tanpa jawaban", now.Add(-answer), limit)
		n = int(tag.RowsAffected())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("unanswered: %w", err)
	}
	return n, nil
}

// NextCase is the earliest moment after a moment at which the clock of a case runs out.
func (s *Schedule) NextCase(ctx context.Context, after time.Time, answer time.Duration) (at time.Time, ok bool, err error) {
	var next *time.Time
	err = s.in(ctx, func(tx *Tx) error {
		where, args := placed(scheduler.Selection{Within: s.within}, "c.area_code", 3)
		return tx.QueryRow(ctx, `
			SELECT least(
				(SELECT min(remind_at) FROM cases c WHERE status <> 'selesai' AND remind_at > $1`+where+`),
				(SELECT min(escalate_at) FROM cases c WHERE status <> 'selesai' AND escalate_at > $1`+where+`),
				(SELECT min(x.at) FROM (SELECT `+askedAt+` + $2::interval AS at FROM cases c WHERE c.status = 'ditanya'`+where+`) x WHERE x.at > $1))`,
			append([]any{after, answer}, args...)...).Scan(&next)
	})
	if err != nil {
		return at, false, fmt.Errorf("next case: %w", err)
	}
	return deref(next), next != nil, nil
}
