package bahasa

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExt   = "\f^{}\\[~]|€" // an escape and one more septet each
)

// septetsOf is 1 or 2 for a character of the GSM-7 alphabet, 0 for any other.
func septetsOf(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == ' ':
		return 1
	case strings.ContainsRune(gsmBasic, r):
		return 1
	case strings.ContainsRune(gsmExt, r):
		return 2
	}
	return 0
}

// Septets counts the GSM-7 septets of a text. When a character is outside the
// alphabet, gsm7 is false and n counts UTF-16 units, as the network does.
func Septets(s string) (n int, gsm7 bool) {
	units := 0
	gsm7 = true
	for _, r := range s {
		k := septetsOf(r)
		gsm7 = gsm7 && k > 0
		n += k
		units += unitsOf(r)
	}
	if !gsm7 {
		return units, false
	}
	return n, true
}

func unitsOf(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// Segments counts the SMS that a text takes: 160 septets or 70 UTF-16 units in
// one, 153 or 67 in each of several. A pair is never split over two parts.
func Segments(s string) (parts int, gsm7 bool, units int) {
	units, gsm7 = Septets(s)
	one, each, size := 160, 153, septetsOf
	if !gsm7 {
		one, each, size = 70, 67, unitsOf
	}
	if units == 0 {
		return 0, gsm7, 0
	}
	if units <= one {
		return 1, gsm7, units
	}
	parts, room := 1, each
	for _, r := range s {
		k := size(r)
		if k > room {
			parts, room = parts+1, each
		}
		room -= k
	}
	return parts, gsm7, units
}

// Plain writes a text with GSM-7 characters only: one letter outside it would
// halve the segment. What has a near reading is replaced, the rest is dropped.
func Plain(s string) string {
	if _, ok := Septets(s); ok {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if septetsOf(r) > 0 {
			b.WriteRune(r)
			continue
		}
		b.WriteString(plainFor(r))
	}
	return b.String()
}

func plainFor(r rune) string {
	switch r {
	case '…':
		return "..."
	case '•', '·', '‣', '▪':
		return "-"
	case '→':
		return "->"
	case '±':
		return "+-"
	case '½':
		return "1/2"
	case '¼':
		return "1/4"
	case '¾':
		return "3/4"
	case '²', '³', '¹':
		return string('0' + map[rune]rune{'¹': 1, '²': 2, '³': 3}[r])
	case 'đ', 'ð':
		return "d"
	case 'ł':
		return "l"
	case 'ı':
		return "i"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case '\t':
		return " "
	}
	if t, ok := asciiFor(r); ok {
		return strings.TrimSpace(t)
	}
	if unicode.IsSpace(r) {
		return " "
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if septetsOf(d) > 0 {
			b.WriteRune(d)
		} else if unicode.Is(unicode.Nd, d) {
			b.WriteByte(digitOf(d))
		}
	}
	return b.String()
}

// FitName cuts a display name to at most max characters: at a word where more
// than a title is left ("Siti"), else inside the word ("Bu Nurhaliza").
func FitName(name string, max int) string {
	name = strings.Join(strings.Fields(name), " ")
	r := []rune(name)
	if len(r) <= max {
		return name
	}
	if max <= 0 {
		return ""
	}
	for i := max; i > 0; i-- {
		if r[i] == ' ' && !onlyTitles(string(r[:i])) {
			return string(r[:i])
		}
	}
	return strings.TrimRight(string(r[:max]), " ")
}

func onlyTitles(s string) bool {
	for _, w := range strings.Fields(strings.ToLower(s)) {
		switch strings.TrimRight(w, ".") {
		case "bu", "ibu", "pak", "bapak", "mbak", "mas", "kang", "teh", "neng", "h", "hj", "rr", "rd", "r", "tksk":
		default:
			return false
		}
	}
	return true
}
