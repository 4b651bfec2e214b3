package text

import "strings"

// Label is the short text of a button or a screen's line. It always answers:
// an unknown key is "", a missing argument is left out, because the question
// matters more than one of its buttons. Check finds both in what is written;
// for options that a verb makes it is the verb's to give the arguments.
func (c *Catalogue) Label(key, lang string, args Args) string {
	return c.LabelOn(key, lang, plain, args)
}

// LabelOn is Label for one road.
func (c *Catalogue) LabelOn(key, lang, via string, args Args) string {
	r := Route{Via: via}
	f, lang, err := c.find(key, lang, r)
	if err != nil {
		return ""
	}
	whole := make(Args, len(args))
	for _, name := range f.names() {
		whole[name] = args[name] // the zero Arg is an empty string
	}
	s, err := c.fill(f, key, lang, whole, r, cut{name: NameLength}, 0)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(s)
}

// Pick keeps of a flow's variables what a text needs in any language or
// variant: what an outbox row has to carry.
func (c *Catalogue) Pick(key string, vars map[string]any) Args {
	out := Args{}
	for _, lang := range c.languages {
		for _, name := range c.Placeholders(key, lang, plain) {
			if a, ok := argOf(vars[name], 0); ok {
				out[name] = a
			}
		}
	}
	return out
}
