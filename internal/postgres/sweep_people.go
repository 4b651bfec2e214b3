package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// reporterCols and reporterFrom read a person with what a message to her needs: the TKSK's name, whether her number is
// shared and her letter on it. People without any address are left out.
const reporterCols = `p.id, p.code, p.name, p.salutation, p.area_code, p.lang, p.consent, p.status, p.zone, p.bracket, p.invited_at, p.last_seen,
	coalesce(k.title, ''), coalesce(k.name, ''), r.letter, r.shared`

const reporterFrom = `
	JOIN LATERAL (
		SELECT a.letter, a.kind = 'phone' AND EXISTS (SELECT 1 FROM address b WHERE b.kind = a.kind AND b.value = a.value AND b.status = 'aktif'
			AND b.person_id <> a.person_id) AS shared
		FROM address a WHERE a.person_id = p.id AND a.status = 'aktif' ORDER BY a.is_primary DESC, a.id LIMIT 1
	) r ON true
	LEFT JOIN LATERAL (
		SELECT s.title, s.name FROM staff_area x JOIN staff s ON s.id = x.staff_id AND s.active AND s.role = 'tksk'
		WHERE x.area_code = p.area_code ORDER BY s.id LIMIT 1
	) k ON true `

// scanReporter reads reporterCols and what follows them.
func scanReporter(row pgx.Row, r *scheduler.Reporter, more ...any) error {
	var invited, seen *time.Time
	var tksk prokus.Staff
	into := []any{&r.ID, &r.Code, &r.Name, &r.Salutation, &r.Area, &r.Lang, &r.Consent, &r.Status, &r.Zone, &r.Bracket, &invited, &seen,
		&tksk.Title, &tksk.Name, &r.Letter, &r.Shared}
	if err := row.Scan(append(into, more...)...); err != nil {
		return err
	}
	r.InvitedAt, r.LastSeen = deref(invited), deref(seen)
	if tksk.Name != "" {
		r.TKSK = tksk.Called()
	}
	if len(r.Letter) == 1 && r.Letter[0] >= 'A' && r.Letter[0] <= 'Z' {
		r.Place = int(r.Letter[0] - 'A')
	}
	return nil
}

// keepsRamadan says whether a person p is asked at the hours of Ramadan on a day: neither she nor her batch has the usual ones.
const keepsRamadan = `NOT p.usual_hours AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = p.batch_id AND b.usual_hours)`

// exempt is exempt_week of a person p, written out: in a statement about many people the call costs fifty times as much as the answer.
func exempt(week string) string {
	return fmt.Sprintf(`(EXISTS (SELECT 1 FROM leave l WHERE l.person_id = p.id AND %[1]s BETWEEN l.from_week AND l.to_week)
		OR EXISTS (SELECT 1 FROM pause x WHERE x.from_day <= %[1]s + 6 AND x.to_day >= %[1]s AND x.area_code IN ('ID', left(p.area_code, 2), left(p.area_code, 5), p.area_code))
		OR EXISTS (SELECT 1 FROM batch e WHERE e.id = p.batch_id AND e.closed_on <= %[1]s))`, week)
}

// Weekly takes the next people who are asked for a week: active, agreed, reachable, not exempt, without a figure that stands. At an hour of Ramadan, only
// those who keep it; on other days that costs a look at one row.
func (s *Schedule) Weekly(ctx context.Context, sel scheduler.Selection, w prokus.Week, say func(scheduler.Reporter) []prokus.Message) (bool, error) {
	who, args := asked(sel)
	return s.people(ctx, sel, say, `
		SELECT `+reporterCols+`, p.told, p.held, p.figure
		FROM (`+who+` ORDER BY p.id OFFSET 0) p -- who is asked comes first, then how she is reached: most have told their week
			`+reporterFrom+`
		ORDER BY p.id LIMIT $3`, w.Date(), args...)
}

// asked are the people, after the id $2, of zone $1 who are asked for the week $4, and what they have told of it already.
func asked(sel scheduler.Selection) (who string, args []any) {
	where, args := placed(sel, "p.area_code", 5)
	if sel.Ramadan {
		day := fmt.Sprintf("$%d::date", 5+len(args))
		where += ` AND EXISTS (SELECT 1 FROM ramadan r WHERE ` + day + ` BETWEEN r.from_day AND r.to_day) AND in_ramadan(p.area_code, ` + day + `) AND ` + keepsRamadan
		args = append(args, prokus.Day(sel.Slot))
	}
	return `
		SELECT p.*, t.person_id IS NOT NULL AS told, coalesce(t.provisional, false) AS held, coalesce(t.amount, 0) AS figure
		FROM person p LEFT JOIN LATERAL (SELECT * FROM report t WHERE t.person_id = p.id AND t.week = $4::date OFFSET 0) t ON true -- one look-up each
		WHERE p.status = 'aktif' AND p.consent = 'ya' AND p.zone = $1 AND p.id > $2 -- a week before she agreed, told already, or of leave is not asked for
			AND coalesce(p.consent_at, p.created_at) < ($4::date + 7)::timestamp AT TIME ZONE p.zone
			AND CASE WHEN coalesce(t.provisional, true) THEN NOT ` + exempt("$4::date") + ` ELSE false END` + where, args
}

// Uninvited takes the next people whose invitation has waited three days for an answer. After ten it is work for the TKSK.
func (s *Schedule) Uninvited(ctx context.Context, sel scheduler.Selection, say func(scheduler.Reporter) []prokus.Message) (bool, error) {
	where, args := placed(sel, "p.area_code", 5)
	return s.people(ctx, sel, say, `
		SELECT `+reporterCols+`, false, false, 0::bigint
		FROM person p `+reporterFrom+` WHERE `+stillInvited+where+`
		ORDER BY p.id LIMIT $3`, prokus.Day(sel.Slot), args...)
}

// stillInvited says of a person p of zone $1, after the id $2, that on the day $4 her invitation waits for its repeat.
const stillInvited = `p.status = 'aktif' AND p.consent = 'diundang' AND p.zone = $1 AND p.id > $2
	AND (p.invited_at AT TIME ZONE p.zone)::date BETWEEN $4::date - 9 AND $4::date - 3
	AND (p.last_seen IS NULL OR p.last_seen < p.invited_at)`

// people runs one batch of a selection over people in the order of their ids.
func (s *Schedule) people(ctx context.Context, sel scheduler.Selection, say func(scheduler.Reporter) []prokus.Message, sql string, arg any, more ...any) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		rows, err := tx.Query(ctx, sql, append([]any{sel.Zone, reached, sel.Limit, arg}, more...)...)
		if err != nil {
			return 0, false, err
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r scheduler.Reporter, err error) {
			return r, scanReporter(row, &r, &r.Reported, &r.Held, &r.Amount)
		})
		if err != nil {
			return 0, false, err
		}
		var msgs []prokus.Message
		for _, r := range found {
			msgs = append(msgs, say(r)...)
			reached = r.ID
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		return reached, len(found) < sel.Limit, nil
	})
}

// sessionsAtOnce is how many sessions one transaction takes; a session has some thirty people.
const sessionsAtOnce = 30

// Invitees takes the people of the next sessions of a day in a zone; missed: those who were seen to be absent and had not
// said so, without whoever missed the session before as well.
func (s *Schedule) Invitees(ctx context.Context, sel scheduler.Selection, day time.Time, missed bool, say func(scheduler.Invitee) []prokus.Message) (bool, error) {
	return s.slotBatch(ctx, sel, func(tx *Tx, reached int64) (int64, bool, error) {
		where, args := placed(sel, "s.area_code", 6)
		rows, err := tx.Query(ctx, `
			SELECT s.id FROM session s JOIN area a ON a.code = s.area_code
			WHERE a.zone = $1 AND s.id > $2 AND s.starts_at >= $4::date::timestamp AT TIME ZONE a.zone AND s.starts_at < ($4::date + 1)::timestamp AT TIME ZONE a.zone
				AND (s.status = 'rencana' OR $5 AND s.status = 'selesai')`+where+`
			ORDER BY s.id LIMIT $3`, append([]any{sel.Zone, reached, sessionsAtOnce, day, missed}, args...)...)
		if err != nil {
			return 0, false, err
		}
		sessions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(sessions) == 0 {
			return 0, true, err
		}
		found, err := invitees(ctx, tx, sessions, missed, sel.Now)
		if err != nil {
			return 0, false, err
		}
		var msgs []prokus.Message
		for _, i := range found {
			msgs = append(msgs, say(i)...)
		}
		if _, err := tx.Enqueue(ctx, sel.Now, msgs...); err != nil {
			return 0, false, err
		}
		return sessions[len(sessions)-1], len(sessions) < sessionsAtOnce, nil
	})
}

func invitees(ctx context.Context, tx *Tx, sessions []int64, missed bool, now time.Time) ([]scheduler.Invitee, error) {
	rows, err := tx.Query(ctx, `
		SELECT `+reporterCols+`, s.id, s.starts_at, s.place, coalesce(m.title, ''), coalesce(m.name, ''), i.rsvp, s.topic,
			coalesce(h.homework, ''), coalesce(n.id, 0), n.starts_at, coalesce(n.place, '')
		FROM invite i JOIN session s ON s.id = i.session_id JOIN person p ON p.id = i.person_id `+reporterFrom+`
		LEFT JOIN staff m ON m.id = s.mentor_id
		LEFT JOIN LATERAL (
			SELECT x.id, x.starts_at, x.place FROM free_sessions(p.id, s.area_code, $3::timestamptz + interval '2 hours') x WHERE $2 LIMIT 1
		) n ON true
		LEFT JOIN LATERAL (
			SELECT z.homework FROM invite y JOIN session z ON z.id = y.session_id
			WHERE y.person_id = p.id AND y.attended AND z.starts_at < s.starts_at AND z.starts_at > s.starts_at - interval '28 days'
			ORDER BY z.starts_at DESC LIMIT 1
		) h ON NOT $2
		WHERE i.session_id = ANY ($1) AND p.status = 'aktif' AND p.consent = 'ya'
			AND (NOT $2 OR i.attended = false AND i.rsvp NOT IN ('tidak', 'ganti') AND coalesce((SELECT y.attended FROM invite y JOIN session z ON z.id = y.session_id
				WHERE y.person_id = p.id AND z.starts_at < s.starts_at AND y.attended IS NOT NULL AND y.rsvp NOT IN ('tidak', 'ganti') ORDER BY z.starts_at DESC LIMIT 1), true))
		ORDER BY s.id, p.id`, sessions, missed, now)
	if err != nil {
		return nil, fmt.Errorf("invitees: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (i scheduler.Invitee, err error) {
		var mentor prokus.Staff
		var next *time.Time
		err = scanReporter(row, &i.Reporter, &i.Session, &i.Starts, &i.Spot, &mentor.Title, &mentor.Name, &i.RSVP, &i.Topic, &i.Homework, &i.NextID, &next, &i.NextSpot)
		i.Next = deref(next)
		if mentor.Name != "" {
			i.Mentor = mentor.Called()
		}
		return i, err
	})
}

// Turnout counts per kecamatan of a zone who was to report in a week, and who did.
func (s *Schedule) Turnout(ctx context.Context, sel scheduler.Selection, w prokus.Week) (map[string]scheduler.Turnout, error) {
	all := map[string]scheduler.Turnout{}
	where, args := placed(scheduler.Selection{Within: sel.Within}, "p.area_code", 3)
	err := s.in(ctx, func(tx *Tx) error {
		clear(all)
		rows, err := tx.Query(ctx, `
			SELECT p.area_code, count(t.person_id), count(*) FROM person p LEFT JOIN report t ON t.person_id = p.id AND t.week = $2
			WHERE p.status = 'aktif' AND p.consent = 'ya' AND p.zone = $1 AND coalesce(p.consent_at, p.created_at) < ($2::date + 7)::timestamp AT TIME ZONE p.zone
				AND NOT `+exempt("$2::date")+where+`
			GROUP BY p.area_code`, append([]any{sel.Zone, w.Date()}, args...)...)
		if err != nil {
			return err
		}
		var area string
		var t scheduler.Turnout
		_, err = pgx.ForEachRow(rows, []any{&area, &t.Reported, &t.Due}, func() error { all[area] = t; return nil })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("turnout: %w", err)
	}
	return all, nil
}
