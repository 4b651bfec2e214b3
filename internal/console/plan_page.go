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
	Place      string // chosen kecamatan
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
	all, from, err := c.plans.due(v.r.Context(), c.Planner, v.now, c.Wall())
	if err != nil { // it took too long, or gave way to what was being sent
		c.Log.ErrorContext(v.r.Context(), "the plan was not rehearsed", "err", err)
		p.Late = true
		return c.show(v, http.StatusOK, "rencana", p)
	}
	names, err := c.placeNames(v)
	if err != nil {
		return err
	}
	p.From = from
	var chosen []prokus.Due
	for _, d := range all {
		if !scope.in(d.Area) {
			continue
		}
		p.count(d, names)
		day := d.At.Format(time.DateOnly)
		if (p.Day == "" || p.Day == day) && (p.Kind == "" || p.Kind == string(d.Kind)) && (p.Place == "" || p.Place == d.Area) {
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
	if p.Broadcasts, err = c.planned(v, from); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "rencana", p)
}

// count adds a message to the sums of the page.
func (p *planPage) count(d prokus.Due, names map[string]string) {
	p.Messages++
	p.Cost += d.Cost
	add := func(to *[]planCount, key, name string) {
		i := slices.IndexFunc(*to, func(x planCount) bool { return x.Key == key })
		if i < 0 {
			i = len(*to)
			*to = append(*to, planCount{Key: key, Name: name})
		}
		(*to)[i].N++
		(*to)[i].Cost += d.Cost
	}
	add(&p.Kinds, string(d.Kind), string(d.Kind))
	add(&p.Areas, d.Area, cmp.Or(names[d.Area], d.Area))
	add(&p.Channels, d.Via, d.Via)
	key := d.At.Format(time.DateOnly)
	i := slices.IndexFunc(p.Days, func(x planDay) bool { return x.Key == key })
	if i < 0 {
		i = len(p.Days)
		p.Days = append(p.Days, planDay{Key: key, Label: bahasa.Date(d.At)})
	}
	p.Days[i].N++
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
