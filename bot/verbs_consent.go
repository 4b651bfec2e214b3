package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func consentVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "consent.agree", Outcomes: []string{"agreed"}}, consentAgree},
		{flows.Verb{Name: "consent.stop", Outcomes: []string{"stopped", "stopped_all"}, Gives: []string{"orang", "orang2"}}, consentStop},
		{flows.Verb{Name: "consent.start", Outcomes: []string{"welcome_back", "agreed", "already"}}, consentStart},
		{flows.Verb{Name: "consent.standing", Outcomes: []string{"asked", "stopped", "invited"}}, consentStanding},
		{flows.Verb{Name: "consent.yes", Outcomes: []string{"agreed", "for_what"}}, consentYes},
		{flows.Verb{Name: "lang.set", Outcomes: []string{"set"}}, langSet},
		{flows.Verb{Name: "number.wrong", Outcomes: []string{"released"}}, numberWrong},
	}
}

func consentAgree(t *turn, _ flows.Vars) (flows.Outcome, error) {
	if err := acts.Agree(t.ctx, t.Tx, t.by(), t.person()); err != nil {
		return flows.Outcome{}, err
	}
	t.who.person.Consent = prokus.Agreed
	return outcome("agreed", nil)
}

// consentYes is a YA without an open question: to somebody invited it is the answer to the invitation, however late.
func consentYes(t *turn, v flows.Vars) (flows.Outcome, error) {
	if t.person().Consent == prokus.Invited {
		return consentAgree(t, v)
	}
	return outcome("for_what", nil)
}

// consentStop stops everybody who answers on the number, or the one whose letter stands first (decisions.md).
func consentStop(t *turn, _ flows.Vars) (flows.Outcome, error) {
	var people []prokus.Person
	switch {
	case t.who.person != nil:
		people = []prokus.Person{*t.who.person}
	default:
		for _, o := range t.who.shared {
			people = append(people, *o.Person)
		}
	}
	for _, p := range people {
		if err := acts.Stop(t.ctx, t.Tx, t.by(), p); err != nil {
			return flows.Outcome{}, err
		}
		if err := t.ClosePlaces(t.ctx, fmt.Sprintf("p:%d", p.ID)); err != nil {
			return flows.Outcome{}, fmt.Errorf("stop: %w", err)
		}
	}
	if len(people) > 1 {
		return outcome("stopped_all", flows.Vars{
			"orang": text.Str(people[0].Title() + " " + people[0].First()), "orang2": text.Str(people[1].Title() + " " + people[1].First()),
		})
	}
	return outcome("stopped", nil)
}

func consentStart(t *turn, v flows.Vars) (flows.Outcome, error) {
	before := t.person().Consent
	if before == prokus.Agreed {
		return outcome("already", nil)
	}
	if _, err := consentAgree(t, v); err != nil {
		return flows.Outcome{}, err
	}
	if before == prokus.Stopped {
		return outcome("welcome_back", nil)
	}
	return outcome("agreed", nil)
}

// consentStanding says what a screen offers: to stop, to begin again, or to join who has not answered the invitation.
func consentStanding(t *turn, _ flows.Vars) (flows.Outcome, error) {
	switch t.person().Consent {
	case prokus.Stopped:
		return outcome("stopped", nil)
	case prokus.Invited:
		return outcome("invited", nil)
	}
	return outcome("asked", nil)
}

// langSet keeps the language she chose; everything from the next text on is in it.
func langSet(t *turn, v flows.Vars) (flows.Outcome, error) {
	l := prokus.Lang(str(v, "lang"))
	if l != prokus.SU && l != prokus.JV {
		l = prokus.ID
	}
	if err := t.SetLang(t.ctx, t.personID(), l); err != nil {
		return flows.Outcome{}, fmt.Errorf("language: %w", err)
	}
	t.who.person.Lang = l
	return outcome("set", nil)
}

func numberWrong(t *turn, _ flows.Vars) (flows.Outcome, error) {
	people := t.who.shared
	if t.who.person != nil {
		people = []Owner{{Person: t.who.person}}
	}
	for _, o := range people {
		if err := acts.WrongNumber(t.ctx, t.Tx, t.by(), *o.Person, t.in.From); err != nil {
			return flows.Outcome{}, err
		}
	}
	return outcome("released", nil)
}
