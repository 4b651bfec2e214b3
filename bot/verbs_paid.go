package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func paidVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "grant.received", Outcomes: []string{"whole", "cut", "not_yet", "passed", "none"}, Gives: []string{"tgl", "no", "kabupaten"}}, grantReceived},
		{flows.Verb{Name: "grant.meaning", Outcomes: meanings()}, grantMeaning},
		{flows.Verb{Name: "nota.open", Outcomes: []string{"ask", "none"}}, notaOpen},
		{flows.Verb{Name: "nota.keep", Outcomes: []string{"kept", "again", "confirm", "none"}, Gives: []string{"jumlah", "total", "sisa", "pending"}}, notaKeep},
		{flows.Verb{Name: "nota.pass_on", Outcomes: []string{"noted"}, Gives: []string{"tgl", "no"}}, notaPassOn},
	}
}

// grantReceived takes her answer to "received in full?" (J2-SMS-04).
func grantReceived(t *turn, v flows.Vars) (flows.Outcome, error) {
	g, _, ok, err := t.GrantOf(t.ctx, t.personID())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("received: %w", err)
	}
	if !ok {
		return outcome("none", nil)
	}
	switch str(v, "how") {
	case acts.Whole:
		return flows.Outcome{Name: "whole"}, acts.ReceivedWhole(t.ctx, t.Tx, t.by(), g)
	case acts.Cut:
		o, err := acts.ReceivedCut(t.ctx, t.Tx, t.by(), t.person(), g)
		return flows.Outcome{Name: "cut", Vars: promise(o, t.now.Location())}, err
	}
	again, opened, err := acts.NotReceived(t.ctx, t.Tx, t.by(), t.person(), g)
	if err != nil {
		return flows.Outcome{}, err
	}
	if opened != nil {
		vars := promise(*opened, t.now.Location())
		vars["kabupaten"] = text.Str(t.person().Kabupaten)
		return outcome("passed", vars)
	}
	return outcome("not_yet", flows.Vars{"tgl": text.Date(again)})
}

// meanings are the stages that have an explanation.
func meanings() []string {
	out := []string{"none"}
	for _, s := range grantStages {
		if s != prokus.Done {
			out = append(out, string(s))
		}
	}
	return out
}

// grantMeaning explains the stage in which her grant is.
func grantMeaning(t *turn, _ flows.Vars) (flows.Outcome, error) {
	g, _, ok, err := t.GrantOf(t.ctx, t.personID())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("meaning: %w", err)
	}
	for _, s := range grantStages {
		if ok && s == g.Stage && s != prokus.Done {
			return outcome(string(s), nil)
		}
	}
	return outcome("none", nil)
}

// steps of the way, in the order in which people go it.
var way = []prokus.Stage{prokus.Proposed, prokus.Verified, prokus.Decreed, prokus.AccountReady, prokus.AtBank, prokus.Credited, prokus.Receipts}

// progress gives the way of a grant in seven lines, with the day on which each step was done (J2-TG-01), and what she must do.
func (t *turn) progress(g prokus.Grant, vars flows.Vars) error {
	since, err := t.GrantSteps(t.ctx, g.ID)
	if err != nil {
		return fmt.Errorf("progress: %w", err)
	}
	here := len(way)
	for i, s := range way {
		if s == g.Stage {
			here = i
		}
	}
	var lines []text.Arg
	for i, s := range way {
		a := text.Args{"langkah": text.Num(int64(i + 1)), "langkahan": text.Key("grant.step."+string(s), nil)}
		key := "grant.line.ahead"
		switch {
		case i < here:
			key = "grant.line.done"
			for _, next := range way[i+1:] { // a step is done when the next one that we know of began
				if day, ok := since[next]; ok {
					key, a["tglpendek"] = "grant.line.done_on", text.Day(day)
					break
				}
			}
		case i == here:
			key, a["tglpendek"] = "grant.line.here", text.Day(g.Since)
		case s == prokus.Credited && !g.ExpectFrom.IsZero() && !g.ExpectTo.IsZero():
			key, a["masa"] = "grant.line.expected", text.Str(span(g.ExpectFrom, g.ExpectTo))
		}
		lines = append(lines, text.Key(key, a))
	}
	vars["jumlah"], vars["lama"] = text.Rp(g.Amount), text.Rp(g.Spent)
	if key := "grant.todo." + string(g.Stage); t.Texts.Has(key) {
		all := t.standing()
		for k, v := range vars {
			all[k] = v
		}
		lines = append(lines, text.Key(key, t.Texts.Pick(key, all)))
	}
	vars["kemajuan"] = text.ListBy("\n", lines...)
	return nil
}

// notaStages are those in which receipts are taken.
var notaStages = map[prokus.Stage]bool{prokus.AtBank: true, prokus.Credited: true, prokus.Receipts: true}

func notaOpen(t *turn, _ flows.Vars) (flows.Outcome, error) {
	g, _, ok, err := t.GrantOf(t.ctx, t.personID())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("nota: %w", err)
	}
	if !ok || !notaStages[g.Stage] {
		return outcome("none", nil)
	}
	return outcome("ask", nil)
}

// notaKeep stores a receipt's sum. Our own example and figures that are no clear figure are asked back (R31).
func notaKeep(t *turn, v flows.Vars) (flows.Outcome, error) {
	g, _, ok, err := t.GrantOf(t.ctx, t.personID())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("nota: %w", err)
	}
	if !ok {
		return outcome("none", nil)
	}
	a, _ := amountOf(v, "amount")
	amount, sure := a.Rupiah, str(v, "sure") == "yes"
	if sure {
		amount = integer(v, "pending")
	}
	if !sure && a.Verdict != bahasa.Value {
		if len(a.Candidates) == 0 || a.Candidates[0] <= 0 {
			return outcome("again", nil)
		}
		return outcome("confirm", flows.Vars{"jumlah": text.Rp(a.Candidates[0]), "pending": a.Candidates[0]})
	}
	switch {
	case amount <= 0 || amount > prokus.MaxReport:
		return outcome("again", nil)
	case !sure && (amount == prokus.ExampleAmount || g.Amount > 0 && amount > g.Amount):
		return outcome("confirm", flows.Vars{"jumlah": text.Rp(amount), "pending": amount})
	}
	sum, left, err := acts.AddNota(t.ctx, t.Tx, t.by(), g, amount, str(v, "photo"))
	if err != nil {
		return flows.Outcome{}, err
	}
	return outcome("kept", flows.Vars{"jumlah": text.Rp(amount), "total": text.Rp(sum), "sisa": text.Rp(left), "amount": nil, "pending": nil, "photo": nil})
}

// notaPassOn gives a receipt that she cannot read to her TKSK.
func notaPassOn(t *turn, v flows.Vars) (flows.Outcome, error) {
	o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), prokus.NoReceipts, prokus.CaseDetail{Topic: "nota"}, "")
	if err != nil {
		return flows.Outcome{}, err
	}
	return outcome("noted", promise(o, t.now.Location()))
}
