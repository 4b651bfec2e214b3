package scheduler_test

import (
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/scheduler"
)

// After an outage longer than Telegram keeps what it could not deliver, those who use the chat are asked to send again: once,
// however often the sweep runs, and only they (faults.md E13).
func TestE13LostChatsAreAskedToSendAgain(t *testing.T) {
	tg := &provider{name: "telegram"}
	w := newWorldWith(t, "2026-06-08 09:00", func(c *scheduler.Config) { c.Senders = append(c.Senders, tg) })
	siti, _ := w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567418")
	yati := w.person("550210", "Yati", "32.10.07", "+6281234567419")
	for chat, p := range map[string]int64{"4711": siti, "4712": ani, "4713": yati} {
		w.exec(`INSERT INTO address (person_id, kind, value, linked_at) VALUES ($1, 'telegram', $2, $3)`, p, chat, w.clock.Now())
	}
	wrote := func(chat string, p int64, days int) {
		w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at) VALUES ('telegram', $1, 'telegram', $1, 'text', 'x', $2, $3)`, chat, p, w.clock.Now().AddDate(0, 0, -days))
	}
	wrote("4711", siti, 1) // active
	wrote("4712", ani, 20) // not for weeks
	wrote("4713", yati, 2) // has blocked us since
	w.exec(`UPDATE address SET status = 'diblokir' WHERE value = '4713'`)
	asked := func() int { return one[int](w, `SELECT count(*) FROM outbox WHERE text_key = 'chat.lost'`) }
	w.must(w.Sweep(w.ctx, w.clock.Now()))
	w.must(w.Sweep(w.ctx, local("2026-06-09 08:59"))) // a gap that Telegram bridges
	if n := asked(); n != 0 {
		t.Fatalf("%d asked after less than a day", n)
	}
	for range 3 {
		w.must(w.Sweep(w.ctx, local("2026-06-10 12:00")))
	}
	if n := asked(); n != 1 {
		t.Errorf("%d asked, want Siti alone, once", n)
	}
	if n := one[int](w, `SELECT count(*) FROM slot_skipped WHERE rule = 'chat.lost' AND why = 'asked 1'`); n != 1 {
		t.Error("it is not counted")
	}
	w.must(w.clock.Set(w.ctx, local("2026-06-10 12:01")))
	ids := one[string](w, `SELECT id::text FROM outbox WHERE text_key = 'chat.lost'`)
	w.must(w.Deliver(w.ctx, []string{ids}))
	var got []channels.Outbound
	for _, m := range tg.all() {
		if strings.Contains(m.Text, "terganggu") {
			got = append(got, m)
		}
	}
	if len(got) != 1 || got[0].To != "4711" || got[0].Text != "Maaf Bu Siti, KABAR terganggu Sel 9 Jun sampai Rab 10 Jun. Pesan Ibu waktu itu mungkin tidak sampai, mohon kirim lagi." {
		t.Errorf("she got %+v", got)
	}
}
