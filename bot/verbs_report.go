package bot

import (
	"fmt"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// receipts are the outcomes of a stored report; each has a text of its own (J3-SMS-02).
var receipts = []string{"first", "back", "double", "record", "up", "same", "down", "fell", "plain", "late"}

var receiptGives = []string{"jumlah", "rentang", "p", "n", "total", "week"}

func reportVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "report.due", Outcomes: []string{"ask", "bracket"}, Gives: []string{"rentang", "week"}}, reportDue},
		{weighing("report.weigh"), reportWeigh},
		{weighing("report.screen", "confirm"), reportWeigh}, // on a screen a figure is shown before it is stored
		{flows.Verb{Name: "report.sure", Outcomes: []string{"weigh"}, Gives: []string{"amount", "sure", "shown", "week_chosen"}}, reportSure},
		{flows.Verb{Name: "report.days", Outcomes: []string{"weigh", "unread"}, Gives: []string{"amount"}}, reportDays},
		{flows.Verb{Name: "report.early", Outcomes: []string{"kept"}, Gives: receiptGives}, reportEarly},
		{flows.Verb{Name: "report.second", Outcomes: append([]string{"cancelled", "added", "added_up"}, receipts...), Gives: append([]string{"baru"}, receiptGives...)}, reportSecond},
		{flows.Verb{Name: "report.enough", Outcomes: append([]string{"none"}, receipts...), Gives: receiptGives}, reportEnough},
		{flows.Verb{Name: "report.unread", Outcomes: []string{"again", "bracket", "human"}, Gives: []string{"tries", "tgl", "no", "rentang", "week"}}, reportUnread},
		{flows.Verb{Name: "report.bracket", Outcomes: []string{"stored", "zero", "cancelled"}, Gives: append([]string{"bawah", "atas"}, receiptGives...)}, reportBracket},
	}
}

// weighing describes the rule that decides what a figure becomes.
func weighing(name string, more ...string) flows.Verb {
	return flows.Verb{
		Name: name,
		Outcomes: slices.Concat([]string{
			"thousand", "same_as", "nought", "one_figure", "copied", "daily", "profit", "unread", "closed", "which", "early", "second", "second_zero", "sick",
			"unusual_times", "unusual_high", "unusual_low", "unusual_grant", "too_much",
			"zero", "zero_holiday", "zero_sick", "zero_money", "zero_other",
		}, more, receipts),
		Gives:  append([]string{"ringkas", "kali", "lama", "baru", "pending", "rentang2", "perday", "weeks", "minggu", "tgl", "no", "bare"}, receiptGives...),
		Says:   []string{"report.this_week"},
		Offers: []flows.Offer{{Var: "weeks", Label: "report.which.option", Max: 2}},
	}
}

// dueWeek is the week that a figure without a date belongs to: on Sunday the week that ends today, on Monday and Tuesday
// the one that ended, later in the week the last one if it is missing (R06, J3-SMS-07).
func (t *turn) dueWeek() prokus.Week {
	w := prokus.WeekOf(t.wrote())
	if t.wrote().Weekday() == time.Sunday {
		return w
	}
	return w - 1
}

func reportDue(t *turn, v flows.Vars) (flows.Outcome, error) {
	w, ok := weekOfVar(v, "week")
	if !ok {
		w = t.dueWeek()
	}
	name := "ask"
	if t.person().Bracket {
		name = "bracket"
	}
	return outcome(name, flows.Vars{"week": weekVar(w), "rentang": weekArg(w)})
}

// reportWeigh decides what a figure becomes: stored, or asked back. The gates stand in the order in which a person would
// ask: what figure, which week, is there one already, can that be.
func reportWeigh(t *turn, v flows.Vars) (flows.Outcome, error) {
	a, ok := amountOf(v, "amount")
	if !ok {
		return outcome("unread", nil)
	}
	if a.Kind == bahasa.KindSame {
		return t.sameAs(v)
	}
	a, learned, err := t.habit(a)
	if err != nil {
		return flows.Outcome{}, err
	}
	maybe := t.mayBeNought(a)
	if maybe { // "pasar sepi": no sales, or few? It is asked, never stored as it is
		a = bahasa.Amount{Verdict: bahasa.Value}
	}
	if name, vars := t.figure(a, v); name != "" {
		if name == "thousand" && bare(a) {
			vars["bare"] = a.Candidates[0]
		}
		return outcome(name, vars)
	}
	w, name, vars, err := t.weekFor(v)
	if err != nil || name != "" {
		if name == "which" {
			vars["jumlah"], vars["pending"] = text.Rp(a.Rupiah), a.Rupiah
		}
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	r := prokus.Report{Week: w, Amount: a.Rupiah, Profit: integer(v, "profit")}
	old, had, err := t.ReportOf(t.ctx, t.personID(), w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("weigh: %w", err)
	}
	given := flows.Vars{"week": weekVar(w), "rentang": weekArg(w), "jumlah": text.Rp(a.Rupiah), "pending": a.Rupiah}
	if learned {
		given["bare"] = a.Rupiah
	}
	if !had && maybe || t.nought(a, v) {
		return outcome("nought", given)
	}
	if had && old.Provisional && !w.Ends(t.now.Location()).After(t.wrote().Add(24*time.Hour)) {
		r.Amount += old.Amount // Sunday's figure is the addition to what she kept (J3-SMS-07)
		return t.store(r, "add")
	}
	if had && a.Rupiah == 0 {
		return t.zeroAgain(old, a.Reason, given)
	}
	if had && old.Amount > 0 {
		given["lama"], given["baru"], given["total"] = text.Rp(old.Amount), text.Rp(a.Rupiah), text.Rp(old.Amount+a.Rupiah)
		return outcome("second", given)
	}
	if str(v, "sure") != "yes" {
		if name, err := t.unusual(w, a, given); name != "" || err != nil {
			return flows.Outcome{Name: name, Vars: given}, err
		}
	}
	if w.Ends(t.now.Location()).After(t.wrote().Add(24 * time.Hour)) { // the week has more than its Sunday to go
		return outcome("early", given)
	}
	if t.in.Via == channels.USSD && a.Rupiah > 0 && str(v, "shown") != "yes" {
		return outcome("confirm", given)
	}
	if a.Rupiah == 0 {
		return t.storeZero(r, a.Reason)
	}
	if learned || str(v, "sure") == "yes" && integer(v, "bare") == a.Rupiah {
		if err := t.CountThousand(t.ctx, t.personID(), w); err != nil {
			return flows.Outcome{}, fmt.Errorf("weigh: %w", err)
		}
	}
	if had { // a figure after a zero takes its place
		return t.store(r, "replace")
	}
	return t.store(r, "report")
}

// figure says what to ask when a reading is no clear figure; an empty name means that it is one.
func (t *turn) figure(a bahasa.Amount, v flows.Vars) (string, flows.Vars) {
	if a.Verdict == bahasa.Value && a.Rupiah > prokus.MaxReport {
		return "too_much", nil
	}
	if a.Verdict == bahasa.Value {
		if a.Rupiah == prokus.ExampleAmount && str(v, "sure") != "yes" {
			return "copied", flows.Vars{"jumlah": text.Rp(a.Rupiah), "pending": a.Rupiah}
		}
		return "", nil
	}
	if a.Kind == bahasa.KindTooBig {
		return "too_much", nil
	}
	if a.Verdict == bahasa.Invalid || len(a.Candidates) == 0 {
		return "unread", nil
	}
	likely := a.Candidates[0]
	vars := flows.Vars{"jumlah": text.Rp(likely), "ringkas": text.Thousands(likely), "pending": likely}
	switch a.Kind {
	case bahasa.KindDaily:
		vars["perday"] = likely
		return "daily", vars
	case bahasa.KindProfit:
		vars["profit"] = likely
		return "profit", vars
	case bahasa.KindRange, bahasa.KindSum, bahasa.KindMultiply, bahasa.KindBound:
		return "one_figure", nil
	}
	if likely <= 0 || likely > prokus.MaxReport {
		return "one_figure", nil
	}
	return "thousand", vars
}

// weekFor is the week that a figure belongs to, or the question that finds it.
func (t *turn) weekFor(v flows.Vars) (w prokus.Week, name string, vars flows.Vars, err error) {
	running := prokus.WeekOf(t.wrote())
	w, asked := weekOfVar(v, "week")
	if asked && str(v, "week_chosen") == "" && !t.wrote().Before(w.Closes(t.now.Location())) {
		asked = false // the question is still open, but its week is not: which one does she mean?
	}
	if m, _, ok := bahasa.ReadWeekRef(str(v, "said"), t.wrote()); ok && str(v, "week_chosen") == "" {
		w, asked = prokus.WeekOf(m), true
	}
	if !asked {
		w = t.dueWeek()
		day := t.wrote().Weekday()
		if w != running && day != time.Monday && day != time.Tuesday { // Wednesday to Saturday: last week or this one?
			_, had, err := t.ReportOf(t.ctx, t.personID(), w)
			if err != nil {
				return 0, "", nil, fmt.Errorf("which week: %w", err)
			}
			if had {
				return running, "", nil, nil
			}
			return 0, "which", flows.Vars{"rentang": weekArg(w), "rentang2": weekArg(running), "weeks": whichWeeks(w, running)}, nil
		}
	}
	if w > running {
		w = running
	}
	if !t.wrote().Before(w.AcceptedUntil(t.now.Location())) {
		due := t.dueWeek()
		return 0, "closed", flows.Vars{"rentang": weekArg(w), "rentang2": weekArg(due), "minggu": t.weekWords(due), "week": weekVar(due)}, nil
	}
	return w, "", nil, nil
}

func whichWeeks(last, running prokus.Week) []flows.Option {
	var out []flows.Option
	for i, w := range []prokus.Week{last, running} {
		out = append(out, flows.Option{
			Key: fmt.Sprint(i + 1), Value: weekVar(w), LabelKey: "report.which.option", LabelArgs: map[string]any{"rentang": weekArg(w)},
		})
	}
	return out
}

// store keeps a report and names its receipt.
func (t *turn) store(r prokus.Report, what string) (flows.Outcome, error) {
	by := t.by()
	by.Now = t.wrote() // on time is when she wrote, not when the gateway got round to telling us
	told, err := acts.Report(t.ctx, t.Tx, by, t.person(), r, what)
	if err != nil {
		return flows.Outcome{}, err
	}
	if t.person().Bracket && r.High == 0 { // a later exact amount ends bracket mode (decisions.md)
		if err := t.SetBracket(t.ctx, t.personID(), false); err != nil {
			return flows.Outcome{}, fmt.Errorf("end brackets: %w", err)
		}
	}
	name := string(told.Receipt)
	if told.Report.Late && r.Amount > 0 {
		name = "late"
	}
	if r.Amount == 0 {
		name = "plain"
	}
	return outcome(name, flows.Vars{
		"jumlah": text.Rp(r.Amount), "rentang": weekArg(r.Week), "p": text.Num(told.Percent), "n": text.Num(int64(told.Streak)),
		"total": text.Rp(told.Last), "week": weekVar(r.Week),
	})
}

// reportSure takes the figure that was asked back, after her YA.
func reportSure(_ *turn, v flows.Vars) (flows.Outcome, error) {
	vars := flows.Vars{"amount": amountVar(bahasa.Amount{Verdict: bahasa.Value, Rupiah: integer(v, "pending")}), "shown": "yes", "week_chosen": "yes"}
	if str(v, "sure") != "no" { // she chose the week only: the figure is still weighed
		vars["sure"] = "yes"
	}
	return outcome("weigh", vars)
}

// reportDays multiplies a daily figure by the days she sold (J3-SMS-03).
func reportDays(_ *turn, v flows.Vars) (flows.Outcome, error) {
	days := integer(v, "days")
	if days < 1 || days > 7 {
		return outcome("unread", nil)
	}
	return outcome("weigh", flows.Vars{"amount": amountVar(bahasa.Amount{Verdict: bahasa.Value, Rupiah: days * integer(v, "perday")})})
}

// reportEarly keeps a figure for a week that is not over (J3-SMS-07).
func reportEarly(t *turn, v flows.Vars) (flows.Outcome, error) {
	w, ok := weekOfVar(v, "week")
	if !ok {
		w = prokus.WeekOf(t.wrote())
	}
	o, err := t.store(prokus.Report{Week: w, Amount: integer(v, "pending"), Provisional: true}, "report")
	o.Name = "kept"
	return o, err
}

// reportSecond replaces a week's figure or adds to it (J3-SMS-06).
func reportSecond(t *turn, v flows.Vars) (flows.Outcome, error) {
	w, ok := weekOfVar(v, "week")
	if !ok || str(v, "how") == "cancel" {
		return outcome("cancelled", nil)
	}
	old, _, err := t.ReportOf(t.ctx, t.personID(), w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("second amount: %w", err)
	}
	r := prokus.Report{Week: w, Amount: integer(v, "pending")}
	if str(v, "how") == "replace" {
		if err := t.DoubtThousand(t.ctx, t.personID(), w); err != nil {
			return flows.Outcome{}, fmt.Errorf("second amount: %w", err)
		}
		return t.store(r, "replace")
	}
	r.Amount = min(r.Amount+old.Amount, prokus.MaxReport)
	o, err := t.store(r, "add")
	if err != nil {
		return o, err
	}
	o.Vars["baru"] = text.Rp(r.Amount)
	if o.Name == "up" || o.Name == "record" {
		o.Name = "added_up"
	} else {
		o.Name = "added"
	}
	return o, nil
}

// reportEnough settles a provisional week as it is (PAS).
func reportEnough(t *turn, _ flows.Vars) (flows.Outcome, error) {
	for _, w := range []prokus.Week{prokus.WeekOf(t.wrote()), prokus.WeekOf(t.wrote()) - 1} {
		r, ok, err := t.ReportOf(t.ctx, t.personID(), w)
		if err != nil {
			return flows.Outcome{}, fmt.Errorf("enough: %w", err)
		}
		if ok && r.Provisional {
			r.Provisional = false
			return t.store(r, "report")
		}
	}
	return outcome("none", nil)
}

// reportUnread goes three steps down when a figure cannot be read: again, brackets, a human (R24).
func reportUnread(t *turn, v flows.Vars) (flows.Outcome, error) {
	tries := integer(v, "tries") + 1
	switch {
	case tries == 1 && !t.person().Bracket:
		return outcome("again", flows.Vars{"tries": tries})
	case tries <= 2:
		w, ok := weekOfVar(v, "week")
		if !ok {
			w = t.dueWeek()
		}
		return outcome("bracket", flows.Vars{"tries": max(tries, 2), "week": weekVar(w), "rentang": weekArg(w)})
	}
	c, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), prokus.HelpReport, prokus.CaseDetail{}, "")
	if err != nil {
		return flows.Outcome{}, err
	}
	return outcome("human", promise(c, t.now.Location()))
}

// brackets are the choices of bracket mode: lower and upper bound and the point that stands for them. The fourth has no
// upper bound and stores a million, marked as a range (decisions.md).
var brackets = map[string][3]int64{
	"1": {0, 250_000, 125_000}, "2": {250_000, 500_000, 375_000}, "3": {500_000, 1_000_000, 750_000}, "4": {1_000_000, 1_000_000, 1_000_000},
}

func reportBracket(t *turn, v flows.Vars) (flows.Outcome, error) {
	w, ok := weekOfVar(v, "week")
	if !ok {
		w = t.dueWeek()
	}
	if str(v, "bracket") == "0" {
		o, err := t.storeZero(prokus.Report{Week: w}, "")
		if err == nil {
			o.Name = "zero"
		}
		return o, err
	}
	b, ok := brackets[str(v, "bracket")]
	if !ok {
		return outcome("cancelled", nil)
	}
	if err := t.SetBracket(t.ctx, t.personID(), true); err != nil {
		return flows.Outcome{}, fmt.Errorf("bracket: %w", err)
	}
	o, err := t.store(prokus.Report{Week: w, Amount: b[2], Low: b[0], High: b[1]}, "report")
	if err != nil {
		return o, err
	}
	o.Name = "stored"
	o.Vars["bawah"], o.Vars["atas"] = text.Rp(b[0]), text.Rp(b[1])
	return o, nil
}
