package console

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// previewRows is how many changed messages a preview names.
const previewRows = 12

// previewPage shows what a change would change before it is saved.
type previewPage struct {
	base
	Setting  prokus.Setting
	Name     string
	Area     Area
	Old, New string // in words
	Form     ruleForm
	Version  prokus.RuleVersion
	Later    bool // it begins on a day to come; the rehearsal is as if it held now
	Unknown  bool // the rehearsal took too long
	Nothing  bool // nothing of the coming days changes
	Summed   bool // too many people to be named: messages are counted, cases are not
	Shifted  int  // messages that leave at another hour, or no longer, or on top; Summed only
	First    time.Time
	People   int
	Staff    int
	Days     []previewDay
	Cost     [2]int64 // before, after
	Cases    []previewCase
	Gone     []planRow
	Come     []planRow
	More     int
	Messages [2]int
}

type previewDay struct {
	Label         string
	Kind          prokus.Kind
	Before, After int
}

type previewCase struct {
	Reason        prokus.Reason
	Before, After int
}

// previewRule shows what a change would change; nothing is kept.
func (c *console) previewRule(v *visit) error {
	s, area, _, f, ver, done, err := c.checkRule(v)
	if err != nil || done {
		return err
	}
	book, err := c.book(v)
	if err != nil {
		return err
	}
	f.Area = area.Code
	p := previewPage{base: c.base(v, "title.rule", "rules"), Setting: s, Name: c.settingName(s.Key), Area: area, Form: f, Version: ver, Later: ver.From.After(v.now)}
	p.Old, p.New = c.valueWords(s, book.Value(area.Code, s.Key)), c.valueWords(s, ver.Value)
	if ver.Follows {
		p.New = c.valueWords(s, book.Value(prokus.Above(area.Code), s.Key))
	}
	found, err := c.plans.preview(v.r.Context(), c.Planner, ver, v.now)
	if err != nil { // it took too long, or gave way to what was being sent
		c.Log.ErrorContext(v.r.Context(), "a change was not rehearsed", "err", err)
		p.Unknown = true
	} else if err := c.fillPreview(v, &p, found); err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "lihat_aturan", p)
}

func (c *console) fillPreview(v *visit, p *previewPage, found prokus.Preview) error {
	names, err := c.placeNames(v)
	if err != nil {
		return err
	}
	scope := v.viewer.Scope()
	for _, plan := range []*prokus.Plan{&found.Before, &found.After} {
		plan.Messages = slices.DeleteFunc(plan.Messages, func(d prokus.Due) bool { return !scope.in(d.Area) })
		plan.Counts = slices.DeleteFunc(plan.Counts, func(d prokus.DueCount) bool { return !scope.in(d.Area) })
		plan.Opened = slices.DeleteFunc(plan.Opened, func(o prokus.PlannedCase) bool { return !scope.in(o.Area) })
	}
	gone, come, first := found.Changed()
	p.First = first
	people, staff := map[string]bool{}, map[string]bool{}
	for _, d := range slices.Concat(gone, come) {
		if d.Code != "" {
			people[d.Code] = true
		} else {
			staff[d.To+d.Area] = true
		}
	}
	p.People, p.Staff = len(people), len(staff)
	p.Days = days(found)
	for i, plan := range []prokus.Plan{found.Before, found.After} {
		for _, d := range plan.Counts {
			p.Messages[i] += d.N
			p.Cost[i] += d.Cost
		}
	}
	if p.Summed = found.Before.Summed || found.After.Summed; p.Summed {
		p.Shifted, p.First = found.Shifted()
		p.Nothing = p.Shifted == 0
		return nil
	}
	p.Cases = openedCases(found)
	p.Gone, p.Come = c.sample(gone, names), c.sample(come, names)
	p.More = max(len(gone)-previewRows, 0) + max(len(come)-previewRows, 0)
	p.Nothing = len(gone) == 0 && len(come) == 0 && !slices.ContainsFunc(p.Cases, func(x previewCase) bool { return x.Before != x.After })
	return nil
}

func (c *console) sample(from []prokus.Due, names map[string]string) (out []planRow) {
	for _, d := range from[:min(len(from), previewRows)] {
		out = append(out, planRow{d, names[d.Area], c.because(d)})
	}
	return out
}

// days counts both plans by day and kind; only what differs is shown.
func days(p prokus.Preview) (out []previewDay) {
	type cell struct {
		day  string
		kind prokus.Kind
	}
	counts, labels := map[cell]*previewDay{}, map[cell]string{}
	for i, plan := range []prokus.Plan{p.Before, p.After} {
		for _, d := range plan.Counts {
			k := cell{d.At.Format(time.DateOnly), d.Kind}
			if counts[k] == nil {
				counts[k] = &previewDay{Label: bahasa.Date(d.At), Kind: d.Kind}
				labels[k] = k.day
			}
			if i == 0 {
				counts[k].Before += d.N
			} else {
				counts[k].After += d.N
			}
		}
	}
	var order []cell
	for k, d := range counts {
		if d.Before != d.After {
			order = append(order, k)
		}
	}
	slices.SortFunc(order, func(a, b cell) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.kind, b.kind)) })
	for _, k := range order {
		out = append(out, *counts[k])
	}
	return out
}

func openedCases(p prokus.Preview) (out []previewCase) {
	for _, reason := range prokus.AllReasons() {
		x := previewCase{Reason: reason}
		for i, plan := range []prokus.Plan{p.Before, p.After} {
			for _, o := range plan.Opened {
				if o.Reason == reason && i == 0 {
					x.Before++
				} else if o.Reason == reason {
					x.After++
				}
			}
		}
		if x.Before+x.After > 0 {
			out = append(out, x)
		}
	}
	return out
}
