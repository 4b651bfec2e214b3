package text

import (
	"path"
	"slices"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

// meaning is what placeholders.yaml says of a placeholder.
type meaning struct {
	means    string
	longest  map[string]string // by language; "" = all others
	oneOf    string            // a family of texts, one of which it holds: "grant.stage.*"
	from     string            // fromPerson, fromEveryone, or "" = a verb gives it
	optional bool              // a courtesy that a language may leave out
	line     int
}

// Who supplies a placeholder's value.
const (
	fromPerson   = "person"   // the turn, whenever it knows who writes
	fromEveryone = "everyone" // the turn, always (numbers and names of the service)
)

func readPlaceholders(p *source.Page, root source.Node) map[string]meaning {
	out := map[string]meaning{}
	for _, f := range p.Fields(root, "the placeholders") {
		m := meaning{line: f.Line}
		for _, d := range p.Fields(f.Value, "placeholder "+f.Key, "means", "longest", "one_of", "from", "optional") {
			switch d.Key {
			case "means":
				m.means = p.Word(d.Value, "means")
			case "longest":
				m.longest = readLongest(p, d.Value)
			case "one_of":
				m.oneOf = p.Word(d.Value, "one_of")
			case "from":
				m.from = p.Word(d.Value, "from")
				if !slices.Contains([]string{fromPerson, fromEveryone}, m.from) {
					p.Fault(d.Line, "from is %q; known are person and everyone, none for a verb", m.from)
				}
			case "optional":
				m.optional = p.Bool(d.Value, "optional")
			}
		}
		if !placeholder.MatchString("{" + f.Key + "}") {
			p.Fault(f.Line, "%q is no name for a placeholder: small letters, digits and _", f.Key)
		}
		if m.means == "" {
			p.Fault(f.Line, "placeholder %s: say what it means", f.Key)
		}
		if (len(m.longest) == 0) == (m.oneOf == "") {
			p.Fault(f.Line, "placeholder %s needs either longest or one_of", f.Key)
		}
		out[f.Key] = m
	}
	return out
}

func readLongest(p *source.Page, n source.Node) map[string]string {
	if n.Kind != source.Map {
		return map[string]string{"": p.Word(n, "longest")}
	}
	out := map[string]string{}
	for _, f := range p.Fields(n, "longest") {
		out[f.Key] = p.Word(f.Value, f.Key)
	}
	if out[base] == "" {
		p.Fault(n.Line, "longest by language needs %s", base)
	}
	return out
}

// long is the longest value in a language.
func (m meaning) long(lang string) string {
	for _, l := range []string{lang, "", base} {
		if v, ok := m.longest[l]; ok {
			return v
		}
	}
	return ""
}

// matches reports whether a key is named by a pattern: itself, or "family.*".
func matches(pattern, key string) bool {
	ok, err := path.Match(pattern, key)
	return err == nil && ok
}
