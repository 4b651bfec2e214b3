package bot

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func zeroVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "report.holiday", Outcomes: []string{"zero", "zero_holiday", "second_zero", "sick"}, Gives: []string{"rentang", "week", "jumlah", "lama", "baru", "pending"}}, reportHoliday},
		{flows.Verb{Name: "report.reason", Outcomes: []string{"told", "sick", "thanked"}, Gives: []string{"no", "tgl"}}, reportReason},
	}
}

// Reasons of a week without sales, as they are stored. Money and illness also open a case (J3-SMS-04).
const (
	reasonSick    = "sakit"
	reasonFeast   = "hajatan"
	reasonMoney   = "modal"
	reasonSlow    = "sepi"
	reasonHoliday = "libur"
	reasonOther   = "lainnya"
)

// storeZero keeps a week without sales. Zero is a report (R08); the reason is asked once unless her word held it.
func (t *turn) storeZero(r prokus.Report, reason string) (flows.Outcome, error) {
	r.Amount, r.Reason = 0, reason
	o, err := t.store(r, "report")
	if err != nil {
		return o, err
	}
	switch reason {
	case "":
		o.Name = "zero"
	case reasonHoliday, reasonFeast:
		o.Name = "zero_holiday"
	case reasonSick:
		o.Name = "zero_sick"
		return o, t.reasonCase(reason)
	case reasonMoney:
		o.Name = "zero_money"
		return o, t.reasonCase(reason)
	default:
		o.Name = "zero_other"
	}
	return o, nil
}

// reportHoliday stores the zero that a key such as [Libur] stands for.
func reportHoliday(t *turn, v flows.Vars) (flows.Outcome, error) {
	w, ok := weekOfVar(v, "week")
	if !ok {
		w = t.dueWeek()
	}
	if old, had, err := t.ReportOf(t.ctx, t.personID(), w); err != nil {
		return flows.Outcome{}, fmt.Errorf("holiday: %w", err)
	} else if had {
		return t.zeroAgain(old, str(v, "reason"), flows.Vars{"rentang": weekArg(w), "week": weekVar(w), "jumlah": text.Rp(0)})
	}
	return t.storeZero(prokus.Report{Week: w}, str(v, "reason"))
}

// zeroAgain is what becomes of a zero for a week that has a figure: an illness is told, not counted; any other takes the
// figure's place only if she says so.
func (t *turn) zeroAgain(old prokus.Report, reason string, given flows.Vars) (flows.Outcome, error) {
	switch {
	case reason == reasonSick:
		return outcome("sick", given)
	case old.Amount == 0:
		return outcome("zero_holiday", given)
	}
	given["lama"], given["baru"], given["pending"] = text.Rp(old.Amount), text.Rp(0), 0
	return outcome("second_zero", given)
}

// reportReason keeps why there were no sales.
func reportReason(t *turn, v flows.Vars) (flows.Outcome, error) {
	w, ok := weekOfVar(v, "week")
	if !ok {
		w = t.dueWeek()
	}
	r, had, err := t.ReportOf(t.ctx, t.personID(), w)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("reason: %w", err)
	}
	reason := str(v, "reason")
	if had && r.Amount == 0 {
		r.Reason = reason
		zero := int64(0)
		c := acts.Change{Person: t.personID(), Week: w, Old: &zero, New: &zero, What: "reason", At: t.now, Channel: t.in.Channel}
		if err := t.SaveReport(t.ctx, r, c); err != nil {
			return flows.Outcome{}, fmt.Errorf("reason: %w", err)
		}
	}
	switch reason {
	case reasonMoney:
		return flows.Outcome{Name: "told"}, t.reasonCase(reason)
	case reasonSick:
		return flows.Outcome{Name: "sick"}, t.reasonCase(reason)
	}
	return outcome("thanked", nil)
}

func (t *turn) reasonCase(reason string) error {
	r := prokus.OutOfMoney
	if reason == reasonSick {
		r = prokus.Sick
	}
	_, err := acts.OpenCase(t.ctx, t.Tx, t.by(), t.person(), r, prokus.CaseDetail{}, "")
	return err
}

// promise are the values of "paling lambat Jum 12 Jun. Tiket 3107".
func promise(o acts.Opened, loc *time.Location) flows.Vars {
	return flows.Vars{"no": text.Str(fmt.Sprint(o.Case.Ticket)), "tgl": text.Date(o.Case.Due.In(loc)), "case": o.Case.ID}
}

// A nought and nothing else, with or without its unit.
var bareNought = regexp.MustCompile(`^(rp\.? ?)?0+ ?(rb|ribu|rebu|ewu|k|rupiah)?$`)

// mayBeNought says whether words without a figure mean no sales at all, or few of them ("pasar sepi").
func (t *turn) mayBeNought(a bahasa.Amount) bool {
	return a.Verdict == bahasa.Ask && a.Kind == bahasa.KindZero && !strings.ContainsAny(t.text, "0123456789")
}

// nought says whether a zero is not sure enough to be stored. Without an open question about money every figure of nought is
// asked back (R03), words such as "libur" are not; under one only what is no clear zero ("halo robot 0").
func (t *turn) nought(a bahasa.Amount, v flows.Vars) bool {
	if a.Rupiah != 0 || a.Reason != "" || str(v, "sure") == "yes" || str(v, "week_chosen") == "yes" || t.in.Via == channels.USSD {
		return false
	}
	norm := strings.Trim(bahasa.Normalise(t.text), " .,!?")
	if strings.HasPrefix(t.intent, "ANSWER:") {
		return bahasa.ReadIntent(t.text).Intent == bahasa.None && !bareNought.MatchString(norm)
	}
	return strings.Contains(norm, "0") || bareNought.MatchString(norm) || slices.ContainsFunc(words(t.text), func(w string) bool { return w == "nol" || w == "enol" })
}
