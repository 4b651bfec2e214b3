package text

import (
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Longest is a text on a road with every placeholder at its longest legal
// value; false when there is no such text.
func (c *Catalogue) Longest(key, lang, via string) (string, bool) {
	f, lang, err := c.find(key, lang, Route{Via: via})
	if err != nil {
		return "", false
	}
	return c.stretch(f, lang, via), true
}

// stretch puts the longest values into a form. open are the placeholders that
// are being stretched already: a text within itself counts once.
func (c *Catalogue) stretch(f form, lang, via string, open ...string) string {
	var b strings.Builder
	for _, p := range f.parts {
		if p.name == "" {
			b.WriteString(p.literal)
			continue
		}
		b.WriteString(c.longValue(p.name, lang, via, open))
	}
	return b.String()
}

// longValue is a placeholder's longest value: the one in placeholders.yaml, or
// the longest of the texts that it may hold.
func (c *Catalogue) longValue(name, lang, via string, open []string) string {
	m := c.meanings[name]
	if m.oneOf == "" || slices.Contains(open, name) {
		return m.long(lang)
	}
	open = append(open[:len(open):len(open)], name)
	longest, most := "", -1
	for key := range c.entries[base] {
		if !matches(m.oneOf, key) {
			continue
		}
		f, found, err := c.find(key, lang, Route{Via: via})
		if err != nil {
			continue
		}
		s := c.stretch(f, found, via, open...)
		if n, _ := bahasa.Septets(s); n > most || n == most && s < longest {
			longest, most = s, n
		}
	}
	return longest
}
