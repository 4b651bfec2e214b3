package bot

import (
	"fmt"
	"strconv"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The rules of a mentor's sessions, for the mentor.
func mentorVerbs() []verb {
	card := []string{"tgl", "jam", "tempat", "session", "diundang", "datang", "mungkin", "tidak", "ganti", "belum", "hadir", "kodepapan"}
	list := append([]string{"namasesi", "from", "lain"}, card...)
	shift := append([]string{"tgl2", "jam2", "starts", "spot", "tujuan"}, card...)
	says := []string{"mentor.name", "mentor.group.*"}
	doing := []flows.Offer{{Var: "doing", Label: "mentor.nudge_n", Max: 1, Next: []string{"mentor#nudge"}}, {Var: "doing", Label: "mentor.names_button", Max: 3,
		Next: []string{"mentor#names", "mentor#shift", "mentor#call_off"}}}
	return []verb{
		{flows.Verb{Name: "mentor.sessions", Outcomes: []string{"some", "one", "none"}, Gives: []string{"sesi", "session"}, Says: []string{"mentor.session_line"},
			Offers: []flows.Offer{{Var: "sessions", Label: "mentor.session_option", Max: sessionsListed}}}, mentorSessions},
		{flows.Verb{Name: "mentor.card", Outcomes: []string{"coming", "coming_maybe", "began", "none"}, Gives: card, Offers: doing,
			Says: []string{"mentor.shift_button", "mentor.call_off_button"}}, mentorCard},
		{flows.Verb{Name: "mentor.names", Outcomes: []string{"all", "more", "nobody", "none"}, Gives: list, Says: says}, mentorNames},
		{flows.Verb{Name: "mentor.nudge", Outcomes: []string{"nudged", "nobody", "none"}, Gives: append([]string{"n"}, card...)}, mentorNudge},
		{flows.Verb{Name: "mentor.attendance", Outcomes: []string{"recorded", "unknown", "unread", "early", "none"},
			Gives: append([]string{"x", "y", "nomor"}, card...)}, mentorAttendance},
		{flows.Verb{Name: "mentor.homework", Outcomes: []string{"noted", "ask", "none"}, Gives: append([]string{"tugas"}, card...)}, mentorHomework},
		{flows.Verb{Name: "mentor.call_off", Outcomes: []string{"confirm", "over", "none"}, Gives: append([]string{"n", "why"}, card...)}, mentorCallOff},
		{flows.Verb{Name: "mentor.called_off", Outcomes: []string{"ask", "replaced", "off", "over"}, Gives: append([]string{"n", "tgl2", "jam2"}, card...)}, mentorCalledOff},
		{flows.Verb{Name: "mentor.shift", Outcomes: []string{"ask", "confirm_place", "confirm_time", "confirm", "same", "past", "over", "none"},
			Gives: append([]string{"n"}, shift...)}, mentorShift},
		{flows.Verb{Name: "mentor.shifted", Outcomes: []string{"shifted", "taken", "over"}, Gives: append([]string{"n"}, shift...)}, mentorShifted},
	}
}

// mentorBy is the mentor who acts.
func (t *turn) mentorBy() acts.By {
	by := t.by()
	by.Staff = t.who.staff
	return by
}

// When a mentor's command names no session: how far back and ahead it may be.
const (
	sessionsBack   = 7
	sessionsAhead  = 60
	sessionsListed = 3 // in one message
)

// mentorsSessions are the sessions that a mentor may speak of, earliest first.
func (t *turn) mentorsSessions() ([]prokus.Session, error) {
	all, err := t.SessionsOf(t.ctx, t.who.staff.ID, t.now.AddDate(0, 0, -sessionsBack), t.now.AddDate(0, 0, sessionsAhead))
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return all, nil
}

// session is the one that a command is about: the one spoken of last, else the next one; with begun the newest that has begun.
func (t *turn) session(v flows.Vars, begun bool) (x prokus.Session, ok bool, err error) {
	if id := integer(v, "session"); id != 0 {
		x, ok, err = t.Session(t.ctx, id)
		if err != nil {
			return x, false, fmt.Errorf("session: %w", err)
		}
		if ok && x.Mentor.ID == t.who.staff.ID && x.Status != prokus.SessionCancelled && (!begun || !t.now.Before(x.Starts)) {
			return x, true, nil
		}
	}
	all, err := t.mentorsSessions()
	if err != nil {
		return x, false, err
	}
	ok = false
	for _, s := range all {
		if began := !t.now.Before(s.Starts); began == begun {
			if x, ok = s, true; !begun {
				break
			}
		}
	}
	return x, ok, nil
}

func sessionVars(x prokus.Session) flows.Vars {
	num := func(n int) text.Arg { return text.Num(int64(n)) }
	return flows.Vars{
		"session": x.ID, "tgl": text.Date(x.Starts), "jam": text.Clock(x.Starts), "tempat": text.Str(bahasa.FitName(x.Place, placeLength)),
		"diundang": num(x.Invited), "datang": num(x.Yes), "mungkin": num(x.Maybe), "tidak": num(x.No), "ganti": num(x.Moved), "belum": num(x.Silent),
		"hadir": num(x.Present), "kodepapan": text.Str(x.Code),
	}
}

// mentorSessions lists what has just been and what comes.
func mentorSessions(t *turn, v flows.Vars) (flows.Outcome, error) {
	all, err := t.mentorsSessions()
	if err != nil {
		return flows.Outcome{}, err
	}
	from := 0
	for from < len(all)-1 && t.now.Sub(all[from].Starts).Hours() > 24 { // yesterday's still wants its list
		from++
	}
	all = all[min(from, len(all)):]
	if len(all) == 0 {
		return outcome("none", nil)
	}
	var options []flows.Option
	var lines []text.Arg
	for n, x := range all[:min(len(all), sessionsListed)] {
		a := text.Args{
			"nomor": text.Num(int64(n + 1)), "tgl": text.Date(x.Starts), "jam": text.Clock(x.Starts),
			"tempat": text.Str(bahasa.FitName(prokus.ShortPlace(x.Place), placeLength)), "x": text.Num(int64(x.Yes)), "y": text.Num(int64(x.Invited)),
		}
		lines = append(lines, text.Key("mentor.session_line", a))
		options = append(options, flows.Option{Key: strconv.Itoa(n + 1), Value: strconv.FormatInt(x.ID, 10), LabelKey: "mentor.session_option", LabelArgs: labelArgs(a)})
	}
	vars := flows.Vars{"sesi": text.ListBy(" ", lines...), "sessions": options}
	if n, err := strconv.Atoi(str(v, "n")); err == nil && n >= 1 && n <= len(options) { // a number without an open question
		return outcome("one", flows.Vars{"session": all[n-1].ID})
	}
	return outcome("some", vars)
}

// mentorCard is how a session stands, with what can be done about it.
func mentorCard(t *turn, v flows.Vars) (flows.Outcome, error) {
	if id, err := strconv.ParseInt(str(v, "chosen"), 10, 64); err == nil {
		v["session"] = id
	}
	begun := false
	x, ok, err := t.session(v, begun)
	if err != nil || !ok {
		return flows.Outcome{Name: "none"}, err
	}
	vars := sessionVars(x)
	if !t.now.Before(x.Starts) {
		return outcome("began", vars)
	}
	vars["doing"] = t.cardOptions(x)
	if x.Maybe > 0 {
		return outcome("coming_maybe", vars)
	}
	return outcome("coming", vars)
}

// cardOptions are the buttons of a card (J5-TG-01); SMS has words for them.
func (t *turn) cardOptions(x prokus.Session) []flows.Option {
	chat := []string{string(channels.Telegram), string(channels.WhatsApp)}
	options := []flows.Option{{Key: "1", LabelKey: "mentor.names_button", Only: chat, Next: "mentor#names"}}
	if x.Silent > 0 {
		options = append(options, flows.Option{
			Key: "2", LabelKey: "mentor.nudge_n", LabelArgs: map[string]any{"belum": text.Num(int64(x.Silent))}, Only: chat, Next: "mentor#nudge",
		})
	}
	return append(options, flows.Option{Key: "3", LabelKey: "mentor.shift_button", Only: chat, Next: "mentor#shift"},
		flows.Option{Key: "4", LabelKey: "mentor.call_off_button", Only: chat, Next: "mentor#call_off"})
}

// mentorNudge asks those again who have not answered.
func mentorNudge(t *turn, v flows.Vars) (flows.Outcome, error) {
	x, ok, err := t.session(v, false)
	if err != nil || !ok || !t.now.Before(x.Starts) {
		return flows.Outcome{Name: "none"}, err
	}
	n, at, err := acts.Nudge(t.ctx, t.Tx, t.mentorBy(), x.ID)
	if err != nil {
		return flows.Outcome{}, err
	}
	vars := sessionVars(x)
	if n == 0 {
		return outcome("nobody", vars)
	}
	vars["n"], vars["tgl"], vars["jam"] = text.Num(int64(n)), text.Date(at), text.Clock(at)
	return outcome("nudged", vars)
}
