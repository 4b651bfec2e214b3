package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// dataVerbs are about what is kept of her: her weeks, her data, her wish to be forgotten, her language.
func dataVerbs() []verb {
	return []verb{
		{flows.Verb{
			Name: "data.history", Outcomes: []string{"some", "none"}, Gives: []string{"riwayat"}, Says: []string{"history.item", "history.zero", "history.missing"},
		}, dataHistory},
		{flows.Verb{Name: "data.chart", Outcomes: []string{"shown", "none"}, Gives: []string{"jumlah", "rentang", "rata", pictureVar}}, dataChart},
		{flows.Verb{Name: "data.show", Outcomes: []string{"shown"}, Gives: []string{"kode", "desa", "akhirhp", "usaha", "x", "lengkap"}, Says: []string{"data.no_business"}}, dataShow},
		{flows.Verb{Name: "data.erase", Outcomes: []string{"noted"}, Gives: []string{"tgl", "jam", "no"}}, dataErase},
		{flows.Verb{Name: "lang.word", Outcomes: []string{"set", "ask"}}, langWord},
	}
}

// historyShown is how many weeks RIWAYAT tells.
const historyShown = 4

// dataHistory tells her last four weeks, the gaps too.
func dataHistory(t *turn, _ flows.Vars) (flows.Outcome, error) {
	w := t.dueWeek()
	past, _, err := t.PastOf(t.ctx, t.personID(), w+1, historyShown)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("history: %w", err)
	}
	var items []text.Arg
	any := false
	for _, p := range past.Weeks {
		a := text.Args{"rentang": weekArg(p.Week)}
		key := "history.missing"
		switch {
		case p.Reported && p.Amount > 0:
			key, a["jumlah"] = "history.item", text.Rp(p.Amount)
		case p.Reported, p.Exempt:
			key = "history.zero"
		}
		any = any || p.Reported
		items = append(items, text.Key(key, a))
	}
	if !any {
		return outcome("none", nil)
	}
	return outcome("some", flows.Vars{"riwayat": text.List(items...)})
}

// dataShow tells what is kept of her; on a shared number it names no money (R14), and a NIK is never kept.
func dataShow(t *turn, _ flows.Vars) (flows.Outcome, error) {
	p := t.person()
	phone, err := t.PhoneOf(t.ctx, p.ID)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("data: %w", err)
	}
	past, _, err := t.PastOf(t.ctx, p.ID, prokus.WeekOf(t.now)+1, 1)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("data: %w", err)
	}
	vars := flows.Vars{
		"kode": text.Str(p.Code), "desa": text.Str(bahasa.FitName(p.Village, 14)), "akhirhp": text.Str(tailOf(phone)), "x": text.Num(int64(past.Count)),
		"lengkap": text.Str(bahasa.FitName(p.Name, 20)), "usaha": text.Str(bahasa.FitName(p.Business, 14)),
	}
	if p.Business == "" {
		vars["usaha"] = text.Key("data.no_business", nil)
	}
	return outcome("shown", vars)
}

func tailOf(p prokus.Phone) string {
	if len(p) < 3 {
		return "-"
	}
	return string(p[len(p)-3:])
}

// dataErase is her YA to HAPUS DATA: the district has 72 hours, and nothing is sent to her from now on.
func dataErase(t *turn, _ flows.Vars) (flows.Outcome, error) {
	o, err := acts.Erase(t.ctx, t.Tx, t.by(), t.person())
	if err != nil {
		return flows.Outcome{}, err
	}
	vars := promise(o, t.now.Location())
	vars["jam"] = text.Clock(o.Case.Due.In(t.now.Location()))
	return outcome("noted", vars)
}

// langWord takes the language from her words, "BAHASA JAWA" or "jawa" alone; else she is asked.
func langWord(t *turn, v flows.Vars) (flows.Outcome, error) {
	for _, w := range words(str(v, "said")) {
		switch w {
		case "sunda", "sundanese":
			return langSet(t, flows.Vars{"lang": "su"})
		case "jawa", "jowo", "javanese":
			return langSet(t, flows.Vars{"lang": "jv"})
		case "indonesia", "indo":
			return langSet(t, flows.Vars{"lang": "id"})
		}
	}
	return outcome("ask", nil)
}
