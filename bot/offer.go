package bot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// joinWords and notWords are IKUT and its opposite in the languages of the people; a few words about it are still it, a
// longer message says something of its own.
var (
	joinWords   = []string{"ikut", "ikt", "ikutan", "milu", "melu", "ngiring", "nderek", "ndherek"}
	notWords    = []string{"batal", "btl", "tidak", "tdk", "gak", "ga", "gk", "nggak", "ngga", "enggak", "teu", "moal", "henteu", "mboten", "boten", "ora", "gajadi", "mundur", "urung"}
	joinAtMost  = 5
	questioning = []string{
		"apa", "apakah", "boleh", "bisa", "bolehkah", "bisakah", "kapan", "dimana", "mana", "berapa", "siapa", "kenapa", "bagaimana", "gimana", "gmn", "dmn", "brp", "jam",
		"naon", "naha", "iraha", "sabaraha", "saha", "kumaha", "tiasa", "kenging", "napa", "pripun", "pinten", "sinten", "wonten", "kepriye", "piye", "pira", "saget", "saged", "angsal",
	}
)

// joins reads a message as taking part, or not.
func joins(s string) (yes, no bool) {
	ws := strings.FieldsFunc(bahasa.Normalise(s), func(r rune) bool { return r == ' ' || r == ',' || r == '.' || r == '!' })
	if len(ws) == 0 || len(ws) > joinAtMost || strings.Contains(s, "?") || !slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(joinWords, w) }) {
		return false, false
	}
	no = slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(notWords, w) })
	return !no, no
}

// readOffer reads IKUT as the answer to the newest message that offered it (decisions.md): a broadcast with seats, unless a
// newer question takes the word.
func (t *turn) readOffer(s string, places []Place) (done bool, err error) {
	yes, no := joins(s)
	if !yes && !no || t.who.role != roleBeneficiary {
		return false, nil
	}
	o, ok, err := t.OfferTo(t.ctx, t.personID(), t.in.From, 0, t.now)
	if err != nil || !ok {
		return false, err
	}
	for _, p := range places {
		if _, takes := t.answer(p, s); takes && p.Asked.After(o.Told) && !strings.HasPrefix(p.Ref, "broadcast#") {
			return false, nil
		}
	}
	for _, p := range places { // the question that the broadcast asked is answered
		if strings.HasPrefix(p.Ref, "broadcast#") {
			if err := t.ClosePlace(t.ctx, p.ID); err != nil {
				return false, fmt.Errorf("offer: %w", err)
			}
		}
	}
	word := "JOIN"
	if no {
		word = "NOT_JOIN"
	}
	return true, t.route(word, flows.Vars{"broadcast": o.Broadcast})
}

// ownAnswer is what a whole message may mean that asks, and is not about a broadcast: it has an answer of its own.
var ownAnswer = []bahasa.Intent{
	bahasa.Status, bahasa.Report, bahasa.Correct, bahasa.Help, bahasa.Visit, bahasa.CallMe, bahasa.Tips, bahasa.Menu, bahasa.Lang, bahasa.History, bahasa.SeeData,
	bahasa.EraseData, bahasa.Leave, bahasa.Register, bahasa.ScamFear, bahasa.WrongNumber, bahasa.Sick, bahasa.Closed, bahasa.NoSales, bahasa.NotStop, bahasa.Cancel,
}

// toBroadcast gives her own words to whoever sent the newest broadcast, when nothing newer was asked of her (R25). asks: only
// what is plainly a question; else whatever nothing else could read.
func (t *turn) toBroadcast(s string, places []Place, asks bool) (done bool, err error) {
	if t.who.role != roleBeneficiary || asks && !t.isQuestion(s) {
		return false, nil
	}
	told, ok, err := t.LastTold(t.ctx, t.personID(), t.in.From, t.now)
	if err != nil {
		return false, fmt.Errorf("reply: %w", err)
	}
	if !ok || !told.Answerable(t.now) {
		return false, nil
	}
	for _, p := range places {
		if p.Asked.After(told.At) && !strings.HasPrefix(p.Ref, "broadcast#") {
			return false, nil
		}
	}
	return true, t.route("REPLY", flows.Vars{})
}

// isQuestion says whether a message asks something that no word of ours answers: two words at least, with a question mark or a
// word that asks.
func (t *turn) isQuestion(s string) bool {
	ws := strings.Fields(strings.Trim(bahasa.Normalise(s), " .!?"))
	if a := bahasa.ReadAmount(s); len(ws) < 2 || tellsAmount(a) && !(len(a.Candidates) == 1 && a.Candidates[0] == 0) {
		return false // "tutup?" may be an office that is closed; a figure is a figure
	}
	asks := strings.Contains(s, "?") || slices.ContainsFunc(ws, func(w string) bool { return slices.Contains(questioning, strings.Trim(w, "?,.")) })
	if !asks || slices.ContainsFunc(ws, func(w string) bool { return strings.HasPrefix(w, "bimbing") || strings.HasPrefix(w, "jadwal") }) {
		return false
	}
	c := bahasa.ReadCommand(s)
	led := c.Rest != "" // a keyword of ours leads it: "cek bantuan kapan cair?"
	return !led && !(c.Sure && slices.Contains(ownAnswer, c.Intent)) && c.Intent != bahasa.ScamFear && c.Intent != bahasa.WrongNumber
}

// offerButton takes the button of a broadcast that she was told; one of somebody else's, or long past, does nothing.
func (t *turn) offerButton(broadcast int64, word string) error {
	_, ok, err := t.OfferTo(t.ctx, t.personID(), t.in.From, broadcast, t.now)
	if err != nil {
		return err
	}
	if !ok {
		return t.stale()
	}
	return t.route(word, flows.Vars{"broadcast": broadcast})
}
