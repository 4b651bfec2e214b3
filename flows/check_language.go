package flows

import (
	"path"
	"slices"
	"strings"
)

// staff are the roles of officers, whose texts a language may leave to Indonesian.
var staff = []string{"tksk", "mentor", "coordinator", "ussd_tksk"}

// checkHerLanguage finds what a beneficiary can be told that a complete language leaves out: the texts of every step that her
// words, her answers or a message to her lead to, what its verb says, and what is said to her outside the flows.
func (c *checker) checkHerLanguage() {
	var todo []string
	for role, words := range c.b.routes {
		if slices.Contains(staff, role) {
			continue
		}
		for _, l := range words {
			todo = append(todo, l.ref)
		}
	}
	for _, o := range c.opens {
		if !slices.Contains(o.Gives, "nama") { // her name is in reach of whatever is said to her
			continue
		}
		todo = append(todo, o.Ref)
		for _, key := range c.family(o.Says) {
			for _, lang := range c.texts.Lacking(key) {
				c.outside(o.By, "tells her %s, which %s leaves out", key, lang)
			}
		}
	}
	for ref := range c.reach(todo) {
		s := c.b.steps[ref]
		for _, w := range slices.Concat(s.say, s.also) {
			c.inHerLanguage(s, w.line, w.key)
		}
		for _, o := range s.options {
			c.inHerLanguage(s, o.line, o.LabelKey)
		}
		for _, w := range s.buttons {
			c.inHerLanguage(s, w.line, "button."+w.text)
		}
		for _, pattern := range c.verbs[s.do.text].Says {
			for _, key := range c.family(pattern) {
				c.inHerLanguage(s, s.do.line, key)
			}
		}
	}
}

func (c *checker) inHerLanguage(s *step, line int, key string) {
	if _, ok := c.marks[key]; !ok {
		return // a fault already
	}
	for _, lang := range c.texts.Lacking(key) {
		c.at(s, line, "%s says %s to her, which %s leaves out", s.ref, key, lang)
	}
}

// family are the texts of a pattern such as report.*, or the one that it names.
func (c *checker) family(pattern string) (out []string) {
	if pattern == "" {
		return nil
	}
	if !strings.Contains(pattern, "*") {
		return []string{pattern}
	}
	for key := range c.marks {
		if ok, err := path.Match(pattern, key); err == nil && ok {
			out = append(out, key)
		}
	}
	return out
}

// reach are the steps that others lead to, with those themselves.
func (c *checker) reach(todo []string) map[string]bool {
	reached := map[string]bool{}
	for len(todo) > 0 {
		ref := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		s, ok := c.b.steps[ref]
		if !ok || reached[ref] {
			continue
		}
		reached[ref] = true
		for _, l := range c.ways(s) {
			todo = append(todo, l.ref)
		}
	}
	return reached
}
