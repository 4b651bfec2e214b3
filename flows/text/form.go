package text

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// form is one wording of a text, cut into literal pieces and placeholders.
type form struct {
	raw   string
	parts []part
}

type part struct {
	literal string
	name    string // placeholder, when not ""
}

var placeholder = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// compile cuts a wording at its placeholders. A brace that is no placeholder
// is an error: braces are never read by people.
func compile(raw string) (form, error) {
	f := form{raw: raw}
	at := 0
	for _, m := range placeholder.FindAllStringSubmatchIndex(raw, -1) {
		if m[0] > at {
			f.parts = append(f.parts, part{literal: raw[at:m[0]]})
		}
		f.parts = append(f.parts, part{name: raw[m[2]:m[3]]})
		at = m[1]
	}
	if at < len(raw) {
		f.parts = append(f.parts, part{literal: raw[at:]})
	}
	for _, p := range f.parts {
		if i := strings.IndexAny(p.literal, "{}"); i >= 0 {
			return form{}, fmt.Errorf("a brace that is no placeholder: %.20q", p.literal[i:])
		}
	}
	if strings.TrimSpace(raw) == "" {
		return form{}, fmt.Errorf("is empty")
	}
	return f, nil
}

// names are a form's placeholders, each once, sorted.
func (f form) names() []string {
	var out []string
	for _, p := range f.parts {
		if p.name != "" {
			out = append(out, p.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Variants of a text. plain is a text that is the same everywhere.
const (
	plain      = ""
	sms        = "sms"
	ussd       = "ussd"
	telegram   = "telegram"
	whatsapp   = "whatsapp"
	longNumber = "long_number" // an SMS for a cheap route; chosen by Route.Profile
)

var variants = []string{sms, ussd, telegram, whatsapp, longNumber}

// fallbacks are the variants that may serve a road, best first.
func fallbacks(via, profile string) []string {
	switch {
	case via == sms && profile != "":
		return []string{profile, sms, plain}
	case via == whatsapp:
		return []string{whatsapp, telegram, sms, plain}
	case via == plain:
		return []string{plain, sms, telegram, ussd, whatsapp}
	}
	return []string{via, sms, plain}
}

// entry is a text in one language: its variants, and where it stands.
type entry struct {
	forms map[string]form
	file  string
	lines map[string]int
	line  int
}

func (e *entry) find(order []string) (form, string, bool) {
	if e == nil {
		return form{}, "", false
	}
	for _, v := range order {
		if f, ok := e.forms[v]; ok {
			return f, v, true
		}
	}
	return form{}, "", false
}
