package bahasa

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRunes is how much of one message is kept as text (the longest message
// that providers hand over).
const maxRunes = 1600

// Clean turns received bytes into text that can be stored and shown: valid
// UTF-8, no NUL, no bidi or other controls but line feed and tab, at most 1600
// characters, of which the last is … when something was cut.
func Clean(b []byte) string {
	var out strings.Builder
	out.Grow(min(len(b), 4*maxRunes))
	n, last := 0, 0
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		i += size
		switch {
		case r == '\r' || r == 0:
			continue
		case r == '\n' || r == '\t':
		case unicode.IsControl(r), bidiControl(r):
			continue
		}
		if n == maxRunes {
			return out.String()[:last] + "…"
		}
		last = out.Len()
		out.WriteRune(r)
		n++
	}
	return out.String()
}

func bidiControl(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x061c || r == 0xfeff
}

// MaskDigits hides what may be a NIK or card number before a message is stored
// (R15): a run of sixteen or more digits, also in groups, keeps its last four.
// Digits of every script count. It never changes a shorter run.
func MaskDigits(b []byte) []byte {
	type span struct{ at, size int }
	var (
		out  []byte
		run  []span
		gap  int // separators since the last digit
		mask = func() {
			if len(run) >= 16 {
				if out == nil {
					out = append([]byte(nil), b...)
				}
				for _, d := range run[:len(run)-4] {
					out[d.at] = '*'
					for k := 1; k < d.size; k++ {
						out[d.at+k] = 0 // the rest of a longer digit, removed below
					}
				}
			}
			run, gap = run[:0], 0
		}
	)
	wide := false
	for i := 0; i < len(b); {
		r, size := rune(b[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(b[i:])
		}
		switch {
		case r >= '0' && r <= '9':
			run, gap = append(run, span{i, 1}), 0
		case r >= utf8.RuneSelf && unicode.Is(unicode.Nd, r):
			run, gap, wide = append(run, span{i, size}), 0, true
		case len(run) > 0 && gap < 3 && separates(r):
			gap++
		default:
			mask()
		}
		i += size
	}
	mask()
	if out == nil {
		return b
	}
	if wide {
		kept := out[:0]
		for i, c := range out {
			if c != 0 || b[i] == 0 {
				kept = append(kept, c)
			}
		}
		out = kept
	}
	return out
}

// separates reports what people put between the groups of a long number.
func separates(r rune) bool {
	switch r {
	case ' ', '.', '-', ',', '/', '_', ':', 0xa0, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x202f, 0x200b, 0x200c, 0x200d, 0x2060:
		return true
	}
	return false
}
