package bahasa

import (
	"slices"
	"testing"
)

// The bar is 98 of 100; what must never be confused is held apart below.
func TestReadIntentOnTheLabelledData(t *testing.T) {
	good, all := map[string]int{}, map[string]int{}
	right, n := 0, 0
	for _, r := range rows(t, "intents.tsv") {
		all[r[1]]++
		n++
		got := string(ReadIntent(r[0]).Intent)
		if got == r[1] {
			good[r[1]]++
			right++
			continue
		}
		t.Logf("ReadIntent(%q) = %s, want %s", r[0], got, r[1])
		if got == "STOP" || r[1] == "STOP" {
			t.Errorf("a false or missed stop: %q", r[0])
		}
		if slices.Contains([]string{"COMPLAINT", "VIOLENCE", "DISASTER", "BEREAVED"}, r[1]) {
			t.Errorf("%q was read as harmless", r[0])
		}
	}
	for _, class := range sortedKeys(all) {
		t.Logf("%-14s %3d of %3d", class, good[class], all[class])
	}
	t.Logf("intents: %d of %d, %s", right, n, Percent1(int64(right), int64(n)))
	if right*100 < n*98 {
		t.Errorf("%d of %d is under 98%%", right, n)
	}
}

func sortedKeys(m map[string]int) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
