package bahasa

import "unicode/utf8"

// splitWords splits a normalised text into words of letters and digits. An
// apostrophe inside a word is dropped (ho'oh), a doubling digit too (kirim2).
func splitWords(s string) []string {
	out := make([]string, 0, 8)
	for i := 0; i < len(s); {
		if !isAlnum(s[i]) {
			i++
			continue
		}
		j, apostrophe := i, false
		for j < len(s) && (isAlnum(s[j]) || s[j] == '\'' && j+1 < len(s) && isLetter(s[j+1])) {
			apostrophe = apostrophe || s[j] == '\''
			j++
		}
		w := s[i:j]
		if apostrophe {
			b := make([]byte, 0, len(w))
			for k := range len(w) {
				if w[k] != '\'' {
					b = append(b, w[k])
				}
			}
			w = string(b)
		}
		if n := len(w); n >= 3 && w[n-1] == '2' && isLetter(w[n-2]) {
			w = w[:n-1]
		}
		out = append(out, undouble(w))
		i = j
	}
	return out
}

// maxBytes is how much of a message is read: as much as Clean keeps.
const maxBytes = 4 * maxRunes

// head returns at most n bytes of a text, whole characters only.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// undouble reads the digit two inside a word as a doubling: mudah2an.
func undouble(w string) string {
	for i := 3; i+1 < len(w); i++ {
		if w[i] == '2' && isLetter(w[i-1]) && isLetter(w[i+1]) && !isDigit(w[0]) {
			return w[:i] + w[i+1:]
		}
	}
	return w
}

// onlyDigits reports whether a word is a number.
func onlyDigits(w string) bool {
	for i := range len(w) {
		if !isDigit(w[i]) {
			return false
		}
	}
	return w != ""
}
