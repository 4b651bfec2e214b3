package flows

import (
	"path"
	"strings"
)

// said are the roads on which a step says a text.
func (s *step) said(w say) []string {
	switch {
	case w.via != "":
		return []string{w.via}
	case s.screen():
		return []string{"ussd"}
	case len(w.only) > 0:
		return w.only
	}
	return []string{"sms", "telegram"}
}

// checkSays finds texts that do not exist, or not for the road.
func (c *checker) checkSays(s *step) {
	for _, w := range append(append([]say{}, s.say...), s.also...) {
		if !c.use(w.key) {
			c.at(s, w.line, "%s says %s, a text that does not exist", s.ref, w.key)
			continue
		}
		for _, via := range s.said(w) {
			if _, ok := c.texts.Longest(w.key, c.texts.Languages()[0], via); !ok {
				c.at(s, w.line, "%s says %s, which has no wording for %s", s.ref, w.key, via)
			}
		}
	}
	for _, o := range s.options {
		if o.LabelKey != "" && !c.use(o.LabelKey) {
			c.at(s, o.line, "option %s of %s is labelled %s, a text that does not exist", o.Key, s.ref, o.LabelKey)
		}
	}
	for _, w := range s.buttons {
		if key := "button." + w.text; !c.use(key) {
			c.at(s, w.line, "button %s of %s needs the text %s", w.text, s.ref, key)
		}
	}
	if len(s.also) > 0 && !s.screen() {
		c.at(s, s.also[0].line, "%s has also: a receipt besides is for USSD screens", s.ref)
	}
}

// use marks a text as used; "x.*" marks a family.
func (c *checker) use(pattern string) bool {
	if !strings.Contains(pattern, "*") {
		_, ok := c.marks[pattern]
		c.used[pattern] = true
		return ok
	}
	found := false
	for key := range c.marks {
		if ok, err := path.Match(pattern, key); err == nil && ok {
			c.used[key], found = true, true
		}
	}
	return found
}

// checkUnused finds the texts that nobody says. It comes last: by then the
// steps have marked theirs.
func (c *checker) checkUnused() {
	for _, v := range c.verbs {
		says := v.Says
		for _, o := range v.Offers {
			says = append(says[:len(says):len(says)], o.Label)
		}
		for _, key := range says {
			if !c.use(key) {
				c.outside(v.Name, "names the text %s, which does not exist", key)
			}
		}
	}
	for _, o := range c.opens {
		if o.Says != "" && !c.use(o.Says) {
			c.outside(o.By, "says %s, a text that does not exist", o.Says)
		}
	}
	for key, m := range c.marks {
		if !c.used[key] {
			c.faults = append(c.faults, Fault{File: m.File, Line: m.Line, Problem: "nobody says " + key})
		}
	}
}
