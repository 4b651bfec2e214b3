package bahasa

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The bars hold at the median over the labelled data: 50 microseconds and 20
// allocations to read one message.
func TestReadingIsCheap(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		read func(string)
	}{
		"amount":      {"amounts.tsv", func(s string) { ReadAmount(s) }},
		"intent":      {"intents.tsv", func(s string) { ReadIntent(s) }},
		"command":     {"intents.tsv", func(s string) { ReadCommand(s) }},
		"safety":      {"intents.tsv", func(s string) { Safety(s) }},
		"long intent": {"intents_ear.tsv", func(s string) { ReadIntent(s) }},
		"long amount": {"amounts_ear.tsv", func(s string) { ReadAmount(s) }},
	} {
		var took []time.Duration
		var allocs []float64
		for _, r := range rows(t, c.file) {
			c.read(r[0])
			best := time.Hour
			for range 5 {
				start := time.Now()
				c.read(r[0])
				best = min(best, time.Since(start))
			}
			took = append(took, best)
			allocs = append(allocs, testing.AllocsPerRun(3, func() { c.read(r[0]) }))
		}
		slices.Sort(took)
		slices.Sort(allocs)
		d, a := took[len(took)/2], allocs[len(allocs)/2]
		t.Logf("%s: median %v, %v allocations; worst %v, %v", name, d, a, took[len(took)-1], allocs[len(allocs)-1])
		if a > 20 {
			t.Errorf("%s: %v allocations at the median", name, a)
		}
		// Twice the bar, so that a busy machine does not fail the build.
		if d > 100*time.Microsecond {
			t.Errorf("%s: %v at the median", name, d)
		}
	}
}

func BenchmarkReadAmount(b *testing.B) {
	all := rows(b, "amounts.tsv")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ReadAmount(all[i%len(all)][0])
	}
}

func BenchmarkReadIntent(b *testing.B) {
	all := rows(b, "intents.tsv")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ReadIntent(all[i%len(all)][0])
	}
}

func BenchmarkSafety(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Safety("alhamdulillah minggu ini dapat 500rb bu, pembeli lumayan ramai")
	}
}

// The longest message that a phone sends, of nothing but words that may stand
// between the parts of a rule.
func BenchmarkReadIntentLong(b *testing.B) {
	s := strings.Repeat("saya juga ini sudah ya ", 70)
	b.ReportAllocs()
	for b.Loop() {
		ReadIntent(s)
	}
}
