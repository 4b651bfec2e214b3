package ussd

import (
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

const screenLimit = 182 // septets; the gateway ends the session on a longer answer

// fit makes any text a legal screen; ok is false if something had to go. It is a last guard: screens are checked before
// they are used, and here a cut word is better than a lost session.
func fit(s string) (screen string, ok bool) {
	ok = true
	s = strings.ReplaceAll(s, "\r", "")
	if _, gsm := bahasa.Septets(s); !gsm {
		ok = false
		s = bahasa.Plain(s)
	}
	var b strings.Builder
	used := 0
	for _, r := range s {
		n, gsm := bahasa.Septets(string(r))
		if !gsm {
			continue
		}
		if used+n > screenLimit {
			return b.String(), false
		}
		used += n
		b.WriteRune(r)
	}
	return b.String(), ok
}
