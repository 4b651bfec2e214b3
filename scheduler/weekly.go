package scheduler

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// sharedGap is how far apart questions to one shared number are (J1-SMS-04).
const sharedGap = 30 * time.Minute

// prompt is the weekly question (R06). Who has saved a figure during the week is asked for what came on top.
func (s *Scheduler) prompt(sel Selection, w prokus.Week, p Reporter) []prokus.Message {
	if p.Reported && !p.Held {
		return nil
	}
	key, opens := "prompt.week", s.Refs.Ask
	keys := map[string]any{"options": labels("0", "button.holiday"), "commands": []string{"later", "call"}}
	switch {
	case p.Held:
		key, opens = "prompt.addition", s.Refs.Addition
		keys = map[string]any{"options": labels("P", "button.enough")}
	case p.Bracket && !p.Shared:
		key, opens = "prompt.bracket", s.Refs.Bracket
		keys = map[string]any{"options": labels("1", "report.bracket1", "2", "report.bracket2", "3", "report.bracket3", "4", "report.bracket4", "0", "button.holiday")}
	}
	m := s.weekly(sel, w, p, prokus.KindPrompt, key, opens)
	m.Buttons = encode(keys)
	// The reminder of Monday takes over from here.
	m.NotAfter = sel.Slot.Add(24 * time.Hour)
	return []prokus.Message{m}
}

// remind is the first or second reminder (J3-SMS-08), with how many have reported where that encourages (R19).
func (s *Scheduler) remind(sel Selection, w prokus.Week, p Reporter, t Turnout) []prokus.Message {
	if p.Reported || p.Held {
		return nil
	}
	key := "remind.first"
	switch {
	case saidAs(sel.Rule) == ruleSecond:
		key = "remind.second"
	case 2*t.Reported >= t.Due && t.Reported > 0 && !p.Shared:
		key = "remind.first_many"
	}
	m := s.weekly(sel, w, p, prokus.KindReminder, key, s.Refs.Ask)
	m.Args = encode(withTurnout(s.reporterArgs(w, p), t))
	m.NotAfter = w.Closes(p.Location())
	return []prokus.Message{m}
}

func withTurnout(a text.Args, t Turnout) text.Args {
	a["x"], a["y"] = text.Num(int64(t.Reported)), text.Num(int64(t.Due))
	return a
}

func (s *Scheduler) weekly(sel Selection, w prokus.Week, p Reporter, kind prokus.Kind, key, opens string) prokus.Message {
	at := sel.Slot
	if p.TKSK == "" && s.Texts.Has(key+"_vacant") { // nobody signs
		key += "_vacant"
	}
	if p.Shared {
		key = strings.TrimSuffix(key, "_vacant") + "_shared"
		at = at.Add(time.Duration(p.Place) * sharedGap)
	}
	return prokus.Message{
		Key: fmt.Sprintf("%s:%d:%s", saidAs(sel.Rule), p.ID, w), Person: p.ID, Kind: kind, Lang: p.Lang, Text: key,
		Args: encode(s.reporterArgs(w, p)), Opens: opens, OpensVars: encode(map[string]any{"week": w.String()}), NotBefore: at,
	}
}

func (s *Scheduler) reporterArgs(w prokus.Week, p Reporter) text.Args {
	a := personArgs(p)
	a["rentang"] = text.Week(w.Date())
	a["jumlah"] = text.Rp(p.Amount)
	return a
}

// personArgs are what every text to a person may use.
func personArgs(p Reporter) text.Args {
	tksk := text.Key("staff.someone", nil)
	if p.TKSK != "" {
		tksk = text.Name(p.TKSK)
	}
	return text.Args{
		"sapaan": text.Str(p.Title()), "nama": text.Name(p.First()), "ibu": text.Str(p.Salutation), "tksk": tksk, "huruf": text.Str(p.Letter),
	}
}

// inviteAgain is the second and last invitation (J1-SMS-05).
func (s *Scheduler) inviteAgain(sel Selection, p Reporter) []prokus.Message {
	return []prokus.Message{{
		Key:    fmt.Sprintf("%s:%d:%s", ruleInvite, p.ID, p.InvitedAt.UTC().Format("20060102")),
		Person: p.ID, Kind: prokus.KindInvitation, Lang: p.Lang, Text: "invite.second", Args: encode(personArgs(p)),
		Opens: s.Refs.Invited, NotBefore: sel.Slot, NotAfter: sel.Slot.AddDate(0, 0, 4),
	}}
}

// encode writes what an outbox row keeps as JSON.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("scheduler: %v", err)) // texts' arguments, strings and numbers always encode
	}
	return b
}
