package bot

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The rules of a session for those who are invited: will she come, on which day instead, and what stands in her schedule.
func mentoringVerbs() []verb {
	gives := []string{"tgl", "jam", "tempat", "mentor", "session", "materi"}
	answers := []string{"coming", "not", "today", "maybe", "maybe_plain", "full", "began", "gone", "none"}
	days := []flows.Offer{
		{Var: "screen_days", Label: "mentoring.day", Max: daysOffered},
		{Var: "days", Label: "mentoring.day", Max: daysOffered},
		{Var: "days", Label: "mentoring.ask_call", Max: 1, Next: []string{"mentoring#call"}},
	}
	moved := append([]string{"hari", "pilihan"}, gives...)
	return []verb{
		{flows.Verb{Name: "mentoring.rsvp", Outcomes: answers, Gives: gives}, mentoringRSVP},
		{flows.Verb{Name: "mentoring.reason", Outcomes: []string{"noted"}}, mentoringReason},
		{flows.Verb{Name: "mentoring.decline", Outcomes: []string{"noted"}}, mentoringDecline},
		{flows.Verb{Name: "mentoring.schedule", Outcomes: []string{"some", "none"}, Gives: append([]string{"jadwal"}, gives...),
			Says: []string{"mentoring.item", "mentoring.item_makeup"}}, mentoringSchedule},
		{flows.Verb{Name: "mentoring.next", Outcomes: []string{"some", "none"}, Gives: gives}, mentoringNext},
		{flows.Verb{Name: "mentoring.map", Outcomes: []string{"shown", "none"}, Gives: append([]string{"peta"}, gives...)}, mentoringMap},
		{flows.Verb{Name: "mentoring.days", Outcomes: []string{"some", "none", "nothing"}, Gives: moved, Offers: days, Says: []string{"mentoring.pick"}}, mentoringDays},
		{flows.Verb{Name: "mentoring.exchange", Outcomes: []string{"changed", "soon", "full", "none"}, Gives: moved, Offers: days,
			Says: []string{"mentoring.pick", "weekday.*"}}, mentoringExchange},
		{flows.Verb{Name: "mentoring.join", Outcomes: []string{"coming", "full", "none"}, Gives: moved, Offers: days, Says: []string{"mentoring.pick"}}, mentoringJoin},
		{flows.Verb{Name: "mentoring.full", Outcomes: []string{"full", "none"}, Gives: moved, Offers: days, Says: []string{"mentoring.pick"}}, mentoringFull},
		{flows.Verb{Name: "mentoring.call", Outcomes: []string{"asked", "nobody"}, Gives: gives}, mentoringCall},
		{flows.Verb{Name: "mentoring.attend", Outcomes: []string{"here", "here_plain", "wrong", "locked", "no_session", "ask", "rsvp"},
			Gives: append([]string{"ke", "dari", "tugas"}, gives...)}, mentoringAttend},
		{flows.Verb{Name: "mentoring.rate", Outcomes: []string{"next", "last"}, Gives: gives}, mentoringRate},
	}
}

// Longest names that the texts allow (placeholders.yaml).
const (
	placeLength  = 20
	mentorLength = 12
)

func inviteVars(i acts.Invite) flows.Vars {
	v := flows.Vars{
		"tgl": text.Date(i.Starts), "jam": text.Clock(i.Starts), "tempat": text.Str(bahasa.FitName(i.Place, placeLength)), "session": i.Session,
		"mentor": mentorArg(i.Mentor), "materi": text.Str(""),
	}
	if i.Topic != "" {
		v["materi"] = text.Key("mentoring.about", text.Args{"topik": text.Quote(strings.ToLower(i.Topic))})
	}
	return v
}

func mentorArg(called string) text.Arg {
	if called == "" {
		return text.Key("staff.some_mentor", nil)
	}
	return text.Str(bahasa.FitName(called, mentorLength))
}

// mentoringRSVP keeps her answer about the session that asked, else about the next one.
func mentoringRSVP(t *turn, v flows.Vars) (flows.Outcome, error) {
	answer := str(v, "rsvp")
	i, became, err := acts.RSVP(t.ctx, t.Tx, t.by(), t.person(), integer(v, "session"), answer, "")
	if err != nil {
		return flows.Outcome{}, err
	}
	if became == acts.SeatKept {
		became = map[string]string{"ya": "coming", "tidak": "not", "mungkin": "maybe"}[answer]
	}
	switch {
	case became == acts.SeatNone:
		return outcome(became, nil)
	case became == "maybe" && !sameDay(t.now, i.Starts.AddDate(0, 0, -1)):
		became = "maybe_plain" // only on the eve is it true that we ask again tomorrow morning
	}
	return outcome(became, inviteVars(i))
}

func mentoringReason(t *turn, v flows.Vars) (flows.Outcome, error) {
	if _, _, err := acts.RSVP(t.ctx, t.Tx, t.by(), t.person(), integer(v, "session"), "tidak", str(v, "reason")); err != nil {
		return flows.Outcome{}, err
	}
	return outcome("noted", nil)
}

// mentoringDecline is a no to another session than the one that she missed or that was called off.
func mentoringDecline(t *turn, v flows.Vars) (flows.Outcome, error) {
	if _, _, err := acts.RSVP(t.ctx, t.Tx, t.by(), t.person(), integer(v, "session"), "tidak", ""); err != nil {
		return flows.Outcome{}, err
	}
	return outcome("noted", nil)
}

// scheduled is how many sessions one message holds.
const scheduled = 2

// mentoringSchedule lists the sessions to which she has not said no (J5-SMS-03).
func mentoringSchedule(t *turn, _ flows.Vars) (flows.Outcome, error) {
	all, err := t.Invites(t.ctx, t.personID(), t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("schedule: %w", err)
	}
	var items []text.Arg
	var vars flows.Vars
	for _, i := range all {
		if i.RSVP == "tidak" || len(items) == scheduled {
			continue
		}
		key := "mentoring.item"
		if i.Makeup {
			key = "mentoring.item_makeup"
		}
		items = append(items, text.Key(key, text.Args{
			"tgl": text.Date(i.Starts), "jam": text.Clock(i.Starts), "tempat": text.Str(bahasa.FitName(prokus.ShortPlace(i.Place), placeLength)),
		}))
		if vars == nil {
			vars = inviteVars(i)
		}
	}
	if len(items) == 0 {
		return outcome("none", nil)
	}
	vars["jadwal"] = text.List(items...)
	return outcome("some", vars)
}

// mentoringNext is the next session, for the screen or card that asks about it.
func mentoringNext(t *turn, _ flows.Vars) (flows.Outcome, error) {
	i, ok, err := t.NextInvite(t.ctx, t.personID(), t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("schedule: %w", err)
	}
	if !ok {
		return outcome("none", nil)
	}
	return outcome("some", inviteVars(i))
}

// mentoringMap is a link to the place of her next session. It is searched by its name: nobody measures village halls.
func mentoringMap(t *turn, _ flows.Vars) (flows.Outcome, error) {
	i, ok, err := t.NextInvite(t.ctx, t.personID(), t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("map: %w", err)
	}
	if !ok {
		return outcome("none", nil)
	}
	vars := inviteVars(i)
	vars["peta"] = text.Str("https://www.openstreetmap.org/search?query=" + url.QueryEscape(i.Place+", "+i.Kecamatan))
	return outcome("shown", vars)
}

// mentoringCall asks the mentor to call her about another day.
func mentoringCall(t *turn, v flows.Vars) (flows.Outcome, error) {
	i, ok, err := t.InviteTo(t.ctx, t.personID(), integer(v, "session"))
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("call: %w", err)
	}
	if !ok {
		return outcome("nobody", nil)
	}
	until, ok, err := acts.AskMentorToCall(t.ctx, t.Tx, t.by(), t.person(), i)
	if err != nil || !ok {
		return flows.Outcome{Name: "nobody"}, err
	}
	vars := inviteVars(i)
	vars["tgl"] = text.Date(until)
	return outcome("asked", vars)
}
