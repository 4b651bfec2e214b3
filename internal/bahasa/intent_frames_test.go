package bahasa

import (
	"slices"
	"strings"
	"testing"
)

// polite are what people put around any wish; the wish stays the same.
var polite = []string{"%s bu", "bu %s", "maaf bu %s", "%s ya bu", "%s pak", "%s mbak", "assalamualaikum bu, %s", "assalamualaikum %s", "selamat pagi bu %s", "%s terima kasih", "%s makasih ya bu", "punten %s", "nuwun sewu %s", "%s atuh",
	"%s nggih bu", "%s dong bu", "%s.", "%s!!", "%s 🙏", "(%s)", "%s bu rina", "mohon maaf bu, %s", "hapunten %s", "%s lah", "halo %s"}

// What somebody wants does not change with her manners.
func TestPolitenessChangesNoWish(t *testing.T) {
	// Words that are politeness themselves, or answers, may turn into each other.
	soft := []string{"YES", "NO", "NOT_NO", "GREETING", "THANKS", "MENU", "START", "MAYBE", "ATTEND_YES", "ABUSE", "STOP"}
	changed, n := map[string]int{}, map[string]int{}
	for _, r := range rows(t, "intents.tsv") {
		if slices.Contains(soft, r[1]) {
			continue
		}
		for _, f := range polite {
			s := strings.Replace(f, "%s", r[0], 1)
			n[r[1]]++
			got := string(ReadIntent(s).Intent)
			if got == r[1] {
				continue
			}
			if changed[r[1]]++; changed[r[1]] <= 40 {
				t.Logf("ReadIntent(%q) = %s, want %s", s, got, r[1])
			}
			if slices.Contains(grave, r[1]) {
				t.Errorf("%q was read as %s, not %s", s, got, r[1])
			}
		}
	}
	bad, all := 0, 0
	for _, c := range sortedKeys(n) {
		bad, all = bad+changed[c], all+n[c]
		t.Logf("%-14s %3d of %4d changed", c, changed[c], n[c])
	}
	if bad*50 > all {
		t.Errorf("%d of %d wishes changed with manners: more than one in fifty", bad, all)
	}
}
