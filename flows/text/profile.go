package text

import (
	"fmt"
	"regexp"
)

// What operators drop from cheap long-number routes: any number of more than
// three digits, links, and words that look like fraud to them.
var (
	longDigits   = regexp.MustCompile(`\d[\d.,]*\d[\d.,]*\d[\d.,]*\d`)
	blockedWords = regexp.MustCompile(`(?i)\b(dana|selamat|nomor|juta|pin|akun|token|otp|kode|password)\b|https?://|www\.|\.\w+/`)
)

// unfit says why a long-number route would drop a text, nil if it would not.
func unfit(s string) error {
	if m := longDigits.FindString(s); m != "" {
		return fmt.Errorf("a number of more than three digits: %w", ErrRefused)
	}
	if m := blockedWords.FindString(s); m != "" {
		return fmt.Errorf("the word %q: %w", m, ErrRefused)
	}
	return nil
}
