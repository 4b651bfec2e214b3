package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// baseSets are the sets of console.md 7.1 in a scope $1 for the week that begins on $2; $3 leaves out who cannot be
// reached. registered is E, due is W: credited, or in mentoring, at least seven days before the week's end, neither on leave
// nor in a pause of the programme, nor after the end of her batch.
const baseSets = `
	WITH registered AS (
		SELECT p.id, p.area_code, p.zone, p.batch_id FROM person p
		WHERE p.status = 'aktif' AND p.area_code = ANY (ARRAY(SELECT a.code FROM area a WHERE a.level = 3 AND in_scope(a.code, $1)))
			AND (NOT $3::boolean OR (p.consent <> 'berhenti'
				AND EXISTS (SELECT 1 FROM address a WHERE a.person_id = p.id AND a.status = 'aktif')))
	), due AS (
		SELECT r.* FROM registered r
		WHERE NOT EXISTS (SELECT 1 FROM leave l WHERE l.person_id = r.id AND $2::date BETWEEN l.from_week AND l.to_week)
			AND NOT EXISTS (SELECT 1 FROM pause q WHERE q.from_day <= $2::date + 6 AND q.to_day >= $2::date
				AND in_scope(r.area_code, ARRAY[q.area_code]))
			AND NOT EXISTS (SELECT 1 FROM batch e WHERE e.id = r.batch_id AND e.closed_on <= $2::date)
			AND (EXISTS (SELECT 1 FROM grants g WHERE g.person_id = r.id AND (
					(g.stage IN ('cair', 'lpj', 'selesai') AND g.since < $2::date)
					OR EXISTS (SELECT 1 FROM grant_change c WHERE c.grant_id = g.id AND c.stage = 'cair' AND c.since < $2::date)))
				OR EXISTS (SELECT 1 FROM invite i JOIN session s ON s.id = i.session_id
					WHERE i.person_id = r.id AND s.status <> 'batal' AND s.starts_at < $2::date::timestamp AT TIME ZONE r.zone))
	), reported AS (
		SELECT d.id, d.area_code, r.at < ($2::date + 9)::timestamp AT TIME ZONE d.zone AS on_time
		FROM due d JOIN report r ON r.person_id = d.id AND r.week = $2::date AND NOT r.disputed
	), attention AS (
		SELECT DISTINCT r.id, r.area_code FROM registered r JOIN cases c ON c.person_id = r.id
		WHERE c.status <> 'selesai' AND c.reason IN ('NOL2', 'TURUN', 'DIAM2', 'MODAL_HABIS', 'SAKIT', 'BENCANA')
	)`

// caseScope limits cases c, with their person p joined, to what a viewer may see: scope $1, confidential ones only if $2.
const caseScope = ` in_scope(coalesce(p.area_code, c.area_code), $1) AND (NOT c.confidential OR $2::boolean) `

// Week counts the tiles of the first page.
func (c *Console) Week(ctx context.Context, s console.Scope, w, closed prokus.Week, reachable bool, now time.Time) (f console.WeekFigures, err error) {
	err = c.read(ctx, "week", func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, baseSets+`
			SELECT (SELECT count(*) FROM registered), (SELECT count(*) FROM due),
				(SELECT count(*) FROM reported WHERE on_time), (SELECT count(*) FROM reported),
				(SELECT count(*) FROM due d WHERE EXISTS (SELECT 1 FROM report r
					WHERE r.person_id = d.id AND r.week BETWEEN $4::date - 7 AND $4::date AND NOT r.disputed)),
				(SELECT count(*) FROM attention)`, s.Areas, weekDate(w), reachable, weekDate(closed)).
			Scan(&f.Registered, &f.Due, &f.OnTime, &f.Reported, &f.Active, &f.Attention)
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `
			SELECT count(*), count(*) FILTER (WHERE c.due_at < $3)
			FROM cases c LEFT JOIN person p ON p.id = c.person_id
			WHERE c.status <> 'selesai' AND`+caseScope, s.Areas, s.Sees(), now).Scan(&f.OpenCases, &f.Overdue)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `
			SELECT count(*), count(*) FILTER (WHERE b.stuck_days > 0 AND g.since + b.stuck_days < $2::date)
			FROM grants g JOIN person p ON p.id = g.person_id
			LEFT JOIN batch_stage b ON b.batch_id = g.batch_id AND b.code = g.stage
			WHERE p.status = 'aktif' AND g.stage NOT IN ('selesai', 'batal') AND in_scope(p.area_code, $1)`,
			s.Areas, prokus.Day(now)).Scan(&f.Grants, &f.Stuck)
	})
	return f, err
}

// AreaWeeks counts week w for each kecamatan, with the people who reported in each of the n weeks that end with it.
func (c *Console) AreaWeeks(ctx context.Context, s console.Scope, w prokus.Week, n int, reachable bool) ([]console.AreaWeeks, error) {
	var out []console.AreaWeeks
	err := c.read(ctx, "weeks by area", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, baseSets+`
			, weeks AS (SELECT $2::date - 7 * i AS week, i FROM generate_series($4::int - 1, 0, -1) AS i
			), counts AS (
				SELECT g.area_code, r.week, count(*) AS n FROM registered g JOIN report r ON r.person_id = g.id
				WHERE r.week BETWEEN $2::date - 7 * ($4::int - 1) AND $2::date AND NOT r.disputed GROUP BY 1, 2
			)
			SELECT k.code, k.name, coalesce(k.parent, ''), coalesce(b.name, ''),
				(SELECT count(*) FROM registered x WHERE x.area_code = k.code),
				(SELECT count(*) FROM due x WHERE x.area_code = k.code),
				(SELECT count(*) FROM reported x WHERE x.area_code = k.code AND x.on_time),
				(SELECT count(*) FROM attention x WHERE x.area_code = k.code),
				(SELECT array_agg(coalesce(q.n, 0) ORDER BY v.i DESC) FROM weeks v
					LEFT JOIN counts q ON q.week = v.week AND q.area_code = k.code)
			FROM area k LEFT JOIN area b ON b.code = k.parent
			WHERE k.code IN (SELECT area_code FROM registered)
			ORDER BY b.name, k.name LIMIT 500`, s.Areas, weekDate(w), reachable, n)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (a console.AreaWeeks, err error) {
			err = r.Scan(&a.Area.Code, &a.Area.Name, &a.Area.Parent, &a.Kabupaten, &a.Registered, &a.Due, &a.OnTime, &a.Attention, &a.Reports)
			return a, err
		})
		return err
	})
	return out, err
}

// Decisions are cases that reached this viewer (escalated, theirs, confidential or of nobody) and broadcasts that wait for
// a second person.
func (c *Console) Decisions(ctx context.Context, s console.Scope, staff int64, now time.Time, limit int) ([]console.Decision, error) {
	var out []console.Decision
	err := c.read(ctx, "decisions", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT * FROM (
				SELECT CASE WHEN c.confidential THEN 'secret' ELSE 'case' END AS what, c.id, coalesce(p.name, '') AS name,
					coalesce(k.name, '') AS place, c.reason, c.ticket, c.due_at, c.due_at < $4 AS late,
					CASE WHEN c.confidential THEN 0 WHEN c.escalated_at IS NOT NULL THEN 1 ELSE 2 END AS class
				FROM cases c LEFT JOIN person p ON p.id = c.person_id LEFT JOIN area k ON k.code = coalesce(p.area_code, c.area_code)
				WHERE c.status IN ('buka', 'pantau') AND`+caseScope+`
					AND (c.owner_id = $3 OR (c.owner_id IS NULL AND $2) OR (c.escalated_at IS NOT NULL AND $2) OR (c.confidential AND $2))
				UNION ALL
				SELECT 'broadcast', b.id, b.name, coalesce(a.name, ''), '', 0, b.send_at, coalesce(b.send_at < $4, false), 1
				FROM broadcast b LEFT JOIN area a ON a.code = b.area_code
				WHERE $2 AND b.state = 'diajukan' AND in_scope(b.area_code, $1) AND $3 NOT IN (b.author_id, b.editor_id)
			) d ORDER BY class, late DESC, due_at NULLS FIRST, id LIMIT $5`, s.Areas, s.Sees(), staff, now, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (d console.Decision, err error) {
			var due *time.Time
			var class int
			err = r.Scan(&d.What, &d.ID, &d.Name, &d.Where, &d.Reason, &d.Ticket, &due, &d.Late, &class)
			d.Due = deref(due)
			return d, err
		})
		return err
	})
	return out, err
}

// Indicators are the figures of a week in a scope, as they stood at a moment.
func (c *Console) Indicators(ctx context.Context, s console.Scope, w prokus.Week, reachable bool, asOf time.Time) (i prokus.Indicators, err error) {
	err = c.read(ctx, "indicators", func(tx pgx.Tx) error {
		i, err = indicators(ctx, tx, s.Areas, w, reachable, asOf)
		return err
	})
	return i, err
}

// Summary says whether a member of staff gets the weekly summary.
func (c *Console) Summary(ctx context.Context, staff int64) (wants bool, err error) {
	err = c.read(ctx, "summary", func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT weekly_summary FROM staff WHERE id = $1`, staff).Scan(&wants)
	})
	return wants, err
}

// SetSummary keeps it.
func (c *Console) SetSummary(ctx context.Context, staff int64, wants bool, now time.Time) error {
	return c.change(ctx, "summary", func(tx *Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE staff SET weekly_summary = $2 WHERE id = $1`, staff, wants); err != nil {
			return err
		}
		return audit(ctx, tx, staff, "ringkasan mingguan", map[bool]string{true: "ya", false: "tidak"}[wants], now)
	})
}
