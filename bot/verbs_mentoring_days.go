package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// daysOffered is how many other days one message offers; callKey asks the mentor to call instead (J5-SMS-02).
const (
	daysOffered = 2
	callKey     = "3"
)

// mentoringDays offers other days for the session that asked, else for the next one.
func mentoringDays(t *turn, v flows.Vars) (flows.Outcome, error) {
	from, ok, err := t.InviteTo(t.ctx, t.personID(), integer(v, "session"))
	if err == nil && (!ok || from.Status != prokus.SessionPlanned || !t.now.Before(from.Starts) && !sameDay(t.now, from.Starts)) {
		from, ok, err = t.NextInvite(t.ctx, t.personID(), t.now)
	}
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("days: %w", err)
	}
	if v["missed"] != nil { // what she missed is over: the other day comes besides the sessions that are hers
		from = acts.Invite{Mentor: from.Mentor}
	}
	free, err := acts.Alternatives(t.ctx, t.Tx, t.by(), t.person(), daysOffered+1)
	if err != nil {
		return flows.Outcome{}, err
	}
	free = slices.DeleteFunc(free, func(i acts.Invite) bool { return i.Session == from.Session })
	free = free[:min(len(free), daysOffered)]
	vars := flows.Vars{"session": from.Session, "mentor": mentorArg(from.Mentor)}
	if !ok && len(free) == 0 {
		return outcome("nothing", nil)
	}
	return t.offer(vars, free, nil)
}

// offer makes the options of other days. was are the options of a moment ago: what is left of them keeps its number (R02).
func (t *turn) offer(vars flows.Vars, free []acts.Invite, was []flows.Option) (flows.Outcome, error) {
	options := []flows.Option{}
	var lines []text.Arg
	for n, i := range free {
		key := strconv.Itoa(n + 1)
		if was != nil {
			if key = keyOf(was, i.Session); key == "" {
				continue
			}
		}
		args := text.Args{
			"tgl": text.Date(i.Starts), "jam": text.Clock(i.Starts), "tempat": text.Str(bahasa.FitName(prokus.ShortestPlace(i.Place, i.Kecamatan), placeLength)),
		}
		options = append(options, flows.Option{Key: key, Value: strconv.FormatInt(i.Session, 10), LabelKey: "mentoring.day", LabelArgs: labelArgs(args)})
		args["nomor"] = text.Str(key)
		lines = append(lines, text.Key("mentoring.pick", args))
	}
	name := "some"
	if len(options) == 0 {
		name = "none"
	}
	offered := "screen_days"
	if t.in.Via != channels.USSD { // a screen has no room for it
		offered = "days"
		options = append(options, flows.Option{
			Key: callKey, Value: "call", LabelKey: "mentoring.ask_call", LabelArgs: map[string]any{"mentor": vars["mentor"]}, Next: "mentoring#call",
		})
	}
	vars[offered], vars["pilihan"] = options, text.ListBy(" ", lines...)
	return outcome(name, vars)
}

func keyOf(options []flows.Option, session int64) string {
	for _, o := range options {
		if o.Value == strconv.FormatInt(session, 10) {
			return o.Key
		}
	}
	return ""
}

// mentoringExchange moves her to the day that she chose; when its last seat has just gone it offers what is left.
func mentoringExchange(t *turn, v flows.Vars) (flows.Outcome, error) {
	to, err := strconv.ParseInt(str(v, "day"), 10, 64)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("exchange: %w", err)
	}
	i, ok, err := acts.Exchange(t.ctx, t.Tx, t.by(), t.person(), integer(v, "session"), to, v["missed"] != nil)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		return t.full(v, to)
	}
	vars := inviteVars(i)
	eve := i.Starts.AddDate(0, 0, -1)
	vars["hari"] = text.Key("weekday."+strings.ToLower(eve.Weekday().String()), nil)
	if !t.now.Before(time.Date(eve.Year(), eve.Month(), eve.Day(), eveHour, eveMinute, 0, 0, eve.Location())) {
		return outcome("soon", vars) // the reminder of the day before has gone out: nothing is promised
	}
	return outcome("changed", vars)
}

// eveHour and eveMinute are when the reminder of the day before goes out (the scheduler's rule mentoring.eve).
const eveHour, eveMinute = 16, 30

// full says that the last seat of a day has gone, and offers what is left.
func (t *turn) full(v flows.Vars, taken int64) (flows.Outcome, error) {
	free, err := acts.Alternatives(t.ctx, t.Tx, t.by(), t.person(), 10)
	if err != nil {
		return flows.Outcome{}, err
	}
	was := optionsVar(v["days"])
	if t.in.Via == channels.USSD {
		was = optionsVar(v["screen_days"])
	}
	left := free[:0:0]
	for _, i := range free {
		if i.Session != taken {
			left = append(left, i)
		}
	}
	if was == nil {
		left = left[:min(len(left), daysOffered)]
	}
	vars := flows.Vars{"mentor": mentorArg("")}
	if v["mentor"] != nil {
		vars["mentor"] = v["mentor"]
	}
	x, ok, err := t.Session(t.ctx, taken)
	if err != nil || !ok {
		return flows.Outcome{}, fmt.Errorf("full: found %t: %w", ok, err)
	}
	vars["tgl"] = text.Date(x.Starts.In(t.now.Location()))
	out, err := t.offer(vars, left, was)
	if out.Name == "some" {
		out.Name = "full"
	}
	return out, err
}

// mentoringJoin gives her a seat in the session that was offered to her: to make up for one that she missed, or instead of one
// that was called off.
func mentoringJoin(t *turn, v flows.Vars) (flows.Outcome, error) {
	to := integer(v, "session")
	i, ok, err := acts.Exchange(t.ctx, t.Tx, t.by(), t.person(), 0, to, v["missed"] != nil)
	if err != nil {
		return flows.Outcome{}, err
	}
	if !ok {
		delete(v, "days")
		return t.full(v, to)
	}
	return outcome("coming", inviteVars(i))
}

// mentoringFull is for somebody who wants the seat back that she gave up, when it has gone.
func mentoringFull(t *turn, v flows.Vars) (flows.Outcome, error) {
	delete(v, "days")
	return t.full(v, integer(v, "session"))
}

// optionsVar reads options that a place kept.
func optionsVar(v any) (out []flows.Option) {
	b, err := json.Marshal(v)
	if err != nil || json.Unmarshal(b, &out) != nil {
		return nil
	}
	return out
}

func sameDay(a, b time.Time) bool { return prokus.Day(a.In(b.Location())).Equal(prokus.Day(b)) }
