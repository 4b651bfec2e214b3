package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// caseSelect reads cases with the figures that rank them (prokus.Priority): the age is that of the year of birth.
const caseSelect = `
	SELECT c.id, c.ticket, coalesce(c.person_id, 0), c.area_code, c.reason, c.status, c.priority, coalesce(c.owner_id, 0), c.confidential,
		c.detail, c.note, c.opened_at, c.due_at, c.escalated_at, c.acted_at, c.wake_at, c.closed_at, c.outcome,
		coalesce(p.code, ''), coalesce(p.name, ''), coalesce(p.birth_year, 0), coalesce(p.disability, false), coalesce(k.name, ''), o.title, o.name
	FROM cases c LEFT JOIN person p ON p.id = c.person_id
	LEFT JOIN area k ON k.code = coalesce(p.area_code, c.area_code)
	LEFT JOIN staff o ON o.id = c.owner_id
	WHERE` + caseScope

// caseRows runs caseSelect with a further condition; the first two parameters are the scope's.
func caseRows(ctx context.Context, tx pgx.Tx, now time.Time, where string, params ...any) ([]console.CaseRow, error) {
	rows, err := tx.Query(ctx, caseSelect+" AND "+where, params...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (x console.CaseRow, err error) {
		var detail []byte
		var escalated, acted, wake, closed *time.Time
		var born int
		var disability bool
		var title, owner *string
		err = r.Scan(&x.ID, &x.Ticket, &x.Person, &x.Area, &x.Reason, &x.Status, &x.Priority, &x.Owner, &x.Confidential,
			&detail, &x.Note, &x.Opened, &x.Due, &escalated, &acted, &wake, &closed, &x.Outcome,
			&x.Code, &x.Name, &born, &disability, &x.Kecamatan, &title, &owner)
		if err != nil {
			return x, err
		}
		if err := json.Unmarshal(detail, &x.Detail); err != nil {
			return x, fmt.Errorf("case %d: detail: %w", x.ID, err)
		}
		x.Escalated, x.Acted, x.Wake, x.Closed = deref(escalated), deref(acted), deref(wake), deref(closed)
		x.OwnerName = called(title, owner)
		age := 0
		if born > 0 {
			age = now.Year() - born
		}
		until := now
		if !x.Closed.IsZero() {
			until = x.Closed
		}
		x.Rank = prokus.Priority(x.Priority, age, disability, int(until.Sub(x.Opened)/(7*24*time.Hour)), max(0, x.Detail.Weeks-2))
		return x, nil
	})
}

// rankAt orders cases c of people p as prokus.Priority does at a moment that the query has, so that the first page holds the
// most urgent.
func rankAt(now string) string {
	return `c.priority
	+ CASE WHEN p.birth_year > 0 AND extract(year FROM ` + now + `) - p.birth_year >= 60 THEN 10 ELSE 0 END
	+ CASE WHEN p.disability THEN 10 ELSE 0 END
	+ 5 * floor(greatest(0, extract(epoch FROM coalesce(c.closed_at, ` + now + `) - c.opened_at)) / 604800)
	+ 10 * greatest(0, coalesce((c.detail ->> 'weeks')::int, 0) - 2)`
}

// caseListSQL narrows to a list that cases climb to: what went to the coordinator, or has been open for $7 working days at
// $3. What is put off, watched or with her for an answer waits for a reason and is on neither.
const caseListSQL = ` CASE $6 WHEN 'lewat' THEN c.escalated_at IS NOT NULL AND c.status NOT IN ('ditanya', 'selesai')
	WHEN 'kementerian' THEN c.status = 'buka' AND c.opened_at < $3::timestamptz - make_interval(days => $7::integer)
		AND working_days(c.area_code, (c.opened_at AT TIME ZONE coalesce(p.zone, 'Asia/Jakarta'))::date, ($3::timestamptz AT TIME ZONE coalesce(p.zone, 'Asia/Jakarta'))::date) >= $7::integer
	ELSE $3::timestamptz IS NOT NULL AND $7::integer >= 0 END `

// Cases is one page of the cases, the highest rank first; closed ones by when they were closed.
func (c *Console) Cases(ctx context.Context, s console.Scope, f console.CaseFilter) (rows []console.CaseRow, total int, err error) {
	err = c.read(ctx, "cases", func(tx pgx.Tx) error {
		days := 0
		if f.List == console.ForMinistry && len(s.Areas) > 0 {
			rules, err := (&Tx{Tx: tx, db: c.db}).Rules(ctx, s.Areas[0], f.Now)
			if err != nil {
				return err
			}
			days = rules.MinistryDays
		}
		err := tx.QueryRow(ctx, `SELECT count(*) FROM cases c LEFT JOIN person p ON p.id = c.person_id
			WHERE`+caseScope+`AND (c.status = 'selesai') = $4 AND ($5 = '' OR c.reason = $5) AND`+caseListSQL,
			s.Areas, s.Sees(), f.Now, f.Closed, f.Reason, f.List, days).Scan(&total)
		if err != nil {
			return err
		}
		rows, err = caseRows(ctx, tx, f.Now, `(c.status = 'selesai') = $4 AND ($5 = '' OR c.reason = $5) AND`+caseListSQL+`
			ORDER BY c.closed_at DESC NULLS FIRST, `+rankAt("$3::timestamptz")+` DESC, c.due_at, c.id LIMIT $8 OFFSET $9`,
			s.Areas, s.Sees(), f.Now, f.Closed, f.Reason, f.List, days, f.Limit, f.Offset)
		return err
	})
	return rows, total, err
}

// Case reads one case with its history, and writes into the audit who read it.
func (c *Console) Case(ctx context.Context, s console.Scope, id int64, by int64, now time.Time) (v console.CasePage, err error) {
	err = c.change(ctx, "case", func(tx *Tx) error {
		rows, err := caseRows(ctx, tx, now, `c.id = $3`, s.Areas, s.Sees(), id)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return pgx.ErrNoRows
		}
		v.CaseRow = rows[0]
		events, err := tx.Query(ctx, `
			SELECT e.at, s.title, s.name, e.what, e.note FROM case_event e LEFT JOIN staff s ON s.id = e.by_staff
			WHERE e.case_id = $1 ORDER BY e.at, e.id LIMIT 500`, id)
		if err != nil {
			return err
		}
		v.Events, err = pgx.CollectRows(events, func(r pgx.CollectableRow) (e console.CaseEvent, err error) {
			var title, name *string
			err = r.Scan(&e.At, &title, &name, &e.What, &e.Note)
			e.By = called(title, name)
			return e, err
		})
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "lihat kasus", fmt.Sprintf("%s/%d/%d", v.Area, v.Opened.Year(), v.Ticket), now)
	})
	return v, err
}
