package bahasa

import (
	"strconv"
	"strings"
	"testing"
)

// reading prints an amount as `kabar parse amount` does.
func amountText(a Amount) string {
	if a.Verdict == Value {
		return strconv.FormatInt(a.Rupiah, 10)
	}
	return a.Verdict.String()
}

func TestReadAmountOnTheLabelledData(t *testing.T) {
	good, all := map[string]int{}, map[string]int{}
	for _, r := range rows(t, "amounts.tsv") {
		class, _, _ := strings.Cut(strings.TrimPrefix(r[2], "["), "]")
		all[class]++
		if got := amountText(ReadAmount(r[0])); got == r[1] {
			good[class]++
		} else {
			t.Errorf("ReadAmount(%q) = %s, want %s (%s)", r[0], got, r[1], r[2])
		}
	}
	for class, n := range all {
		t.Logf("%-28s %d/%d", class, good[class], n)
	}
}
