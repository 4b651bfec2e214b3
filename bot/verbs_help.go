package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/channels"
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
		{flows.Verb{Name: "help.road", Outcomes: []string{"story", "plain"}}, helpRoad},
		{flows.Verb{Name: "help.tell", Outcomes: []string{"told"}, Gives: ticket}, helpTell},
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
				if c, err = acts.Promise(t.ctx, t.Tx, t.by(), t.person(), c); err != nil {
					return flows.Outcome{}, err
				}
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

// helpRoad asks for the story where there is room for one: in a chat, and for more than a visit (J6-TG-01).
func helpRoad(t *turn, v flows.Vars) (flows.Outcome, error) {
	chat := t.in.Via == channels.Telegram || t.in.Via == channels.WhatsApp
	if chat && str(v, "topic") != "kunjung" {
		return outcome("story", nil)
	}
	return outcome("plain", nil)
}

// helpTell opens a case with her story: words, a photo or her voice.
func helpTell(t *turn, v flows.Vars) (flows.Outcome, error) {
	topic := str(v, "topic")
	reason, ok := topics[topic]
	if !ok {
		reason = prokus.OtherHelp
	}
	story := str(v, "text")
	if story == "" && t.in.Kind == channels.Media {
		story = str(v, "said")
	}
	o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), reason, prokus.CaseDetail{Topic: topic}, story)
	if err != nil {
		return flows.Outcome{}, err
	}
	if kind := t.in.MediaKind; kind != "" { // the file itself is with the inbound message
		if err := t.SaveCase(t.ctx, o.Case, acts.CaseEvent{At: t.now, What: "told", Note: kind}); err != nil {
			return flows.Outcome{}, fmt.Errorf("help: %w", err)
		}
	}
	return outcome("told", promise(o, t.now.Location()))
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
	if name == acts.Bereaved {
		o, err := acts.Mourn(t.ctx, t.Tx, t.by(), t.person(), str(v, "said"))
		return flows.Outcome{Name: name, Vars: promise(o, t.now.Location())}, err
	}
	reason := map[string]prokus.Reason{
		"violence": prokus.Violence, "disaster": prokus.Disaster, "complaint": prokus.Deduction,
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
