package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// indicatorSQL counts a week for a scope, as far as reports were known at a moment $4. It builds on baseSets. The panel of
// D10 are people with a figure in the week and at least two above zero in the four weeks before: each is compared with her
// own median, never one median with another.
const indicatorSQL = baseSets + `
	, r AS (
		SELECT d.id, x.amount, x.source, x.at < ($2::date + 9)::timestamp AT TIME ZONE d.zone AS on_time
		FROM due d JOIN report x ON x.person_id = d.id AND x.week = $2::date AND NOT x.disputed
		WHERE x.at <= $4 AND x.at < ($2::date + 28)::timestamp AT TIME ZONE d.zone
	), past AS (
		SELECT r.id, r.amount, percentile_cont(0.5) WITHIN GROUP (ORDER BY h.amount) AS usual
		FROM r JOIN report h ON h.person_id = r.id AND h.week BETWEEN $2::date - 28 AND $2::date - 7 AND h.amount > 0 AND NOT h.disputed
		GROUP BY r.id, r.amount HAVING count(*) >= 2
	), before AS (
		SELECT d.id FROM due d JOIN report x ON x.person_id = d.id AND x.week = $2::date - 7 AND NOT x.disputed AND x.at <= $4
	), active AS (SELECT id FROM r UNION SELECT id FROM before)
	SELECT (SELECT count(*) FROM registered), (SELECT count(*) FROM due), (SELECT count(*) FROM attention), (SELECT count(*) FROM active),
		count(*) FILTER (WHERE on_time), count(*), count(*) FILTER (WHERE source = 'self'),
		count(*) FILTER (WHERE amount > 0), count(*) FILTER (WHERE amount = 0),
		coalesce(floor(percentile_cont(0.5) WITHIN GROUP (ORDER BY amount) FILTER (WHERE amount > 0))::bigint, 0),
		(SELECT coalesce(round(((percentile_cont(0.5) WITHIN GROUP (ORDER BY amount / usual) - 1) * 10000)::numeric)::bigint, 0) FROM past),
		(SELECT count(*) FROM past)
	FROM r`

// indicators are the figures of a week in a scope, as they stood at a moment.
func indicators(ctx context.Context, tx pgx.Tx, scope []string, w prokus.Week, reachable bool, asOf time.Time) (i prokus.Indicators, err error) {
	err = tx.QueryRow(ctx, indicatorSQL, scope, weekDate(w), reachable, asOf).Scan(&i.Registered, &i.Due, &i.Attention, &i.Active,
		&i.OnTime, &i.Final, &i.Self, &i.Sellers, &i.Zero, &i.Median, &i.Growth, &i.GrowthOf)
	if err != nil {
		return i, fmt.Errorf("indicators: %w", err)
	}
	i.Silent = i.Due - i.Active
	return i, nil
}
