package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func correctVerbs() []verb {
	gives := []string{"rentang", "lama", "baru", "tglpendek", "week", "jumlah", "pending", "ringkas", "kali", "tgl", "no"}
	return []verb{
		{flows.Verb{
			Name: "correct.weigh", Says: []string{"correct.item"}, Outcomes: []string{"changed", "same", "none", "which", "locked", "unread", "thousand", "unusual", "unusual_low", "fresh"},
			Gives: append([]string{"weeks", "pilihan"}, gives...), Offers: []flows.Offer{{Var: "weeks", Label: "correct.option", Max: 3}},
		}, correctWeigh},
		{flows.Verb{Name: "correct.compare", Outcomes: []string{"confirm", "same"}, Gives: gives}, correctCompare},
		{flows.Verb{Name: "correct.chosen", Outcomes: []string{"ask"}, Gives: gives}, correctChosen},
		{flows.Verb{Name: "correct.last", Outcomes: []string{"ask", "none"}, Gives: gives}, correctLast},
		{flows.Verb{Name: "correct.undo", Outcomes: []string{"undone", "kept", "nothing"}, Gives: gives}, correctUndo},
	}
}

// correctWeigh reads UBAH with or without a figure. With one it changes the week that it names, else the last report;
// without one it offers the weeks that are still open to her (J4-SMS-02).
func correctWeigh(t *turn, v flows.Vars) (flows.Outcome, error) {
	latest, err := t.Latest(t.ctx, t.personID(), 3)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	var open []prokus.Report
	for _, r := range latest {
		if t.now.Before(r.Week.CorrectableUntil(t.now.Location()).AddDate(0, 0, 1)) {
			open = append(open, r)
		}
	}
	a, given := amountOf(v, "amount")
	w, named := weekOfVar(v, "week")
	if m, _, ok := bahasa.ReadWeekRef(str(v, "said"), t.now); ok && !named {
		w, named = prokus.WeekOf(m), true
	}
	if named && !t.now.Before(w.CorrectableUntil(t.now.Location()).AddDate(0, 0, 1)) {
		o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), prokus.Locked, prokus.CaseDetail{}, str(v, "said"))
		if err != nil {
			return flows.Outcome{}, err
		}
		vars := promise(o, t.now.Location())
		vars["rentang"] = weekArg(w)
		return outcome("locked", vars)
	}
	if !given {
		if len(open) == 0 {
			return outcome("none", nil)
		}
		return outcome("which", flows.Vars{"weeks": correctable(open), "pilihan": listed(open)})
	}
	if len(open) == 0 || named && !has(open, w) {
		return outcome("fresh", flows.Vars{"rentang": weekArg(t.dueWeek()), "jumlah": text.Rp(a.Rupiah), "pending": a.Rupiah, "week": weekVar(t.dueWeek())})
	}
	if !named {
		w = open[0].Week
	}
	return t.change(a, w, v)
}

// change corrects one week, asking back what it must.
func (t *turn) change(a bahasa.Amount, w prokus.Week, v flows.Vars) (flows.Outcome, error) {
	vars := flows.Vars{"week": weekVar(w), "rentang": weekArg(w)}
	if a.Verdict != bahasa.Value {
		if len(a.Candidates) == 0 || a.Candidates[0] > prokus.MaxReport {
			return outcome("unread", vars)
		}
		vars["jumlah"], vars["ringkas"], vars["pending"] = text.Rp(a.Candidates[0]), text.Thousands(a.Candidates[0]), a.Candidates[0]
		return outcome("thousand", vars)
	}
	if a.Rupiah > prokus.MaxReport {
		return outcome("unread", vars)
	}
	past, _, err := t.PastOf(t.ctx, t.personID(), w, 4)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	rules, err := t.Rules(t.ctx, t.person().Area, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	if str(v, "sure") != "yes" && rules.Unusual(a.Rupiah, past) {
		vars["jumlah"], vars["pending"] = text.Rp(a.Rupiah), a.Rupiah
		if m, ok := past.Median4(); ok && a.Rupiah < m || a.Rupiah < rules.AskBelow {
			return outcome("unusual_low", vars)
		}
		return outcome("unusual", vars)
	}
	old, _, err := t.ReportOf(t.ctx, t.personID(), w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	if old.Amount == a.Rupiah {
		vars["jumlah"] = text.Rp(a.Rupiah)
		return outcome("same", vars)
	}
	if err := t.DoubtThousand(t.ctx, t.personID(), w); err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	c, err := acts.Correct(t.ctx, t.Tx, t.by(), t.person(), w, a.Rupiah)
	if err != nil {
		return flows.Outcome{}, err
	}
	vars["lama"], vars["baru"] = text.Rp(c.Old), text.Rp(c.New)
	vars["tglpendek"] = text.Day(w.CorrectableUntil(t.now.Location()))
	return outcome("changed", vars)
}

// correctChosen is the week that she picked; the next figure is for it.
func correctChosen(t *turn, v flows.Vars) (flows.Outcome, error) {
	w, _ := weekOfVar(v, "week")
	r, _, err := t.ReportOf(t.ctx, t.personID(), w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	return outcome("ask", flows.Vars{"rentang": weekArg(w), "jumlah": text.Rp(r.Amount), "week": weekVar(w)})
}

// correctLast is the button under a receipt: it asks for the right figure of her newest report (J4-TG-01).
func correctLast(t *turn, _ flows.Vars) (flows.Outcome, error) {
	latest, err := t.Latest(t.ctx, t.personID(), 1)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	if len(latest) == 0 || !t.now.Before(latest[0].Week.CorrectableUntil(t.now.Location()).AddDate(0, 0, 1)) {
		return outcome("none", nil)
	}
	r := latest[0]
	return outcome("ask", flows.Vars{"rentang": weekArg(r.Week), "jumlah": text.Rp(r.Amount), "week": weekVar(r.Week)})
}

// correctCompare shows old and new before anything changes, as screens do (J4-USSD-01).
func correctCompare(t *turn, v flows.Vars) (flows.Outcome, error) {
	a, _ := amountOf(v, "amount")
	w, _ := weekOfVar(v, "week")
	r, _, err := t.ReportOf(t.ctx, t.personID(), w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("correct: %w", err)
	}
	vars := flows.Vars{"lama": text.Rp(r.Amount), "baru": text.Rp(a.Rupiah), "jumlah": text.Rp(r.Amount), "pending": a.Rupiah}
	if a.Rupiah == r.Amount {
		return outcome("same", vars)
	}
	return outcome("confirm", vars)
}

// correctUndo is BATAL with no question open: it takes back her last change of the last 48 hours (decisions.md).
func correctUndo(t *turn, _ flows.Vars) (flows.Outcome, error) {
	c, ok, err := acts.Undo(t.ctx, t.Tx, t.by(), t.person())
	if err != nil {
		return flows.Outcome{}, err
	}
	if ok {
		return outcome("undone", flows.Vars{"rentang": weekArg(c.Week), "jumlah": text.Rp(c.New)})
	}
	latest, err := t.Latest(t.ctx, t.personID(), 1)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("undo: %w", err)
	}
	if len(latest) == 0 {
		return outcome("nothing", nil)
	}
	return outcome("kept", flows.Vars{"rentang": weekArg(latest[0].Week), "jumlah": text.Rp(latest[0].Amount)})
}

func correctable(reports []prokus.Report) []flows.Option {
	var out []flows.Option
	for i, r := range reports {
		out = append(out, flows.Option{
			Key: fmt.Sprint(i + 1), Value: weekVar(r.Week), LabelKey: "correct.option",
			LabelArgs: map[string]any{"rentang": weekArg(r.Week), "jumlah": text.Rp(r.Amount)},
		})
	}
	return out
}

// listed are the weeks in a line, "1: 1-7 Jun Rp750.000. 2: 25-31 Mei Rp670.000".
func listed(reports []prokus.Report) text.Arg {
	var items []text.Arg
	for i, r := range reports {
		items = append(items, text.Key("correct.item", text.Args{"nomor": text.Num(int64(i + 1)), "rentang": weekArg(r.Week), "jumlah": text.Rp(r.Amount)}))
	}
	return text.ListBy(". ", items...)
}

func has(reports []prokus.Report, w prokus.Week) bool {
	for _, r := range reports {
		if r.Week == w {
			return true
		}
	}
	return false
}
