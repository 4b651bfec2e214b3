package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Weeks of history that the rules of the week's end look at, and of silence that they count at most.
const (
	historyWeeks = 6
	silenceWeeks = 26
)

// Histories takes the next people who agreed, with their closed weeks; what find says of them opens, raises and closes
// cases. A week counts as missed when she had agreed before its question, was not on leave, and the question was asked.
func (s *Schedule) Histories(ctx context.Context, sel scheduler.Selection, closed prokus.Week, find func(scheduler.History) []scheduler.Finding) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		all, err := histories(ctx, tx, sel, closed, reached)
		if err != nil {
			return 0, false, err
		}
		var fresh, known, gone []newCase
		for _, h := range all {
			reached = h.Person
			for _, f := range find(h) {
				c := newCase{h.Person, f.Reason, f.Detail}
				switch {
				case !f.Holds:
					gone = append(gone, c)
				case slices.Contains(h.Open, f.Reason):
					known = append(known, c)
				default:
					fresh = append(fresh, c)
				}
			}
		}
		if err := shut(ctx, tx, gone, sel.Now); err != nil {
			return 0, false, err
		}
		if err := raise(ctx, tx, known); err != nil {
			return 0, false, err
		}
		return reached, len(all) < sel.Limit, openCases(ctx, tx, sel.Now, fresh)
	})
}

func histories(ctx context.Context, tx *Tx, sel scheduler.Selection, closed prokus.Week, reached int64) ([]scheduler.History, error) {
	deaf, err := anyDeaf(ctx, tx, sel.Now.AddDate(0, 0, -7*(silenceWeeks+1)))
	if err != nil {
		return nil, err
	}
	where, args := placed(sel, "area_code", 9)
	rows, err := tx.Query(ctx, `
		WITH p AS MATERIALIZED (
			SELECT * FROM person WHERE status = 'aktif' AND consent = 'ya' AND zone = $1 AND id > $2`+where+` ORDER BY id LIMIT $3
		), open AS MATERIALIZED (
			SELECT c.person_id, array_agg(c.reason) AS reasons FROM cases c JOIN p ON p.id = c.person_id WHERE c.status <> 'selesai' GROUP BY c.person_id
		)
		SELECT p.id, p.area_code, m.missed, w.amounts, w.exempt, coalesce(o.reasons, '{}')
		FROM p LEFT JOIN open o ON o.person_id = p.id
		CROSS JOIN LATERAL (SELECT max(week) AS week FROM report r WHERE r.person_id = p.id AND r.week <= $4) l
		CROSS JOIN LATERAL (
			SELECT count(*)::int AS missed FROM (SELECT $4::date - 7 * n AS week FROM generate_series(0, $6 - 1) n) g
			WHERE (l.week IS NULL OR g.week > l.week)
				AND g.week >= date_trunc('week', (coalesce(p.consent_at, p.created_at) AT TIME ZONE p.zone) + make_interval(mins => $7))::date
				AND NOT `+exempt("g.week")+`
				AND NOT ($8 AND deaf_week(p.id, p.zone, g.week))
				AND NOT EXISTS (SELECT 1 FROM slot_skipped k WHERE k.rule = 'week.prompt' AND k.zone = p.zone AND k.why = 'too late'
					AND in_scope(p.area_code, ARRAY[k.area]) AND (k.slot AT TIME ZONE p.zone)::date BETWEEN g.week AND g.week + 6)
		) m
		CROSS JOIN LATERAL (
			SELECT array_agg(coalesce(r.amount, -1) ORDER BY g.week DESC) AS amounts, array_agg(`+exempt("g.week")+` ORDER BY g.week DESC) AS exempt
			FROM (SELECT $4::date - 7 * n AS week FROM generate_series(0, $5 - 1) n) g
			LEFT JOIN report r ON r.person_id = p.id AND r.week = g.week
		) w
		ORDER BY p.id`, append([]any{sel.Zone, reached, sel.Limit, closed.Date(), historyWeeks, silenceWeeks, afterQuestion(sel.Book), deaf}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (h scheduler.History, err error) {
		var amounts []int64
		var exempt []bool
		var open []string
		err = row.Scan(&h.Person, &h.Area, &h.Missed, &amounts, &exempt, &open)
		for i, a := range amounts {
			h.Weeks = append(h.Weeks, prokus.PastWeek{Week: closed - prokus.Week(i), Reported: a >= 0, Exempt: exempt[i], Amount: max(a, 0)})
		}
		for _, r := range open {
			h.Open = append(h.Open, prokus.Reason(r))
		}
		return h, err
	})
}

// afterQuestion is how long before a week's end the question usually comes, in minutes: who agreed later was not asked.
func afterQuestion(book prokus.Rulebook) int {
	m, day, _, err := prokus.ReadCadence(book.For(prokus.National).Prompt.Cron)
	if err != nil {
		return 0
	}
	return (7-(int(day)+6)%7)*24*60 - int(m)
}

// columns are the people, reasons and details of cases, as arrays for a statement.
func columns(all []newCase) (people []int64, reasons []string, details []prokus.CaseDetail) {
	for _, c := range all {
		people, reasons, details = append(people, c.person), append(reasons, string(c.reason)), append(details, c.detail)
	}
	return people, reasons, details
}

// raise brings what is open already up to date: further weeks of silence, a deeper fall.
func raise(ctx context.Context, tx *Tx, found []newCase) error {
	if len(found) == 0 {
		return nil
	}
	people, reasons, details := columns(found)
	_, err := tx.Exec(ctx, `
		UPDATE cases c SET detail = c.detail || x.detail FROM unnest($1::bigint[], $2::text[], $3::jsonb[]) AS x (person, reason, detail)
		WHERE c.person_id = x.person AND c.reason = x.reason AND c.status <> 'selesai' AND NOT c.detail @> x.detail`, people, reasons, details)
	return err
}

// shut closes cases whose cause is gone.
func shut(ctx context.Context, tx *Tx, found []newCase, now time.Time) error {
	if len(found) == 0 {
		return nil
	}
	people, reasons, _ := columns(found)
	_, err := tx.Exec(ctx, `
		WITH gone AS (
			SELECT c.id FROM cases c JOIN unnest($3::bigint[], $4::text[]) AS x (person, reason) ON c.person_id = x.person AND c.reason = x.reason
			WHERE c.status <> 'selesai'
		), `+closeGone, now, "pulih", people, reasons)
	return err
}
