package flows

import (
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Limits of a USSD screen (R21).
const (
	screenSeptets = 182
	screenOptions = 6 // besides 0 and 9
)

// checkScreens measures every USSD screen at its longest: everything said from
// an answer to the next question, and the option lines.
func (c *checker) checkScreens() {
	for _, lang := range c.texts.Languages() {
		lines := map[string]int{} // what can follow a ref on one screen, in septets with line feeds
		for _, s := range c.b.order {
			if !s.screen() {
				continue
			}
			total, after := c.longest(s.ref, lang, lines)-1, 0
			for _, l := range s.onward() {
				after = max(after, c.longest(l.ref, lang, lines)-1)
			}
			// Told of the step that makes it too long, not of all before it.
			if total > screenSeptets && after <= screenSeptets {
				c.at(s, s.line, "the screen of %s takes %d of %d septets in %s at its longest", s.ref, total, screenSeptets, lang)
			}
		}
	}
	for _, s := range c.b.order {
		if s.screen() {
			c.checkScreenOptions(s)
		}
	}
}

func (c *checker) checkScreenOptions(s *step) {
	n := 0
	for _, o := range s.options {
		if !strings.Contains("0123456789", o.Key) {
			c.at(s, o.line, "key %s of %s: a USSD screen takes digits", o.Key, s.ref)
		}
		if o.LabelKey == "" {
			c.at(s, o.line, "option %s of %s has no label to show on the screen", o.Key, s.ref)
		}
		if o.Key != "0" && o.Key != "9" {
			n++
		}
	}
	made := 0
	for _, o := range c.offers(s.from.text) {
		made = max(made, o.Max)
	}
	if n+made > screenOptions {
		c.at(s, s.line, "%s offers %d options on a screen, %d at most besides 0 and 9", s.ref, n+made, screenOptions)
	}
}

// longest is the longest screen that can begin at a step. A loop without a
// question, a fault of its own, counts once.
func (c *checker) longest(ref, lang string, lines map[string]int) int {
	s, ok := c.b.steps[ref]
	if !ok {
		return 0
	}
	if n, ok := lines[ref]; ok {
		return n
	}
	lines[ref] = 0
	after := 0
	for _, l := range s.onward() {
		after = max(after, c.longest(l.ref, lang, lines))
	}
	lines[ref] = c.own(s, lang) + after
	return lines[ref]
}

// own is what a step itself puts on the screen; a line feed follows every line.
func (c *checker) own(s *step, lang string) int {
	n := 0
	line := func(prefix, key string) int {
		text, _ := c.texts.Longest(key, lang, "ussd")
		units, _ := bahasa.Septets(prefix + text)
		return units + 1
	}
	for _, w := range s.say {
		n += line("", w.key)
	}
	made := 0
	for _, o := range c.offers(s.from.text) {
		made = max(made, o.Max*line("1 ", o.Label))
	}
	for _, o := range s.options {
		n += line(o.Key+" ", o.LabelKey)
	}
	return n + made
}
