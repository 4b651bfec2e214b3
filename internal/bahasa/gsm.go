package bahasa

import "unicode/utf16"

const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExt   = "\f^{}\\[~]|€"
)

// septetsOf is 1 or 2 for a GSM-7 character, 0 for any other.
func septetsOf(r rune) int {
	for _, c := range gsmBasic {
		if c == r {
			return 1
		}
	}
	for _, c := range gsmExt {
		if c == r {
			return 2
		}
	}
	return 0
}

// Septets counts GSM-7 septets; gsm7 is false when a character is outside the
// alphabet, and then n counts UTF-16 units instead.
func Septets(s string) (n int, gsm7 bool) {
	for _, r := range s {
		k := septetsOf(r)
		if k == 0 {
			return len(utf16.Encode([]rune(s))), false
		}
		n += k
	}
	return n, true
}

// Segments counts the parts of an SMS.
func Segments(s string) (parts int, gsm7 bool, units int) {
	units, gsm7 = Septets(s)
	one, more := 160, 153
	if !gsm7 {
		one, more = 70, 67
	}
	if units <= one {
		return 1, gsm7, units
	}
	return (units + more - 1) / more, gsm7, units
}

// Plain writes a text with GSM-7 characters only.
func Plain(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if septetsOf(r) > 0 {
			out = append(out, r)
		}
	}
	return string(out)
}

// FitName cuts a display name to at most max characters, at whole words where
// that leaves anything.
func FitName(name string, max int) string {
	r := []rune(name)
	if len(r) <= max {
		return name
	}
	return string(r[:max])
}
