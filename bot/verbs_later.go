package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// laterVerbs are what she says instead of a figure: the same as last week, not now, here is my voice.
func laterVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "later.ask", Outcomes: []string{"promised", "plain", "stale"}, Gives: []string{"tgl", "jam"}}, laterAsk},
		{flows.Verb{Name: "voice.keep", Outcomes: []string{"kept"}, Gives: []string{"tgl", "no"}, Says: []string{"day.tomorrow"}}, voiceKeep},
		{flows.Verb{
			Name: "tips.next", Outcomes: []string{"told", "none"}, Gives: []string{"tip"}, Says: []string{"tips.*"},
		}, tipsNext},
		{flows.Verb{Name: "tips.more", Outcomes: []string{"told", "none"}, Gives: []string{"tip"}, Says: []string{"tips.*"}}, tipsMore},
	}
}

// sameAs proposes last week's figure to "sama kayak minggu lalu"; she still says YA to it.
func (t *turn) sameAs(v flows.Vars) (flows.Outcome, error) {
	w, name, vars, err := t.weekFor(v)
	if err != nil || name != "" {
		if name == "which" {
			name, vars = "unread", nil // two weeks are open: a figure is needed
		}
		return flows.Outcome{Name: name, Vars: vars}, err
	}
	last, ok, err := t.ReportOf(t.ctx, t.personID(), w-1)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("same: %w", err)
	}
	if !ok || last.Amount == 0 {
		return outcome("unread", nil)
	}
	return outcome("same_as", flows.Vars{"jumlah": text.Rp(last.Amount), "pending": last.Amount, "week": weekVar(w), "rentang": weekArg(w)})
}

// weekWords name a week, "ini 29 Jun-5 Jul" when it is the running one.
func (t *turn) weekWords(w prokus.Week) text.Arg {
	if w == prokus.WeekOf(t.now) {
		return text.Key("report.this_week", text.Args{"rentang": weekArg(w)})
	}
	return weekArg(w)
}

// When "nanti" is: this evening, as long as there is time, else tomorrow before noon.
const (
	eveningHour, eveningMinute = 18, 30
	lateAfternoon              = 18 // from here on this evening is now
	morningHour                = 10
)

// laterAsk is "nanti": she is asked once more at a time that is told to her, and not after she has reported.
func laterAsk(t *turn, v flows.Vars) (flows.Outcome, error) {
	w := t.dueWeek()
	r, had, err := t.ReportOf(t.ctx, t.personID(), w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("later: %w", err)
	}
	if had && !r.Provisional {
		if t.in.Kind == channels.Choice {
			return outcome("stale", nil)
		}
		return outcome("plain", nil)
	}
	y, m, d := t.now.Date()
	at := time.Date(y, m, d, eveningHour, eveningMinute, 0, 0, t.now.Location())
	if t.now.Hour() >= lateAfternoon || strings.Contains(strings.ToLower(str(v, "said")), "bes") { // besok, besuk
		at = time.Date(y, m, d+1, morningHour, 0, 0, 0, t.now.Location())
	}
	if !at.Before(w.AcceptedUntil(t.now.Location())) || t.person().Consent != prokus.Agreed {
		return outcome("plain", nil)
	}
	if err := acts.AskLater(t.ctx, t.Tx, t.by(), t.person(), w, at); err != nil {
		return flows.Outcome{}, err
	}
	return outcome("promised", flows.Vars{"tgl": text.Date(at), "jam": text.Clock(at)})
}

// voiceKeep gives a voice note to the TKSK, who writes down what she said by tomorrow or the next working day (R16).
func voiceKeep(t *turn, _ flows.Vars) (flows.Outcome, error) {
	o, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), prokus.HelpReport, prokus.CaseDetail{Topic: "suara"}, "")
	if err != nil {
		return flows.Outcome{}, err
	}
	holidays, err := t.Holidays(t.ctx, t.person().Area, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("voice: %w", err)
	}
	vars := promise(o, t.now.Location())
	by := prokus.NewCalendar(holidays).AddWorkingDays(t.now, 1)
	vars["tgl"] = text.Date(by)
	if prokus.Day(by).Equal(prokus.Day(t.now.AddDate(0, 0, 1))) {
		vars["tgl"] = text.Key("day.tomorrow", nil)
	}
	return outcome("kept", vars)
}
