package bot_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
)

// Rows of faults.md E that a turn has to hold.

// chatting is a world in which Siti writes in a chat.
func chatting(t *testing.T) (*player, channels.Inbound) {
	t.Helper()
	p := &player{world: newWorld(t), channel: "telegram", who: "Siti"}
	in := p.inbound(p.chatID(), channels.Telegram, "")
	in.Channel = "telegram"
	return p, in
}

func (p *player) again(in channels.Inbound) channels.Inbound {
	p.n++
	in.ID = fmt.Sprintf("in-%d", p.n)
	return in
}

// A person who blocks the bot is reached on another road; who is back is back (E4).
func TestE4BlockedAndBack(t *testing.T) {
	p, in := chatting(t)
	status := func() (s string) {
		if err := p.pool.QueryRow(p.ctx, `SELECT status FROM address WHERE kind = 'telegram'`).Scan(&s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	in.Kind = channels.Blocked
	p.handle(p.again(in))
	if status() != "diblokir" {
		t.Errorf("after blocking the chat is %s", status())
	}
	in.Kind = channels.Unblocked
	p.handle(p.again(in))
	if status() != "aktif" {
		t.Errorf("after coming back the chat is %s", status())
	}
}

// Forged and foreign button data does nothing and is answered (E7).
func TestE7ForgedButtons(t *testing.T) {
	p, in := chatting(t)
	p.given(strings.Fields("ask Ani W23"))
	p.given(strings.Fields("case Ani KUNJUNG kompor"))
	p.given(strings.Fields("broadcast Bazar: bazar Maja. Balas IKUT"))
	p.exec(`DELETE FROM outbox WHERE person_id = $1`, p.person("Siti"))
	p.exec(`INSERT INTO broadcast_offer (broadcast_id, event, place, seats, last_day) SELECT id, 'bazar', 'lapak', 5, '2026-06-20' FROM broadcast`)
	p.exec(`UPDATE place SET message = gen_random_uuid() WHERE owner = 'p:' || $1::bigint`, p.person("Ani"))
	var foreign string
	if err := p.pool.QueryRow(p.ctx, `SELECT message::text FROM place WHERE owner = 'p:' || $1::bigint`, p.person("Ani")).Scan(&foreign); err != nil {
		t.Fatal(err)
	}
	c := p.one(`SELECT id FROM cases`)
	data := []string{"", ":", "o", "o:", "o::", "o:" + foreign + ":0", "o:" + foreign + ":", "o:x:0", "o:00000000-0000-0000-0000-000000000000:0",
		fmt.Sprintf("c:%d:s", c), "c:x:s", "c:-1:s", "c:99999999999999999999:s", "b:1:y", "b:1:n", "b:0:y", "b:x:y", "b:99999999999999999999:y", "w:", "w:tasks", "w:ACT", "w:YES; DROP TABLE person",
		"a:1:r", "\x00", strings.Repeat("o:", 32)}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b := make([]byte, r.IntN(64))
		for i := range b {
			b[i] = byte(32 + r.IntN(95))
		}
		data = append(data, string([]byte{"ocbwa"[r.IntN(5)], ':'})+string(b))
	}
	rows := func() int64 { return p.one(`SELECT count(*) FROM outbox`) }
	before := rows()
	for _, d := range data {
		in := p.again(in)
		in.Kind, in.Choice, in.Ref = channels.Choice, strings.ReplaceAll(d, "\x00", ""), "7"
		if got := p.handle(in); got.Toast == "" {
			t.Errorf("%q is not answered", d)
		}
	}
	if n := rows() - before; n != 0 {
		t.Errorf("forged buttons caused %d messages", n)
	}
	if n := p.one(`SELECT count(*) FROM report`) + p.one(`SELECT count(*) FROM broadcast_seat`) + p.one(`SELECT count(*) FROM cases WHERE status <> 'buka'`); n != 0 {
		t.Errorf("forged buttons changed %d things", n)
	}
}

// One button, pressed twenty times in the same instant: one effect (E8).
func TestE8TwentyPresses(t *testing.T) {
	p, in := chatting(t)
	p.given(strings.Fields("ask Siti W23"))
	p.exec(`UPDATE place SET message = gen_random_uuid()`)
	var message string
	if err := p.pool.QueryRow(p.ctx, `SELECT message::text FROM place WHERE options <> '[]'`).Scan(&message); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 20 {
		in := p.again(in)
		in.Kind, in.Choice, in.Ref = channels.Choice, "o:"+message+":0", "7"
		all.Go(func() {
			if _, err := p.bot.Handle(p.ctx, in); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := p.one(`SELECT count(*) FROM report_change`); n != 1 {
		t.Errorf("%d changes of her report, want 1", n)
	}
	if n := p.one(`SELECT count(*) FROM outbox WHERE kind = 'reply'`); n > 1 {
		t.Errorf("%d answers", n)
	}
}

// A message that is edited after it was a report corrects it, with its history (E9).
func TestE9AnEditIsACorrection(t *testing.T) {
	p, in := chatting(t)
	p.given(strings.Fields("history Siti W21 640000 W22 670000"))
	p.given(strings.Fields("ask Siti W23"))
	in.Text, in.Raw = "750rb", []byte("750rb")
	p.handle(p.again(in))
	in.Kind, in.Ref, in.Text, in.Raw = channels.Edit, "7", "570rb", []byte("570rb")
	p.handle(p.again(in))
	if n := p.one(`SELECT amount FROM report WHERE person_id = $1 ORDER BY week DESC LIMIT 1`, p.person("Siti")); n != 570_000 {
		t.Errorf("the report is %d, want 570000", n)
	}
	if n := p.one(`SELECT count(*) FROM report WHERE person_id = $1`, p.person("Siti")); n != 3 {
		t.Errorf("%d weeks are reported, want 3: an edit is no second report", n)
	}
	if n := p.one(`SELECT count(*) FROM report_change WHERE person_id = $1 AND old = 750000 AND new = 570000`, p.person("Siti")); n != 1 {
		t.Error("the history does not hold both figures")
	}
}
