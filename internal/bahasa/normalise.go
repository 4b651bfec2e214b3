package bahasa

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalise brings a text into the form in which it is compared: NFKC, lower
// case, ASCII digits, no accents, emoji, controls or doubled spaces, and a letter
// O inside a number read as zero. Normalising twice changes nothing.
func Normalise(s string) string {
	t, _ := normalise(s)
	return t
}

// normalise also says whether a letter was read as a zero.
func normalise(s string) (string, bool) {
	ascii, done := true, true // done: nothing to do but the zeros
	space := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			ascii = false
		case c == ' ':
			if space {
				done = false
			}
			space = true
			continue
		case c < ' ' || c == 0x7f || c >= 'A' && c <= 'Z' || c == '`':
			done = false
		}
		space = false
	}
	if !ascii {
		s = unfold(s)
	}
	if !ascii || !done || space {
		s = squeeze(s)
	}
	return zeros(s)
}

// unfold replaces what has an ASCII reading and drops what has none.
func unfold(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteByte(byte(r))
		} else if t, ok := asciiFor(r); ok {
			b.WriteString(t)
		} else {
			b.WriteRune(r)
		}
	}
	s = norm.NFKD.String(b.String())
	b.Reset()
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case r == 0x2044: // fraction slash, from a fraction glyph
			b.WriteByte('/')
		case unicode.Is(unicode.Nd, r):
			b.WriteByte(digitOf(r))
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc, unicode.Cf):
			// accents, variation selectors, joiners, bidi controls
		case unicode.IsSpace(r), unicode.In(r, unicode.So, unicode.Sk, unicode.C), r == utf8.RuneError:
			b.WriteByte(' ')
		default:
			if t, ok := asciiFor(r); ok {
				b.WriteString(t)
			} else {
				b.WriteRune(unicode.ToLower(r))
			}
		}
	}
	// Lower case may leave composed or decomposed letters of other scripts; one
	// fixed form keeps Normalise idempotent.
	return norm.NFKC.String(b.String())
}

// asciiFor reads punctuation that phones put in the place of ASCII. Fraction
// glyphs get a space, or 1½ would become 11/2.
func asciiFor(r rune) (string, bool) {
	switch r {
	case '‘', '’', '‚', '‛', '′', '´', 'ʼ', 'ʻ', '`':
		return "'", true
	case '“', '”', '„', '″', '«', '»':
		return `"`, true
	case '‐', '‑', '‒', '–', '—', '―', '−', '﹣', '－':
		return "-", true
	case '½':
		return " 1/2", true
	case '¼':
		return " 1/4", true
	case '¾':
		return " 3/4", true
	case '⅓':
		return " 1/3", true
	case '⅔':
		return " 2/3", true
	case '×', '✕', '✖':
		return "x", true
	case '²', '³', '¹':
		return " ", true // 500² is no number that we know
	case '≈', '∼', '～':
		return "~", true
	case '±', '∓':
		return "+-", true
	case '÷':
		return "/", true
	}
	return "", false
}

// digitOf returns the ASCII digit of a decimal digit in any script.
func digitOf(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10)
		}
	}
	return ' '
}

// squeeze lowers ASCII letters and leaves single spaces between words.
func squeeze(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == '`':
			c = '\''
		case c <= ' ' || c == 0x7f:
			if len(b) > 0 && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
			continue
		}
		b = append(b, c)
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return string(b)
}

// zeros reads 5OOrb as 500rb: letters O in a run that begins with a digit and
// ends where a number may end. 5orang stays as it is.
func zeros(s string) (string, bool) {
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || i > 0 && isAlnum(s[i-1]) {
			continue
		}
		j, letters := i, 0
		for j < len(s) && (isDigit(s[j]) || s[j] == 'o' || groupOfZeros(s[j:])) {
			if s[j] == 'o' {
				letters++
			}
			j++
		}
		if letters > 0 && endsNumber(s[j:]) {
			if out == nil {
				out = []byte(s)
			}
			for k := i; k < j; k++ {
				if out[k] == 'o' {
					out[k] = '0'
				}
			}
		}
		i = j - 1
	}
	if out == nil {
		return s, false
	}
	return string(out), true
}

// groupOfZeros reports whether .ooo or ,ooo follows: 5oo.ooo.
func groupOfZeros(s string) bool {
	if len(s) < 4 || s[0] != '.' && s[0] != ',' || len(s) > 4 && isAlnum(s[4]) {
		return false
	}
	for i := 1; i < 4; i++ {
		if s[i] != 'o' && s[i] != '0' {
			return false
		}
	}
	return true
}

func endsNumber(rest string) bool {
	if rest == "" || strings.IndexByte(" .,-+/=;)!?", rest[0]) >= 0 {
		return true
	}
	for _, u := range [...]string{"rb", "ribu", "rebu", "jt", "juta"} {
		if strings.HasPrefix(rest, u) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= utf8.RuneSelf }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }
