package telegram

import (
	"strings"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/channels"
)

// clean is what the turn reads; raw what was typed.
func clean(s string) string { return channels.Readable([]byte(s), maxText) }

// raw keeps a text as it was typed. Telegram's own limit is the same, so only a forger's text is cut.
func raw(s string) []byte { return []byte(cut(s, maxText)) }

// cut returns the first n characters of s.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// e164 brings a shared number into +62… form. Telegram gives a person's own number with the country code and mostly
// without "+"; a number from an address book comes as it was typed. Empty: not a phone number.
func e164(s string) string {
	var digits strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case strings.ContainsRune("+-(). \u00a0", r):
		default:
			return ""
		}
	}
	d := strings.TrimPrefix(digits.String(), "00")
	if strings.HasPrefix(d, "0") {
		d = "62" + d[1:]
	}
	if len(d) < 8 || len(d) > 15 || d[0] == '0' {
		return ""
	}
	return "+" + d
}

// language keeps a client's language code if it looks like one.
func language(code string) string {
	if len(code) > 35 {
		return ""
	}
	for _, r := range code {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return ""
		}
	}
	return strings.ToLower(code)
}
