package flows

import (
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

// Texts is what Check asks of the catalogue of words.
type Texts interface {
	// Keys are all texts with their places.
	Keys() []source.Mark
	// Languages are all languages, the complete one first.
	Languages() []string
	// Placeholders are those of a text on a road.
	Placeholders(key, lang, via string) []string
	// Longest is a text on a road with its longest legal values.
	Longest(key, lang, via string) (string, bool)
	// Given are the placeholders that every turn supplies.
	Given(known bool) []string
	// Lacking are the complete languages that leave a text to the first one.
	Lacking(key string) []string
	// Faults is everything wrong with the words themselves.
	Faults() []Fault
}

// checker gathers the faults of one Check.
type checker struct {
	b      *Book
	verbs  map[string]Verb // nil: the verbs are not known here
	texts  Texts
	opens  []Open
	marks  map[string]source.Mark
	used   map[string]bool
	faults Faults
}

// Check finds every fault of flows, routes and texts at once, in order of file
// and line. verbs are all that Go offers; with nil, whatever depends on them is
// left unchecked. opens are the texts that are said outside the flows.
func Check(b *Book, verbs []Verb, texts Texts, opens []Open) []Fault {
	c := &checker{b: b, texts: texts, opens: opens, marks: map[string]source.Mark{}, used: map[string]bool{}}
	for _, m := range texts.Keys() {
		c.marks[m.Key] = m
	}
	if verbs != nil {
		c.verbs = map[string]Verb{}
		for _, v := range verbs {
			c.verbs[v.Name] = v
		}
	}
	c.faults = append(c.faults, texts.Faults()...)
	c.checkRoutes()
	for _, s := range b.order {
		c.checkLinks(s)
		c.checkOptions(s)
		c.checkSays(s)
		c.checkVerb(s)
	}
	c.checkOpens()
	c.checkReach()
	c.checkLoops()
	c.checkHerLanguage()
	c.checkScreens()
	if c.verbs != nil {
		c.checkVariables()
		c.checkUnused()
	}
	return c.faults.Sorted()
}

// at notes a fault of a step on one of its lines.
func (c *checker) at(s *step, line int, format string, args ...any) {
	c.faults = append(c.faults, Fault{File: s.file, Line: line, Problem: fmt.Sprintf(format, args...)})
}

// outside notes a fault of what is declared in Go.
func (c *checker) outside(who, format string, args ...any) {
	c.faults = append(c.faults, Fault{File: who, Problem: fmt.Sprintf(format, args...)})
}

// screen reports whether a step is shown on USSD: its flow's name says so.
func (s *step) screen() bool { return onScreen(s.flow) }

func onScreen(name string) bool { return name == "ussd" || strings.HasPrefix(name, "ussd_") }

// onward are the ways out that need no answer.
func (s *step) onward() []link {
	var out []link
	for _, o := range s.on {
		out = append(out, o.next)
	}
	if s.next.ref != "" && !s.waits() {
		out = append(out, s.next)
	}
	return out
}
