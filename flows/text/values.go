package text

import (
	"fmt"
	"slices"
	"strings"
)

// Whole stands, among the names given to Values, for the text itself.
const Whole = "text"

// Fills says whether a name can be given to Values for a text.
func (c *Catalogue) Fills(key, lang, name string) bool {
	return name == Whole || slices.Contains(c.Placeholders(key, lang, plain), name)
}

// Values renders placeholders of a text one by one, each on one line, for a template that somebody else keeps and that has
// the words around them.
func (c *Catalogue) Values(names []string, key, lang string, args Args, r Route) ([]string, error) {
	out := make([]string, len(names))
	for i, name := range names {
		if name == Whole {
			said, err := c.Render(key, lang, args, r)
			if err != nil {
				return nil, err
			}
			out[i] = strings.Join(strings.Fields(said.Text), " ")
			continue
		}
		a, ok := args[name]
		if !ok {
			return nil, fmt.Errorf("%s in %s: {%s}: %w", key, lang, name, ErrMissing)
		}
		s, err := c.value(a, lang, r, cut{name: NameLength}, 0)
		if err != nil {
			return nil, err
		}
		out[i] = strings.Join(strings.Fields(s), " ")
	}
	return out, nil
}
