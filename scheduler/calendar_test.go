package scheduler_test

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// A year of moments leaves out those at which nothing is said: holidays, pauses and what is only for Ramadan; a kabupaten's own days
// leave the others' moments alone. It looks at nobody and takes no time.
func TestAYearOfMoments(t *testing.T) {
	w := newWorldWith(t, "2026-06-08 00:00", only("week.prompt", "week.remind1", "digest", "assisted.weekly", "ramadan.prompt", "week.close"))
	w.cast()
	w.exec(`INSERT INTO holiday (day, name) VALUES ('2026-06-15', 'Libur'), ('2026-06-16', '1 Muharam')`)
	w.exec(`INSERT INTO holiday (day, name, area_code) VALUES ('2026-06-17', 'Hari Jadi', '32.10')`)
	w.exec(`INSERT INTO pause (from_day, to_day, name) VALUES ('2026-06-24', '2026-06-26', 'Jeda')`)
	w.exec(`INSERT INTO pause (from_day, to_day, name, area_code) VALUES ('2026-07-08', '2026-07-08', 'Jeda Majalengka', '32.10')`)
	w.exec(`INSERT INTO ramadan (from_day, to_day, name) VALUES ('2027-02-08', '2027-03-09', 'Ramadan')`)
	began := time.Now()
	slots, err := w.Calendar(w.ctx, w.Clock.Now(), w.Clock.Now().AddDate(1, 0, 0))
	w.must(err)
	t.Logf("%d moments in %s", len(slots), time.Since(began))
	days := map[string][]string{}
	for _, s := range slots {
		days[s.Rule] = append(days[s.Rule], s.At.Format("2006-01-02"))
	}
	const mondays, sundays = 53, 52
	for rule, want := range map[string]int{
		"week.prompt": sundays - 1, "week.remind1": mondays - 1, "week.close": 52, "digest": mondays + 4*52 - 2, "assisted.weekly": mondays, "ramadan.prompt": 4,
	} {
		if len(days[rule]) != want {
			t.Errorf("%s: %d times, want %d", rule, len(days[rule]), want)
		}
	}
	for rule, off := range map[string][]string{
		"digest": {"2026-06-13", "2026-06-15", "2026-06-16"}, "assisted.weekly": {"2026-06-15", "2026-06-16", "2026-06-18"}, "week.prompt": {"2026-06-28"}, "week.remind1": {"2026-06-29"},
	} {
		for _, day := range off {
			if slices.Contains(days[rule], day) {
				t.Errorf("%s on %s", rule, day)
			}
		}
	}
	if on := fmt.Sprint(slices.Contains(days["assisted.weekly"], "2026-06-17"), slices.Contains(days["digest"], "2026-06-17"), slices.Contains(days["week.prompt"], "2026-07-12"), days["ramadan.prompt"]); on != "true true true [2027-02-14 2027-02-21 2027-02-28 2027-03-07]" {
		t.Error(on)
	}
}
