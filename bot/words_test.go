package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// What stands open or has happened before a word, by a short name: lines of a transcript's "?" marks, or what she wrote.
var states = map[string][]string{
	"nothing":           {},
	"the weekly prompt": {"? ask Siti W23"},
	"a figure asked back": {
		"? ask Siti W23", "750",
	},
	"a second figure":     {"? history Siti W23 600000", "200rb"},
	"a corrected report":  {"? history Siti W22 600000 W23 750000", "ubah 570rb"},
	"reports":             {"? history Siti W22 600000 W23 750000"},
	"an officer's change": {"? history Siti W22 600000 W23 750000", "Pak Dedi: ubah 482919 570rb"},
	"a figure kept":       {"? history Siti W22 600000 W23 750000", "@ 2026-06-11 10:00", "400rb", "ya"},
	"a tip":               {"tips"},
	"stopped":             {"stop"},
	"an invitation":       {"? invited Siti"},
	"the closing question": {
		"? case Siti KUNJUNG kompor", "? helped Siti",
	},
	"the money notice": {"? grant Siti cair bank BRI account 4417", "? open Siti grant#received"},
	"the help menu":    {"tolong"},
}

// Words that could mean two things mean what decisions.md says, in every state. The third column is the text that answers.
func TestWordsThatCouldMeanTwoThings(t *testing.T) {
	p := &player{world: newWorld(t), channel: "sms", who: "Siti"}
	for _, c := range []struct{ state, word, says string }{
		{"nothing", "ya", "consent.for_what"},
		{"nothing", "tidak", "consent.for_what"},
		{"nothing", "6", "consent.for_what"},
		{"the weekly prompt", "6", "report.thousand"},
		{"nothing", "telat bu 300rb", "report.first"},
		{"a figure asked back", "ya", "report.first"},
		{"a figure asked back", "tidak", "report.rewrite"},
		{"an invitation", "ya", "consent.thanks"},
		{"an invitation", "tidak", "consent.stopped"},
		{"the closing question", "ya", "case.closed_thanks"},
		{"the closing question", "tidak", "case.passed"},
		{"the money notice", "ya", "grant.whole_noted"},
		{"the money notice", "tidak", "grant.which"},

		{"nothing", "salah", "correct.none"},
		{"reports", "salah", "correct.which"},
		{"an officer's change", "salah", "dispute.reverted"},
		{"reports", "salah sambung", "number.released"},
		{"reports", "salah bu harusnya 570rb", "correct.changed"},

		{"a second figure", "ganti", "report.first"},
		{"reports", "ganti 570rb", "correct.changed"},

		{"the weekly prompt", "ubah 500rb", "correct.fresh"},
		{"reports", "ubah 500rb", "correct.changed"},
		{"a figure asked back", "ubah 500rb", "correct.fresh"},

		{"nothing", "batal", "correct.nothing"},
		{"reports", "batal", "correct.kept"},
		{"a corrected report", "batal", "correct.undone"},
		{"the weekly prompt", "batal", "menu.left"},
		{"a second figure", "batal", "report.second_cancelled"},
		{"the help menu", "batal", "menu.left"},

		{"stopped", "ikut", "consent.welcome_back"},
		{"an invitation", "ikut", "consent.thanks"},
		{"nothing", "ikut", "consent.already"},

		{"nothing", "lagi", "menu.unread"},
		{"a tip", "lagi", "menu.tips"},

		{"nothing", "pas", "report.nothing_kept"},
		{"a figure kept", "pas", "report.down"},

		{"nothing", "telepon", "help.call"},
		{"the weekly prompt", "telepon", "help.call"},
		{"a figure asked back", "telepon", "help.call"},
		{"the money notice", "telepon", "help.call"},

		{"nothing", "lapor", "report.or_complaint"},
		{"nothing", "lapor 750rb", "report.first"},
		{"the weekly prompt", "lapor 750rb", "report.first"},
		{"nothing", "bantuan", "menu.aid"},

		{"the weekly prompt", "0", "report.zero"},
		{"the help menu", "3", "help.opened"},
		{"the money notice", "2", "grant.cut_noted"},
		{"the weekly prompt", "tolong", "help.menu"},
		{"the money notice", "ada potongan", "grant.cut_noted"},
		{"nothing", "bantuan saya dipotong pendamping", "help.complaint"},
		{"the weekly prompt", "stop", "consent.stopped"},
		{"the weekly prompt", "stop jualan dulu modal abis", "help.stopped"},
	} {
		p.reset()
		for _, line := range states[c.state] {
			p.prepare(line)
		}
		if got := p.answers(p.handle(p.inbound(phones["Siti"], channels.SMS, c.word))); !slices.Equal(got, []string{c.says}) {
			t.Errorf("after %s, %q is answered by %q, want %s", c.state, c.word, got, c.says)
		}
	}
}

// prepare brings a state about.
func (p *player) prepare(line string) {
	p.t.Helper()
	switch rest, ok := strings.CutPrefix(line, "? "); {
	case ok:
		p.given(strings.Fields(rest))
	case strings.HasPrefix(line, "@ "):
		at, err := time.ParseInLocation("2006-01-02 15:04", line[2:], wib)
		if err != nil {
			p.t.Fatal(err)
		}
		p.at(at)
	default:
		who, words, named := strings.Cut(line, ": ")
		if !named {
			who, words = "Siti", line
		}
		p.sms(phones[who], words)
	}
	p.at(p.clock().Add(time.Minute))
}

// reset makes the people of the world as they were, so that one database serves many states.
func (p *player) reset() {
	p.exec(`TRUNCATE place, report, report_change, leave, case_event, worklist, nota, grants, grant_change, invite, session, ticket_counter, link_try, ussd_session,
		consent_event, outbox, outbox_event, cases, inbox CASCADE`)
	p.exec(`UPDATE person SET consent = 'ya', status = 'aktif', lang = 'id', bracket = false, tips_told = 0, lang_offered = true, last_seen = NULL`)
	p.exec(`UPDATE address SET status = 'aktif', released_at = NULL`)
	p.at(time.Date(2026, 6, 8, 10, 0, 0, 0, wib))
}

// answers are the texts with which a turn answers whoever wrote; a USSD screen has none.
func (w *world) answers(r channels.Reply) (keys []string) {
	w.t.Helper()
	rows, err := w.pool.Query(w.ctx, `SELECT text_key FROM outbox WHERE cause = $1 AND kind = 'reply' ORDER BY seq`, r.Inbox)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			w.t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}

// openQuestion is one row of the places.
type openQuestion struct {
	id            int64
	owner, ref    string
	choice, typed bool
}

func (w *world) openQuestions() (out []openQuestion) {
	w.t.Helper()
	rows, err := w.pool.Query(w.ctx, `SELECT id, owner, ref, choice, typed <> '' FROM place WHERE expires_at > $1 ORDER BY id`, w.clock())
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var q openQuestion
		if err := rows.Scan(&q.id, &q.owner, &q.ref, &q.choice, &q.typed); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, q)
	}
	return out
}

func (q openQuestion) String() string { return fmt.Sprintf("%s at %s", q.ref, q.owner) }
