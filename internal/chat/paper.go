package chat

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

const textWidth = 76 // columns

// Colours of a terminal.
const (
	dim   = "\x1b[2m"
	bold  = "\x1b[1m"
	green = "\x1b[32m"
	cyan  = "\x1b[36m"
	red   = "\x1b[31m"
	plain = "\x1b[0m"
)

// paper is what the phone is drawn on.
type paper struct {
	out    io.Writer
	colour bool
	day    string // of the last message
}

func (p *paper) line(style, text string) {
	text = harmless(text)
	if p.colour && style != "" {
		text = style + text + plain
	}
	fmt.Fprintln(p.out, text)
}

// message draws one message below a head that says when, from whom and why.
func (p *paper) message(at time.Time, style, who, about, text string) {
	if day, _, _ := strings.Cut(bahasa.DateLong(at), " "+bahasa.Clock(at)); day != p.day {
		p.day = day
		p.line(dim, "── "+day+" ──")
	}
	head := bahasa.Clock(at) + " " + who
	if about != "" {
		head += " (" + about + ")"
	}
	p.line(style, head)
	for line := range strings.SplitSeq(harmless(text), "\n") {
		for _, part := range wrap(line, textWidth-2) {
			fmt.Fprintln(p.out, "  "+part)
		}
	}
}

// box draws a USSD screen.
func (p *paper) box(text, foot string) {
	const inside = 36
	fmt.Fprintln(p.out, "┌"+strings.Repeat("─", inside+2)+"┐")
	for line := range strings.SplitSeq(harmless(text), "\n") {
		for _, part := range wrap(line, inside) {
			fmt.Fprintf(p.out, "│ %s%s │\n", part, strings.Repeat(" ", inside-utf8.RuneCountInString(part)))
		}
	}
	fmt.Fprintln(p.out, "└─ "+foot+" "+strings.Repeat("─", max(inside-utf8.RuneCountInString(foot)-1, 0))+"┘")
}

// wrap breaks a line between words, and inside a word only where it alone is too long.
func wrap(line string, width int) []string {
	var out []string
	now := ""
	for _, word := range strings.Split(line, " ") {
		if now != "" && utf8.RuneCountInString(now)+1+utf8.RuneCountInString(word) > width {
			out = append(out, now)
			now = word
		} else if now != "" {
			now += " " + word
		} else {
			now = word
		}
		for r := []rune(now); len(r) > width; r = []rune(now) {
			out = append(out, string(r[:width]))
			now = string(r[width:])
		}
	}
	return append(out, now)
}

// harmless takes out what a terminal would obey.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r)) {
			return -1
		}
		return r
	}, s)
}
