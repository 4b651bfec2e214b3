package text

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Route is the road a text takes.
type Route struct {
	Via      string // sms, ussd, telegram, whatsapp
	Money    bahasa.MoneyStyle
	Profile  string // "long_number" for cheap SMS routes that drop long digit runs, else ""
	MaxParts int    // SMS: segments at most; 0 = 1 (R02)
	Room     int    // USSD: septets left on the screen; 0 = 182 (R21)
}

// Rendered is a text as it will be read.
type Rendered struct {
	Text  string
	Parts int // SMS segments; 1 elsewhere
	Units int // septets or UTF-16 units on SMS and USSD, characters elsewhere
	GSM7  bool
}

// Limits of the roads.
const (
	ScreenSeptets = 182  // a USSD screen (R21)
	ChatLength    = 4096 // a Telegram message
	NameLength    = 14   // a display name; every text is proven with it
	nameShortest  = 6
	quoteShortest = 8
)

var (
	// ErrNoText: neither the language nor Indonesian has this text for this road.
	ErrNoText = errors.New("no such text")
	// ErrMissing: an argument that the text needs was not given.
	ErrMissing = errors.New("missing argument")
	// ErrTooLong: the text does not fit, however short its names are cut.
	ErrTooLong = errors.New("text too long")
	// ErrRefused: the route's profile does not carry this text (long numbers).
	ErrRefused = errors.New("text refused by the route")
)

// cut is how far names and quotes are shortened; quote 0 leaves quotes whole.
type cut struct{ name, quote int }

// Render says a text in a language for a road. On SMS and USSD it is GSM-7
// only; one that is too long has its names cut first, then what people wrote
// themselves, and is ErrTooLong when that does not help.
func (c *Catalogue) Render(key, lang string, args Args, r Route) (Rendered, error) {
	f, lang, err := c.find(key, lang, r)
	if err != nil {
		return Rendered{}, err
	}
	out, err := c.measured(f, key, lang, args, r, cut{name: NameLength})
	if err != nil {
		return Rendered{}, err
	}
	for name := NameLength - 1; !out.fits(r) && name >= nameShortest; name-- {
		if out, err = c.measured(f, key, lang, args, r, cut{name: name}); err != nil {
			return Rendered{}, err
		}
	}
	if !out.fits(r) {
		if out, err = c.shortenQuotes(f, key, lang, args, r); err != nil {
			return Rendered{}, err
		}
	}
	if !out.fits(r) {
		return Rendered{}, fmt.Errorf("%s in %s by %s takes %d units: %w", key, lang, r.Via, out.Units, ErrTooLong)
	}
	if r.Profile == longNumber && r.Via == sms {
		if err := unfit(out.Text); err != nil {
			return Rendered{}, fmt.Errorf("%s in %s: %w", key, lang, err)
		}
	}
	return out, nil
}

// shortenQuotes finds the longest quote that fits, by halving.
func (c *Catalogue) shortenQuotes(f form, key, lang string, args Args, r Route) (Rendered, error) {
	low, high := quoteShortest, ChatLength
	best, err := c.measured(f, key, lang, args, r, cut{nameShortest, low})
	for err == nil && best.fits(r) && low < high {
		mid := (low + high + 1) / 2
		var try Rendered
		if try, err = c.measured(f, key, lang, args, r, cut{nameShortest, mid}); err == nil && try.fits(r) {
			low, best = mid, try
		} else {
			high = mid - 1
		}
	}
	return best, err
}

func (c *Catalogue) measured(f form, key, lang string, args Args, r Route, k cut) (Rendered, error) {
	s, err := c.fill(f, key, lang, args, r, k, 0)
	if err != nil {
		return Rendered{}, err
	}
	if r.Via != sms && r.Via != ussd {
		_, gsm7 := bahasa.Septets(s)
		return Rendered{Text: s, Parts: 1, Units: utf8.RuneCountInString(s), GSM7: gsm7}, nil
	}
	s = bahasa.Plain(s)
	parts, gsm7, units := bahasa.Segments(s)
	if r.Via == ussd {
		parts = 1
	}
	return Rendered{Text: s, Parts: parts, Units: units, GSM7: gsm7}, nil
}

func (r Rendered) fits(road Route) bool {
	switch road.Via {
	case sms:
		return r.Parts <= max(road.MaxParts, 1)
	case ussd:
		if road.Room == 0 {
			return r.Units <= ScreenSeptets
		}
		return r.Units <= road.Room
	}
	return r.Units <= ChatLength
}

// find is the wording for a language and a road; the language it found is
// Indonesian where the other has none.
func (c *Catalogue) find(key, lang string, r Route) (form, string, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, l := range []string{lang, base} {
		f, variant, ok := c.entries[l][key].find(fallbacks(r.Via, r.Profile))
		if !ok {
			continue
		}
		if now, ok := c.changed[change{l, key, variant}]; ok {
			f = now
		}
		return f, l, nil
	}
	return form{}, "", fmt.Errorf("%s in %s by %q: %w", key, lang, r.Via, ErrNoText)
}

func (c *Catalogue) fill(f form, key, lang string, args Args, r Route, k cut, depth int) (string, error) {
	var b strings.Builder
	for _, p := range f.parts {
		if p.name == "" {
			b.WriteString(p.literal)
			continue
		}
		a, ok := args[p.name]
		if !ok {
			return "", fmt.Errorf("%s in %s: {%s}: %w", key, lang, p.name, ErrMissing)
		}
		s, err := c.value(a, lang, r, k, depth)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

var noBraces = strings.NewReplacer("{", "(", "}", ")")

// value renders an argument.
func (c *Catalogue) value(a Arg, lang string, r Route, k cut, depth int) (string, error) {
	switch a.kind {
	case kindStr:
		return noBraces.Replace(a.s), nil
	case kindNum:
		return bahasa.Number(a.n), nil
	case kindRp:
		return bahasa.Money(a.n, r.Money), nil
	case kindThousands:
		return bahasa.Thousands(a.n, lang), nil
	case kindName:
		return bahasa.FitName(oneLine(a.s), k.name), nil
	case kindQuote:
		return shorten(oneLine(a.s), k.quote), nil
	case kindKey:
		return c.nested(a, lang, r, k, depth)
	case kindList:
		items := make([]string, len(a.list))
		for i, item := range a.list {
			var err error
			if items[i], err = c.value(item, lang, r, k, depth); err != nil {
				return "", err
			}
		}
		return strings.Join(items, noBraces.Replace(a.s)), nil
	}
	return moment(a, lang)
}

func (c *Catalogue) nested(a Arg, lang string, r Route, k cut, depth int) (string, error) {
	if depth >= maxNesting {
		return "", fmt.Errorf("%s: texts within texts without end", a.s)
	}
	f, found, err := c.find(a.s, lang, r)
	if err != nil {
		return "", err
	}
	return c.fill(f, a.s, found, a.args, r, k, depth+1)
}

func moment(a Arg, lang string) (string, error) {
	layout := time.DateOnly
	if a.kind == kindClock {
		layout = clockForm
	}
	t, err := time.Parse(layout, a.s)
	if err != nil {
		return "", fmt.Errorf("argument {%s}: %w", a.kind, err)
	}
	switch a.kind {
	case kindWeek:
		return bahasa.Range(t), nil
	case kindDate:
		return bahasa.DateIn(t, lang), nil
	case kindDay:
		return bahasa.DateShort(t), nil
	}
	return bahasa.Clock(t), nil
}

// oneLine keeps foreign words from looking like lines of ours.
func oneLine(s string) string { return noBraces.Replace(strings.Join(strings.Fields(s), " ")) }

// shorten cuts a quote to n characters, the last two being dots; 0 cuts nothing.
func shorten(s string, n int) string {
	r := []rune(s)
	if n == 0 || len(r) <= n {
		return s
	}
	return strings.TrimSpace(string(r[:n-2])) + ".."
}
