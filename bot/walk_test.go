package bot_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/kabar-prokus/kabar/channels"
)

// What people write, press and send in a walk: keywords of every kind, figures clear and doubtful, answers without a
// question, and nonsense.
var walkWords = []string{
	"ya", "tidak", "bukan", "salah", "ganti", "ganti 500rb", "ubah", "ubah 570rb", "batal", "ikut", "lagi", "pas", "telepon", "lapor", "lapor 750rb",
	"bantuan", "status", "tolong", "tolong kompor rusak", "tips", "jadwal", "menu", "riwayat", "lihat data", "hapus data", "cuti", "cuti 2 minggu", "bahasa", "jawa",
	"stop", "mulai", "0", "1", "2", "3", "4", "5", "6", "9", "750", "750rb", "7500000", "1,5jt", "87rb", "sehari 100rb", "untung 200rb", "libur", "sakit",
	"sama kayak minggu lalu", "nanti ya", "alhamdulillah lumayan", "hatur nuhun pisan", "matur nuwun nggih", "terima kasih", "halo", "insya allah", "hadir",
	"ada potongan", "utuh", "belum", "jual 1-7 jun 500rb", "ini siapa", "apakah laporan mengurangi bantuan?", "nik saya 3210071234567890", "asdfgh", "🙏", "?",
	"k1", "s1", "t1", "e1", "tugas", "cari siti", "lapor 482919 750rb", "ubah 482919 570rb", "cuti 15-19 jun", "n1 085711112222", "A", "B",
	"sesi", "daftar", "hadir semua", "hadir 1 3", "ingatkan", "ubah 13.00", "tugas catat modal", "k1 kompor", "m1 meninggal", "amati 482919 buku", "tautan 482919", "libur dulu", "sepi",
	"saya dipukul suami", "pendamping minta uang", "rumah kebanjiran", "suami meninggal", "siti 500rb", "600rb b", "a.87rb", "daftar 173609", "1968", "bukan saya",
}

// What is pressed on a screen: digits mostly, figures and years where they are asked, and what has no place there.
var keysPressed = []string{"1", "1", "2", "2", "3", "4", "5", "6", "9", "0", "750", "1500000", "87", "1968", "1963", "482919", "173609", "12345678901", "*", "abc", ""}

// The intents whose meaning is that a question ends, or that all of them do.
var endsQuestions = []string{"STOP", "LEFT", "WRONG_NUMBER", "CANCEL"}

// A walk through random states, words and roads: every turn is answered, by one message (and at most one offer besides), in
// no more than one way; no question is lost but by its answer, a newer one of its kind, STOP or BATAL; nothing fails.
func TestEveryTurnHasOneReading(t *testing.T) {
	t.Parallel()
	p := &player{world: newWorld(t), channel: "sms", who: "Siti"}
	for _, name := range []string{"Siti", "Pak Dedi", "Bu Rina", "Bu Nani"} { // chats, linked once
		p.who = name
		p.chatID()
	}
	p.given([]string{"phone", "Yati", phones["Ani"], "B"})
	book, err := loadBook()
	if err != nil {
		t.Fatal(err)
	}
	states, _ := herStates(t, book)
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // each walk is some twenty transactions
		_ = f.Value.Set("40")
		t.Cleanup(func() { _ = f.Value.Set(f.DefValue) })
	}
	session := 0
	rapid.Check(t, func(rt *rapid.T) {
		p.reset()
		p.prepare("? history Siti W22 600000 W23 750000")
		p.prepare("? grant Siti cair bank BRI account 4417")
		p.prepare("? case Siti KUNJUNG kompor rusak")
		p.prepare("? session 2026-06-10 10:00 Balai Desa Cengal")
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			p.at(p.clock().Add(time.Duration(rapid.IntRange(1, 600).Draw(rt, "minutes")) * time.Minute))
			if rapid.IntRange(0, 4).Draw(rt, "scheduled") == 0 {
				p.scheduled(rapid.SampledFrom([]string{"Siti", "Siti", "Ani", "Yati"}).Draw(rt, "asked"), rapid.SampledFrom(states).Draw(rt, "opens"))
			}
			who := rapid.SampledFrom([]string{"Siti", "Siti", "Siti", "Ani", "Ani", "Pak Dedi", "Bu Rina", "Bu Nani", "+6285799990000"}).Draw(rt, "who")
			word := rapid.SampledFrom(walkWords).Draw(rt, "word")
			p.who = who
			switch road := rapid.SampledFrom([]string{"sms", "sms", "telegram", "ussd"}).Draw(rt, "road"); {
			case road == "ussd":
				session++
				keys := rapid.SliceOfN(rapid.SampledFrom(keysPressed), 1, 6).Draw(rt, "keys")
				if fault := p.screens(fmt.Sprintf("walk%d", session), keys); fault != "" {
					rt.Fatalf("%s dials, then %q: %s", who, keys, fault)
				}
			case who == "Ani":
				word = rapid.SampledFrom([]string{"", "", "A ", "B ", "b."}).Draw(rt, "letter") + word
				if fault := p.oneTurn("sms", word); fault != "" {
					rt.Fatalf("the shared phone writes %q: %s", word, fault)
				}
			default:
				if fault := p.oneTurn(road, word); fault != "" {
					rt.Fatalf("%s writes %q by %s: %s", who, word, road, fault)
				}
			}
		}
	})
}

// scheduled opens a question as a message of the clock does.
func (p *player) scheduled(name, ref string) {
	if ref == "case#helped" && name == "Siti" {
		p.given([]string{"helped", name})
		return
	}
	p.open(name, ref, p.stateVars())
}

// oneTurn sends a message and says what is wrong with how it was taken.
func (p *player) oneTurn(road, word string) string {
	in := p.inbound(p.number(), channels.SMS, word)
	if road == "telegram" && !strings.HasPrefix(p.who, "+") {
		in = p.inbound("tg"+p.number(), channels.Telegram, word)
		in.Channel = "telegram"
	}
	before := p.openQuestions()
	r, err := p.bot.Handle(p.ctx, in)
	if err != nil {
		return err.Error()
	}
	answers := p.answers(r)
	offers := slices.DeleteFunc(slices.Clone(answers), func(k string) bool { return !strings.HasPrefix(k, "lang.offer") })
	edits := slices.DeleteFunc(slices.Clone(answers), func(k string) bool { return k != "report.reported" })
	if n := len(answers) - len(offers) - len(edits); n != 1 || len(offers) > 1 {
		return fmt.Sprintf("answered by %q", answers)
	}
	var intent string
	if err := p.pool.QueryRow(p.ctx, `SELECT intent FROM inbox WHERE id = $1`, r.Inbox).Scan(&intent); err != nil {
		return err.Error()
	}
	if intent == "" {
		return "nobody knows how it was read"
	}
	return lost(before, p.openQuestions(), intent)
}

// lost says which question is gone although nothing of the turn ended it.
func lost(before, after []openQuestion, intent string) string {
	if slices.Contains(endsQuestions, intent) {
		return ""
	}
	for _, q := range before {
		if intent == "ANSWER:"+q.ref || intent == "UNREAD:"+q.ref || strings.HasPrefix(q.owner, "u:") {
			continue
		}
		kept := func(a openQuestion) bool { return a.id == q.id }
		newer := func(a openQuestion) bool {
			return a.id > q.id && a.owner == q.owner && (a.choice && q.choice || a.typed && q.typed)
		}
		if !slices.ContainsFunc(after, kept) && !slices.ContainsFunc(after, newer) && !answeredAnother(intent, q) {
			return fmt.Sprintf("read as %s, and %s is gone", intent, q)
		}
	}
	return ""
}

// answeredAnother says whether the turn's verb may have ended questions of a person on purpose, as STOP inside a flow does.
func answeredAnother(intent string, q openQuestion) bool {
	switch intent {
	case "ANSWER:invite#asked", "ANSWER:data#erase", "ANSWER:trial#asked": // TIDAK, the wish to be forgotten, somebody else's number
		return true
	}
	return strings.HasPrefix(q.owner, "n:")
}

// screens dials, and presses one key after another.
func (p *player) screens(session string, keys []string) string {
	for n := range len(keys) + 1 {
		in := p.inbound(p.number(), channels.USSD, "")
		in.Channel, in.ID, in.Session, in.Inputs = "ussd", fmt.Sprintf("%s|%q", session, keys[:n]), session, keys[:n]
		r, err := p.bot.Handle(p.ctx, in)
		switch {
		case err != nil:
			return err.Error()
		case r.Text == "":
			return "no screen"
		case len([]rune(r.Text)) > 182:
			return "a screen too long: " + r.Text
		}
		if r.End {
			return ""
		}
	}
	return ""
}
