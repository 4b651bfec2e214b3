package console

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// planPage is Rencana kirim: what leaves in the coming days by day, hour, kind, area and channel, with the reason of each line.
type planPage struct {
	base
	pager
	Late       bool // the rehearsal took too long
	Summed     bool // too many people to be named
	From       time.Time
	Days       []planDay
	Kinds      []planCount
	Areas      []planCount
	Channels   []planCount
	Messages   int
	Cost       int64
	Rows       []planRow
	Day        string // chosen, 2006-01-02
	Kind       string // chosen
	Place      string // chosen area
	PlaceName  string
	Broadcasts []Broadcast
}

type planDay struct {
	Key   string
	Label string
	N     int
	Cost  int64
	Hours []planCount
}

type planCount struct {
	Key, Name string
	N         int
	Cost      int64
}

type planRow struct {
	prokus.Due
	Where string
	Why   string
}

func (c *console) plan(v *visit) error {
	q := v.r.URL.Query()
	p := planPage{base: c.base(v, "title.plan", "plan"), Day: field(q.Get("hari"), 10), Kind: field(q.Get("jenis"), 20), Place: field(q.Get("wilayah"), 8)}
	scope := v.viewer.Scope()
	if p.Place != "" && !scope.in(p.Place) {
		return ErrNotFound
	}
	plan, err := c.planOf(v, scope, p.Place)
	if err != nil { // it took too long, or gave way to what was being sent
		c.Log.ErrorContext(v.r.Context(), "the plan was not rehearsed", "err", err)
		p.Late = true
		return c.show(v, http.StatusOK, "rencana", p)
	}
	names, err := c.placeNames(v)
	if err != nil {
		return err
	}
	p.From, p.Summed, p.PlaceName = plan.from, plan.Summed, cmp.Or(names[p.Place], p.Place)
	here := Scope{Areas: []string{cmp.Or(p.Place, prokus.National)}}
	counts := slices.DeleteFunc(slices.Clone(plan.Counts), func(d prokus.DueCount) bool { return !scope.in(d.Area) || !here.in(d.Area) })
	whole := areaLevel(counts)
	for _, d := range counts {
		p.count(d, whole(d.Area), names)
	}
	var chosen []prokus.Due
	for _, d := range plan.Messages {
		if scope.in(d.Area) && here.in(d.Area) && (p.Day == "" || p.Day == d.At.Format(time.DateOnly)) && (p.Kind == "" || p.Kind == string(d.Kind)) {
			chosen = append(chosen, d)
		}
	}
	byCount := func(a, b planCount) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Name, b.Name)) }
	slices.SortFunc(p.Kinds, byCount)
	slices.SortFunc(p.Areas, byCount)
	slices.SortFunc(p.Days, func(a, b planDay) int { return cmp.Compare(a.Key, b.Key) })
	p.pager = newPager(v.r, len(chosen))
	for _, d := range chosen[min((p.Page-1)*perPage, len(chosen)):min(p.Page*perPage, len(chosen))] {
		p.Rows = append(p.Rows, planRow{d, names[d.Area], c.because(d)})
	}
	if p.Broadcasts, err = c.planned(v, plan.from); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "rencana", p)
}

// planOf rehearses what the viewer sees; the chosen place alone, where all of it is too much to be named.
func (c *console) planOf(v *visit, scope Scope, place string) (made, error) {
	within := ""
	if len(scope.Areas) == 1 && scope.Areas[0] != prokus.National {
		within = scope.Areas[0]
	}
	plan, err := c.plans.due(v.r.Context(), c.Planner, within, v.now, c.Wall())
	if err == nil && plan.Summed && place != "" {
		return c.plans.due(v.r.Context(), c.Planner, place, v.now, c.Wall())
	}
	return plan, err
}

// areaRows is how many areas a table names; more are put together by kabupaten, then by province.
const areaRows = 40

// areaLevel is the area under which the table of areas counts one.
func areaLevel(counts []prokus.DueCount) func(string) string {
	for _, length := range []int{8, 5} {
		seen := map[string]bool{}
		for _, d := range counts {
			seen[d.Area[:min(len(d.Area), length)]] = true
		}
		if len(seen) <= areaRows {
			return func(area string) string { return area[:min(len(area), length)] }
		}
	}
	return func(area string) string { return area[:min(len(area), 2)] }
}

// count adds messages to the sums of the page.
func (p *planPage) count(d prokus.DueCount, area string, names map[string]string) {
	p.Messages += d.N
	p.Cost += d.Cost
	add := func(to *[]planCount, key, name string) {
		i := slices.IndexFunc(*to, func(x planCount) bool { return x.Key == key })
		if i < 0 {
			i = len(*to)
			*to = append(*to, planCount{Key: key, Name: name})
		}
		(*to)[i].N += d.N
		(*to)[i].Cost += d.Cost
	}
	add(&p.Kinds, string(d.Kind), string(d.Kind))
	add(&p.Areas, area, cmp.Or(names[area], area))
	add(&p.Channels, d.Via, d.Via)
	key := d.At.Format(time.DateOnly)
	i := slices.IndexFunc(p.Days, func(x planDay) bool { return x.Key == key })
	if i < 0 {
		i = len(p.Days)
		p.Days = append(p.Days, planDay{Key: key, Label: bahasa.Date(d.At)})
	}
	p.Days[i].N += d.N
	p.Days[i].Cost += d.Cost
	add(&p.Days[i].Hours, d.At.Format("15"), d.At.Format("15")+".00")
}

// because says why somebody gets a message: "Pengingat pertama …, karena minggu 1-7 Jun belum ada laporan".
func (c *console) because(d prokus.Due) string {
	if d.Rule == "" {
		return c.words.of("because.queued")
	}
	why := c.words["because."+d.Rule]
	if w, err := prokus.ParseWeek(d.Week); err == nil {
		why = strings.ReplaceAll(why, "{minggu}", bahasa.Range(w.Date()))
	} else if strings.Contains(why, "{minggu}") {
		why = ""
	}
	name := c.words.of("rule." + d.Rule)
	if why == "" {
		return name
	}
	return name + ", " + why
}

// placeNames are the names of the areas that a viewer sees.
func (c *console) placeNames(v *visit) (map[string]string, error) {
	kecamatan, err := c.Store.Kecamatan(v.r.Context(), v.viewer.Scope())
	if err != nil {
		return nil, err
	}
	names := map[string]string{prokus.National: "nasional"}
	for _, k := range kecamatan {
		names[k.Code] = k.Name
		names[prokus.Above(k.Code)] = k.Parent
	}
	provinces, err := c.Store.RuleAreas(v.r.Context(), v.viewer.Scope())
	if err != nil {
		return nil, err
	}
	for _, a := range provinces {
		names[a.Code] = cmp.Or(names[a.Code], a.Name)
	}
	return names, nil
}

// planned are the approved broadcasts of the coming days; whom they go to is frozen already.
func (c *console) planned(v *visit, from time.Time) (out []Broadcast, err error) {
	all, err := c.Store.Broadcasts(v.r.Context(), v.viewer.Scope(), broadcastRows)
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		if b.State == Approved && b.SendAt.Before(from.AddDate(0, 0, planDays)) {
			out = append(out, b)
		}
	}
	return out, nil
}
