package postgres

import (
	"context"
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
		var fresh []newCase
		for _, h := range all {
			reached = h.Person
			for _, f := range find(h) {
				if f.Holds {
					fresh = append(fresh, newCase{h.Person, f.Reason, f.Detail})
					continue
				}
				if _, err := tx.Exec(ctx, `WITH gone AS (SELECT id FROM cases WHERE person_id = $3 AND reason = $4 AND status <> 'selesai'), `+closeGone,
					sel.Now, "pulih", h.Person, f.Reason); err != nil {
					return 0, false, err
				}
			}
		}
		if err := raise(ctx, tx, fresh); err != nil {
			return 0, false, err
		}
		return reached, len(all) < sel.Limit, openCases(ctx, tx, sel.Now, fresh)
	})
}

func histories(ctx context.Context, tx *Tx, sel scheduler.Selection, closed prokus.Week, reached int64) ([]scheduler.History, error) {
	rows, err := tx.Query(ctx, `
		SELECT p.id, p.area_code, m.missed, w.amounts, w.exempt,
			coalesce((SELECT array_agg(c.reason) FROM cases c WHERE c.person_id = p.id AND c.status <> 'selesai'), '{}')
		FROM person p
		CROSS JOIN LATERAL (SELECT max(week) AS week FROM report r WHERE r.person_id = p.id AND r.week <= $4) l
		CROSS JOIN LATERAL (
			SELECT count(*)::int AS missed FROM (SELECT $4::date - 7 * n AS week FROM generate_series(0, $6 - 1) n) g
			WHERE (l.week IS NULL OR g.week > l.week)
				AND g.week >= date_trunc('week', (coalesce(p.consent_at, p.created_at) AT TIME ZONE p.zone) + interval '330 minutes')::date
				AND NOT exempt_week(p.id, p.area_code, g.week)
				AND NOT EXISTS (SELECT 1 FROM slot_skipped k WHERE k.rule = 'week.prompt' AND k.zone = p.zone AND k.why = 'too late'
					AND (k.slot AT TIME ZONE p.zone)::date = g.week + 6)
		) m
		CROSS JOIN LATERAL (
			SELECT array_agg(coalesce(r.amount, -1) ORDER BY g.week DESC) AS amounts, array_agg(exempt_week(p.id, p.area_code, g.week) ORDER BY g.week DESC) AS exempt
			FROM (SELECT $4::date - 7 * n AS week FROM generate_series(0, $5 - 1) n) g
			LEFT JOIN report r ON r.person_id = p.id AND r.week = g.week
		) w
		WHERE p.status = 'aktif' AND p.consent = 'ya' AND p.zone = $1 AND p.id > $2
		ORDER BY p.id LIMIT $3`, sel.Zone, reached, sel.Limit, closed.Date(), historyWeeks, silenceWeeks)
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

// raise brings what is open already up to date: further weeks of silence, a deeper fall.
func raise(ctx context.Context, tx *Tx, found []newCase) error {
	b := &pgx.Batch{}
	for _, c := range found {
		b.Queue(`UPDATE cases SET detail = detail || $3::jsonb WHERE person_id = $1 AND reason = $2 AND status <> 'selesai' AND NOT detail @> $3::jsonb`,
			c.person, c.reason, c.detail)
	}
	return tx.SendBatch(ctx, b).Close()
}

// staleInvitation is when an unanswered invitation becomes work for the TKSK, deadAfter when silence on every channel does.
const (
	staleInvitation = 10
	deadAfter       = 60 * 24 * time.Hour
	deadRefusals    = 3 // permanent refusals, on as many days
	receiptDays     = 30
)
