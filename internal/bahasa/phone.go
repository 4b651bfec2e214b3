package bahasa

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Numbers are read by the programme's own contract instead of a general
// library: letters, lost digits and foreign numbers must be refused, where
// general parsers repair them silently (O812 becomes 0812).

// ReadPhone reads an Indonesian mobile number: 08 and 8 to 11 more digits,
// with or without +62. Ask means that it looks like one but holds something that
// must not be guessed; e164 is set with Value only.
func ReadPhone(s string) (e164 string, v Verdict) {
	e164, _, v = readPhone(s)
	return e164, v
}

// RepairPhone reads a number from a file and repairs what is certain. The note
// says what was repaired: "zero" (a spreadsheet ate the first zero), "rewritten"
// (+62, spaces, dashes) or "" (written as 08… already).
func RepairPhone(s string) (e164, note string, v Verdict) {
	e164, note, v = readPhone(s)
	if v != Value {
		note = ""
	}
	return e164, note, v
}

// phoneLabels may stand before a number without changing it.
var phoneLabels = []string{"https://", "http://", "api.whatsapp.com/send?phone=", "wa.me/", "tel:", "telepon", "telpon", "telp", "tlp",
	"nomor", "nomer", "whatsapp", "nope", "hp", "wa", "no", "."}

func readPhone(s string) (e164, note string, v Verdict) {
	raw := s
	t := strings.TrimSpace(strings.ToLower(norm.NFKC.String(s)))
	for cut := true; cut; {
		cut = false
		for _, l := range phoneLabels {
			if rest, ok := strings.CutPrefix(t, l); ok {
				t, cut = strings.TrimLeft(rest, " .:="), true
			}
		}
	}
	digits := make([]byte, 0, 20)
	letters, odd := 0, false
	for i, r := range t {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case r >= 'a' && r <= 'z':
			letters++
		case strings.ContainsRune(" -.()'\u2019`\u2010\u2011\u2013\u200b\u200e\u200f\u202a\u202c\u2068\u2069\ufeff", r):
		case r == '+' && i == strings.IndexAny(t, "+0123456789"):
		default:
			odd = true
		}
	}
	if len(digits) < 7 {
		return "", "", Invalid
	}
	d := string(digits)
	if letters > 0 {
		// 8.12E+10 has lost digits for good; a letter between digits is a slip.
		if strings.ContainsRune(t, 'e') && (strings.Contains(t, ".") || strings.Contains(t, ",") || strings.Contains(t, "e+")) && letters == 1 {
			return "", "", Invalid
		}
		if len(d) >= 16 {
			return "", "", Invalid
		}
		return "", "", Ask
	}
	if odd {
		if len(d) < 9 {
			return "", "", Invalid
		}
		return "", "", Ask // two numbers, or a number with something else
	}
	plus := strings.HasPrefix(t, "+")
	if rest, ok := strings.CutPrefix(d, "00"); ok && !plus {
		if !strings.HasPrefix(rest, "62") {
			return "", "", Invalid // another country
		}
		d = rest
	}
	national := ""
	switch {
	case strings.HasPrefix(d, "620"):
		national = d[3:]
	case strings.HasPrefix(d, "62"):
		national = d[2:]
	case plus:
		return "", "", Invalid // another country
	case strings.HasPrefix(d, "0"):
		national = d[1:]
	case strings.HasPrefix(d, "8"):
		national, note = d, "zero"
	default:
		return "", "", Invalid
	}
	if !mobile(national) {
		return "", "", Invalid
	}
	if note == "" && strings.TrimSpace(raw) != "0"+national {
		note = "rewritten"
	}
	return "+62" + national, note, Value
}

// mobile reports whether a number without its zero is on a mobile network:
// 80, 84 and 86 are not given to any, landlines begin otherwise.
func mobile(n string) bool {
	if len(n) < 9 || len(n) > 12 || n[0] != '8' {
		return false
	}
	return strings.IndexByte("1235789", n[1]) >= 0
}
