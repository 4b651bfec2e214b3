package bot_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// given makes something true before a dialogue goes on.
//
//	history Siti W19 600000 W20 610000   reports without a turn
//	grant Siti bank since 2026-06-02 bank BRI account 4417 expect 2026-06-15 2026-06-19 spent 0 due 2026-07-17 note ...
//	ask Siti W23                          the weekly question is open
//	invited Siti                          invited, has not answered
//	case Siti KUNJUNG kompor rusak        a case opened by her words
//	session 2026-06-10 10:00 Balai Desa Cengal
//	open Siti mentoring#rsvp              a scheduled message opened a question
func (p *player) given(f []string) {
	p.t.Helper()
	name := ""
	if len(f) > 1 {
		name = f[1]
	}
	switch f[0] {
	case "history":
		for i := 2; i+1 < len(f); i += 2 {
			n, err := strconv.ParseInt(f[i+1], 10, 64)
			if err != nil {
				p.t.Fatal(err)
			}
			p.report(name, "2026-"+f[i], n)
		}
	case "grant":
		p.grant(name, f[2], f[3:])
	case "tksk": // one more, of another kecamatan: tksk Lilis Bu 32.10.08 Sukahaji
		p.exec(`INSERT INTO area VALUES ($1, '32.10', 3, $2, 'Asia/Jakarta')`, f[3], f[4])
		p.exec(`WITH s AS (INSERT INTO staff (role, name, title) VALUES ('tksk', $1, $2) RETURNING id) INSERT INTO staff_area SELECT id, $3 FROM s`, name, f[2], f[3])
		p.exec(`INSERT INTO address (staff_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+6281200000021', true, $2 FROM staff WHERE name = $1`, name, p.clock())
	case "when": // the time of day that suits her
		p.exec(`UPDATE cases SET detail = detail || jsonb_build_object('when', $2::text) WHERE person_id = $1`, p.person(name), f[2])
	case "helped": // the closing question is with her
		c := p.one(`SELECT id FROM cases WHERE person_id = $1 ORDER BY id DESC LIMIT 1`, p.person(name))
		p.exec(`UPDATE cases SET status = 'ditanya' WHERE id = $1`, c)
		p.open(name, "case#helped", flows.Vars{"case": c, "no": "1"})
	case "office": // office vacant: the kabupaten has no coordinator
		p.exec(`UPDATE staff SET active = false WHERE role = 'koordinator'`)
	case "bracket":
		p.exec(`UPDATE person SET bracket = true WHERE id = $1`, p.person(name))
	case "chat": // an earlier message of the chat with command buttons: chat Siti report.up change
		for _, c := range f[3:] {
			p.buttons = append([]chatButton{{p.text.LabelOn("button."+c, "id", "telegram", nil), "w:" + c, "0"}}, p.buttons...)
		}
	case "maryam": // a second Siti of the same kecamatan, without a phone
		p.exec(`INSERT INTO person (code, name, area_code, village, zone, created_at) VALUES ('310557', 'Siti Maryam', '32.10.07', 'Wanahayu', 'Asia/Jakarta', $1)`, p.clock())
	case "steps": // the days on which a grant came to its stages
		for i := 2; i+1 < len(f); i += 2 {
			p.exec(`INSERT INTO grant_change (grant_id, stage, since, at) SELECT id, $2, $3::date, $3::date FROM grants WHERE person_id = $1`, p.person(name), f[i], f[i+1])
		}
	case "ask":
		p.open(name, "report#ask", flows.Vars{"week": "2026-" + f[2]})
	case "invited":
		p.exec(`UPDATE person SET consent = 'diundang', invited_at = $2 WHERE id = $1`, p.person(name), p.clock())
		p.open(name, "invite#asked", nil)
	case "case":
		p.tx(func(tx *postgres.Tx) error {
			person, _, err := tx.Person(p.ctx, p.person(name))
			if err != nil {
				return err
			}
			d := prokus.CaseDetail{}
			note := strings.Join(f[3:], " ")
			if len(f) > 3 {
				if n, err := strconv.Atoi(f[3]); err == nil {
					note = ""
					if f[2] == "TURUN" {
						d.Percent = n
					} else {
						d.Weeks = n
					}
				}
			}
			_, err = acts.OpenCase(p.ctx, tx, acts.By{Now: p.clock(), Channel: "sim"}, person, prokus.Reason(f[2]), d, note)
			return err
		})
	case "session":
		at, err := time.ParseInLocation("2006-01-02 15:04", f[1]+" "+f[2], wib)
		if err != nil {
			p.t.Fatal(err)
		}
		p.exec(`WITH s AS (INSERT INTO session (starts_at, area_code, place, mentor_id, capacity) SELECT $1, '32.10.07', $2, id, 30 FROM staff WHERE role = 'mentor' RETURNING id)
			INSERT INTO invite (session_id, person_id) SELECT s.id, p.id FROM s, person p`, at, strings.Join(f[3:], " "))
	case "open":
		var vars flows.Vars
		if len(f) > 3 { // open Ani trial#asked case: it speaks of her newest case
			vars = flows.Vars{"case": p.one(`SELECT id FROM cases WHERE person_id = $1 ORDER BY id DESC LIMIT 1`, p.person(name))}
		}
		p.open(name, f[2], vars)
	default:
		if !p.givenAddress(f) && !p.givenSession(f) && !p.givenBroadcast(f) {
			p.t.Fatalf("given %q is not known", f[0])
		}
	}
}

// grant sets somebody's grant to a stage.
func (p *player) grant(name, stage string, f []string) {
	p.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) SELECT $1, id, $2, ($3::timestamptz)::date, $3, amount FROM batch
		ON CONFLICT (person_id, batch_id) DO UPDATE SET stage = $2, since = ($3::timestamptz)::date, known_at = $3, note = '', expect_from = NULL, expect_to = NULL, spent = 0`,
		p.person(name), stage, p.clock())
	set := func(column string, v any) {
		p.exec(`UPDATE grants SET `+column+` = $2 WHERE person_id = $1`, p.person(name), v)
	}
	for i := 0; i < len(f); i++ {
		switch f[i] {
		case "since":
			set("since", f[i+1])
			i++
		case "known":
			set("known_at", f[i+1])
			i++
		case "bank":
			set("bank", f[i+1])
			i++
		case "account":
			set("account_last4", f[i+1])
			i++
		case "expect":
			set("expect_from", f[i+1])
			set("expect_to", f[i+2])
			i += 2
		case "spent":
			n, _ := strconv.ParseInt(f[i+1], 10, 64)
			set("spent", n)
			i++
		case "due":
			set("receipts_due", f[i+1])
			i++
		case "note":
			set("note", strings.Join(f[i+1:], " "))
			return
		}
	}
}

// open puts somebody into a question, as a scheduled message does when it is sent.
func (p *player) open(name, ref string, vars flows.Vars) {
	book, err := loadBook()
	if err != nil {
		p.t.Fatal(err)
	}
	w, err := book.Open(ref, vars)
	if err != nil {
		p.t.Fatal(err)
	}
	owner := "p:" + strconv.FormatInt(p.person(name), 10)
	if vars == nil {
		vars = flows.Vars{}
	}
	p.tx(func(tx *postgres.Tx) error {
		return tx.OpenPlace(p.ctx, bot.Place{
			Owner: owner, Ref: ref, Vars: vars, Options: w.Options, Typed: w.Ask, Channel: "sim", Asked: p.clock(), Expires: p.clock().Add(w.TTL),
		})
	})
}

func (p *player) tx(f func(*postgres.Tx) error) {
	p.t.Helper()
	if err := p.db.InTx(p.ctx, f); err != nil {
		p.t.Fatal(err)
	}
}

// holds checks what must be true.
//
//	report Siti W23 750000        reports Siti 1        consent Siti ya
//	case Siti KUNJUNG buka        lang Siti su          queued Siti 0
func (p *player) holds(f []string) {
	p.t.Helper()
	got := ""
	var err error
	switch f[0] {
	case "report":
		w, perr := prokus.ParseWeek("2026-" + f[2])
		if perr != nil {
			p.t.Fatal(perr)
		}
		err = p.pool.QueryRow(p.ctx, `SELECT coalesce((SELECT amount::text FROM report WHERE person_id = $1 AND week = $2), 'none')`, p.person(f[1]), w.Date()).Scan(&got)
	case "reports":
		err = p.pool.QueryRow(p.ctx, `SELECT count(*)::text FROM report WHERE person_id = $1`, p.person(f[1])).Scan(&got)
	case "consent":
		err = p.pool.QueryRow(p.ctx, `SELECT consent FROM person WHERE id = $1`, p.person(f[1])).Scan(&got)
	case "status":
		err = p.pool.QueryRow(p.ctx, `SELECT status FROM person WHERE id = $1`, p.person(f[1])).Scan(&got)
	case "source":
		w, perr := prokus.ParseWeek("2026-" + f[2])
		if perr != nil {
			p.t.Fatal(perr)
		}
		err = p.pool.QueryRow(p.ctx, `SELECT source FROM report WHERE person_id = $1 AND week = $2`, p.person(f[1]), w.Date()).Scan(&got)
	case "leave":
		w, perr := prokus.ParseWeek("2026-" + f[2])
		if perr != nil {
			p.t.Fatal(perr)
		}
		err = p.pool.QueryRow(p.ctx, `SELECT CASE WHEN exempt_week(id, area_code, $2) THEN 'yes' ELSE 'no' END FROM person WHERE id = $1`, p.person(f[1]), w.Date()).Scan(&got)
	case "lang":
		err = p.pool.QueryRow(p.ctx, `SELECT lang FROM person WHERE id = $1`, p.person(f[1])).Scan(&got)
	case "case":
		err = p.pool.QueryRow(p.ctx, `SELECT coalesce((SELECT status FROM cases WHERE person_id = $1 AND reason = $2 ORDER BY id DESC LIMIT 1), 'none')`,
			p.person(f[1]), f[2]).Scan(&got)
	case "queued":
		err = p.pool.QueryRow(p.ctx, `SELECT count(*)::text FROM outbox WHERE person_id = $1 AND state = 'queued' AND kind <> 'reply'`, p.person(f[1])).Scan(&got)
	case "number", "chat":
		got, err = p.address(f)
	case "seat":
		got, err = p.seat(f)
	case "session":
		got, err = p.sessionState(f)
	default:
		known := false
		if got, known, err = p.offered(f); !known {
			p.t.Fatalf("holds %q is not known", f[0])
		}
	}
	if err != nil {
		p.t.Fatal(err)
	}
	if want := f[len(f)-1]; got != want {
		b, _ := json.Marshal(f)
		p.t.Errorf("= %s: it is %s", b, got)
	}
}
