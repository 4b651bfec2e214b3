package channels

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestA11Readable(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		max            int
	}{
		{"plain", "LAPOR 350rb", "LAPOR 350rb", 1600},
		{"NUL out", "LA\x00POR", "LAPOR", 1600},
		{"bad byte", "a\xffb", "a\uFFFDb", 1600},
		{"lone surrogate", "a\xed\xa0\x80b", "a\uFFFD\uFFFD\uFFFDb", 1600},
		{"right-to-left override out", "a\u202eb\u2066c", "abc", 1600},
		{"zero-width space and BOM out", "\ufeffYA\u200b", "YA", 1600},
		{"escape sequence out", "\x1b[31mYA", "[31mYA", 1600},
		{"new lines stay", "a\nb\tc", "a\nb\tc", 1600},
		{"emoji family stays whole", "👩\u200d👧", "👩\u200d👧", 1600},
		{"fits exactly", "abcde", "abcde", 5},
		{"cut with a mark", "abcdef", "abcd…", 5},
		{"nothing visible was cut", "abcde\x00\u202e", "abcde", 5},
		{"empty", "", "", 5},
	} {
		if got := Readable([]byte(c.in), c.max); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzReadable(f *testing.F) {
	f.Add([]byte("LAPOR 350rb\x00\xff\u202e"), 5)
	f.Fuzz(func(t *testing.T, b []byte, max int) {
		max = 1 + (max&0x7fff)%2000
		got := Readable(b, max)
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) || utf8.RuneCountInString(got) > max {
			t.Fatalf("%q (max %d) became %q", b, max, got)
		}
	})
}
