package bot_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// givenSession makes something true about mentoring; a day names its session.
//
//	slot 2026-06-13 09:00 12 Kantor Kec. Maja  a session of twelve seats, nobody invited
//	taken 2026-06-13 Euis                      its last seat is hers
//	rsvp 2026-06-10 Siti ya                    invited, with her answer ("-": none)
//	crowd 2026-06-10 ya 9 tidak 2 ganti 1 - 3  more people with their answers
//	code 2026-06-10 731                        homework 2026-06-10 catat modal      topic 2026-06-10 Menghitung modal
//	came 2026-06-03 Siti                       missed 2026-06-03 Siti
//	asked 2026-06-10 Siti mentoring#rsvp       a scheduled message about it opened a question (also of staff: Bu_Rina mentor#eve)
//	offered 2026-06-13 Siti mentoring#missed 2026-06-10
//	shown 2026-06-10 Siti mentoring.eve        … in a chat, with its buttons
//	sent                                       what is due has left, and the questions it asks are open
func (p *player) givenSession(f []string) bool {
	switch f[0] {
	case "slot":
		at, err := time.ParseInLocation("2006-01-02 15:04", f[1]+" "+f[2], wib)
		if err != nil {
			p.t.Fatal(err)
		}
		p.exec(`INSERT INTO session (starts_at, area_code, place, mentor_id, capacity, code) SELECT $1, '32.10.07', $2, id, $3::text::int, '999' FROM staff WHERE role = 'mentor'`,
			at, strings.Join(f[4:], " "), f[3])
	case "taken":
		p.rsvp(f[1], f[2], "ya")
		p.exec(`UPDATE session s SET capacity = (SELECT count(*) FROM invite i WHERE i.session_id = s.id AND i.rsvp NOT IN ('tidak', 'ganti')) WHERE id = $1`, p.sessionOn(f[1]))
	case "rsvp":
		p.rsvp(f[1], f[2], strings.Trim(f[3], "-"))
	case "crowd":
		n := 0
		for i := 2; i+1 < len(f); i += 2 {
			count, err := strconv.Atoi(f[i+1])
			if err != nil {
				p.t.Fatal(err)
			}
			for range count {
				n++
				p.exec(`WITH p AS (INSERT INTO person (code, name, area_code, consent, consent_at, zone, created_at)
					VALUES ((900000 + $1::int)::text, 'Warga' || chr(64 + $1::int) || ' Maja', '32.10.07', 'ya', now(), 'Asia/Jakarta', now()) RETURNING id)
					INSERT INTO invite (session_id, person_id, rsvp) SELECT $2, id, $3 FROM p`, n, p.sessionOn(f[1]), strings.Trim(f[i], "-"))
			}
		}
	case "code", "homework", "topic":
		p.exec(`UPDATE session SET `+f[0]+` = $2 WHERE id = $1`, p.sessionOn(f[1]), strings.Join(f[2:], " "))
	case "came", "missed":
		p.rsvp(f[1], f[2], "ya")
		p.exec(`UPDATE invite SET attended = $3, source = 'mentor' WHERE session_id = $1 AND person_id = $2`, p.sessionOn(f[1]), p.person(f[2]), f[0] == "came")
	case "asked":
		p.asked(f[2], f[3], "", map[string]any{"session": p.sessionOn(f[1])})
	case "offered":
		p.asked(f[2], f[3], "", map[string]any{"session": p.sessionOn(f[1]), "missed": p.sessionOn(f[4])})
	case "shown":
		p.shown(f[1], f[2], f[3])
	case "sent":
		p.sent()
	default:
		return false
	}
	return true
}

func (p *player) sessionOn(day string) int64 {
	p.t.Helper()
	return p.one(`SELECT id FROM session WHERE (starts_at AT TIME ZONE 'Asia/Jakarta')::date = $1::date ORDER BY id LIMIT 1`, day)
}

func (p *player) rsvp(day, name, answer string) {
	p.exec(`INSERT INTO invite (session_id, person_id, rsvp) VALUES ($1, $2, $3) ON CONFLICT (session_id, person_id) DO UPDATE SET rsvp = $3`, p.sessionOn(day), p.person(name), answer)
}

// asked opens a question of somebody, as marking a message sent does.
func (p *player) asked(name, ref, message string, vars flows.Vars) {
	p.t.Helper()
	book, err := loadBook()
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := book.Open(ref, vars)
	if err != nil {
		p.t.Fatal(err)
	}
	owner := name
	if !strings.Contains(owner, ":") {
		if called := strings.ReplaceAll(name, "_", " "); called != name {
			owner = fmt.Sprintf("s:%d", p.one(`SELECT id FROM staff WHERE title || ' ' || split_part(name, ' ', 1) = $1`, called))
		} else {
			owner = fmt.Sprintf("p:%d", p.person(name))
		}
	}
	p.tx(func(tx *postgres.Tx) error {
		return tx.OpenPlace(p.ctx, bot.Place{
			Owner: owner, Ref: ref, Vars: vars, Options: w.Options, Typed: w.Ask, Channel: "sim", Message: message, Asked: p.clock(), Expires: p.clock().Add(w.TTL),
		})
	})
}

// sent is what the scheduler does with rows that are due: they have left, and what they ask is open.
func (p *player) sent() {
	rows, err := p.pool.Query(p.ctx, `UPDATE outbox SET state = 'sent', sent_at = $1 WHERE state = 'queued' AND not_before <= $1
		RETURNING id::text, opens, coalesce(opens_vars, '{}'), CASE WHEN person_id IS NULL THEN 's:' || staff_id ELSE 'p:' || person_id END`, p.clock())
	if err != nil {
		p.t.Fatal(err)
	}
	type row struct{ id, opens, owner, vars string }
	var all []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.id, &r.opens, &r.vars, &r.owner); err != nil {
			p.t.Fatal(err)
		}
		all = append(all, r)
	}
	if rows.Err() != nil {
		p.t.Fatal(rows.Err())
	}
	for _, r := range all {
		var vars flows.Vars
		if err := json.Unmarshal([]byte(r.vars), &vars); err != nil {
			p.t.Fatal(err)
		}
		if r.opens != "" {
			p.asked(r.owner, r.opens, r.id, vars)
		}
	}
}

// shown is a scheduled message with its buttons in a chat. Its question is that of the step which says the same text.
func (p *player) shown(day, name, key string) {
	const id = "0197a000-0000-7000-8000-000000000001"
	ref := map[string]string{"mentoring.eve": "mentoring#rsvp", "mentor.card": "mentor#eve"}[key]
	args := text.Args{"materi": text.Str("")}
	var at time.Time
	var place, topic string
	var n [6]int64
	if err := p.pool.QueryRow(p.ctx, `SELECT s.starts_at, s.place, s.topic, count(*), count(*) FILTER (WHERE rsvp = 'ya'), count(*) FILTER (WHERE rsvp = 'tidak'),
		count(*) FILTER (WHERE rsvp = 'ganti'), count(*) FILTER (WHERE rsvp = '') FROM session s JOIN invite i ON i.session_id = s.id WHERE s.id = $1 GROUP BY s.id`,
		p.sessionOn(day)).Scan(&at, &place, &topic, &n[0], &n[1], &n[2], &n[3], &n[4]); err != nil {
		p.t.Fatal(err)
	}
	at = at.In(wib)
	args["tgl"], args["jam"], args["tempat"], args["mentor"] = text.Date(at), text.Clock(at), text.Str(place), text.Str("Bu Rina")
	if topic != "" {
		args["materi"] = text.Key("mentoring.about", text.Args{"topik": text.Quote(strings.ToLower(topic))})
	}
	for i, name := range []string{"diundang", "datang", "tidak", "ganti", "belum"} {
		args[name] = text.Num(n[i])
	}
	said, err := p.text.Render(key, "id", args, text.Route{Via: "telegram", MaxParts: 1})
	if err != nil {
		p.t.Fatal(err)
	}
	labels := []string{"mentoring.come", "mentoring.cannot", "mentoring.other_day"}
	if key == "mentor.card" {
		labels = []string{"mentor.names_button", "mentor.nudge_n", "mentor.shift_button", "mentor.call_off_button"}
	}
	var row []channels.Button
	for i, l := range labels {
		row = append(row, channels.Button{Label: p.text.LabelOn(l, "id", "telegram", args), Data: fmt.Sprintf("o:%s:%d", id, i+1)})
	}
	p.asked(name, ref, id, map[string]any{"session": p.sessionOn(day)})
	p.later = func() { p.show("T> ", said.Text, [][]channels.Button{row}, nil, id) }
}

// seat is how somebody stands on the list of a session: "seat 2026-06-10 Siti ya,hadir,sendiri,1".
func (p *player) seat(f []string) (got string, err error) {
	err = p.pool.QueryRow(p.ctx, `SELECT coalesce((SELECT concat_ws(',', CASE rsvp WHEN '' THEN '-' ELSE rsvp END, CASE WHEN makeup THEN 'susulan' END,
			CASE WHEN attended THEN 'hadir' WHEN NOT attended THEN 'absen' END, nullif(source, ''), rating, CASE WHEN reason <> '' THEN reason END)
		FROM invite WHERE session_id = $1 AND person_id = $2), 'none')`, p.sessionOn(f[1]), p.person(f[2])).Scan(&got)
	return got, err
}

// sessionState is "session 2026-06-10 batal" or what the session's homework is.
func (p *player) sessionState(f []string) (got string, err error) {
	err = p.pool.QueryRow(p.ctx, `SELECT status || CASE WHEN called_off <> '' THEN ',' || called_off ELSE '' END FROM session WHERE id = $1`, p.sessionOn(f[1])).Scan(&got)
	return got, err
}
