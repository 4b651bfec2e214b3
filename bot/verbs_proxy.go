package bot

import (
	"fmt"
	"slices"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// proxyVerbs are what a TKSK writes down for people who told it: LAPOR and UBAH with a code (J7-SMS-04).
func proxyVerbs() []verb {
	proxy := []string{"petugas", "kode", "orang", "penerima", "rentang", "jumlah", "lama", "baru", "pending", "week", "koordinator"}
	return []verb{
		{flows.Verb{
			Name: "proxy.report", Gives: proxy,
			Outcomes: []string{"stored", "second", "confirm", "how", "wrong_code", "not_yours", "early"},
		}, proxyReport},
		{flows.Verb{
			Name: "proxy.correct", Gives: proxy,
			Outcomes: []string{"changed", "same", "stored", "second", "confirm", "how", "wrong_code", "not_yours", "early"},
		}, proxyCorrect},
	}
}

// charge is the person behind a code whom the TKSK looks after; name says what is wrong otherwise. A code that nobody has
// is answered like one of another area: codes cannot be tried out.
func (t *turn) charge(v flows.Vars) (p prokus.Person, name string, vars flows.Vars, err error) {
	code := str(v, "code")
	vars = flows.Vars{"kode": text.Str(code)}
	if !prokus.ValidCode(code) {
		return p, "wrong_code", vars, nil
	}
	p, ok, err := t.PersonByCode(t.ctx, code)
	if err != nil {
		return p, "", nil, fmt.Errorf("charge: %w", err)
	}
	areas, err := t.AreasOf(t.ctx, t.who.staff.ID, t.now)
	if err != nil {
		return p, "", nil, fmt.Errorf("charge: %w", err)
	}
	if !ok || !slices.Contains(areas, p.Area) {
		vars["koordinator"], err = t.coordinatorName()
		return p, "not_yours", vars, err
	}
	vars["orang"], vars["penerima"] = text.Str(p.Title()+" "+p.First()), text.Str(bahasa.FitName(p.Name, searchName))
	return p, "", vars, nil
}

// coordinatorName is the coordinator of the TKSK's kabupaten.
func (t *turn) coordinatorName() (text.Arg, error) {
	for _, area := range t.who.staff.Areas {
		c, ok, err := t.CoordinatorFor(t.ctx, area)
		if err != nil {
			return text.Arg{}, fmt.Errorf("coordinator: %w", err)
		}
		if ok {
			return text.Str(c.Called()), nil
		}
	}
	return text.Key("officer.coordinator", nil), nil
}

// proxyReport stores a week's figure for somebody who told it to the TKSK (J7-SMS-04).
func proxyReport(t *turn, v flows.Vars) (flows.Outcome, error) {
	p, name, vars, err := t.charge(v)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	w, _ := t.proxyWeek(v)
	if w > prokus.WeekOf(t.now) {
		return outcome("early", vars)
	}
	vars["rentang"], vars["week"] = weekArg(w), weekVar(w)
	old, had, err := t.ReportOf(t.ctx, p.ID, w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("proxy: %w", err)
	}
	if had {
		vars["jumlah"] = text.Rp(old.Amount)
		return outcome("second", vars)
	}
	amount, name, err := t.proxyAmount(p, w, v, vars)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	vars["jumlah"] = text.Rp(amount)
	_, err = acts.Proxy(t.ctx, t.Tx, t.by(), p, prokus.Report{Week: w, Amount: amount})
	return flows.Outcome{Name: "stored", Vars: vars}, err
}

// proxyCorrect changes the week that is named, else her newest one.
func proxyCorrect(t *turn, v flows.Vars) (flows.Outcome, error) {
	p, name, vars, err := t.charge(v)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	w, named := t.proxyWeek(v)
	if !named {
		latest, err := t.Latest(t.ctx, p.ID, 1)
		if err != nil {
			return flows.Outcome{}, fmt.Errorf("proxy: %w", err)
		}
		if len(latest) == 0 {
			return proxyReport(t, v)
		}
		w = latest[0].Week
	}
	old, had, err := t.ReportOf(t.ctx, p.ID, w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("proxy: %w", err)
	}
	if !had {
		return proxyReport(t, v)
	}
	vars["rentang"], vars["week"] = weekArg(w), weekVar(w)
	amount, name, err := t.proxyAmount(p, w, v, vars)
	if name != "" || err != nil {
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	if amount == old.Amount {
		vars["jumlah"] = text.Rp(amount)
		return outcome("same", vars)
	}
	c, err := acts.ProxyCorrect(t.ctx, t.Tx, t.by(), p, w, amount)
	vars["lama"], vars["baru"] = text.Rp(c.Old), text.Rp(c.New)
	return flows.Outcome{Name: "changed", Vars: vars}, err
}

// proxyWeek is the week that the TKSK names, however long ago, else the one that a figure is due for.
func (t *turn) proxyWeek(v flows.Vars) (w prokus.Week, named bool) {
	if w, ok := weekOfVar(v, "week"); ok {
		return w, true
	}
	if m, _, ok := bahasa.ReadWeekRef(str(v, "said"), t.now); ok {
		return prokus.WeekOf(m), true
	}
	return t.dueWeek(), false
}

// proxyAmount is the figure, or what to ask the TKSK about it.
func (t *turn) proxyAmount(p prokus.Person, w prokus.Week, v, vars flows.Vars) (amount int64, name string, err error) {
	if str(v, "sure") == "yes" {
		return integer(v, "pending"), "", nil
	}
	a, ok := amountOf(v, "amount")
	switch {
	case !ok:
		return 0, "how", nil
	case a.Verdict == bahasa.Value && a.Rupiah <= prokus.MaxReport:
		amount = a.Rupiah
	case len(a.Candidates) > 0 && a.Candidates[0] > 0 && a.Candidates[0] <= prokus.MaxReport:
		amount = a.Candidates[0]
	default:
		return 0, "how", nil
	}
	past, _, err := t.PastOf(t.ctx, p.ID, w, 4)
	if err != nil {
		return 0, "", fmt.Errorf("proxy: %w", err)
	}
	rules, err := t.Rules(t.ctx, p.Area, t.now)
	if err != nil {
		return 0, "", fmt.Errorf("proxy: %w", err)
	}
	if a.Verdict != bahasa.Value || rules.Unusual(amount, past) || amount == prokus.ExampleAmount {
		vars["jumlah"], vars["pending"] = text.Rp(amount), amount
		return 0, "confirm", nil
	}
	return amount, "", nil
}
