package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// takeLetter reads "B 87rb" on a shared number as Bu Ani's 87rb, and so "b.87rb", "B87rb", "87rb b" and "ani 87rb".
func (t *turn) takeLetter(people []Owner) {
	said := strings.TrimSpace(t.in.Text)
	for _, o := range people {
		if rest, ok := cutLetter(said, o.Address.Letter); ok {
			t.who.person, t.who.letter, t.text = o.Person, o.Address.Letter, rest
			return
		}
	}
	if len(people) < 2 {
		return
	}
	if rest, o, ok := cutName(said, people); ok {
		t.who.person, t.who.letter, t.text = o.Person, o.Address.Letter, rest
	}
}

// cutLetter takes a letter off the beginning of a message: it stands alone, or before something that is no letter.
func cutLetter(said, letter string) (rest string, ok bool) {
	if letter == "" || len(said) < len(letter) || !strings.EqualFold(said[:len(letter)], letter) {
		return "", false
	}
	rest = said[len(letter):]
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(r) {
		return "", false
	}
	return strings.TrimLeft(rest, " .,:;=-/)"), true
}

// cutName takes a letter after a figure, or a name before it, off a message: "600rb b", "bu siti 600rb", "siti libur". A name
// before anything else may be spoken of by the other.
func cutName(said string, people []Owner) (rest string, whose Owner, ok bool) {
	ws := strings.Fields(said)
	if len(ws) > 2 && slices.Contains([]string{"bu", "ibu", "pak", "bapak", "mbak"}, strings.ToLower(ws[0])) {
		ws = ws[1:]
	}
	if len(ws) < 2 {
		return "", whose, false
	}
	last := len(ws) - 1
	found := 0
	for _, o := range people {
		left := ""
		switch {
		case strings.EqualFold(ws[last], o.Address.Letter):
			left = strings.Join(ws[:last], " ")
		case strings.EqualFold(ws[0], o.Person.First()):
			left = strings.Join(ws[1:], " ")
		}
		if left != "" && tellsAmount(bahasa.ReadAmount(left)) {
			rest, whose = left, o
			found++
		}
	}
	return rest, whose, found == 1
}

// readShared reads a message on a shared number that names nobody: STOP is everybody's (decisions.md), a letter alone
// answers "for whom?", anything else is kept until we know.
func (t *turn) readShared() error {
	s := strings.TrimSpace(t.in.Text) // a letter alone is an answer
	t.who.person, t.who.letter, t.who.role = nil, "", roleShared
	if bahasa.IsStop(s) {
		return t.route("STOP", flows.Vars{})
	}
	switch in := bahasa.Safety(s); in {
	case bahasa.Violence, bahasa.Disaster, bahasa.Complaint:
		// It cannot wait for a letter, which may never come (R04). The people of a number answer the same phone: the first of them
		// is called, and says who it was.
		t.name(t.who.shared[0])
		return t.route(string(in), flows.Vars{"said": s})
	}
	places, err := t.openPlaces()
	if err != nil {
		return err
	}
	for i := range places {
		a, ok := t.answer(places[i], s)
		if !ok {
			continue
		}
		if done, err := t.give(&places[i], a); done || err != nil {
			return err
		}
	}
	c := bahasa.ReadCommand(s)
	if in := bahasa.ReadIntent(s); c.Intent == bahasa.None && in.Sure {
		c.Intent = in.Intent
	}
	if _, ok := t.Book.Route(roleShared, string(c.Intent)); ok && c.Intent != bahasa.None {
		return t.route(string(c.Intent), flows.Vars{"said": s, "rest": c.Rest})
	}
	return t.route("NONE", flows.Vars{"pending": s})
}

// sharedOptions are the people behind one number, by letter.
func sharedOptions(owners []Owner) []flows.Option {
	var out []flows.Option
	for _, o := range owners {
		out = append(out, flows.Option{
			Key: o.Address.Letter, Value: o.Address.Letter, LabelKey: "person.called",
			LabelArgs: map[string]any{"sapaan": o.Person.Title(), "nama": o.Person.First()},
		})
	}
	return out
}
