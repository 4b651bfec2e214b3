package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// scoreWeeks is how much of her history a score looks at; scoreSessions how many of her newest sessions.
const (
	scoreWeeks    = 26
	scoreSessions = 6
)

// deedsSQL reads what the score looks at for the people $1, up to the closed week $2.
const deedsSQL = `
	SELECT p.id, w.amounts, w.exempt, f.week, coalesce(f.amounts, '{}'), a.came, a.held, coalesce(g.amount, 0), coalesce(g.spent, 0),
		coalesce(o.book, false), coalesce(o.saving, false)
	FROM person p
	CROSS JOIN LATERAL (
		SELECT array_agg(coalesce(r.amount, -1) ORDER BY n) AS amounts,
			array_agg(r.amount IS NULL AND exempt_week(p.id, p.area_code, $2::date - 7 * n) ORDER BY n) AS exempt
		FROM generate_series(0, $3 - 1) n LEFT JOIN report r ON r.person_id = p.id AND r.week = $2::date - 7 * n AND NOT r.disputed
	) w
	LEFT JOIN LATERAL (
		SELECT m.week, (SELECT array_agg(x.amount) FROM report x WHERE x.person_id = p.id AND x.week BETWEEN m.week AND m.week + 21 AND x.amount > 0 AND NOT x.disputed) AS amounts
		FROM (SELECT min(week) AS week FROM report WHERE person_id = p.id AND NOT disputed) m
	) f ON true
	CROSS JOIN LATERAL (
		SELECT count(*) FILTER (WHERE x.attended) AS came, count(*) AS held FROM (
			SELECT i.attended FROM invite i JOIN session s ON s.id = i.session_id
			WHERE i.person_id = p.id AND s.status = 'selesai' AND i.rsvp <> 'ganti' ORDER BY s.starts_at DESC LIMIT $4) x
	) a
	LEFT JOIN LATERAL (
		SELECT g.amount, CASE WHEN g.stage = 'selesai' THEN g.amount ELSE g.spent END AS spent
		FROM grants g WHERE g.person_id = p.id AND g.stage IN ('cair', 'lpj', 'selesai') ORDER BY g.id DESC LIMIT 1
	) g ON true
	CROSS JOIN LATERAL (
		SELECT (SELECT seen FROM observation WHERE person_id = p.id AND what = 'buku' ORDER BY id DESC LIMIT 1) AS book,
			(SELECT seen FROM observation WHERE person_id = p.id AND what = 'tabungan' ORDER BY id DESC LIMIT 1) AS saving
	) o
	WHERE p.id = ANY ($1) ORDER BY p.id`

// Deeds are what the score of some people looks at, up to a closed week.
func (tx *Tx) Deeds(ctx context.Context, people []int64, closed prokus.Week) (map[int64]prokus.Deeds, error) {
	rows, err := tx.Query(ctx, deedsSQL, people, closed.Date(), scoreWeeks, scoreSessions)
	if err != nil {
		return nil, fmt.Errorf("deeds: %w", err)
	}
	out := make(map[int64]prokus.Deeds, len(people))
	var id int64
	var amounts, first []int64
	var exempt []bool
	var began *time.Time
	var d prokus.Deeds
	_, err = pgx.ForEachRow(rows, []any{&id, &amounts, &exempt, &began, &first, &d.Came, &d.Held, &d.Grant, &d.Spent, &d.Book, &d.Saving}, func() error {
		one := d
		one.First, one.FirstWeek = first, closed+1
		if began != nil {
			one.FirstWeek = prokus.WeekOfDate(*began)
		}
		for i, a := range amounts {
			one.Weeks = append(one.Weeks, prokus.PastWeek{Week: closed - prokus.Week(i), Reported: a >= 0, Exempt: exempt[i], Amount: max(a, 0)})
		}
		out[id], amounts, exempt, first = one, nil, nil, nil
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("deeds: %w", err)
	}
	return out, nil
}

// SaveScores keeps scores of people as of a closed week, and who changed class. The first score of somebody is no change.
func (tx *Tx) SaveScores(ctx context.Context, scores map[int64]prokus.Score, sales map[int64]prokus.Direction, closed prokus.Week, now time.Time) error {
	var ids, totals []int64
	var classes, directions []string
	for id, s := range scores {
		ids, totals, classes, directions = append(ids, id), append(totals, int64(s.Total)), append(classes, string(s.Class)), append(directions, string(sales[id]))
	}
	_, err := tx.Exec(ctx, `
		WITH x AS (SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[]) AS x (id, total, class, sales)),
		changed AS (
			INSERT INTO class_change (person_id, from_class, to_class, total, at)
			SELECT x.id, s.class, x.class, x.total, $6 FROM x JOIN score s ON s.person_id = x.id AND s.class <> x.class
		)
		INSERT INTO score (person_id, week, total, class, sales, at) SELECT id, $5, total, class, sales, $6 FROM x ORDER BY id
		ON CONFLICT (person_id) DO UPDATE SET week = excluded.week, total = excluded.total, class = excluded.class, sales = excluded.sales, at = excluded.at`,
		ids, totals, classes, directions, closed.Date(), now)
	if err != nil {
		return fmt.Errorf("scores: %w", err)
	}
	return nil
}

// Observe keeps what a TKSK saw, or no longer sees; changed is false where that is what was known.
func (tx *Tx) Observe(ctx context.Context, person int64, what string, seen bool, staff int64, channel string, now time.Time) (changed bool, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO observation (person_id, what, seen, at, by_staff, channel)
		SELECT $1, $2, $3, $4, $5, $6
		WHERE $3 IS DISTINCT FROM coalesce((SELECT seen FROM observation WHERE person_id = $1 AND what = $2 ORDER BY id DESC LIMIT 1), false)`,
		person, what, seen, now, staff, channel)
	if err != nil {
		return false, fmt.Errorf("observe: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}
