package scheduler

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Rule is one thing that falls due by the calendar. It is data; what it selects and says is named by Name.
type Rule struct {
	Name string
	Cron string // five fields, local time of each zone
	// Late is how late a slot may be said after an outage; zero: always. Of several slots that were missed only the newest
	// is run, the others are recorded as skipped: never a burst of old ones (faults.md D1).
	Late time.Duration
	// Setting names the settings of its time ("week.prompt": week.prompt.at and .late); empty: the same everywhere and always.
	Setting string
	// Since is when this time began to hold. A slot of that week (or day) which lies before it falls due at that moment: a
	// change in the middle of a week loses nobody.
	Since time.Time
	// Ramadan: only on days of Ramadan, and for those who keep it (R32).
	Ramadan bool
}

// Names of the rules, and the first part of the natural keys that they write.
const (
	ruleWeek    = "week.prompt"
	ruleFirst   = "week.remind1"
	ruleSecond  = "week.remind2"
	ruleClose   = "week.close"
	ruleInvite  = "invite.second"
	ruleDaily   = "case.daily"
	ruleDigest  = "digest"
	ruleEve     = "mentoring.eve"
	ruleMorning = "mentoring.morning"
	ruleMissed  = "mentoring.missed"
	ruleTable   = "mentor.morning" // the mentor: the code for the board
	ruleList    = "mentor.list"    // who came?
	ruleCount   = "mentor.eve"     // the head-count
	ruleScore   = "score.weekly"
	ruleOffice  = "office.weekly"   // the head of the office: the week in figures
	ruleAssist  = "assisted.weekly" // the TKSK: who has no phone and is not reported yet
	ruleOfficer = "officer.changed"
	ruleBatch   = "batch.closed" // whose batch has ended
	ruleRemind  = "case.remind"
	ruleOverdue = "case.escalate"
	// In Ramadan the question and the last reminder come earlier; they write the same natural keys as at the usual hour.
	ruleFastWeek   = "ramadan.prompt"
	ruleFastSecond = "ramadan.remind2"
)

// saidAs is the rule under whose natural key a rule speaks: one question a week, whenever it comes.
func saidAs(rule string) string {
	switch rule {
	case ruleFastWeek:
		return ruleWeek
	case ruleFastSecond:
		return ruleSecond
	}
	return rule
}

// DefaultRules are the times of R06, J1, J5 and J7, in the order in which one sweep runs them: cases before the digests that
// list them, questions before their reminders. Those with a Setting take their times from the rulebook.
func DefaultRules() []Rule {
	d := prokus.DefaultRules()
	set := func(name string, t prokus.Timing) Rule {
		return Rule{Name: name, Cron: t.Cron, Late: t.Late, Setting: name}
	}
	return []Rule{
		{Name: ruleClose, Cron: "0 0 * * 3"},
		{Name: ruleDaily, Cron: "0 6 * * *"},
		set(ruleMorning, d.Morning),
		{Name: ruleTable, Cron: "15 7 * * *", Late: 12 * time.Hour},
		set(ruleDigest, d.Digest),
		{Name: ruleScore, Cron: "0 2 * * 3"},
		{Name: ruleAssist, Cron: "0 8 * * *", Late: 10 * time.Hour},
		{Name: ruleOfficer, Cron: "0 10 * * *"},
		{Name: ruleBatch, Cron: "0 10 * * *"},
		set(ruleOffice, d.Office),
		{Name: ruleFastWeek, Cron: d.RamadanPrompt, Late: d.Prompt.Late, Setting: ruleFastWeek, Ramadan: true},
		set(ruleWeek, d.Prompt),
		set(ruleInvite, d.Invite2),
		set(ruleFirst, d.Remind1),
		{Name: ruleMissed, Cron: "30 12 * * *", Late: 24 * time.Hour},
		set(ruleEve, d.Eve),
		{Name: ruleFastSecond, Cron: d.RamadanRemind2, Late: d.Remind2.Late, Setting: ruleFastSecond, Ramadan: true},
		set(ruleSecond, d.Remind2),
		{Name: ruleList, Cron: "0 18 * * *", Late: 14 * time.Hour},
		{Name: ruleCount, Cron: "0 20 * * *", Late: 2 * time.Hour},
	}
}

// schedule is the rule in a zone.
func (r Rule) schedule(zone string) (*cron.SpecSchedule, error) {
	s, err := cron.ParseStandard("CRON_TZ=" + zone + " " + r.Cron)
	if err != nil {
		return nil, fmt.Errorf("rule %s in %s: %w", r.Name, zone, err)
	}
	spec, ok := s.(*cron.SpecSchedule)
	if !ok {
		return nil, fmt.Errorf("rule %s: %q names no times of day", r.Name, r.Cron)
	}
	return spec, nil
}

// Slots splits what fell due after sweptTo up to now into the slots to run and those to skip. Times are in the zone.
func (r Rule) Slots(zone string, sweptTo, now time.Time) (run, skip []time.Time, err error) {
	sched, err := r.schedule(zone)
	if err != nil {
		return nil, nil, err
	}
	loc := sched.Location
	for at := sched.Next(sweptTo.In(loc)); !at.IsZero() && !at.After(now); at = sched.Next(at) {
		if due := r.due(at); due.After(sweptTo) && !due.After(now) {
			run = append(run, due)
		}
	}
	if len(run) == 0 {
		return nil, nil, nil
	}
	newest := run[len(run)-1]
	skip = run[:len(run)-1]
	if r.Late > 0 && now.Sub(newest) >= r.Late {
		return nil, run, nil
	}
	return []time.Time{newest}, skip, nil
}

// due is when a slot falls due: not before its time was the rule's, if that began in the same week or day.
func (r Rule) due(at time.Time) time.Time {
	since := r.Since.In(at.Location())
	if r.Since.IsZero() || !at.Before(since) || !r.ends(at).Equal(r.ends(since)) {
		return at
	}
	return since
}

// ends is the end of the week or day that a slot stands for: a weekly rule says a thing once a week, a daily one once a day.
func (r Rule) ends(at time.Time) time.Time {
	if _, _, daily, err := prokus.ReadCadence(r.Cron); err == nil && !daily {
		return prokus.WeekOf(at).Ends(at.Location())
	}
	y, m, d := at.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, at.Location())
}

// Next is the rule's first slot after a moment.
func (r Rule) Next(zone string, after time.Time) (time.Time, error) {
	sched, err := r.schedule(zone)
	if err != nil {
		return time.Time{}, err
	}
	return sched.Next(after), nil
}
