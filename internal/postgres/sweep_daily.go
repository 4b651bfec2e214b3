package postgres

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Daily is the morning's order among cases: those whose cause is gone close, what was put off comes back on a working day,
// what nobody owns finds an owner, and the day's rules open new ones. It takes a bounded number of each and is done when
// none is left.
func (s *Schedule) Daily(ctx context.Context, sel scheduler.Selection) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		more := false
		day, rules := prokus.Day(sel.Slot), sel.Book.For(prokus.National)
		for _, c := range causesGone(rules) {
			if rules.Case(c.reason).Stays {
				continue
			}
			n, err := dailyExec(ctx, tx, c.name, `WITH gone AS (SELECT c.id FROM cases c JOIN person p ON p.id = c.person_id WHERE c.reason = $5 AND c.status <> 'selesai' AND p.zone = $3
				AND (`+c.gone+`) LIMIT $4), `+closeGone, sel.Now, "pulih", sel.Zone, sel.Limit, c.reason)
			if err != nil {
				return 0, false, err
			}
			more = more || n >= int64(sel.Limit)
		}
		for _, q := range dailyMoves {
			n, err := dailyExec(ctx, tx, q.name, q.sql, sel.Now, sel.Zone, sel.Limit, day)
			if err != nil {
				return 0, false, err
			}
			more = more || n >= int64(sel.Limit)
		}
		for _, r := range dailyRules(rules) {
			where, args := placed(sel, "p.area_code", 5)
			rows, err := tx.Query(ctx, strings.Replace(r.sql, ofZone, ofZone+where, 1), append([]any{sel.Now, sel.Zone, sel.Limit, day}, args...)...)
			if err != nil {
				return 0, false, fmt.Errorf("%s: %w", r.reason, err)
			}
			people, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			if err != nil {
				return 0, false, fmt.Errorf("%s: %w", r.reason, err)
			}
			found := make([]newCase, 0, len(people))
			for _, p := range people {
				found = append(found, newCase{person: p, reason: r.reason})
			}
			if err := openCases(ctx, tx, sel.Now, found); err != nil {
				return 0, false, err
			}
			more = more || len(people) >= sel.Limit
		}
		return reached, !more, nil
	})
}

func dailyExec(ctx context.Context, tx *Tx, name, sql string, args ...any) (int64, error) {
	tag, err := tx.Exec(ctx, sql, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", name, err)
	}
	return tag.RowsAffected(), nil
}

// causeGone says when a case of a reason (c, of person p) closes by itself (journeys.md 4.7).
type causeGone struct {
	name   string
	reason prokus.Reason
	gone   string
}

func causesGone(rules prokus.Rules) []causeGone {
	return []causeGone{
		{"silence is over", prokus.Silent, `EXISTS (SELECT 1 FROM report r WHERE r.person_id = p.id AND r.at > c.opened_at)`},
		{"sales are back", prokus.TwoZeros, `EXISTS (SELECT 1 FROM report r WHERE r.person_id = p.id AND r.changed_at > c.opened_at AND r.amount > 0)`},
		{"she answered", prokus.NeverBegan, `p.consent NOT IN ('belum', 'diundang') OR p.last_seen > c.opened_at`},
		{"she wrote", prokus.DeadNumber, `p.last_seen > c.opened_at`},
		{"she came", prokus.NoShow, `EXISTS (SELECT 1 FROM invite i JOIN session s ON s.id = i.session_id
		WHERE i.person_id = p.id AND i.attended AND s.starts_at > c.opened_at)`},
		{"receipts are there", prokus.NoReceipts, `NOT EXISTS (SELECT 1 FROM grants g WHERE g.person_id = p.id AND g.stage IN ('cair', 'lpj') AND g.spent * 100 < g.amount * ` + strconv.Itoa(rules.ReceiptPercent) + `)`},
		{"the grant moves", prokus.Stuck, `EXISTS (SELECT 1 FROM grants g WHERE g.person_id = p.id AND g.since >= (c.opened_at AT TIME ZONE p.zone)::date)`},
	}
}

// dailyMoves are changes of cases: $1 now, $2 zone, $3 limit, $4 the local date.
var dailyMoves = []struct{ name, sql string }{
	{"wake", `
		WITH due AS (
			SELECT c.id FROM cases c JOIN area a ON a.code = c.area_code AND a.zone = $2
			WHERE c.status IN ('tunda', 'pantau') AND c.wake_at < ($4::date + 1)::timestamp AT TIME ZONE a.zone AND extract(isodow FROM $4::date) < 6
				AND NOT EXISTS (SELECT 1 FROM holiday h WHERE h.day = $4 AND h.area_code IN ('ID', left(c.area_code, 2), left(c.area_code, 5), c.area_code))
			LIMIT $3 FOR UPDATE OF c SKIP LOCKED
		), woken AS (UPDATE cases c SET status = 'buka', wake_at = NULL FROM due WHERE c.id = due.id RETURNING c.id)
		INSERT INTO case_event (case_id, at, what) SELECT id, $1, 'woken' FROM woken`},
	{"owners", `
		WITH orphan AS (
			SELECT c.id, CASE WHEN c.confidential OR c.escalated_at IS NOT NULL THEN coordinator_of(c.area_code) ELSE owner_for(c.area_code) END AS owner
			FROM cases c JOIN area a ON a.code = c.area_code AND a.zone = $2
			WHERE c.status <> 'selesai' AND (c.owner_id IS NULL OR NOT EXISTS (SELECT 1 FROM staff s WHERE s.id = c.owner_id AND s.active))
		), given AS (
			UPDATE cases c SET owner_id = o.owner FROM (SELECT id, owner FROM orphan WHERE owner IS NOT NULL LIMIT $3) o WHERE c.id = o.id RETURNING c.id
		)
		INSERT INTO case_event (case_id, at, what) SELECT id, $1, 'forwarded' FROM given WHERE $4::date IS NOT NULL`},
}

// What came to be due more than catchUp days ago was seen then, and no rule looks at it again: but for grants of which we were
// told in the last freshDays, whose time may have run out long before.
const (
	catchUp   = 60
	freshDays = 7
)

// ofZone stands in every dailyRule; a rehearsal of one area narrows it.
const ofZone = `p.zone = $2`

// dailyRule finds people for new cases: $1 now, $2 zone, $3 limit, $4 the local date. A case that was closed comes back only
// for a new cause. Each begins with what its time has run out for, by an index, never with all people.
type dailyRule struct {
	reason prokus.Reason
	sql    string
}

func dailyRules(rules prokus.Rules) []dailyRule {
	return []dailyRule{
		{prokus.NeverBegan, fmt.Sprintf(`
		SELECT p.id FROM person p
		WHERE p.status = 'aktif' AND p.consent = 'diundang' AND p.zone = $2 AND p.invited_at <= $1
			AND p.invited_at < ($4::date - %[1]d + 1)::timestamp AT TIME ZONE $2 AND p.invited_at > ($4::date - %[1]d - %[2]d)::timestamp AT TIME ZONE $2
			AND (p.last_seen IS NULL OR p.last_seen < p.invited_at)
			AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.person_id = p.id AND c.reason = 'BELUM_MULAI' AND c.opened_at > p.invited_at)
		ORDER BY p.id LIMIT $3`, rules.InvitedDays, catchUp)},
		{prokus.NoShow, fmt.Sprintf(`
		SELECT p.id FROM (
			SELECT DISTINCT i.person_id AS id FROM session s JOIN invite i ON i.session_id = s.id AND i.attended = false
			WHERE s.starts_at > $4::date - 28 AND s.starts_at < $1
		) absent JOIN person p USING (id) CROSS JOIN LATERAL (
			SELECT count(*) FILTER (WHERE x.attended = false) AS missed, max(x.starts_at) AS newest FROM (
				SELECT i.attended, s.starts_at FROM invite i JOIN session s ON s.id = i.session_id
				WHERE i.person_id = p.id AND i.attended IS NOT NULL AND i.rsvp NOT IN ('tidak', 'ganti') AND s.starts_at < $1 ORDER BY s.starts_at DESC LIMIT %[1]d
			) x
		) m
		WHERE p.status = 'aktif' AND p.zone = $2 AND m.missed = %[1]d AND m.newest > $4::date - 28
			AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.person_id = p.id AND c.reason = 'MANGKIR' AND c.opened_at > m.newest)
		ORDER BY p.id LIMIT $3`, rules.NoShows)},
		{prokus.NoReceipts, fmt.Sprintf(`
		SELECT p.id FROM (
			SELECT g.id FROM grants g WHERE g.stage IN ('cair', 'lpj') AND g.since BETWEEN $4::date - %[2]d - %[3]d AND $4::date - %[2]d
			UNION SELECT c.grant_id FROM grant_change c WHERE c.stage = 'cair' AND c.since BETWEEN $4::date - %[2]d - %[3]d AND $4::date - %[2]d
			UNION SELECT g.id FROM grants g WHERE g.known_at > $1::timestamptz - interval '%[4]d days' AND g.stage IN ('cair', 'lpj')
		) old JOIN grants g USING (id) JOIN person p ON p.id = g.person_id CROSS JOIN LATERAL (
			SELECT coalesce((SELECT max(c.since) FROM grant_change c WHERE c.grant_id = g.id AND c.stage = 'cair'), g.since) AS day
		) credit
		WHERE g.stage IN ('cair', 'lpj') AND g.spent * 100 < g.amount * %[1]d AND p.status = 'aktif' AND p.zone = $2 AND credit.day <= $4::date - %[2]d
			AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.person_id = p.id AND c.reason = 'LPJ' AND c.opened_at > credit.day)
		ORDER BY p.id LIMIT $3`, rules.ReceiptPercent, rules.ReceiptDays, catchUp, freshDays)},
		{prokus.Stuck, fmt.Sprintf(`
		SELECT p.id FROM (
			SELECT g.id FROM batch_stage b JOIN grants g ON g.stage = b.code AND g.batch_id = b.batch_id
				AND g.since < $4::date - b.stuck_days AND g.since >= $4::date - b.stuck_days - %d WHERE b.stuck_days > 0
			UNION SELECT g.id FROM grants g JOIN batch_stage b ON b.batch_id = g.batch_id AND b.code = g.stage AND b.stuck_days > 0
				WHERE g.known_at > $1::timestamptz - interval '%d days' AND g.since < $4::date - b.stuck_days
		) late JOIN grants g USING (id) JOIN person p ON p.id = g.person_id
		WHERE p.status = 'aktif' AND p.zone = $2
			AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.person_id = p.id AND c.reason = 'MACET' AND c.opened_at > g.since)
		ORDER BY p.id LIMIT $3`, catchUp, freshDays)},
		{prokus.DeadNumber, fmt.Sprintf(`
		SELECT p.id FROM person p
		WHERE p.status = 'aktif' AND p.consent = 'ya' AND p.zone = $2 AND coalesce(p.last_seen, p.consent_at, p.created_at) < $1::timestamptz - interval '%d days'
			AND EXISTS (SELECT 1 FROM address a WHERE a.person_id = p.id AND a.status = 'aktif')
			AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.person_id = p.id AND c.reason = 'NOMOR_MATI' AND c.opened_at > $4::date - 60)
		ORDER BY coalesce(p.last_seen, p.consent_at, p.created_at) LIMIT $3`, rules.DeadDays)},
		{prokus.DeadNumber, fmt.Sprintf(`
		SELECT o.person_id FROM outbox_event e JOIN outbox o ON o.id = e.outbox_id JOIN person p ON p.id = o.person_id
		WHERE e.what = 'refused' AND e.state = 'invalid' AND e.at > $1::timestamptz - interval '60 days' AND e.at > coalesce(p.last_seen, '-infinity')
			AND p.status = 'aktif' AND p.zone = $2
			AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.person_id = p.id AND c.reason = 'NOMOR_MATI' AND c.opened_at > $4::date - 60)
		GROUP BY o.person_id HAVING count(DISTINCT (e.at AT TIME ZONE $2)::date) >= %d ORDER BY o.person_id LIMIT $3`, rules.DeadRefusals)},
	}
}
