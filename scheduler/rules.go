package scheduler

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// Rule is one thing that falls due by the calendar. It is data; what it selects and says is named by Name.
type Rule struct {
	Name string
	Cron string // five fields, local time of each zone
	// Late is how late a slot may be said after an outage; zero: always. Of several slots that were missed only the newest
	// is run, the others are recorded as skipped: never a burst of old ones (faults.md D1).
	Late time.Duration
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
	ruleOffice  = "office.weekly" // the head of the office: the week in figures
	ruleRemind  = "case.remind"
	ruleOverdue = "case.escalate"
)

// DefaultRules are the times of R06, J1, J5 and J7, in the order in which one sweep runs them: cases before the digests that
// list them, questions before their reminders.
func DefaultRules() []Rule {
	return []Rule{
		{Name: ruleClose, Cron: "0 0 * * 3"},
		{Name: ruleDaily, Cron: "0 6 * * *"},
		{Name: ruleMorning, Cron: "15 7 * * *", Late: 12 * time.Hour},
		{Name: ruleTable, Cron: "15 7 * * *", Late: 12 * time.Hour},
		{Name: ruleDigest, Cron: "30 7 * * *", Late: 10 * time.Hour},
		{Name: ruleScore, Cron: "0 2 * * 3"},
		{Name: ruleOffice, Cron: "0 8 * * 3", Late: 36 * time.Hour},
		{Name: ruleWeek, Cron: "30 18 * * 0", Late: 24 * time.Hour},
		{Name: ruleInvite, Cron: "30 12 * * *", Late: 24 * time.Hour},
		{Name: ruleFirst, Cron: "30 12 * * 1", Late: 24 * time.Hour},
		{Name: ruleMissed, Cron: "30 12 * * *", Late: 24 * time.Hour},
		{Name: ruleEve, Cron: "30 16 * * *", Late: 14 * time.Hour},
		{Name: ruleSecond, Cron: "0 17 * * 2", Late: 7 * time.Hour},
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
		run = append(run, at)
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

// Next is the rule's first slot after a moment.
func (r Rule) Next(zone string, after time.Time) (time.Time, error) {
	sched, err := r.schedule(zone)
	if err != nil {
		return time.Time{}, err
	}
	return sched.Next(after), nil
}
