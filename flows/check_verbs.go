package flows

import (
	"slices"
	"strings"
)

// checkVerb holds a step's outcomes against those that the verb declares.
func (c *checker) checkVerb(s *step) {
	if c.verbs == nil {
		return
	}
	if s.do.text != "" {
		v, ok := c.verbs[s.do.text]
		if !ok {
			c.at(s, s.do.line, "%s does %s, a verb that does not exist", s.ref, s.do.text)
			return
		}
		for _, o := range s.on {
			if !slices.Contains(v.Outcomes, o.name) {
				c.at(s, o.next.line, "%s never answers %s; it answers %s", v.Name, o.name, strings.Join(v.Outcomes, ", "))
			}
		}
		for _, name := range v.Outcomes {
			if !slices.ContainsFunc(s.on, func(o outcome) bool { return o.name == name }) {
				c.at(s, s.do.line, "%s may answer %s, which leads nowhere in %s", v.Name, name, s.ref)
			}
		}
	}
	if s.from.text != "" && len(c.offers(s.from.text)) == 0 {
		c.at(s, s.from.line, "%s chooses from %s, which no verb makes", s.ref, s.from.text)
	}
}

// offers are the lists of options that verbs make in a variable.
func (c *checker) offers(name string) []Offer {
	var out []Offer
	for _, v := range c.verbs {
		for _, o := range v.Offers {
			if o.Var == name {
				out = append(out, o)
			}
		}
	}
	return out
}

// checkVariables finds the texts that need a variable which nothing gives on
// any way to them: what every turn supplies, what verbs and openers give, what
// answers set. Ways that begin with a stranger have no name to call.
func (c *checker) checkVariables() {
	for _, knows := range []bool{true, false} {
		have := map[string]map[string]bool{}
		for _, ref := range c.enter(knows, have) {
			c.spread(ref, have)
		}
		for _, s := range c.b.order {
			if vars, ok := have[s.ref]; ok {
				c.needs(s, vars)
			}
		}
	}
}

// enter puts what is given at the ways in, and returns them.
func (c *checker) enter(knows bool, have map[string]map[string]bool) (refs []string) {
	put := func(ref string, more []string) {
		if _, ok := c.b.steps[ref]; !ok {
			return
		}
		if have[ref] == nil {
			have[ref] = map[string]bool{}
		}
		for _, name := range append(c.texts.Given(knows), more...) {
			have[ref][name] = true
		}
		refs = append(refs, ref)
	}
	for role, words := range c.b.routes {
		if known(role) == knows {
			for _, l := range words {
				put(l.ref, nil)
			}
		}
	}
	if knows {
		for _, o := range c.opens {
			put(o.Ref, o.Gives)
		}
	}
	return refs
}

// spread carries variables along all links until nothing new arrives.
func (c *checker) spread(ref string, have map[string]map[string]bool) {
	todo := []string{ref}
	for len(todo) > 0 {
		s := c.b.steps[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		after := append(c.sets(s), "said")
		for _, l := range c.links(s) {
			if _, ok := c.b.steps[l.ref]; !ok {
				continue
			}
			grew := have[l.ref] == nil
			if grew {
				have[l.ref] = map[string]bool{}
			}
			add := func(name string) {
				if !have[l.ref][name] {
					have[l.ref][name], grew = true, true
				}
			}
			for name := range have[s.ref] {
				add(name)
			}
			for _, name := range after {
				add(name)
			}
			if grew {
				todo = append(todo, l.ref)
			}
		}
	}
}

// sets are the variables that a step may set.
func (c *checker) sets(s *step) []string {
	var out []string
	out = append(out, c.verbs[s.do.text].Gives...)
	for _, o := range c.verbs[s.do.text].Offers {
		out = append(out, o.Var)
	}
	for _, a := range s.asks {
		out = append(out, a.kind)
	}
	if s.set != "" {
		out = append(out, s.set)
	}
	for _, o := range s.options {
		for name := range o.Set {
			out = append(out, name)
		}
	}
	return out
}

func (c *checker) needs(s *step, vars map[string]bool) {
	need := func(key, via string, line int) {
		for _, name := range c.texts.Placeholders(key, c.texts.Languages()[0], via) {
			if !vars[name] {
				c.at(s, line, "%s says %s, but nothing gives {%s} on the way there", s.ref, key, name)
			}
		}
	}
	for _, w := range append(slices.Clone(s.say), s.also...) {
		for _, via := range s.said(w) {
			need(w.key, via, w.line)
		}
	}
	for _, o := range s.options {
		if o.LabelKey != "" {
			need(o.LabelKey, "", o.line)
		}
	}
	if s.from.text != "" && !vars[s.from.text] {
		c.at(s, s.from.line, "%s chooses from %s, but nothing makes it on the way there", s.ref, s.from.text)
	}
}
