package bot_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// submitted lets Bu Nani submit a broadcast as the console does, with Pak Yusuf as her colleague in a chat, and shows what he is
// told: "submitted Bazar Maja".
func (p *player) submitted(name string) {
	p.who = "Pak Yusuf"
	p.exec(`WITH s AS (INSERT INTO staff (role, name, title) VALUES ('koordinator', 'Yusuf Hidayat', 'Pak') RETURNING id), a AS (INSERT INTO staff_area SELECT id, '32.10' FROM s)
		INSERT INTO address (staff_id, kind, value, is_primary, linked_at) SELECT id, 'telegram', 'tgPak Yusuf', true, $1 FROM s`, p.clock())
	c := p.db.Console()
	nani := prokus.Staff{ID: p.one(`SELECT id FROM staff WHERE name = 'Nani Suryani'`), Role: prokus.Coordinator, Name: "Nani Suryani", Title: "Bu", Active: true, Areas: []string{"32.10"}, Zone: "Asia/Jakarta"}
	scope := console.Scope{Areas: nani.Areas, Role: nani.Role}
	b := console.Broadcast{Area: "32.10", Wording: console.Wording{Name: name, Texts: map[prokus.Lang]string{
		prokus.ID: "Bazar UMKM Kec. Maja Sab 20 Jun jam 08.00.", prokus.SU: "Bazar UMKM Kac. Maja Sab 20 Jun jam 08.00.", prokus.JV: "Bazar UMKM Kec. Maja Set 20 Jun jam 08.00.",
	}}, SendAt: time.Date(2026, 6, 11, 10, 0, 0, 0, wib)}
	id, err := c.CreateBroadcast(p.ctx, scope, nani, b, p.clock())
	if err == nil {
		_, err = c.SubmitBroadcast(p.ctx, scope, id, nani, int(p.one(`SELECT version FROM broadcast WHERE id = $1`, id)), 4, "", nil, p.clock())
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.later = func() {
		var message, key string
		var args text.Args
		if err := p.pool.QueryRow(p.ctx, `SELECT id::text, text_key, args FROM outbox WHERE recipient = 'tgPak Yusuf' AND via = 'telegram' AND buttons = jsonb_build_object('review', $1::bigint)`, id).Scan(&message, &key, &args); err != nil {
			p.t.Fatal(err)
		}
		said, err := p.text.Render(key, "id", args, text.Route{Via: "telegram", MaxParts: 1})
		if err != nil {
			p.t.Fatal(err)
		}
		p.show("T> ", strings.TrimSpace(said.Text), [][]channels.Button{{{Label: "Baca isi", Data: fmt.Sprintf("v:%d:r", id)}, {Label: "Buka di konsol", URL: "https://kabar.example.go.id"}, {Label: "Tolak", Data: fmt.Sprintf("v:%d:n", id)}}}, nil, message)
		if n := p.one(`SELECT count(*) FROM outbox WHERE buttons ? 'review'`); n != 1 {
			p.t.Errorf("%d were told, want the one who may approve and is not its author", n)
		}
	}
}
