package bot

import (
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The rules for a number that several people share: whose a message is, and who may hear about the grant.
func sharedVerbs() []verb {
	who := []string{"orang", "orang2", "huruf", "huruf2", "berbagi", "people", "pending"}
	offers := []flows.Offer{{Var: "people", Label: "person.called", Max: 5}}
	says := []string{"shared.letter_of"}
	return []verb{
		{flows.Verb{Name: "shared.who", Outcomes: []string{"ask", "more"}, Gives: who, Says: says, Offers: offers}, sharedWho},
		{flows.Verb{Name: "shared.go_on", Outcomes: []string{"end", "menu"}, Knows: true}, sharedGoOn},
		{flows.Verb{Name: "shared.pick", Outcomes: []string{"picked"}, Knows: true, Gives: []string{"letter"}}, sharedPick},
		{flows.Verb{Name: "shared.prove", Outcomes: []string{"proven", "again", "locked", "which"}, Knows: true, Gives: []string{"huruf", "orang", "proven", "letter"}}, sharedProve},
		{flows.Verb{Name: "shared.stop", Outcomes: []string{"two", "many"}, Gives: []string{"orang", "orang2"}}, sharedStop},
	}
}

// sharedWho asks for whom a message on a shared number is.
func sharedWho(t *turn, v flows.Vars) (flows.Outcome, error) {
	t.aside = true
	pending := str(v, "pending")
	if pending == "" {
		pending = str(v, "said")
	}
	options := sharedOptions(t.who.shared)
	if t.in.Via == channels.USSD { // screens take digits
		options = options[:min(len(options), 5)]
		for i := range options {
			options[i].Key = strconv.Itoa(i + 1)
		}
	}
	vars := flows.Vars{"people": options, "pending": pending, "berbagi": letters(t.who.shared)}
	for i, o := range t.who.shared[:min(2, len(t.who.shared))] {
		vars[[]string{"orang", "orang2"}[i]] = called(*o.Person)
		vars[[]string{"huruf", "huruf2"}[i]] = text.Str(o.Address.Letter)
	}
	if len(t.who.shared) > 2 {
		return outcome("more", vars)
	}
	return outcome("ask", vars)
}

// pick names the person with a letter.
func (t *turn) pick(letter string) bool {
	for _, o := range t.who.shared {
		if letter != "" && strings.EqualFold(o.Address.Letter, letter) {
			t.name(o)
			return true
		}
	}
	return false
}

// sharedGoOn reads the message that waited for a letter, now that we know whose it is.
func sharedGoOn(t *turn, v flows.Vars) (flows.Outcome, error) {
	if !t.pick(str(v, "letter")) {
		return outcome("end", nil) // she has left the number meanwhile
	}
	if t.resume = str(v, "pending"); t.resume == "" {
		return outcome("menu", nil)
	}
	return outcome("end", nil)
}

// sharedPick is the choice of a person on the first screen of a shared phone; the variable letter keeps it for the session.
func sharedPick(t *turn, v flows.Vars) (flows.Outcome, error) {
	t.pick(str(v, "letter"))
	return outcome("picked", nil)
}

// sharedProve takes the year of birth that a status needs on a shared number: the others may be reading (J2-SMS-03, R14).
func sharedProve(t *turn, v flows.Vars) (flows.Outcome, error) {
	if t.who.person == nil && !t.pick(str(v, "letter")) {
		return outcome("which", nil)
	}
	if v["year"] == nil {
		return t.askProof(again), nil
	}
	p, verdict, err := t.prove(t.person().Code, []prokus.Person{t.person()}, integer(v, "year"))
	switch {
	case err != nil:
		return flows.Outcome{}, err
	case verdict == again:
		return t.askProof(again), nil
	case verdict == locked:
		return outcome(locked, nil)
	}
	t.aside = false
	return outcome(proven, flows.Vars{"proven": p.Code, "letter": t.who.letter})
}

// askProof is an outcome after which the year of birth is asked. The question is put to the number: what else she has been
// asked stays open.
func (t *turn) askProof(name string) flows.Outcome {
	t.aside = t.in.Via != channels.USSD
	return flows.Outcome{Name: name, Vars: flows.Vars{"huruf": text.Str(t.who.letter), "orang": called(t.person()), "letter": t.who.letter, "year": nil}}
}

// unproven says whether a status has to wait for the year of birth.
func (t *turn) unproven(v flows.Vars) bool {
	return t.who.letter != "" && addressKind(t.in.Via) == "phone" && str(v, "proven") != t.person().Code
}

// sharedStop stops everybody who answers on the number (decisions.md).
func sharedStop(t *turn, v flows.Vars) (flows.Outcome, error) {
	out, err := consentStop(t, v)
	if err != nil {
		return flows.Outcome{}, err
	}
	out.Name = "two"
	if len(t.who.shared) > 2 {
		out.Name = "many"
	}
	return out, nil
}
