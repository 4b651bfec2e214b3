package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// mentorWords are what a mentor may write, and the words of routes.yaml that they stand for.
var mentorWords = map[string]string{
	"sesi": "SESSIONS", "jadwal": "SESSIONS", "menu": "SESSIONS", "daftar": "NAMES", "lagi": "NAMES_MORE", "batal": "CALL_OFF", "batalkan": "CALL_OFF",
	"hadir": "ATTENDANCE", "semua": "ATTENDANCE", "tugas": "HOMEWORK", "pr": "HOMEWORK", "ingatkan": "NUDGE", "ubah": "SHIFT", "pindah": "SHIFT", "ganti": "SHIFT",
}

var sessionNumber = regexp.MustCompile(`^([0-9]{1,2})\.?$`)

// readMentor reads what a mentor writes: a command, an answer to what is open, or the number of a session. done is false for
// a mentor who is a beneficiary too and says nothing of the kind.
func (t *turn) readMentor(s string) (done bool, err error) {
	places, err := t.PlacesOf(t.ctx, t.owner(), t.now)
	if err != nil {
		return false, fmt.Errorf("places: %w", err)
	}
	vars := flows.Vars{"said": s}
	for _, p := range places { // the session that was spoken of last
		if p.Vars["session"] != nil {
			vars["session"], vars["from"] = p.Vars["session"], p.Vars["from"]
			break
		}
	}
	norm := strings.TrimSpace(bahasa.Normalise(s))
	first, _, _ := strings.Cut(norm, " ")
	if word, ok := mentorWords[first]; ok {
		if vars["rest"] = afterFirst(s); first == "semua" {
			vars["rest"] = norm
		}
		return true, t.route(word, vars)
	}
	for i := range places {
		if a, ok := t.answer(places[i], s); ok {
			if done, err := t.give(&places[i], a); done || err != nil {
				return true, err
			}
		}
	}
	if m := sessionNumber.FindStringSubmatch(norm); m != nil {
		n, _ := strconv.Atoi(m[1]) // two digits at most
		return true, t.route("SHOW", flows.Vars{"n": strconv.Itoa(n)})
	}
	if t.who.person != nil {
		t.who.acting = actingPerson
		return false, nil
	}
	if c := bahasa.ReadCommand(s); c.Intent != bahasa.None {
		if _, ok := t.Book.Route(t.who.role, string(c.Intent)); ok {
			return true, t.route(string(c.Intent), flows.Vars{"said": s, "rest": c.Rest})
		}
	}
	return true, t.route("NONE", vars)
}

// afterFirst is what follows the first word, in the writer's own spelling.
func afterFirst(s string) string {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		return ""
	}
	return strings.Join(fields[1:], " ")
}
