package postgres

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// claimFacts locks a queued row that is due and reads what the door judges it by.
func claimFacts(ctx context.Context, tx *Tx, id string, now time.Time) (f scheduler.Facts, err error) {
	var zone, area, channel, via, recipient string
	var notAfter, seen *time.Time
	var caseID, broadcast int64
	var gates []byte
	var tried *time.Time
	err = tx.QueryRow(ctx, `
		SELECT o.id, coalesce(o.person_id, 0), coalesce(o.staff_id, 0), o.channel, o.via, o.recipient, o.kind, o.text_key, o.args, o.lang, o.literal,
			coalesce(o.buttons, 'null'), o.keyboard, o.picture, o.opens, coalesce(o.opens_vars, 'null'), o.cause IS NOT NULL, coalesce(o.broadcast_id, 0),
			coalesce(split_part(o.key, ':', 1), ''), o.not_before, o.not_after, o.attempts, coalesce(o.case_id, 0),
			coalesce(p.status, ''), coalesce(p.consent, ''), coalesce(p.area_code, sa.area_code, ''), coalesce(p.zone, sa.zone, ''), p.last_seen,
			coalesce((SELECT e.provider_id FROM outbox e WHERE e.id = o.edits AND e.channel = o.channel AND e.recipient = o.recipient), ''),
			o.refused, CASE WHEN o.attempts > 0 THEN (SELECT min(e.at) FROM outbox_event e WHERE e.outbox_id = o.id AND e.what = 'attempt') END,
			(SELECT jsonb_agg(g) FROM channel_gate g)
		FROM outbox o
		LEFT JOIN person p ON p.id = o.person_id
		LEFT JOIN LATERAL (SELECT x.area_code, a.zone FROM staff_area x JOIN area a ON a.code = x.area_code
			WHERE x.staff_id = o.staff_id ORDER BY x.area_code LIMIT 1) sa ON true
		WHERE o.id = $1 AND o.state = 'queued' AND (o.not_before <= $2 OR o.awaits <> '' AND o.error IN `+whilePumped+`) FOR UPDATE OF o`, id, now).Scan(
		&f.ID, &f.Person, &f.Staff, &channel, &via, &recipient, &f.Kind, &f.Text, &f.Args, &f.Lang, &f.Literal,
		&f.Buttons, &f.Keyboard, &f.Picture, &f.Opens, &f.OpensVars, &f.Caused, &broadcast,
		&f.Rule, &f.NotBefore, &notAfter, &f.Attempts, &caseID, &f.Status, &f.Consent, &area, &zone, &seen, &f.EditRef,
		&f.Refused, &tried, &gates)
	if err != nil {
		return f, err
	}
	if f.Gates, err = readGates(gates); err != nil {
		return f, err
	}
	f.Tried, f.Left = deref(tried), -1
	if f.Kind == prokus.KindBroadcast {
		if f.Left, f.Fresh, err = leftFor(ctx, tx, area, now.In(prokus.Zone(zone))); err != nil {
			return f, err
		}
	}
	f.Broadcast, f.NotAfter, f.LastSeen, f.Zone, f.Area = broadcast, deref(notAfter), deref(seen), prokus.Zone(zone), area
	if f.Roads, err = roads(ctx, tx, f, channel, via, recipient, now); err != nil {
		return f, err
	}
	if !f.Kind.Unsolicited() {
		return f, nil
	}
	if f.Person != 0 {
		if err := letters(ctx, tx, f); err != nil {
			return f, err
		}
	}
	local := now.In(f.Zone)
	// Idul Fitri, D-1 to D+2 (R07): the first day of the feast is the earliest of its rows.
	err = tx.QueryRow(ctx, `
		SELECT coalesce((SELECT $2::date BETWEEN min(day) - 1 AND min(day) + 2 FROM holiday WHERE name ILIKE '%idul fitri%' AND name NOT ILIKE '%cuti%'
				AND area_code IN ('ID', left($1, 2), left($1, 5), $1) AND day BETWEEN $2::date - 7 AND $2::date + 7), false),
			coalesce((SELECT state FROM broadcast WHERE id = $3 AND state NOT IN ('disetujui', 'berjalan', 'selesai')), ''),
			coalesce((SELECT status = 'selesai' FROM cases WHERE id = $4), false),
			coalesce((SELECT acted_at IS NOT NULL FROM cases WHERE id = $4), false),
			in_ramadan($1, $2) AND EXISTS (SELECT 1 FROM person p WHERE p.id = $5 AND `+keepsRamadan+`)`,
		area, prokus.Day(local), broadcast, caseID, f.Person).Scan(&f.Silence, &f.Halted, &f.CaseClosed, &f.Acted, &f.Fasting)
	if err != nil || f.Person == 0 {
		return f, err
	}
	return f, personFacts(ctx, tx, &f, area, now)
}

// personFacts reads what is true of her week, her session and what she has got already.
func personFacts(ctx context.Context, tx *Tx, f *scheduler.Facts, area string, now time.Time) error {
	var vars struct {
		Week    string `json:"week"`
		Session int64  `json:"session"`
	}
	_ = json.Unmarshal(f.OpensVars, &vars) // variables of other flows may be anything
	if w, err := prokus.ParseWeek(vars.Week); err == nil {
		err := tx.QueryRow(ctx, `
			SELECT coalesce(bool_or(NOT provisional), false), coalesce(bool_or(provisional), false), exempt_week($1, $3, $2)
			FROM report WHERE person_id = $1 AND week = $2`, f.Person, w.Date(), area).Scan(&f.Reported, &f.Provisional, &f.Exempt)
		if err != nil {
			return err
		}
	}
	if strings.HasPrefix(f.Rule, "mentoring.") && vars.Session != 0 {
		err := tx.QueryRow(ctx, `
			SELECT NOT EXISTS (SELECT 1 FROM session s LEFT JOIN invite i ON i.session_id = s.id AND i.person_id = $2
				WHERE s.id = $1 AND s.status = 'rencana' AND s.starts_at > $3 AND ($4 OR i.rsvp IN ('', 'ya', 'mungkin')))`,
			vars.Session, f.Person, now, f.Rule == "mentoring.missed").Scan(&f.SessionOff)
		if err != nil {
			return err
		}
	}
	local := now.In(f.Zone)
	w := prokus.WeekOf(local)
	var question, asked *time.Time
	// Her newest rows are enough: nobody gets a hundred messages a week.
	err := tx.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE out AND kind = 'broadcast'), count(*) FILTER (WHERE out AND counts),
			count(*) FILTER (WHERE state = 'queued' AND counts AND id <> $4 AND not_before < $3),
			max(coalesce(sent_at, sending_at)) FILTER (WHERE opens <> '' AND state IN ('sending', 'sent', 'delivered', 'read', 'unknown') AND id <> $4),
			max(coalesce(sent_at, sending_at)) FILTER (WHERE kind IN ('prompt', 'reminder') AND state IN ('sending', 'sent', 'delivered', 'read', 'unknown') AND id <> $4)
		FROM (
			SELECT *, state IN ('sending', 'sent', 'delivered', 'read', 'unknown') AND coalesce(sent_at, sending_at) >= $2 AS out,
				kind IN ('prompt', 'reminder', 'invitation', 'mentoring', 'broadcast') AS counts
			FROM (SELECT id, kind, state, opens, not_before, sent_at, sending_at FROM outbox WHERE person_id = $1 ORDER BY seq DESC LIMIT 100) newest
		) o`, f.Person, w.Starts(f.Zone), w.Ends(f.Zone), f.ID).Scan(&f.Extras, &f.Unsolicited, &f.Pending, &question, &asked)
	f.LastQuestion, f.LastAsked = deref(question), deref(asked)
	return err
}

// roads are the ways to the recipient of a row: the one that it carries, else her active addresses, the primary first. A
// number is answered by the sender through which it last wrote; one that last wrote by WhatsApp is written to by WhatsApp, and
// by SMS where that cannot be. What nobody asked for does not go to a number that was silent for sixty days: a stranger may
// have it by now, and it speaks of her (faults.md H1).
func roads(ctx context.Context, tx *Tx, f scheduler.Facts, channel, via, recipient string, now time.Time) ([]scheduler.Road, error) {
	if channel != "" && recipient != "" {
		first := []scheduler.Road{{Channel: channel, Via: via, To: recipient}}
		if via == string(channels.WhatsApp) {
			err := tx.QueryRow(ctx, `SELECT `+heardByWhatsApp("$1", "$2", "$3"), recipient, f.ID, now.Add(-24*time.Hour)).Scan(&moment{&first[0].Heard})
			if err != nil {
				return nil, err
			}
			first = append(first, scheduler.Road{Via: string(channels.SMS), To: recipient})
		}
		if f.Kind != prokus.KindReply {
			return first, nil
		}
		// An answer goes back on the road that the message came by; her other addresses are for when that is closed.
		var hers bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM address WHERE value = $3 AND (person_id = nullif($1::bigint, 0) OR staff_id = nullif($2::bigint, 0)))`,
			f.Person, f.Staff, recipient).Scan(&hers)
		if err != nil || !hers {
			return first, err
		}
		all, err := roads(ctx, tx, f, "", "", "", now)
		all = slices.DeleteFunc(all, func(r scheduler.Road) bool { return r.To == recipient })
		return append(first, all...), err
	}
	var rows pgx.Rows
	var err error
	if recipient != "" {
		if via == "" {
			via = string(channels.SMS)
		}
		rows, err = tx.Query(ctx, `SELECT '', $2::text, $1::text, 0::bigint, `+lastSender("$1::text", "$2::text")+`, NULL::timestamptz`, recipient, via)
	} else {
		rows, err = tx.Query(ctx, `
			SELECT coalesce(last.via, ''), v.via, v.value, v.id, `+lastSender("v.value", "v.via")+`,
				CASE WHEN last.via = 'whatsapp' THEN `+heardByWhatsApp("v.value", "$5", "$6")+` END
			FROM (
				SELECT a.id, a.value, a.is_primary, CASE a.kind WHEN 'phone' THEN 'sms' ELSE a.kind END AS via
				FROM address a LEFT JOIN person p ON p.id = a.person_id
				WHERE a.status = 'aktif' AND (a.person_id = nullif($1::bigint, 0) OR a.staff_id = nullif($2::bigint, 0)) AND (NOT $3 OR `+certain("$4")+`)
			) v LEFT JOIN LATERAL (SELECT i.via FROM inbox i WHERE i.sender = v.value ORDER BY i.at DESC LIMIT 1) last ON v.via = 'sms'
			ORDER BY v.is_primary DESC, v.id`, f.Person, f.Staff, f.Kind.Unsolicited(), now.Add(-silentFor), f.ID, now.Add(-24*time.Hour))
	}
	if err != nil {
		return nil, err
	}
	var out []scheduler.Road
	var r scheduler.Road
	var last string
	_, err = pgx.ForEachRow(rows, []any{&last, &r.Via, &r.To, &r.Address, &r.Channel, &moment{&r.Heard}}, func() error {
		if last == string(channels.WhatsApp) {
			out = append(out, scheduler.Road{Via: last, To: r.To, Address: r.Address, Heard: r.Heard})
		}
		r.Heard = time.Time{}
		out = append(out, r)
		return nil
	})
	return out, err
}

// lastSender is the sender through which a value last wrote by a way.
func lastSender(value, via string) string {
	return `coalesce((SELECT i.channel FROM inbox i WHERE i.sender = ` + value + ` AND i.via = ` + via + ` ORDER BY i.at DESC LIMIT 1), '')`
}

// heardByWhatsApp is when a number last wrote by WhatsApp since a moment, unless WhatsApp has refused this row since as being
// outside its window.
func heardByWhatsApp(value, row, since string) string {
	return `(SELECT max(i.at) FROM inbox i WHERE i.sender = ` + value + ` AND i.via = 'whatsapp' AND i.at > ` + since + ` AND NOT EXISTS (
		SELECT FROM outbox_event e WHERE e.outbox_id = ` + row + `::uuid AND e.what = 'refused' AND e.state = 'window' AND e.at >= i.at))`
}

// moment reads a moment that may be missing.
type moment struct{ to *time.Time }

// Scan takes what the database gives.
func (t *moment) Scan(src any) error {
	*t.to = time.Time{}
	if at, ok := src.(time.Time); ok {
		*t.to = at
	}
	return nil
}

// letters finds hers on those of the roads where somebody else answers too.
func letters(ctx context.Context, tx *Tx, f scheduler.Facts) error {
	rows, err := tx.Query(ctx, `
		SELECT a.value, a.letter FROM address a
		WHERE a.person_id = $1 AND a.kind = 'phone' AND a.status = 'aktif' AND a.letter <> ''
			AND EXISTS (SELECT FROM address b WHERE b.kind = 'phone' AND b.value = a.value AND b.status = 'aktif' AND b.person_id <> a.person_id)`, f.Person)
	if err != nil {
		return err
	}
	var number, letter string
	_, err = pgx.ForEachRow(rows, []any{&number, &letter}, func() error {
		for i := range f.Roads {
			if r := &f.Roads[i]; r.To == number && r.Via == string(channels.SMS) {
				r.Letter = letter
			}
		}
		return nil
	})
	return err
}
