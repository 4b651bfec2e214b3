package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/internal/roster"
)

var _ roster.ExportStore = (*DB)(nil)

// exports are the statements of the lists: $1 is the area ("" for all), $2 and $3 the first and the last day or null, $4 of the
// cases the moment at which they are ranked. Their
// columns are those of roster's headers. Times leave in the zone of the kecamatan.
var exports = map[string]string{
	"people": `
		SELECT p.code, p.name, p.salutation, coalesce(a.value, ''), k.name, c.name, p.village, p.rt, p.business, p.cluster, p.lang, coalesce(b.name, ''),
			p.incubator, CASE WHEN p.birth_year > 0 THEN p.birth_year::text ELSE '' END, p.disability, p.nik_last4, p.status,
			CASE WHEN p.consent = 'ya' THEN to_char(p.consent_at AT TIME ZONE p.zone, 'YYYY-MM-DD') ELSE '' END, coalesce(g.stage, ''),
			coalesce(to_char(p.last_seen AT TIME ZONE p.zone, 'YYYY-MM-DD HH24:MI'), ''),
			x.total::bigint, coalesce(x.class, ''), coalesce(x.sales, '')
		FROM person p JOIN area c ON c.code = p.area_code JOIN area k ON k.code = c.parent LEFT JOIN batch b ON b.id = p.batch_id
		LEFT JOIN LATERAL (SELECT value FROM address WHERE person_id = p.id AND kind = 'phone' AND status = 'aktif' ORDER BY is_primary DESC, id LIMIT 1) a ON true
		LEFT JOIN LATERAL (SELECT stage FROM grants WHERE person_id = p.id ORDER BY id DESC LIMIT 1) g ON true
		LEFT JOIN score x ON x.person_id = p.id
		WHERE (p.area_code = $1 OR p.area_code LIKE $1 || '.%' OR $1 = '')
			AND ($2::date IS NULL OR (p.created_at AT TIME ZONE p.zone)::date >= $2) AND ($3::date IS NULL OR (p.created_at AT TIME ZONE p.zone)::date <= $3)
		ORDER BY p.id`,
	"reports": `
		SELECT p.code, p.name, k.name, c.name, to_char(r.week, 'IYYY"-W"IW'), r.week, r.amount, r.low, r.high, r.reason, r.source, r.channel, r.late,
			to_char(r.at AT TIME ZONE p.zone, 'YYYY-MM-DD HH24:MI')
		FROM report r JOIN person p ON p.id = r.person_id JOIN area c ON c.code = p.area_code JOIN area k ON k.code = c.parent
		WHERE (p.area_code = $1 OR p.area_code LIKE $1 || '.%' OR $1 = '') AND ($2::date IS NULL OR r.week + 6 >= $2) AND ($3::date IS NULL OR r.week <= $3)
		ORDER BY r.week, p.id`,
	// What people wrote stays in the house; what we said is a text of ours. Words about confidential cases go no further either.
	"messages": `
		SELECT to_char(m.at AT TIME ZONE m.zone, 'YYYY-MM-DD HH24:MI'), m.way, m.kind, m.channel, m.code, k.name, c.name, m.text, m.segments, m.cost, m.state
		FROM (
			SELECT o.sent_at AS at, 1 AS turn, o.seq AS n, p.zone, 'keluar' AS way, o.kind, o.channel, p.code, p.area_code,
				CASE WHEN s.confidential THEN '' ELSE o.said END AS text, o.segments::bigint, o.cost, o.state
			FROM outbox o JOIN person p ON p.id = o.person_id LEFT JOIN cases s ON s.id = o.case_id WHERE o.sent_at IS NOT NULL
			UNION ALL
			SELECT i.at, 0, i.id, p.zone, 'masuk', i.kind, i.channel, p.code, p.area_code, '', NULL::bigint, NULL::bigint, i.intent
			FROM inbox i JOIN person p ON p.id = i.person_id
		) m JOIN area c ON c.code = m.area_code JOIN area k ON k.code = c.parent
		WHERE (m.area_code = $1 OR m.area_code LIKE $1 || '.%' OR $1 = '')
			AND ($2::date IS NULL OR (m.at AT TIME ZONE m.zone)::date >= $2) AND ($3::date IS NULL OR (m.at AT TIME ZONE m.zone)::date <= $3)
		ORDER BY m.at, m.turn, m.n`,
	"cases": `
		SELECT c.ticket::bigint, c.year::bigint, k.name, kec.name, coalesce(p.code, ''), coalesce(p.name, ''), c.reason, c.status, (` + rankAt("coalesce($4::timestamptz, c.opened_at)") + `)::bigint,
			coalesce(w.name, ''), to_char(c.opened_at AT TIME ZONE kec.zone, 'YYYY-MM-DD HH24:MI'), to_char(c.due_at AT TIME ZONE kec.zone, 'YYYY-MM-DD HH24:MI'),
			coalesce(to_char(c.acted_at AT TIME ZONE kec.zone, 'YYYY-MM-DD HH24:MI'), ''), coalesce(to_char(c.escalated_at AT TIME ZONE kec.zone, 'YYYY-MM-DD HH24:MI'), ''),
			coalesce(to_char(c.closed_at AT TIME ZONE kec.zone, 'YYYY-MM-DD HH24:MI'), ''), c.outcome
		FROM cases c JOIN area kec ON kec.code = c.area_code JOIN area k ON k.code = kec.parent LEFT JOIN person p ON p.id = c.person_id LEFT JOIN staff w ON w.id = c.owner_id
		WHERE NOT c.confidential AND (c.area_code = $1 OR c.area_code LIKE $1 || '.%' OR $1 = '')
			AND ($2::date IS NULL OR (c.opened_at AT TIME ZONE kec.zone)::date >= $2) AND ($3::date IS NULL OR (c.opened_at AT TIME ZONE kec.zone)::date <= $3)
		ORDER BY c.opened_at, c.id`,
}

// phoneColumn is where people's number stands.
const phoneColumn, langColumn = 3, 10

// ExportRows streams the rows of a list from one snapshot; none is held back, however many there are.
func (db *DB) ExportRows(ctx context.Context, what string, o roster.ExportOptions, row func([]any) error) error {
	area := o.Area
	if area == areas.Country {
		area = ""
	}
	return pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
			return fmt.Errorf("export: %w", err)
		}
		args := []any{area, dayOrNil(o.From), dayOrNil(o.To)}
		if what == "cases" {
			args = append(args, momentOrNil(o.Now))
		}
		rows, err := tx.Query(ctx, exports[what], args...)
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			cells, err := rows.Values()
			if err != nil {
				return fmt.Errorf("export: %w", err)
			}
			if what == "people" {
				cells[phoneColumn] = prokus.Phone(cells[phoneColumn].(string)).Local()
				cells[langColumn] = roster.LanguageName(prokus.Lang(cells[langColumn].(string)))
			}
			if err := row(cells); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

func momentOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func dayOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	d := prokus.Day(t)
	return &d
}
