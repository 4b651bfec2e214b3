package scheduler

import (
	"slices"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

func rule(t *testing.T, name string) Rule {
	t.Helper()
	i := slices.IndexFunc(DefaultRules(), func(r Rule) bool { return r.Name == name })
	if i < 0 {
		t.Fatalf("no rule %s", name)
	}
	return DefaultRules()[i]
}

func TestD1SlotsAfterAnOutage(t *testing.T) {
	for _, c := range []struct {
		what, rule, swept, now string
		run                    string
		skipped                int
	}{
		{"a minute late", ruleWeek, "2026-06-07 18:29", "2026-06-07 18:30", "2026-06-07 18:30", 0},
		{"nothing yet", ruleWeek, "2026-06-07 18:28", "2026-06-07 18:29", "", 0},
		{"five minutes", ruleWeek, "2026-06-07 18:28", "2026-06-07 18:33", "2026-06-07 18:30", 0},
		{"23 hours", ruleWeek, "2026-06-07 18:28", "2026-06-08 17:30", "2026-06-07 18:30", 0},
		{"26 hours", ruleWeek, "2026-06-07 18:28", "2026-06-08 20:30", "", 1},
		{"9 days", ruleWeek, "2026-06-06 18:28", "2026-06-15 12:00", "2026-06-14 18:30", 1},
		{"9 days, the week's end always", ruleClose, "2026-06-02 00:00", "2026-06-12 00:00", "2026-06-10 00:00", 1},
		{"a digest of the morning at noon", ruleDigest, "2026-06-11 07:00", "2026-06-11 12:00", "2026-06-11 07:30", 0},
		{"a digest of the morning in the evening", ruleDigest, "2026-06-11 07:00", "2026-06-11 18:00", "", 1},
	} {
		run, skip, err := rule(t, c.rule).Slots("Asia/Jakarta", at(c.swept), at(c.now))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if len(run) > 0 {
			got = run[0].Format("2006-01-02 15:04")
		}
		if got != c.run || len(run) > 1 || len(skip) != c.skipped {
			t.Errorf("%s: run %v, skipped %v", c.what, run, skip)
		}
	}
}

// Nine years, three zones, and a plain calendar that knows nothing of cron (faults.md D3, R9).
func TestD3SlotsOfNineYears(t *testing.T) {
	for _, zone := range []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"} {
		loc := prokus.Zone(zone)
		swept := time.Date(2024, 1, 1, 0, 0, 0, 0, loc)
		want := prokus.WeekOf(swept)
		r := rule(t, ruleWeek)
		for now := swept; now.Year() < 2033; now = now.Add(time.Duration(1+now.YearDay()%11) * 7 * time.Hour) {
			run, skip, err := r.Slots(zone, swept, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range append(skip, run...) {
				if !s.Equal(want.At(6, 18, 30, loc)) {
					t.Fatalf("%s: slot %s, want that of week %s", zone, s, want)
				}
				swept = s
				want++
			}
		}
		if want.Date().Year() < 2032 {
			t.Fatalf("only up to %s", want)
		}
	}
}

func TestFindings(t *testing.T) {
	const none = -1
	week := func(amounts ...int64) (h History) {
		for _, a := range amounts {
			h.Weeks = append(h.Weeks, prokus.PastWeek{Reported: a != none, Amount: max(a, 0)})
		}
		return h
	}
	for _, c := range []struct {
		what  string
		h     History
		holds string
		gone  string
	}{
		{"steady", week(600, 610, 600, 620, 600, 610), "", ""},
		{"two weeks silent", with(week(none, none, 600, 600, 600, 600), 2), "DIAM2 2", ""},
		{"five weeks silent", with(week(none, none, none, none, none, 600), 5), "DIAM2 5", ""},
		{"one week silent", with(week(none, 600, 600, 600, 600, 600), 1), "", ""},
		{"silence is over", with(week(600, none, none, 600, 600, 600), 0, prokus.Silent), "", "DIAM2"},
		{"two zeros", week(0, 0, 600, 600, 600, 600), "NOL2 0", ""},
		{"one zero", week(0, 600, 600, 600, 600, 600), "", ""},
		{"sales are back", with(week(400, 0, 0, 600, 600, 600), 0, prokus.TwoZeros), "", "NOL2"},
		{"fallen after two zeros", with(week(100, 0, 0, 600, 600, 600), 0, prokus.TwoZeros), "TURUN 83", "NOL2"},
		{"fallen", week(330, 360, 600, 600, 600, 600), "TURUN 45", ""},
		{"one weak week", week(330, 500, 600, 600, 600, 600), "", ""},
		{"fallen, with nothing to compare", week(330, 330, 600, none, none, none), "", ""},
		{"recovering", with(week(450, 330, 330, 600, 600, 600), 0, prokus.Falling), "", ""},
		{"recovered", with(week(590, 500, 600, 600, 600, 600), 0, prokus.Falling), "", "TURUN"},
	} {
		holds, gone := "", ""
		for _, f := range Findings(c.h, prokus.DefaultRules()) {
			if f.Holds {
				holds = string(f.Reason) + " " + itoa(f.Detail.Weeks+f.Detail.Percent)
			} else {
				gone = string(f.Reason)
			}
		}
		if holds != c.holds || gone != c.gone {
			t.Errorf("%s: holds %q gone %q, want %q and %q", c.what, holds, gone, c.holds, c.gone)
		}
	}
}

func with(h History, missed int, open ...prokus.Reason) History {
	h.Missed, h.Open = missed, open
	return h
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}
