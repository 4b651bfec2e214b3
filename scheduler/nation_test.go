package scheduler_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkNation is a Monday of many people of whom one in ten has to be reminded: the minute in which nobody is due, the morning's
// rules, the reminder, and the end of the week on Wednesday. KABAR_PEOPLE says how many (10,000), KABAR_PLANS into which file the plans go.
// The figures of docs/sweep.md are those of one run with -benchtime 1x.
func BenchmarkNation(b *testing.B) {
	n := 10_000
	if v := os.Getenv("KABAR_PEOPLE"); v != "" {
		var err error
		if n, err = strconv.Atoi(v); err != nil {
			b.Fatal(err)
		}
	}
	for range b.N {
		b.StopTimer()
		e := newExplainer(b)
		w := newWorldOn(b, e.Pool, "2026-06-07 20:00", nil)
		began := time.Now()
		w.nation(n)
		b.ReportMetric(time.Since(began).Seconds(), "s/fixture")
		w.must(w.Sweep(w.ctx, w.Clock.Now())) // the rules begin
		b.StartTimer()
		sweep := func(at string) time.Duration {
			w.must(w.Clock.Set(w.ctx, local(at)))
			began := time.Now()
			w.must(w.Sweep(w.ctx, w.Clock.Now()))
			return time.Since(began)
		}
		sweep("2026-06-08 05:00")
		const ticks = 20
		var quiet time.Duration
		for i := range ticks {
			quiet += sweep(fmt.Sprintf("2026-06-08 05:%02d", i+1))
		}
		b.ReportMetric(float64(quiet.Microseconds())/1000/ticks, "ms/quiet")
		b.ReportMetric(float64(sweep("2026-06-08 06:00").Microseconds())/1000, "ms/morning")
		sweep("2026-06-08 12:29")
		before := one[int](w, `SELECT count(*) FROM outbox`)
		took := sweep("2026-06-08 12:30")
		rows := one[int](w, `SELECT count(*) FROM outbox`) - before
		b.ReportMetric(took.Seconds(), "s/remind")
		b.ReportMetric(float64(rows)/took.Seconds(), "reminders/s")
		if rows != n/10 {
			b.Errorf("%d reminders, want %d", rows, n/10)
		}
		var text strings.Builder
		for _, at := range []string{"2026-06-09 05:00", "2026-06-09 06:00", "2026-06-09 17:00"} {
			fmt.Fprintf(&text, "\n# %s, %d people\n", at, n)
			for _, p := range e.during(func() { sweep(at) }) {
				fmt.Fprintf(&text, "\n## %s\n%s\n", strings.Join(strings.Fields(p.sql), " "), p.text)
			}
		}
		b.ReportMetric(sweep("2026-06-10 00:00").Seconds(), "s/close")
		if file := os.Getenv("KABAR_PLANS"); file != "" {
			w.must(os.WriteFile(file, []byte(text.String()), 0o644))
		}
	}
}
