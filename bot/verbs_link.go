package bot

import (
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func linkVerbs() []verb {
	return []verb{
		{flows.Verb{
			Name: "link.code", Outcomes: []string{"wrong", "missing", "locked", "mine", "taken", "taken_more", "contact", "ask"},
			Gives: []string{"kode", "code", "orang", "orang2"},
		}, linkCode},
		{flows.Verb{Name: "link.mine", Outcomes: []string{"known"}, Knows: true}, linkMine},
		{flows.Verb{Name: "link.whose", Outcomes: []string{"named", "ask"}, Gives: []string{"orang"}}, linkWhose},
		{flows.Verb{
			Name: "link.year", Outcomes: []string{"again", "locked", "linked", "old", "fresh", "shared", "chat"}, Knows: true,
			Gives: []string{"akhirhp", "old", "berbagi", "huruf"}, Says: []string{"shared.letter_of"},
		}, linkYear},
		{flows.Verb{Name: "link.old", Outcomes: []string{"kept", "dropped"}, Gives: []string{"akhirhp"}}, linkOld},
		{flows.Verb{Name: "link.undo", Outcomes: []string{"undone", "undone_chat", "undone_staff", "nothing"}, Gives: []string{"orang", "akhirhp"}}, linkUndo},
		{flows.Verb{Name: "number.confirm", Outcomes: []string{"confirmed", "gone"}, Gives: []string{"akhirhp"}}, numberConfirm},
		{flows.Verb{Name: "number.refuse", Outcomes: []string{"refused"}, Gives: []string{"tgl"}}, numberRefuse},
	}
}

// linkCode takes the code of DAFTAR. A wrong check digit needs no look-up; a right one is answered in the same way whether
// somebody has it or not.
func linkCode(t *turn, v flows.Vars) (flows.Outcome, error) {
	t.aside = t.in.Via != channels.USSD
	code, verdict := readCode(v)
	switch verdict {
	case bahasa.Ask:
		return outcome("missing", nil)
	case bahasa.Invalid:
		return outcome("wrong", flows.Vars{"kode": text.Str(code)})
	}
	n, err := t.Tries(t.ctx, t.in.From, code, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("link: %w", err)
	}
	if n.locked() {
		return outcome("locked", nil)
	}
	vars := flows.Vars{"code": code}
	if t.in.Via == channels.Telegram {
		return outcome("contact", vars)
	}
	if t.who.role == roleDoubted { // whose number it was is not for whoever has it now
		return outcome("ask", vars)
	}
	people := t.who.people()
	for _, p := range people {
		if p.Code == code {
			return outcome("mine", vars)
		}
	}
	switch len(people) {
	case 0:
		return outcome("ask", vars)
	case 1:
		vars["orang"] = called(people[0])
		return outcome("taken", vars)
	}
	vars["orang"], vars["orang2"] = called(people[0]), called(people[1])
	return outcome("taken_more", vars)
}

// linkMine: the code is that of somebody who answers on this number already.
func linkMine(t *turn, v flows.Vars) (flows.Outcome, error) {
	for _, p := range t.who.people() {
		if p.Code == str(v, "code") {
			return flows.Outcome{Name: "known"}, t.becomes(p.ID)
		}
	}
	return flows.Outcome{}, fmt.Errorf("link: nobody on this number has that code")
}

// readCode finds the code in what was typed: alone, or before other words.
func readCode(v flows.Vars) (string, bahasa.Verdict) {
	s := str(v, "code")
	if s == "" {
		s = str(v, "rest")
	}
	if code, verdict := bahasa.ReadCode(s); verdict != bahasa.Ask {
		return code, verdict
	}
	first, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return bahasa.ReadCode(first)
}

// linkWhose asks for the year of birth of whoever comes to a number that somebody has. She is named where both live in one
// kecamatan, as people who share a phone do; how often that may be asked is limited like wrong years.
func linkWhose(t *turn, v flows.Vars) (flows.Outcome, error) {
	t.aside = true
	p, ok, err := t.PersonByCode(t.ctx, str(v, "code"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("link: %w", err)
	}
	people := t.who.people()
	if !ok || len(people) == 0 || people[0].Area != p.Area {
		return outcome("ask", nil)
	}
	if err := t.Tried(t.ctx, t.in.From, "berbagi", t.now); err != nil {
		return flows.Outcome{}, fmt.Errorf("link: %w", err)
	}
	return outcome("named", flows.Vars{"orang": called(p)})
}

// linkYear links the number or chat to whoever knows the year of birth that belongs to the code (J1-SMS-02). After the
// second wrong one the number waits a day, and the TKSK gets one case, not one for each try.
func linkYear(t *turn, v flows.Vars) (flows.Outcome, error) {
	t.aside = t.in.Via != channels.USSD
	code := str(v, "code")
	var may []prokus.Person
	p, ok, err := t.PersonByCode(t.ctx, code)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("link: %w", err)
	}
	if ok {
		may = append(may, p)
	}
	_, verdict, err := t.prove(code, may, integer(v, "year"))
	if err != nil {
		return flows.Outcome{}, err
	}
	if verdict == locked && ok {
		t.Log.InfoContext(t.ctx, "a number was locked for a code", "number", prokus.Phone(t.in.From))
		if _, err := acts.OpenCase(t.ctx, t.Tx, t.by(), p, prokus.HelpJoin, prokus.CaseDetail{}, prokus.Phone(t.in.From).Tail()); err != nil {
			return flows.Outcome{}, err
		}
	}
	if verdict != proven {
		return outcome(verdict, nil)
	}
	if t.in.Via == channels.Telegram {
		return flows.Outcome{Name: "chat"}, t.linkChat(p)
	}
	return t.linkNumber(p, str(v, "how"))
}

// linkNumber makes the number that writes hers: beside those who have it, instead of them, or as the first.
func (t *turn) linkNumber(p prokus.Person, how string) (flows.Outcome, error) {
	var others []prokus.Person
	for _, o := range t.who.people() {
		if o.ID != p.ID {
			others = append(others, o)
		}
	}
	kind := addressKind(t.in.Via)
	var l acts.Linked
	var err error
	name := "linked"
	switch {
	case kind == "phone" && len(others) > 0 && (how == "replace" || t.who.role == roleDoubted):
		l, err = acts.TakeOver(t.ctx, t.Tx, t.by(), p, t.in.From, others)
	case kind == "phone" && len(others) > 0:
		name = "shared"
		l, err = acts.Share(t.ctx, t.Tx, t.by(), p, t.in.From, others)
	default:
		l, err = acts.Link(t.ctx, t.Tx, t.by(), p, kind, t.in.From)
	}
	if err != nil {
		return flows.Outcome{}, err
	}
	if err := t.becomes(p.ID); err != nil {
		return flows.Outcome{}, err
	}
	switch {
	case name == "shared":
		return outcome(name, flows.Vars{"berbagi": letters(t.who.shared), "huruf": text.Str(t.who.letter)})
	case l.Old != "":
		return outcome("old", flows.Vars{"akhirhp": lastDigits(l.Old), "old": l.Old})
	case l.Fresh:
		return outcome("fresh", nil)
	}
	return outcome(name, nil)
}

// linkOld lets go of the number that she has no longer. For seven days it can still say BUKAN.
func linkOld(t *turn, v flows.Vars) (flows.Outcome, error) {
	old := str(v, "old")
	vars := flows.Vars{"akhirhp": lastDigits(old)}
	if str(v, "gone") != "yes" {
		return outcome("kept", vars)
	}
	if err := t.ReleaseAddress(t.ctx, t.personID(), old, prokus.AddressReleased, t.now); err != nil {
		return flows.Outcome{}, fmt.Errorf("link: %w", err)
	}
	return outcome("dropped", vars)
}

// linkUndo is BUKAN at the number that was told.
func linkUndo(t *turn, _ flows.Vars) (flows.Outcome, error) {
	u, ok, err := acts.Unlink(t.ctx, t.Tx, t.by(), t.in.From)
	if err != nil || !ok {
		return flows.Outcome{Name: "nothing"}, err
	}
	if u.Staff != 0 {
		return outcome("undone_staff", nil)
	}
	for _, owner := range []string{fmt.Sprintf("p:%d", u.Person), numberOwner(u.Value)} {
		if err := t.ClosePlaces(t.ctx, owner); err != nil {
			return flows.Outcome{}, fmt.Errorf("undo a link: %w", err)
		}
	}
	p, ok, err := t.Person(t.ctx, u.Person)
	if err != nil || !ok {
		return flows.Outcome{}, fmt.Errorf("undo a link: found %t: %w", ok, err)
	}
	if u.Kind != "phone" {
		return outcome("undone_chat", flows.Vars{"orang": called(p)})
	}
	return outcome("undone", flows.Vars{"orang": called(p), "akhirhp": lastDigits(u.Value)})
}

// numberConfirm is YA to "is the new number yours?", asked at the old one after an import (decisions.md).
func numberConfirm(t *turn, v flows.Vars) (flows.Outcome, error) {
	number := str(v, "phone")
	ok, err := acts.ConfirmNumber(t.ctx, t.Tx, t.by(), t.person(), number)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return outcome("gone", nil)
	}
	return outcome("confirmed", flows.Vars{"akhirhp": lastDigits(number)})
}

func numberRefuse(t *turn, v flows.Vars) (flows.Outcome, error) {
	o, err := acts.RefuseNumber(t.ctx, t.Tx, t.by(), t.person(), str(v, "phone"))
	if err != nil {
		return flows.Outcome{}, err
	}
	return outcome("refused", flows.Vars{"tgl": text.Date(o.Case.Due.In(t.now.Location()))})
}
