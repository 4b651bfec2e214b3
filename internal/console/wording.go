package console

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Languages in which a broadcast can be written; Indonesian is required.
var broadcastLangs = []prokus.Lang{prokus.ID, prokus.SU, prokus.JV}

// Limits of a broadcast's words.
const (
	maxName  = 80
	maxText  = 480 // characters: three segments are refused anyway
	MaxParts = 2   // segments a message (faults.md B14)
	nameRoom = 14  // characters of a display name, as in every other text
)

// Recipient is somebody in an audience with what the placeholders say about her.
type Recipient struct {
	Person     int64
	Code       string
	Name       string
	Salutation string
	TKSK       string // "Pak Dedi"; empty while the post is vacant
	Area       string // code of her kecamatan
	Kecamatan  string
	Lang       prokus.Lang
	Via        string // sms, telegram
	To         string // number or chat
	Zone       string
	// By which sender and how the number last wrote; empty if it never did.
	WroteTo, WroteBy string
}

// TextFor is the text in which a language is served: its own, or Indonesian.
func (w Wording) TextFor(l prokus.Lang) string {
	if t := w.Texts[l]; t != "" {
		return t
	}
	return w.Texts[prokus.ID]
}

// Say is the literal text for one recipient. Values are written in GSM-7, so that a name never doubles the price.
func (w Wording) Say(r Recipient) string {
	return fill(w.TextFor(r.Lang), r)
}

// called is her name as every other text says it.
func (r Recipient) called() string {
	return bahasa.FitName(prokus.Person{Name: r.Name}.First(), nameRoom)
}

func fill(t string, r Recipient) string {
	tksk := r.TKSK
	if tksk == "" {
		tksk = "pendamping"
	}
	return strings.NewReplacer(
		"{nama}", bahasa.Plain(r.called()),
		"{sapaan}", prokus.Title(r.Salutation),
		"{pendamping}", bahasa.Plain(tksk),
		"{kecamatan}", bahasa.Plain(r.Kecamatan),
	).Replace(t)
}

// Problem is one thing that keeps a broadcast from being submitted. Key names the sentence in the template.
type Problem struct {
	Field string // the form field it belongs to
	Key   string
	Arg   string
}

var placeholder = regexp.MustCompile(`\{[^{}]*\}?|\}`)

var known = []string{"{nama}", "{sapaan}", "{pendamping}", "{kecamatan}"}

// Problems of the words and the time, in the order of the form. loc is the zone in which the time was typed, r are the rules of
// its area.
func (b *Broadcast) Problems(r prokus.Rules, now time.Time, loc *time.Location) []Problem {
	var out []Problem
	if b.Name == "" {
		out = append(out, Problem{Field: "nama", Key: "name"})
	}
	for _, l := range broadcastLangs {
		field := "teks_" + string(l)
		t := b.Texts[l]
		if t == "" {
			if l == prokus.ID {
				out = append(out, Problem{Field: field, Key: "text"})
			} else if !slices.Contains(b.UseID, l) {
				out = append(out, Problem{Field: field, Key: "lang", Arg: string(l)})
			}
			continue
		}
		for _, p := range placeholder.FindAllString(t, -1) {
			if !slices.Contains(known, p) {
				out = append(out, Problem{Field: field, Key: "placeholder", Arg: p})
			}
		}
		for _, link := range foreignLinks(t) {
			out = append(out, Problem{Field: field, Key: "link", Arg: link})
		}
	}
	out = append(out, b.offerProblems(now.In(loc))...)
	if at := b.SendAt.In(loc); !b.SendAt.IsZero() && r.Quiet(at) {
		out = append(out, Problem{Field: "tanggal", Key: "quiet", Arg: bahasa.DateLong(r.AfterQuiet(at))})
	} else if !b.SendAt.IsZero() && at.Before(now) && b.State == Draft {
		out = append(out, Problem{Field: "tanggal", Key: "past"})
	}
	return out
}

// A link is anything with a scheme, a www, or a domain ending that phones turn into something to tap.
var link = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|id|co|info|me|ly|my|xyz|site|online|link|app|io|shop|store|biz|top|click|gl|to|cc|tk|ru|cn|gd|page|dev|live|vip|win|club)\b(?:[/?:@]\S*)?`)

// foreignLinks are the links of a text that do not lead to *.go.id.
func foreignLinks(t string) []string {
	var out []string
	for _, m := range link.FindAllString(t, -1) {
		m = strings.TrimRight(m, ".,;:!?)\"'")
		if !governmental(m) {
			out = append(out, m)
		}
	}
	return out
}

func governmental(s string) bool {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return false
	}
	h := strings.ToLower(u.Hostname())
	return strings.HasSuffix(h, ".go.id")
}

var risky = regexp.MustCompile(`(?i)\b(pin|otp|transfer|password|kata sandi|nik|nomor rekening)\b`)

// riskyWords are words that a fraud would use too; the author is asked to think again, not stopped.
func riskyWords(t string) []string {
	var out []string
	for _, m := range risky.FindAllString(t, -1) {
		if m = strings.ToUpper(m); !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// Costly is one character outside GSM-7 with what could stand for it.
type Costly struct {
	Char, Code, Plain string
}

// costly are the characters of a text that leave GSM-7, each once.
func costly(t string) []Costly {
	var out []Costly
	for _, r := range t {
		s := string(r)
		if _, ok := bahasa.Septets(s); ok || slices.ContainsFunc(out, func(c Costly) bool { return c.Char == s }) {
			continue
		}
		out = append(out, Costly{Char: s, Code: codePoint(r), Plain: bahasa.Plain(s)})
	}
	return out
}

func codePoint(r rune) string {
	const hex = "0123456789ABCDEF"
	s := ""
	for n := r; n > 0; n >>= 4 {
		s = string(hex[n&15]) + s
	}
	for len(s) < 4 {
		s = "0" + s
	}
	return "U+" + s
}
