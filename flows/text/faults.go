package text

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/flows/internal/source"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Words that Twilio takes as its own commands before we see them. STOP is not
// among them here, since stopping is what it is meant for.
var reserved = regexp.MustCompile(`\b(STOPALL|UNSUBSCRIBE|CANCEL|END|QUIT|START|YES|UNSTOP)\b`)

// Faults is everything wrong with the words: the single-segment proof (text x
// language x longest legal value), placeholders, gaps, reserved words.
func (c *Catalogue) Faults() []Fault {
	var out source.Faults
	for _, lang := range c.languages {
		out = append(out, c.gaps(lang)...)
		for key, e := range c.entries[lang] {
			if c.entries[base][key] == nil {
				out = append(out, Fault{File: e.file, Line: e.line, Problem: key + " does not exist in " + base})
				continue
			}
			for variant, f := range e.forms {
				for _, problem := range c.problems(f, key, lang, variant) {
					out = append(out, Fault{File: e.file, Line: e.lines[variant], Problem: named(key, variant) + problem})
				}
			}
		}
	}
	out = append(out, c.emptyFamilies()...)
	return out.Sorted()
}

func named(key, variant string) string {
	if variant == plain {
		return key + " "
	}
	return key + " (" + variant + ") "
}

// gaps are the texts that a complete language lacks and does not say that it is without.
func (c *Catalogue) gaps(lang string) (out []Fault) {
	if !c.complete[lang] {
		return nil
	}
	for _, w := range c.without[lang] {
		hit := false
		for key := range c.entries[base] {
			hit = hit || c.entries[lang][key] == nil && matches(w.pattern, key)
		}
		if !hit {
			out = append(out, Fault{File: path.Join(dir, lang+".yaml"), Line: w.line, Problem: fmt.Sprintf("is without %s, but lacks no such text", w.pattern)})
		}
	}
	for key, e := range c.entries[base] {
		if c.entries[lang][key] == nil && !c.leavesOut(lang, key) {
			out = append(out, Fault{File: path.Join(dir, lang+".yaml"), Problem: fmt.Sprintf("is declared complete, but lacks %s (%s:%d)", key, e.file, e.line)})
		}
	}
	return out
}

// Lacking are the languages that say they are complete and leave this text to Indonesian: nobody who chose one of them may
// be sent it.
func (c *Catalogue) Lacking(key string) (out []string) {
	for _, lang := range c.languages {
		if c.complete[lang] && c.entries[lang][key] == nil && c.leavesOut(lang, key) {
			out = append(out, lang)
		}
	}
	return out
}

func (c *Catalogue) leavesOut(lang, key string) bool {
	return slices.ContainsFunc(c.without[lang], func(w leftOut) bool { return matches(w.pattern, key) })
}

// emptyFamilies are placeholders that hold one of a family of texts, of which
// there is none.
func (c *Catalogue) emptyFamilies() (out []Fault) {
	for name, m := range c.meanings {
		if m.oneOf == "" {
			continue
		}
		none := true
		for key := range c.entries[base] {
			none = none && !matches(m.oneOf, key)
		}
		if none {
			out = append(out, Fault{File: path.Join(dir, placeholdersFile), Line: m.line, Problem: fmt.Sprintf("{%s} is one of %s, but there is no such text", name, m.oneOf)})
		}
	}
	return out
}

// problems are what is wrong with one wording; each goes on after its key.
func (c *Catalogue) problems(f form, key, lang, variant string) (out []string) {
	for _, name := range f.names() {
		if _, ok := c.meanings[name]; !ok {
			out = append(out, fmt.Sprintf("uses {%s}, which %s does not define", name, placeholdersFile))
		}
	}
	out = append(out, c.unlike(f, key, lang, variant)...)
	if w := reserved.FindString(f.raw); w != "" {
		out = append(out, fmt.Sprintf("says %s, a word that Twilio keeps for itself", w))
	}
	out = append(out, c.oversize(f, lang, variant)...)
	if variant == longNumber {
		for _, p := range f.parts {
			if err := unfit(p.literal); err != nil {
				out = append(out, "would be dropped: "+err.Error())
			}
		}
	}
	return out
}

// unlike compares the placeholders with those of the Indonesian wording for the
// same road.
func (c *Catalogue) unlike(f form, key, lang, variant string) (out []string) {
	if lang == base {
		return nil
	}
	via, profile := variant, ""
	if variant == longNumber {
		via, profile = sms, longNumber
	}
	model, _, ok := c.entries[base][key].find(fallbacks(via, profile))
	if !ok {
		return nil
	}
	have, want := f.names(), model.names()
	for _, name := range want {
		if !slices.Contains(have, name) && !c.meanings[name].optional {
			out = append(out, fmt.Sprintf("lacks {%s}, which %s has", name, base))
		}
	}
	for _, name := range have {
		if !slices.Contains(want, name) && !c.meanings[name].optional {
			out = append(out, fmt.Sprintf("has {%s}, which %s has not", name, base))
		}
	}
	return out
}

// oversize is the proof that a wording fits its road at its longest.
func (c *Catalogue) oversize(f form, lang, variant string) (out []string) {
	via := variant
	switch variant {
	case telegram, whatsapp:
		if n := utf8.RuneCountInString(c.stretch(f, lang, via)); n > ChatLength {
			out = append(out, fmt.Sprintf("takes %d of %d characters", n, ChatLength))
		}
		return out
	case plain, longNumber:
		via = sms
	}
	s := c.stretch(f, lang, via)
	units, gsm7 := bahasa.Septets(s)
	if !gsm7 {
		return append(out, fmt.Sprintf("has characters outside GSM-7: %s", strings.Join(foreign(s), " ")))
	}
	if parts, _, _ := bahasa.Segments(s); via == sms && parts > 1 {
		out = append(out, fmt.Sprintf("takes %d of 160 septets at its longest: %q", units, s))
	}
	if via == ussd && units > ScreenSeptets {
		out = append(out, fmt.Sprintf("takes %d of %d septets of a screen at its longest: %q", units, ScreenSeptets, s))
	}
	return out
}

// foreign are the characters of a text that GSM-7 does not have.
func foreign(s string) []string {
	seen := map[string]bool{}
	for _, r := range s {
		if _, ok := bahasa.Septets(string(r)); !ok {
			seen[fmt.Sprintf("%q", r)] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}
