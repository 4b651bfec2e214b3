package bot_test

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/flows"
)

// The table of words that could mean two things, and what people write most.
var twoMeanings = []string{
	"ya", "tidak", "bukan", "salah", "salah sambung", "ganti", "ganti 500rb", "ubah", "ubah 570rb", "batal", "ikut", "lagi", "pas", "telepon", "lapor", "lapor 750rb",
	"bantuan", "0", "1", "9", "750rb", "libur", "status", "stop", "mulai", "tolong", "DAFTAR 173609", "A", "halo",
}

// hers says whether a flow's questions are put to a person, not to officers or to a number.
func hers(flow string) bool {
	switch flow {
	case "approval", "worklist", "officer", "mentor", "staff", "link", "shared", "verify", "stranger", "number":
		return false
	}
	return !strings.HasPrefix(flow, "ussd")
}

var everyWord = flag.Bool("full", false, "every word in every state, not in every third only")

// TestEveryStateTakesEveryWord: in whatever question she is, each word of the table has one reading and one answer, and no other
// question of hers is lost. One database serves all; the clock moves on so that no turn looks like a loop. An ordinary run
// tries a third of the pairs, the same ones each time; go test ./bot -run EveryState -full tries them all.
func TestEveryStateTakesEveryWord(t *testing.T) {
	t.Parallel()
	p := &player{world: newWorld(t), channel: "sms", who: "Siti"}
	p.chatID()
	book, err := loadBook()
	if err != nil {
		t.Fatal(err)
	}
	p.reset()
	p.prepare("? history Siti W22 600000 W23 750000")
	p.prepare("? grant Siti cair bank BRI account 4417")
	p.prepare("? session 2026-08-30 10:00 Balai Desa Cengal")
	states, closed := herStates(t, book)
	fresh := func() flows.Vars {
		p.exec(`DELETE FROM place`)
		p.exec(`UPDATE person SET consent = 'ya', status = 'aktif', lang = 'id', bracket = false`)
		p.exec(`UPDATE address SET status = 'aktif', released_at = NULL`)
		p.exec(`UPDATE cases SET status = 'buka', closed_at = NULL WHERE reason = 'KUNJUNG'`)
		return p.stateVars()
	}
	p.prepare("? case Siti KUNJUNG kompor rusak")
	for k, ref := range states {
		for i, word := range twoMeanings {
			if (i+k)%3 != 0 && !*everyWord {
				continue
			}
			p.at(p.clock().Add(6 * time.Minute))
			vars := fresh()
			if other := "case#helped"; ref != other && i%2 == 0 { // an older question besides
				p.open("Siti", other, vars)
				p.at(p.clock().Add(time.Minute))
			}
			p.open("Siti", ref, vars)
			road := "sms"
			if k%2 == 1 {
				road = "telegram"
			}
			if fault := p.oneTurn(road, word); fault != "" {
				t.Errorf("%s, then %q: %s", ref, word, fault)
			}
		}
	}
	t.Logf("%d states x %d words; made by verbs: %v", len(states), len(twoMeanings), slices.Compact(closed))
}

// herStates are the questions that may be open with a person. Those whose options a verb makes cannot be opened from outside:
// the walk comes there by itself.
func herStates(t *testing.T, book *flows.Book) (states, closed []string) {
	t.Helper()
	for _, s := range book.Steps() {
		flow, _, _ := strings.Cut(s.Ref, "#")
		if !s.Waits || !hers(flow) {
			continue
		}
		if _, err := book.Open(s.Ref, flows.Vars{"week": "2026-W23"}); err != nil {
			closed = append(closed, s.Ref)
			continue
		}
		states = append(states, s.Ref)
	}
	if len(states) < 45 {
		t.Fatalf("only %d states: %v; closed: %v", len(states), states, closed)
	}
	return states, closed
}

// stateVars are what any question may have kept.
func (p *player) stateVars() flows.Vars {
	return flows.Vars{
		"week": "2026-W23", "pending": 750000, "perday": 100000, "case": p.one(`SELECT coalesce(max(id), 0) FROM cases WHERE reason = 'KUNJUNG'`), "no": "1",
		"session": p.one(`SELECT coalesce(max(id), 0) FROM session`), "topic": "modal",
	}
}
