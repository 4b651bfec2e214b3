package scheduler

import (
	"slices"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Findings are what the end of a week shows about one person: cases that hold now, and open ones whose cause is gone,
// by the thresholds of her area (journeys.md 4.7).
func Findings(h History, rules prokus.Rules) []Finding {
	var out []Finding
	add := func(r prokus.Reason, holds, gone bool, d prokus.CaseDetail) {
		if holds {
			out = append(out, Finding{r, true, d})
		} else if gone && slices.Contains(h.Open, r) && !rules.Case(r).Stays {
			out = append(out, Finding{Reason: r})
		}
	}
	add(prokus.Silent, h.Missed >= rules.SilentWeeks, h.Missed == 0, prokus.CaseDetail{Weeks: h.Missed})

	worked := slices.DeleteFunc(slices.Clone(h.Weeks), func(w prokus.PastWeek) bool { return w.Exempt && !w.Reported })
	zeros := len(worked) >= rules.ZeroWeeks && !slices.ContainsFunc(worked[:rules.ZeroWeeks], func(w prokus.PastWeek) bool { return !zero(w) })
	earned := len(worked) > 0 && worked[0].Reported && worked[0].Amount > 0
	add(prokus.TwoZeros, zeros, earned, prokus.CaseDetail{})

	fallen, back, down := falling(worked, rules)
	add(prokus.Falling, fallen && !zeros, back, prokus.CaseDetail{Percent: down})
	return out
}

func zero(w prokus.PastWeek) bool { return w.Reported && !w.Exempt && w.Amount == 0 }

// falling compares the last two closed weeks with the median of the four before (TURUN). back says that the newest week
// is above the mark of recovery; down is how many percent she lies below.
func falling(weeks []prokus.PastWeek, rules prokus.Rules) (fallen, back bool, down int) {
	if len(weeks) < 3 || !weeks[0].Reported {
		return false, false, 0
	}
	var before []int64
	for _, w := range weeks[2:min(len(weeks), 6)] {
		if w.Reported && w.Amount > 0 {
			before = append(before, w.Amount)
		}
	}
	if len(before) < 2 {
		return false, false, 0
	}
	median := prokus.Median(before)
	low := func(w prokus.PastWeek) bool { return w.Reported && w.Amount*100 <= median*int64(rules.FallenTo) }
	fallen = low(weeks[0]) && low(weeks[1])
	back = weeks[0].Amount*100 > median*int64(rules.Recovered)
	return fallen, back, int((200*(median-weeks[0].Amount)/median + 1) / 2)
}
