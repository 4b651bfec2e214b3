package bahasa

import (
	"strconv"
	"strings"
	"testing"
)

// amountText prints an amount as `kabar parse amount` does.
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
	right, n := 0, 0
	for _, class := range sortedKeys(all) {
		right, n = right+good[class], n+all[class]
		t.Logf("%-28s %d of %d", class, good[class], all[class])
	}
	t.Logf("amounts: %d of %d, %s", right, n, Percent1(int64(right), int64(n)))
}
