package bot

import (
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
)

func sharedVerbs() []verb {
	return []verb{
		{flows.Verb{
			Name: "shared.who", Outcomes: []string{"ask"}, Gives: []string{"orang", "orang2", "people", "pending"},
			Offers: []flows.Offer{{Var: "people", Label: "person.called", Max: 3}},
		}, sharedWho},
		{flows.Verb{Name: "shared.go_on", Outcomes: []string{"end"}}, sharedGoOn},
	}
}

// sharedWho asks for whom a message on a shared number is.
func sharedWho(t *turn, v flows.Vars) (flows.Outcome, error) {
	vars := flows.Vars{"people": sharedOptions(t.who.shared), "pending": str(v, "pending")}
	for i, o := range t.who.shared[:min(2, len(t.who.shared))] {
		vars[[]string{"orang", "orang2"}[i]] = text.Str(o.Person.Title() + " " + o.Person.First())
	}
	return outcome("ask", vars)
}

// sharedGoOn reads the message that waited for a letter, now that we know whose it is.
func sharedGoOn(t *turn, v flows.Vars) (flows.Outcome, error) {
	for _, o := range t.who.shared {
		if strings.EqualFold(o.Address.Letter, str(v, "letter")) {
			t.who.person = o.Person
			t.now = t.now.In(o.Person.Location())
			t.resume = str(v, "pending")
		}
	}
	return outcome("end", nil)
}
