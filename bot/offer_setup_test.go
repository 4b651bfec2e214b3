package bot_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
)

// givenBroadcast makes something true about broadcasts.
//
//	broadcast Bazar Maja: Bu Siti, bazar ...    the whole cast was told it just now
//	seats bazar lapak 30 2026-06-15 taken 16    it offers seats until that day, so many are taken by others
func (p *player) givenBroadcast(f []string) bool {
	switch f[0] {
	case "broadcast":
		name, words, _ := strings.Cut(strings.Join(f[1:], " "), ": ")
		p.exec(`INSERT INTO broadcast (name, texts, area_code, state, author_id, editor_id, created_at)
			SELECT $1, jsonb_build_object('id', $2::text), '32.10', 'selesai', id, id, $3 FROM staff WHERE role = 'koordinator'`, name, words, p.clock())
		p.exec(`INSERT INTO broadcast_person (broadcast_id, person_id, fanned) SELECT max(b.id), p.id, true FROM broadcast b, person p WHERE p.name NOT LIKE 'Lain%' GROUP BY p.id`)
		p.exec(`INSERT INTO outbox (person_id, via, recipient, kind, lane, literal, broadcast_id, state, not_before, created_at, sent_at)
			SELECT x.person_id, 'sms', a.value, 'broadcast', 4, $1, x.broadcast_id, 'sent', $2, $2, $2 FROM broadcast_person x
			JOIN address a ON a.person_id = x.person_id AND a.kind = 'phone' WHERE x.broadcast_id = (SELECT max(id) FROM broadcast)`, words, p.clock())
	case "submitted":
		p.submitted(strings.Join(f[1:], " "))
	case "seats":
		n, _ := strconv.Atoi(f[6])
		id := p.one(`SELECT max(id) FROM broadcast`)
		p.exec(`INSERT INTO broadcast_offer (broadcast_id, event, place, seats, last_day) VALUES ($1, $2, $3, $4::text::int, $5::text::date)`, id, f[1], f[2], f[3], f[4])
		p.exec(`INSERT INTO person (code, name, area_code, zone, consent, created_at)
			SELECT (800000 + n)::text, 'Lain Orang' || n, '32.10.07', 'Asia/Jakarta', 'ya', $2 FROM generate_series(1, $1) n`, n, p.clock())
		p.exec(`INSERT INTO broadcast_seat (broadcast_id, person_id, number, at, channel)
			SELECT $1, id, code::int - 800000, $2, 'sim' FROM person WHERE name LIKE 'Lain%'`, id, p.clock())
		for _, name := range []string{"Siti", "Ani", "Yati", "Euis"} {
			p.open(name, "broadcast#offered", flows.Vars{"broadcast": id})
		}
	default:
		return false
	}
	return true
}

// offered is what must hold of a list: "listed Siti bazar 17", "replies Siti 1/2" (open, messages).
func (p *player) offered(f []string) (got string, ok bool, err error) {
	switch f[0] {
	case "listed":
		err = p.pool.QueryRow(p.ctx, `SELECT coalesce((SELECT CASE WHEN s.number IS NOT NULL THEN s.number::text WHEN s.waiting THEN 'waiting' ELSE 'no' END
			FROM broadcast_seat s JOIN broadcast_offer o USING (broadcast_id) WHERE s.person_id = $1 AND o.event = $2), 'no')`, p.person(f[1]), f[2]).Scan(&got)
	case "replies": // open answers to broadcasts, each with its lines
		err = p.pool.QueryRow(p.ctx, `SELECT count(DISTINCT r.id)::text || '/' || count(l.inbox)::text FROM broadcast_reply r JOIN broadcast_reply_line l ON l.reply_id = r.id
			WHERE r.person_id = $1 AND r.done_at IS NULL`, p.person(f[1])).Scan(&got)
	case "broadcast": // its state, and why it was sent back
		err = p.pool.QueryRow(p.ctx, `SELECT concat_ws(':', state, nullif(replace(refusal, ' ', '-'), '')) FROM broadcast ORDER BY id DESC LIMIT 1`).Scan(&got)
	default:
		return "", false, nil
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", f[0], err)
	}
	return got, true, err
}
