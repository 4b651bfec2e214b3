package flows

import (
	"maps"
	"slices"
)

// names is a set of variables.
type names map[string]bool

// way is a way out of a step, with the variables that are set on it.
type way struct {
	link
	gives []string
}

// ways are all ways out of a step.
func (c *checker) ways(s *step) []way {
	var out []way
	for _, l := range s.onward() {
		out = append(out, way{l, c.gives(s.do.text)})
	}
	for _, a := range s.asks {
		out = append(out, way{a.next, []string{a.kind}})
	}
	for _, o := range s.options {
		gives := slices.Collect(maps.Keys(o.Set))
		if o.Value != "" && s.set != "" {
			gives = append(gives, s.set)
		}
		out = append(out, way{o.next, gives})
	}
	if s.from.text != "" {
		out = append(out, way{s.choiceNext, []string{s.set}})
	}
	for _, o := range c.offers(s.from.text) {
		for _, ref := range o.Next {
			out = append(out, way{link{ref, s.from.line}, []string{s.set}})
		}
	}
	if s.orElse.ref != "" {
		out = append(out, way{s.orElse, nil})
	}
	return out
}

// gives are the variables that a verb may set.
func (c *checker) gives(verb string) []string {
	v, ok := c.verbs[verb]
	if !ok {
		return nil
	}
	out := slices.Clone(v.Gives)
	for _, o := range v.Offers {
		out = append(out, o.Var)
	}
	if v.Knows {
		out = append(out, c.texts.Given(true)...)
	}
	return out
}

// checkVariables finds the texts that need a variable which on some way to them
// nothing gives: neither the turn, nor a verb, nor an opener, nor an answer. A
// way that begins with a stranger has no name to call. A verb counts as giving
// all that it may.
func (c *checker) checkVariables() {
	have := map[string]names{}
	var todo []string
	arrive := func(ref string, with names) {
		if _, ok := c.b.steps[ref]; !ok {
			return
		}
		if before, ok := have[ref]; ok {
			n := len(before)
			maps.DeleteFunc(before, func(name string, _ bool) bool { return !with[name] })
			if len(before) == n {
				return
			}
		} else {
			have[ref] = with
		}
		todo = append(todo, ref)
	}
	for role, words := range c.b.routes {
		for _, l := range words {
			arrive(l.ref, set(c.texts.Given(known(role)), nil))
		}
	}
	for _, o := range c.opens {
		arrive(o.Ref, set(c.texts.Given(true), o.Gives))
	}
	for len(todo) > 0 {
		s := c.b.steps[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		for _, w := range c.ways(s) {
			arrive(w.ref, set(slices.Collect(maps.Keys(have[s.ref])), w.gives))
		}
	}
	for _, s := range c.b.order {
		if vars, ok := have[s.ref]; ok {
			c.needs(s, vars)
		}
	}
}

func set(some, more []string) names {
	out := names{}
	for _, name := range some {
		out[name] = true
	}
	for _, name := range more {
		out[name] = true
	}
	return out
}

// needs tells of the variables that a step uses and has not.
func (c *checker) needs(s *step, vars names) {
	need := func(key, via string, line int) {
		for _, name := range c.texts.Placeholders(key, c.texts.Languages()[0], via) {
			if !vars[name] {
				c.at(s, line, "%s says %s, but nothing gives {%s} on a way there", s.ref, key, name)
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
		c.at(s, s.from.line, "%s chooses from %s, but nothing makes it on a way there", s.ref, s.from.text)
	}
}
