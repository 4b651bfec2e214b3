package text

import (
	"io/fs"

	"github.com/kabar-prokus/kabar/flows/internal/source"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Fault is something wrong in a text file, with its line.
type Fault = source.Fault

// Route is the road a text takes.
type Route struct {
	Via      string // sms, ussd, telegram, whatsapp
	Money    bahasa.MoneyStyle
	Profile  string // "long_number" for cheap routes that drop long digit runs, else ""
	MaxParts int    // SMS segments at most; 0 = 1
}

// Rendered is a text as it will be read.
type Rendered struct {
	Text  string
	Parts int // SMS segments; 1 elsewhere
	Units int // septets or UTF-16 units on SMS and USSD, characters elsewhere
	GSM7  bool
}

// Catalogue holds the texts of all languages.
type Catalogue struct{}

// Load reads the language files and placeholders.yaml of a directory.
func Load(fsys fs.FS) (*Catalogue, error) { return &Catalogue{}, nil }

// Render says a text in a language for a road.
func (c *Catalogue) Render(key, lang string, args Args, r Route) (Rendered, error) {
	return Rendered{Text: key, Parts: 1}, nil
}

// Has reports whether a text exists.
func (c *Catalogue) Has(key string) bool { return false }

// Label is the short form of a text for a button; the key itself if it cannot be rendered.
func (c *Catalogue) Label(key, lang string, args Args) string { return key }

// LabelOn is Label for one road.
func (c *Catalogue) LabelOn(key, lang, via string, args Args) string { return key }

// Placeholders are the placeholders of a text, sorted.
func (c *Catalogue) Placeholders(key, lang, via string) []string { return nil }

// Pick keeps of a flow's variables what a text needs in any language or variant, as Args.
func (c *Catalogue) Pick(key string, vars map[string]any) Args { return nil }

// Override replaces a text by an approved change; an empty text brings the file's back.
func (c *Catalogue) Override(lang, key, variant, text string) error { return nil }

// ArgsOf reads a flow's variables as arguments; what is no argument is left out.
func ArgsOf(vars map[string]any) Args { return nil }
