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
