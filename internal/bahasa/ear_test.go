package bahasa

import "testing"

// Phrases of nobody's list, as a neighbour would say them: what rules and
// concepts must understand without the phrase being written down anywhere.
func TestReadIntentOnUnlistedPhrases(t *testing.T) {
	right := 0
	all := rows(t, "intents_ear.tsv")
	for _, r := range all {
		got := ReadIntent(r[0]).Intent
		if string(got) == r[1] {
			right++
			continue
		}
		t.Errorf("ReadIntent(%q) = %s, want %s", r[0], got, r[1])
	}
	t.Logf("%d of %d", right, len(all))
}

func TestReadAmountOnUnlistedPhrases(t *testing.T) {
	right, wrong := 0, 0
	all := rows(t, "amounts_ear.tsv")
	for _, r := range all {
		a := ReadAmount(r[0])
		if got := amountText(a); got == r[1] {
			right++
		} else {
			if a.Verdict == Value {
				wrong++
			}
			t.Errorf("ReadAmount(%q) = %s (%s), want %s", r[0], got, a.Kind, r[1])
		}
	}
	t.Logf("%d of %d right, %d wrong values", right, len(all), wrong)
}
