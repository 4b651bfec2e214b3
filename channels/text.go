package channels

import (
	"strings"
	"unicode/utf8"
)

// Mark ends a text that Readable had to cut.
const Mark = "…"

// Readable makes the text that a turn reads from the bytes that arrived: valid UTF-8 (a bad byte becomes U+FFFD), without
// NUL and other control characters, without the invisible characters that turn or split a line on screen, and at most max
// runes, the last of which is Mark when something was cut (faults.md A11). The bytes themselves are kept in Inbound.Raw.
func Readable(b []byte, max int) string {
	var out strings.Builder
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		b = b[size:]
		if invisible(r) {
			continue
		}
		if n == max-1 && anyVisible(b) {
			out.WriteString(Mark)
			break
		}
		if n == max {
			break
		}
		out.WriteRune(r)
		n++
	}
	return out.String()
}

func anyVisible(b []byte) bool {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if !invisible(r) {
			return true
		}
		b = b[size:]
	}
	return false
}

// invisible lists what is dropped. Zero-width joiners stay: emoji are built with them.
func invisible(r rune) bool {
	switch {
	case r == '\n', r == '\r', r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r < 0xa0: // C0, DEL, C1
		return true
	case r == 0x200b, r == 0x2060, r == 0xfeff: // zero-width space, word joiner, byte order mark
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069: // bidi controls
		return true
	}
	return false
}
