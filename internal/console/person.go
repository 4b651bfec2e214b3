package console

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const personWeeks = 12

type personPage struct {
	base
	PersonPage
	Weeks   []reportWeek
	Outcome outcome
	Talk    []Said // oldest first
	Notas   []Nota
}

// person is everything about one, for whoever may look into her area.
func (c *console) person(v *visit) error {
	code := v.r.PathValue("code")
	if !prokus.ValidCode(code) {
		return ErrNotFound
	}
	p, err := c.Store.Person(v.r.Context(), v.viewer.Scope(), code, v.viewer.Staff.ID, v.now)
	if err != nil {
		return err
	}
	b := c.base(v, "title.person", "people")
	b.Title = p.Person.Title() + " " + p.Person.Name
	notas, err := c.Store.Notas(v.r.Context(), v.viewer.Scope(), p.Person.ID)
	if err != nil {
		return err
	}
	talk := c.worded(p.Talk)
	slices.Reverse(talk)
	return c.show(v, http.StatusOK, "seorang", personPage{b, p, reportWeeks(p.Reports, prokus.WeekOf(v.now)-1, joined(p.Person, v.now), personWeeks), outcomeOf(p.Deeds, p.Moves), talk, notas})
}

// joined is the week in which somebody said YA; next week for who has not answered yet. Whoever stopped had joined before.
func joined(p prokus.Person, now time.Time) prokus.Week {
	switch {
	case p.Consent == prokus.Agreed && !p.ConsentAt.IsZero():
		return prokus.WeekOf(p.ConsentAt.In(p.Location()))
	case p.Consent == prokus.Unasked || p.Consent == prokus.Invited:
		return prokus.WeekOf(now) + 1
	}
	return 0
}

// NewestFirst are the weeks as the table shows them.
func (p personPage) NewestFirst() []reportWeek {
	out := slices.Clone(p.Weeks)
	slices.Reverse(out)
	return out
}

// worded gives messages that have not left yet the words that they will have.
func (c *console) worded(all []Said) []Said {
	for i := range all {
		s := &all[i]
		if s.Text != "" || s.Key == "" {
			continue
		}
		var args text.Args
		if err := json.Unmarshal(s.Args, &args); err != nil {
			continue
		}
		r, err := c.Texts.Render(s.Key, string(s.Lang), args, text.Route{Via: "sms", Money: bahasa.Full})
		if err == nil {
			s.Text = r.Text
		}
	}
	return all
}
