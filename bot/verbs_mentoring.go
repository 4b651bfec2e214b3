package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

func mentoringVerbs() []verb {
	gives := []string{"tgl", "jam", "tempat", "mentor", "jadwal"}
	return []verb{
		{flows.Verb{Name: "mentoring.rsvp", Outcomes: []string{"coming", "not", "maybe", "none"}, Gives: gives}, mentoringRSVP},
		{flows.Verb{Name: "mentoring.reason", Outcomes: []string{"noted"}}, mentoringReason},
		{flows.Verb{Name: "mentoring.schedule", Outcomes: []string{"some", "none"}, Gives: gives, Says: []string{"mentoring.item"}}, mentoringSchedule},
		{flows.Verb{Name: "mentoring.next", Outcomes: []string{"some", "none"}, Gives: gives}, mentoringNext},
	}
}

func inviteVars(i acts.Invite) flows.Vars {
	return flows.Vars{
		"tgl": text.Date(i.Starts), "jam": text.Clock(i.Starts), "tempat": text.Str(bahasa.FitName(i.Place, placeLength)), "mentor": text.Str(i.Mentor),
	}
}

// placeLength is what the texts allow a place (placeholders.yaml).
const placeLength = 20

// mentoringRSVP keeps her answer about the next session.
func mentoringRSVP(t *turn, v flows.Vars) (flows.Outcome, error) {
	answer := str(v, "rsvp")
	i, ok, err := acts.RSVP(t.ctx, t.Tx, t.by(), t.person(), answer, "")
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return outcome("none", nil)
	}
	return outcome(map[string]string{"ya": "coming", "tidak": "not", "mungkin": "maybe"}[answer], inviteVars(i))
}

func mentoringReason(t *turn, v flows.Vars) (flows.Outcome, error) {
	if _, _, err := acts.RSVP(t.ctx, t.Tx, t.by(), t.person(), "tidak", str(v, "reason")); err != nil {
		return flows.Outcome{}, err
	}
	return outcome("noted", nil)
}

// mentoringSchedule lists her next sessions (J5-SMS-03).
func mentoringSchedule(t *turn, _ flows.Vars) (flows.Outcome, error) {
	all, err := t.Invites(t.ctx, t.personID(), t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("schedule: %w", err)
	}
	if len(all) == 0 {
		return outcome("none", nil)
	}
	var items []text.Arg
	for _, i := range all[:min(len(all), 2)] {
		v := inviteVars(i)
		items = append(items, text.Key("mentoring.item", text.Args{"tgl": v["tgl"].(text.Arg), "jam": v["jam"].(text.Arg), "tempat": v["tempat"].(text.Arg)}))
	}
	return outcome("some", flows.Vars{"jadwal": text.List(items...)})
}

// mentoringNext is the next session, for the screen that asks about it.
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
