package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// chartWeeks is how many weeks the picture of her sales shows (J3-TG-01).
const chartWeeks = 8

// chartBar is one bar of the picture as the outbox keeps it: the week's Monday below, the figure above. A week without a
// report is a gap, not a zero.
type chartBar struct {
	Below string `json:"below"`
	Value int64  `json:"value"`
	Above string `json:"above"`
	Known bool   `json:"known"`
}

// dataChart describes the picture of her last eight weeks, and says in words what it shows.
func dataChart(t *turn, _ flows.Vars) (flows.Outcome, error) {
	last := t.dueWeek()
	if now := prokus.WeekOf(t.now); last < now {
		if _, ok, err := t.ReportOf(t.ctx, t.personID(), now); err != nil {
			return flows.Outcome{}, fmt.Errorf("chart: %w", err)
		} else if ok {
			last = now
		}
	}
	past, _, err := t.PastOf(t.ctx, t.personID(), last+1, chartWeeks)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("chart: %w", err)
	}
	bars := make([]chartBar, 0, chartWeeks)
	var sum, known, highest int64
	best := last
	for i := len(past.Weeks) - 1; i >= 0; i-- { // oldest first
		p := past.Weeks[i]
		bar := chartBar{Below: bahasa.DateShort(p.Week.Date()), Known: p.Reported}
		if p.Reported {
			bar.Value, bar.Above = p.Amount, bahasa.Money(p.Amount, bahasa.Short)
			sum, known = sum+p.Amount, known+1
			if p.Amount >= highest {
				highest, best = p.Amount, p.Week
			}
		}
		bars = append(bars, bar)
	}
	if known == 0 {
		return outcome("none", nil)
	}
	average := (sum/known + 500) / 1000 * 1000
	return outcome("shown", flows.Vars{
		"jumlah": text.Rp(highest), "rentang": weekArg(best), "rata": text.Rp(average), pictureVar: map[string]any{"bars": bars},
	})
}
