package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func helpVerbs() []verb {
	ticket := []string{"no", "tgl", "catatan", "case"}
	return []verb{
		{flows.Verb{Name: "help.ask", Outcomes: []string{"menu", "running", "noted"}, Gives: ticket}, helpAsk},
		{flows.Verb{Name: "help.open", Outcomes: []string{"opened", "money"}, Gives: ticket}, helpOpen},
		{flows.Verb{Name: "help.when", Outcomes: []string{"noted"}, Gives: []string{"kasus"}, Says: []string{"help.time.*"}}, helpWhen},
		{flows.Verb{Name: "help.call", Outcomes: []string{"opened"}, Gives: ticket}, helpCall},
		{flows.Verb{Name: "help.safety", Outcomes: []string{"violence", "disaster", "complaint", "bereaved"}, Gives: ticket}, helpSafety},
		{flows.Verb{Name: "help.woman", Outcomes: []string{"noted"}}, helpWoman},
		{flows.Verb{Name: "help.stopped", Outcomes: []string{"noted", "plain"}, Gives: append([]string{"alasan"}, ticket...), Says: []string{"help.reason.*"}}, helpStopped},
		{flows.Verb{Name: "case.helped", Outcomes: []string{"closed", "passed"}, Gives: []string{"tgl", "kabupaten"}}, caseHelped},
	}
}

// helpAsk answers TOLONG: with her story it is noted at once, with a case of hers running it says how that stands, else
// the menu.
func helpAsk(t *turn, v flows.Vars) (flows.Outcome, error) {
	if rest := str(v, "rest"); len(words(rest)) >= 2 {
		o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), prokus.OtherHelp, prokus.CaseDetail{Topic: "cerita"}, rest)
		if err != nil {
			return flows.Outcome{}, err
		}
		vars := promise(o, t.now.Location())
		vars["catatan"] = text.Quote(rest)
		return outcome("noted", vars)
	}
	if str(v, "more") != "yes" {
		open, err := t.OpenCases(t.ctx, t.personID())
		if err != nil {
			return flows.Outcome{}, fmt.Errorf("help: %w", err)
		}
		for _, c := range open {
			if (c.Reason == prokus.Visit || c.Reason == prokus.OtherHelp) && c.Status != prokus.CaseAsked {
				return outcome("running", promise(acts.Opened{Case: c}, t.now.Location()))
			}
		}
	}
	return outcome("menu", nil)
}

// topics of the help menu and what they become.
var topics = map[string]prokus.Reason{
	"uang": prokus.OtherHelp, "sepi": prokus.OtherHelp, "modal": prokus.OutOfMoney, "sakit": prokus.Sick, "lain": prokus.OtherHelp, "kunjung": prokus.Visit,
}

func helpOpen(t *turn, v flows.Vars) (flows.Outcome, error) {
	topic := str(v, "topic")
	reason, ok := topics[topic]
	if !ok {
		reason = prokus.OtherHelp
	}
	o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), reason, prokus.CaseDetail{Topic: topic}, "")
	if err != nil {
		return flows.Outcome{}, err
	}
	return outcome("opened", promise(o, t.now.Location()))
}

// helpWhen keeps the time of day that suits her.
func helpWhen(t *turn, v flows.Vars) (flows.Outcome, error) {
	when := str(v, "when")
	c, ok, err := t.CaseByID(t.ctx, integer(v, "case"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("help: %w", err)
	}
	if ok && c.Person == t.personID() && c.Status != prokus.CaseClosed {
		c.Detail.When = when
		if err := t.SaveCase(t.ctx, c, acts.CaseEvent{At: t.now, What: "answered", Note: when}); err != nil {
			return flows.Outcome{}, fmt.Errorf("help: %w", err)
		}
	}
	return outcome("noted", flows.Vars{"kasus": text.Key("help.time."+when, nil)})
}

// helpCall is TELEPON: she wants to be called.
func helpCall(t *turn, _ flows.Vars) (flows.Outcome, error) {
	o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), prokus.Visit, prokus.CaseDetail{Call: true}, "")
	if err != nil {
		return flows.Outcome{}, err
	}
	return outcome("opened", promise(o, t.now.Location()))
}

// helpSafety opens what cannot wait. Violence and complaints go to the district, never to the TKSK, and nothing of what she
// wrote is repeated (J6-SMS-03).
func helpSafety(t *turn, v flows.Vars) (flows.Outcome, error) {
	name := str(v, "what")
	reason := map[string]prokus.Reason{
		"violence": prokus.Violence, "disaster": prokus.Disaster, "complaint": prokus.Deduction, "bereaved": prokus.OtherHelp,
	}[name]
	o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), reason, prokus.CaseDetail{Topic: name}, str(v, "said"))
	if err != nil {
		return flows.Outcome{}, err
	}
	return outcome(name, promise(o, t.now.Location()))
}

// helpWoman keeps that she wants to be called by a woman.
func helpWoman(t *turn, v flows.Vars) (flows.Outcome, error) {
	c, ok, err := t.CaseByID(t.ctx, integer(v, "case"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("help: %w", err)
	}
	if ok && c.Person == t.personID() {
		if err := t.SaveCase(t.ctx, c, acts.CaseEvent{At: t.now, What: "answered", Note: "minta petugas perempuan"}); err != nil {
			return flows.Outcome{}, fmt.Errorf("help: %w", err)
		}
	}
	return outcome("noted", nil)
}

// helpStopped is "stop jualan dulu modal abis": the business stopped, not the messages (R05).
func helpStopped(t *turn, v flows.Vars) (flows.Outcome, error) {
	reason, why := prokus.OtherHelp, ""
	switch str(v, "reason") {
	case reasonMoney:
		reason, why = prokus.OutOfMoney, reasonMoney
	case reasonSick:
		reason, why = prokus.Sick, reasonSick
	}
	o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), reason, prokus.CaseDetail{Topic: "berhenti"}, str(v, "said"))
	if err != nil {
		return flows.Outcome{}, err
	}
	vars := promise(o, t.now.Location())
	if why == "" {
		return outcome("plain", vars)
	}
	vars["alasan"] = text.Key("help.reason."+why, nil)
	return outcome("noted", vars)
}

// caseHelped is her answer to the closing question.
func caseHelped(t *turn, v flows.Vars) (flows.Outcome, error) {
	answer := str(v, "answer")
	c, err := acts.Helped(t.ctx, t.Tx, t.by(), t.person(), integer(v, "case"), answer)
	if err != nil {
		return flows.Outcome{}, err
	}
	if answer == "sudah" {
		return outcome("closed", nil)
	}
	return outcome("passed", flows.Vars{"tgl": text.Date(c.Due.In(t.now.Location())), "kabupaten": text.Str(t.person().Kabupaten)})
}
