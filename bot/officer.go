package bot

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// What a TKSK writes besides the letters of the worklist (J7-SMS-02, J7-SMS-04).
var (
	newNumber = regexp.MustCompile(`^n\s?([0-9]{1,2})[ ,.:]+(.+)$`)
	movedAway = regexp.MustCompile(`^m\s?([0-9]{1,2})[ ,.:]+(meninggal|wafat|pindah)\b`)
	doorWord  = regexp.MustCompile(`^(tautan|link|nomor|nomer)\s+([0-9]{6,9})$`)
	codeFirst = regexp.MustCompile(`^([0-9]{6,9})[ ,.:]*(.*)$`)
)

// readOfficer reads N4 with a number, M4 with what happened, and LAPOR, UBAH, CARI and CUTI about people and days. LAPOR and
// UBAH without a code belong to whoever is a beneficiary too.
func (t *turn) readOfficer(s, norm string) (done bool, err error) {
	if m := newNumber.FindStringSubmatch(norm); m != nil {
		n, _ := strconv.Atoi(m[1]) // two digits at most
		return true, t.route("NEW_NUMBER", flows.Vars{"n": n, "phone": m[2]})
	}
	if m := movedAway.FindStringSubmatch(norm); m != nil {
		n, _ := strconv.Atoi(m[1])
		return true, t.route("MOVED", flows.Vars{"n": n, "what": m[2]})
	}
	if v, ok := observation(norm); ok {
		return true, t.route("OBSERVE", v)
	}
	if m := doorWord.FindStringSubmatch(norm); m != nil {
		word := "TAUTAN"
		if strings.HasPrefix(m[1], "nom") {
			word = "NOMOR"
		}
		return true, t.route(word, flows.Vars{"code": m[2]})
	}
	c := bahasa.ReadCommand(s)
	rest := strings.TrimSpace(c.Rest)
	m := codeFirst.FindStringSubmatch(strings.ToLower(rest))
	switch {
	case (c.Intent == bahasa.Report || c.Intent == bahasa.Correct) && m != nil:
		a := bahasa.ReadAmount(m[2])
		vars := flows.Vars{"code": m[1], "said": m[2], "rest": m[2]}
		if tellsAmount(a) {
			vars["amount"] = amountVar(a)
		}
		if c.Intent == bahasa.Correct {
			return true, t.route("PROXY_CORRECT", vars)
		}
		return true, t.route("PROXY_REPORT", vars)
	case c.Intent == bahasa.Report && t.who.person == nil:
		return true, t.route("PROXY_HOW", flows.Vars{})
	case c.Intent == bahasa.Search && rest != "":
		return true, t.route("SEARCH", flows.Vars{"name": rest})
	case c.Intent == bahasa.Leave && (rest != "" || t.who.person == nil):
		return true, t.route("STAFF_LEAVE", flows.Vars{"said": rest})
	}
	return false, nil
}
