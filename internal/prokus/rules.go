package prokus

import "time"

// Rules are the programme's figures and times for one area at one moment: what Settings say, read.
type Rules struct {
	// When scheduled messages fall due, local time (R06, J1, J5, J7).
	Prompt, Remind1, Remind2, Digest, Office, Invite2, Eve, Morning Timing
	// In Ramadan the question and the last reminder have hours of their own (R32).
	RamadanPrompt, RamadanRemind2 string
	Ramadan                       bool // Ramadan is kept in the area

	// When nothing unasked is sent (R07), minutes of the day. QuietFrom is in the evening, QuietTo in the morning.
	QuietFrom, QuietTo     int
	RamadanFrom, RamadanTo int           // the window of Ramadan
	Maghrib                time.Duration // pause from sunset
	Friday                 bool          // pause for the Friday prayer, 11.30 to 13.00

	// Caps a person and week (R07).
	CapExtras, CapAll int

	// What is asked back before it is stored (R10).
	TimesAbove, TimesBelow int64
	AskAbove, AskBelow     int64 // rupiah

	// When a case opens by itself (journeys.md 4.7).
	SilentWeeks, ZeroWeeks      int
	FallenTo, Recovered         int // percent of her median
	InvitedDays, NoShows        int
	DeadDays, DeadRefusals      int
	ReceiptDays, ReceiptPercent int

	// What cases share: the promise in working days, the ministry's list, how long the closing question waits.
	PromiseDays, MinistryDays int
	AnswerTime                time.Duration
	Cases                     map[Reason]CaseRule
}

// Timing is when a rule falls due, and how late it may still be said after an outage.
type Timing struct {
	Cron string // five fields, see ReadCadence
	Late time.Duration
}

// DefaultRules are the rules as they ship; nobody writes into their table of cases.
func DefaultRules() Rules { return shipped }

var shipped = defaultRules()

func defaultRules() Rules {
	r := Rules{Cases: map[Reason]CaseRule{}}
	for _, s := range Settings() {
		v, err := s.read(s.Default)
		if err != nil {
			panic("prokus: the default of " + s.Key + ": " + err.Error()) // a constant; TestSettings reads them all
		}
		s.set(&r, v)
	}
	return r
}

// Case is how a reason is handled.
func (r Rules) Case(reason Reason) CaseRule {
	if c, ok := r.Cases[reason]; ok {
		return c
	}
	return CaseRuleFor(reason)
}

// Quiet says whether t, in the person's zone, lies in the quiet hours of the night.
func (r Rules) Quiet(t time.Time) bool {
	m := minuteOf(t)
	return m >= r.QuietFrom || m < r.QuietTo
}

// AfterQuiet is t itself outside the quiet hours, else the morning in which they end.
func (r Rules) AfterQuiet(t time.Time) time.Time {
	m := minuteOf(t)
	if m >= r.QuietFrom {
		return at(t, 1, r.QuietTo)
	}
	if m < r.QuietTo {
		return at(t, 0, r.QuietTo)
	}
	return t
}

// Unusual says whether an amount must be asked back before it is stored (R10): too many times or too small a part of her own
// median, beyond the absolute gates, or exactly the grant. Zero is never unusual.
func (r Rules) Unusual(amount int64, p Past) bool {
	if amount == 0 {
		return false
	}
	if amount > r.AskAbove || amount < r.AskBelow || amount == UsualGrant {
		return true
	}
	if m, ok := p.Median4(); ok {
		return amount > r.TimesAbove*m || amount*r.TimesBelow < m
	}
	return false
}

func minuteOf(t time.Time) int { return t.Hour()*60 + t.Minute() }

// at is a minute of the day, some days after t's day.
func at(t time.Time, days, minute int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+days, 0, minute, 0, 0, t.Location())
}

// Conflict names two settings that cannot hold together.
type Conflict struct{ Key, With string }

// Conflicts are what in a set of rules contradicts itself, so that a legal value can still be refused in its company.
func (r Rules) Conflicts() (out []Conflict) {
	must := func(ok bool, key, with string) {
		if !ok {
			out = append(out, Conflict{key, with})
		}
	}
	first, second := dayMinute(r.Remind1.Cron), dayMinute(r.Remind2.Cron)
	must(first+askedGap <= second, "week.remind1.at", "week.remind2.at")
	must(first+askedGap <= dayMinute(r.RamadanRemind2), "week.remind1.at", "ramadan.remind2.at")
	must(r.QuietTo < r.QuietFrom, "quiet.to", "quiet.from")
	must(r.RamadanFrom < r.RamadanTo, "ramadan.from", "ramadan.to")
	for _, x := range []struct{ key, cron string }{
		{"week.prompt.at", r.Prompt.Cron}, {"week.remind1.at", r.Remind1.Cron}, {"week.remind2.at", r.Remind2.Cron},
		{"digest.at", r.Digest.Cron}, {"office.weekly.at", r.Office.Cron}, {"invite.second.at", r.Invite2.Cron}, {"mentoring.eve.at", r.Eve.Cron}, {"mentoring.morning.at", r.Morning.Cron},
	} {
		m := dayMinute(x.cron) % dayMinutes
		must(m >= r.QuietTo, x.key, "quiet.to")
		must(m < r.QuietFrom, x.key, "quiet.from")
	}
	for _, x := range []struct{ key, cron string }{{"ramadan.prompt.at", r.RamadanPrompt}, {"ramadan.remind2.at", r.RamadanRemind2}} {
		m := dayMinute(x.cron) % dayMinutes
		must(m >= r.RamadanFrom, x.key, "ramadan.from")
		must(m <= r.RamadanTo, x.key, "ramadan.to")
	}
	must(r.CapExtras <= r.CapAll, "cap.extras", "cap.all")
	must(r.FallenTo < r.Recovered, "case.TURUN.percent", "case.TURUN.recovered")
	must(r.AskBelow < r.AskAbove, "report.below", "report.above")
	for _, reason := range clockedReasons() {
		c := r.Cases[reason]
		must(c.RemindDays < c.EscalateDays, caseKey(reason, "remind"), caseKey(reason, "escalate"))
		must(c.EscalateDays < r.MinistryDays, caseKey(reason, "escalate"), "case.ministry")
	}
	return out
}

const (
	dayMinutes = 24 * 60
	askedGap   = 4 * 60 // minutes that a question must have stood before it is worth a reminder
)

// dayMinute places a weekly cadence in the week, minutes from Monday 00:00; a daily one in the day.
func dayMinute(cadence string) int {
	m, day, daily, err := ReadCadence(cadence)
	if err != nil || daily {
		return int(m)
	}
	return (int(day)+6)%7*dayMinutes + int(m)
}
