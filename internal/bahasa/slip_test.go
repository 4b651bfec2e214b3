package bahasa

import (
	"math/rand"
	"strconv"
	"strings"
	"testing"
)

// slip is s with one letter lost, replaced, added or swapped with the next; s
// itself when the place that was drawn holds no letter.
func slip(rnd *rand.Rand, s string) string {
	b := []byte(s)
	i, c := rnd.Intn(len(b)), byte('a'+rnd.Intn(26))
	if b[i] < 'a' || b[i] > 'z' {
		return s
	}
	switch rnd.Intn(4) {
	case 0:
		return s[:i] + s[i+1:]
	case 1:
		b[i] = c
	case 2:
		return s[:i] + string(c) + s[i:]
	case 3:
		if i+1 < len(b) && b[i+1] >= 'a' && b[i+1] <= 'z' {
			b[i], b[i+1] = b[i+1], b[i]
		}
	}
	return string(b)
}

// A slip of the thumb may cost a question, never a wrong figure. Few pairs of
// words are one letter apart and cannot be told from each other (noban, goban).
func TestASlipStoresNoOtherAmount(t *testing.T) {
	rnd := rand.New(rand.NewSource(5))
	values, wrong := 0, 0
	for _, file := range append(earFiles(t, "amounts"), "amounts.tsv") {
		for _, r := range rows(t, file) {
			want, err := strconv.ParseInt(r[1], 10, 64)
			if err != nil || len(r[0]) < 3 {
				continue
			}
			for range 12 {
				s := slip(rnd, r[0])
				if a := ReadAmount(s); s != r[0] && a.Verdict == Value {
					values++
					if a.Rupiah != want {
						wrong++
						t.Logf("ReadAmount(%q) stores %d, want %d (%q)", s, a.Rupiah, want, r[0])
					}
				}
			}
		}
	}
	t.Logf("%d wrong of %d values", wrong, values)
	if wrong*500 > values {
		t.Errorf("%d of %d values are wrong: more than one in 500", wrong, values)
	}
}

// Nothing stops messages by a slip, but what is one letter away from a stop
// phrase itself.
func TestASlipDoesNotStop(t *testing.T) {
	rnd := rand.New(rand.NewSource(6))
	n := 0
	for _, file := range append(earFiles(t, "intents"), "intents.tsv", "intents_ear.tsv") {
		for _, r := range rows(t, file) {
			if r[1] == string(Stop) || len(r[0]) < 3 {
				continue
			}
			for range 4 {
				s := strings.ToLower(r[0])
				s = slip(rnd, s)
				n++
				// udahan, eureun and "hapus ak" (me) are stop phrases, one letter from hope,
				// perhaps and "hapus pak", and nstop is as near to stop as to unstop.
				if IsStop(s) && s != "udah2an" && s != "eureun" && s != "nstop" && s != "end" && s != "hapus ak" {
					t.Errorf("%q stops (%s %q)", s, r[1], r[0])
				}
			}
		}
	}
	t.Logf("%d slips", n)
}
