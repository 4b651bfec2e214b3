package flows

import (
	"slices"
	"strings"
)

func (c *checker) checkRoutes() {
	for role, words := range c.b.routes {
		for word, l := range words {
			s, ok := c.b.steps[l.ref]
			at := &step{file: dir + "/" + routesFile}
			if !ok {
				c.at(at, l.line, "%s %s leads to %s, which does not exist", role, word, l.ref)
			} else if s.screen() != onScreen(role) {
				c.at(at, l.line, "%s %s leads to %s: USSD and the other roads have flows of their own", role, word, l.ref)
			}
		}
	}
}

func (c *checker) checkLinks(s *step) {
	for _, l := range c.ways(s) {
		to, ok := c.b.steps[l.ref]
		switch {
		case l.ref == End || l.ref == "":
		case !ok:
			c.at(s, l.line, "%s leads to %s, which does not exist", s.ref, l.ref)
		case to.screen() != s.screen():
			c.at(s, l.line, "%s leads to %s: USSD and the other roads have flows of their own", s.ref, l.ref)
		}
	}
	// A button's name is a word that some role has a route for.
	for _, w := range s.buttons {
		routed := false
		for _, words := range c.b.routes {
			_, ok := words[w.text]
			routed = routed || ok
		}
		if !routed {
			c.at(s, w.line, "button %s leads nowhere: no role has a route for it", w.text)
		}
	}
}

func (c *checker) checkOptions(s *step) {
	for i, o := range s.options {
		for _, before := range s.options[:i] {
			if !meet(before.Option, o.Option) {
				continue
			}
			if before.Key == o.Key {
				c.at(s, o.line, "%s offers key %s twice, first on line %d", s.ref, o.Key, before.line)
			}
			for _, w := range o.Is {
				if slices.Contains(before.Is, w) {
					c.at(s, o.line, "%s takes %s for two options, first on line %d", s.ref, w, before.line)
				}
			}
		}
	}
}

// meet reports whether two options can be offered on the same road.
func meet(a, b Option) bool {
	return slices.ContainsFunc(roads, func(via string) bool { return a.On(via) && b.On(via) })
}

func (c *checker) checkOpens() {
	for _, o := range c.opens {
		if o.Ref == "" {
			continue
		}
		s, ok := c.b.steps[o.Ref]
		if !ok {
			c.outside(o.By, "opens %s, which does not exist", o.Ref)
		} else if !s.waits() {
			c.at(s, s.line, "%s opens %s, which does not wait for an answer", o.By, o.Ref)
		}
	}
}

// checkReach finds the steps that no route, prompt or other step leads to.
func (c *checker) checkReach() {
	var todo []string
	for _, words := range c.b.routes {
		for _, l := range words {
			todo = append(todo, l.ref)
		}
	}
	for _, o := range c.opens {
		todo = append(todo, o.Ref)
	}
	reached := c.reach(todo)
	for _, s := range c.b.order {
		if !reached[s.ref] {
			c.at(s, s.line, "nothing leads to %s", s.ref)
		}
	}
}

// checkLoops finds circles in which nothing is asked.
func (c *checker) checkLoops() {
	const running, done = 1, 2
	state := map[string]int{}
	var path []string
	var visit func(s *step)
	visit = func(s *step) {
		state[s.ref] = running
		path = append(path, s.ref)
		for _, l := range s.onward() {
			to, ok := c.b.steps[l.ref]
			if !ok {
				continue
			}
			switch state[to.ref] {
			case 0:
				visit(to)
			case running:
				circle := path[slices.Index(path, to.ref):]
				c.at(s, l.line, "a loop without a question: %s", strings.Join(append(slices.Clone(circle), to.ref), ", "))
			}
		}
		path = path[:len(path)-1]
		state[s.ref] = done
	}
	for _, s := range c.b.order {
		if state[s.ref] == 0 {
			visit(s)
		}
	}
}
