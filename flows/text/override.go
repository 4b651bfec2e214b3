package text

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrUnfit: an approved change would break what the files are checked for.
var ErrUnfit = errors.New("change not possible")

// Override replaces a wording by an approved change from the database; an empty
// text brings the file's back. variant is "" where the text has no variants.
// The change has to pass the same checks as the files; ErrUnfit says which it
// does not. It may be called while texts are being rendered.
func (c *Catalogue) Override(lang, key, variant, text string) error {
	e := c.entries[lang][key]
	if e == nil {
		return fmt.Errorf("%s does not exist in %s: %w", key, lang, ErrUnfit)
	}
	if _, ok := e.forms[variant]; !ok {
		return fmt.Errorf("%s in %s has no variant %q: %w", key, lang, variant, ErrUnfit)
	}
	at := change{lang, key, variant}
	if text == "" {
		c.mu.Lock()
		delete(c.changed, at)
		c.mu.Unlock()
		return nil
	}
	f, err := compile(text)
	if err != nil {
		return fmt.Errorf("%s %w: %w", key, err, ErrUnfit)
	}
	problems := c.problems(f, key, lang, variant)
	if lang == base {
		// The flows were checked against the file's placeholders.
		known := e.forms[variant].names()
		for _, name := range f.names() {
			if !slices.Contains(known, name) {
				problems = append(problems, fmt.Sprintf("has {%s}, which nothing supplies", name))
			}
		}
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s%s: %w", named(key, variant), strings.Join(problems, "; "), ErrUnfit)
	}
	c.mu.Lock()
	c.changed[at] = f
	c.mu.Unlock()
	return nil
}
