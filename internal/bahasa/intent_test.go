package bahasa

import "testing"

func TestReadIntentOnTheLabelledData(t *testing.T) {
	good, all := map[string]int{}, map[string]int{}
	right, n := 0, 0
	for _, r := range rows(t, "intents.tsv") {
		all[r[1]]++
		n++
		if got := ReadIntent(r[0]); string(got.Intent) == r[1] {
			good[r[1]]++
			right++
		} else {
			t.Errorf("ReadIntent(%q) = %s, want %s", r[0], got.Intent, r[1])
		}
	}
	for class, k := range all {
		t.Logf("%-14s %d/%d", class, good[class], k)
	}
	t.Logf("%d of %d", right, n)
}
