package bot

import (
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func leaveVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "leave.take", Outcomes: []string{"kept", "ask"}, Gives: []string{"masa", "tgl"}}, leaveTake},
	}
}

// longestRest is how many weeks of leave she may take by herself.
const longestRest = 8

// leaveTake is CUTI with days, a number of weeks or "sebulan": those weeks are not asked for and break no streak (R08).
func leaveTake(t *turn, v flows.Vars) (flows.Outcome, error) {
	said := strings.ToLower(str(v, "rest"))
	from := prokus.WeekOf(t.now)
	if strings.Contains(said, "depan") || strings.Contains(said, "payun") || strings.Contains(said, "ngajeng") {
		from++
	}
	weeks := integer(v, "weeks_off")
	if weeks == 0 {
		switch str(v, "length") {
		case "1":
			weeks = 1
		case "2":
			weeks = 2
		case "4":
			weeks = 4
		}
	}
	to := from + prokus.Week(weeks) - 1
	if weeks == 0 {
		var ok bool
		if from, to, ok = t.restSpan(said, from); !ok {
			return outcome("ask", nil)
		}
	}
	to = min(to, from+longestRest-1)
	if err := acts.Rest(t.ctx, t.Tx, t.by(), t.person(), from, to); err != nil {
		return flows.Outcome{}, err
	}
	loc := t.now.Location()
	return outcome("kept", flows.Vars{
		"masa": text.Str(span(from.Starts(loc), to.Ends(loc).AddDate(0, 0, -1))), "tgl": text.Date((to + 1).At(6, 0, 0, loc)),
	})
}

// restSpan reads days or a number of weeks. A week counts when leave touches it.
func (t *turn) restSpan(said string, from prokus.Week) (prokus.Week, prokus.Week, bool) {
	if a, b, ok := bahasa.ReadDateRange(said, t.now); ok && !b.Before(a) && !b.Before(prokus.Day(t.now).Add(-24*time.Hour)) {
		return max(prokus.WeekOf(a), prokus.WeekOf(t.now)), prokus.WeekOf(b), true
	}
	fields := strings.Fields(said)
	for i, w := range fields {
		switch w {
		case "seminggu", "minggu":
			n := 1
			if i > 0 {
				if k, ok := number(fields[i-1]); ok && k > 0 {
					n = k
				}
			}
			return from, from + prokus.Week(n) - 1, true
		case "sebulan", "sewulan", "sabulan", "bulan":
			return from, from + 3, true
		}
	}
	return 0, 0, false
}
