package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// The commands of a TKSK: a letter and the digit of the worklist ("k1 kompor dipinjami bumdes"), or the digit alone.
// p, g and k without a digit stay ordinary words (decisions.md).
var (
	caseCommand = regexp.MustCompile(`^([hkstpe])\s?([0-9]{1,2})(?:[ ,.:]+(.*))?$`)
	caseNumber  = regexp.MustCompile(`^([0-9]{1,2})\.?$`)
)

// readStaff reads what only staff say. done is false when the message is nothing of the kind and is read as anybody's.
func (t *turn) readStaff(s string) (done bool, err error) {
	if t.who.role == roleMentor {
		return t.readMentor(s)
	}
	norm := strings.TrimSpace(bahasa.Normalise(s))
	if m := caseCommand.FindStringSubmatch(norm); m != nil && t.who.role == roleTKSK { // "k1 kurang jelas" of an approver is a reason
		n, _ := strconv.Atoi(m[2]) // two digits at most
		return true, t.route("ACT", flows.Vars{"letter": m[1], "n": n, "note": noteOf(s)})
	}
	if t.who.role == roleTKSK {
		if done, err := t.readOfficer(s, norm); done || err != nil {
			return done, err
		}
	}
	places, err := t.PlacesOf(t.ctx, t.owner(), t.now)
	if err != nil {
		return false, fmt.Errorf("places: %w", err)
	}
	for i := range places {
		if a, ok := t.answer(places[i], s); ok {
			done, err := t.give(&places[i], a)
			if done || err != nil {
				return true, err
			}
		}
	}
	if m := caseNumber.FindStringSubmatch(norm); m != nil && t.who.role == roleTKSK {
		n, _ := strconv.Atoi(m[1])
		return true, t.route("SHOW", flows.Vars{"n": n})
	}
	switch first, _, _ := strings.Cut(norm, " "); first {
	case "tugas":
		return true, t.route("TASKS", flows.Vars{"all": true})
	case "lagi":
		vars := flows.Vars{}
		for _, p := range places { // where the list that she saw last ended
			if p.Vars["from"] != nil {
				vars["from"] = p.Vars["from"]
			}
		}
		return true, t.route("MORE", vars)
	}
	if t.who.person != nil { // a beneficiary too: what is no staff command is her own
		t.who.acting = actingPerson
		return false, nil
	}
	c := bahasa.ReadCommand(s)
	if _, ok := t.Book.Route(t.who.role, string(c.Intent)); ok && c.Intent != bahasa.None {
		return true, t.route(string(c.Intent), flows.Vars{"said": s, "rest": c.Rest})
	}
	return true, t.route("NONE", flows.Vars{"said": s})
}

// noteOf is what follows the command, in the TKSK's own spelling.
func noteOf(s string) string {
	fields := strings.Fields(s)
	if len(fields) == 0 {
		return ""
	}
	skip := 1
	if len(fields[0]) == 1 && len(fields) > 1 { // "k 1 kompor"
		skip = 2
	}
	return strings.Join(fields[min(skip, len(fields)):], " ")
}
