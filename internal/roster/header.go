package roster

import (
	"strings"
	"unicode"
)

// headerLines is within how many lines the header is looked for: titles and empty lines may stand above it.
const headerLines = 5

// commas that spreadsheets write; Excel in Indonesia writes ";".
var commas = []rune{';', ',', '\t', '|'}

// findHeader chooses, among the first lines, the one with the most columns that we know. Two are needed: one alone may be
// a word of the title. found is how many it knows.
func findHeader(first [][]string) (row, found int) {
	for i, cells := range first {
		if i >= headerLines {
			break
		}
		if n := countKnown(cells); n > found {
			row, found = i, n
		}
	}
	if found < 2 {
		return 0, 0
	}
	return row, found
}

func countKnown(cells []string) int {
	seen := map[Field]bool{}
	for _, c := range cells {
		if f, ok := synonyms[plainHeader(c)]; ok {
			seen[f] = true
		}
	}
	return len(seen)
}

// plainHeader reduces a header to what people mean: lower case letters and digits, without what stands in brackets.
func plainHeader(s string) string {
	if before, _, ok := strings.Cut(s, "("); ok && strings.TrimSpace(before) != "" {
		s = before
	}
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
