package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The clusters that have tips of their own, by what the list of people calls them; everybody else gets those for all.
var tipClusters = []struct{ in, key string }{
	{"kuliner", "kuliner"}, {"makanan", "kuliner"}, {"kue", "kuliner"},
	{"warung", "warung"}, {"kelontong", "warung"}, {"sembako", "warung"}, {"dagang", "warung"},
	{"jasa", "jasa"}, {"jahit", "jasa"}, {"tani", "tani"}, {"ternak", "tani"}, {"kebun", "tani"},
	{"kerajinan", "jasa"}, {"", "warung"},
}

// How many tips there are for a cluster, and for what her own figures say.
const clusterTips, figureTips = 10, 3

// tipWeeks is how far back her own figures are looked at.
const tipWeeks = 10

// tipsNext is the next tip. What her own figures say comes first, turn about with her cluster: no money or no customers in
// her newest weeks, sales that sink or rise against her own last five weeks. After the last tip they begin again.
func tipsNext(t *turn, _ flows.Vars) (flows.Outcome, error) {
	told, err := t.NextTip(t.ctx, t.personID())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("tips: %w", err)
	}
	about, err := t.figuresSay()
	if err != nil {
		return flows.Outcome{}, err
	}
	tip := func(kind string, n, of int) (flows.Outcome, error) {
		return outcome("told", flows.Vars{"tip": text.Key(fmt.Sprintf("tips.%s.%d", kind, n%of+1), nil)})
	}
	if about != "" {
		if told%2 == 0 {
			return tip(about, told/2, figureTips)
		}
		told /= 2
	}
	what := strings.ToLower(t.person().Cluster + " " + t.person().Business)
	for _, c := range tipClusters {
		if strings.Contains(what, c.in) {
			return tip(c.key, told, clusterTips)
		}
	}
	return outcome("none", nil)
}

// figuresSay names what her own weeks speak of: modal, sepi, turun, naik, or nothing.
func (t *turn) figuresSay() (string, error) {
	latest, err := t.Latest(t.ctx, t.personID(), 2)
	if err != nil {
		return "", fmt.Errorf("tips: %w", err)
	}
	w := prokus.WeekOf(t.now)
	for _, r := range latest {
		if r.Amount == 0 && w-r.Week <= 2 && (r.Reason == reasonMoney || r.Reason == reasonSlow) {
			return r.Reason, nil
		}
	}
	past, _, err := t.PastOf(t.ctx, t.personID(), w, tipWeeks)
	if err != nil {
		return "", fmt.Errorf("tips: %w", err)
	}
	switch past.Trend35().Direction {
	case prokus.Sinking:
		return "turun", nil
	case prokus.Rising:
		return "naik", nil
	}
	return "", nil
}

// tipsMore is LAGI: it means another tip only right after one (decisions.md).
func tipsMore(t *turn, v flows.Vars) (flows.Outcome, error) {
	last, err := t.LastIntent(t.ctx, t.personID(), t.inbox, t.now.Add(-48*time.Hour))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("tips: %w", err)
	}
	if last != "TIPS" && last != "tips" && last != "LAGI" {
		return outcome("none", nil)
	}
	return tipsNext(t, v)
}
