package prokus_test

import (
	"fmt"
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// One in twenty, for one week as for one person, and always the same ones.
func TestSampled(t *testing.T) {
	week, err := prokus.ParseWeek("2026-W23")
	if err != nil {
		t.Fatal(err)
	}
	people, weeks := 0, 0
	const n = 20_000
	for i := range n {
		code := prokus.WithCheckDigit(fmt.Sprint(20000 + i))
		first, again := prokus.Sampled(code, week), prokus.Sampled(code, week)
		if first != again {
			t.Fatal("judged twice in two ways")
		}
		if first {
			people++
		}
		if prokus.Sampled("482919", week+prokus.Week(i)) {
			weeks++
		}
	}
	for what, got := range map[string]int{"people": people, "weeks": weeks} {
		if got < n*4/100 || got > n*6/100 {
			t.Errorf("of %d %s %d are sampled, want about one in twenty", n, what, got)
		}
	}
}
