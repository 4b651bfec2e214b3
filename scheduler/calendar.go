package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Slot is one moment at which a rule falls due for somebody.
type Slot struct {
	At   time.Time `json:"at"`
	Rule string    `json:"rule"`
	Zone string    `json:"zone"`
	Area string    `json:"area"`
}

// Calendar are the slots of all rules in a stretch of time, in order of the rules: pure arithmetic over the rules as they are
// written, with their versions to come, and the dated rows. A slot that finds the whole of its area on holiday, in a pause or outside
// Ramadan is none. It looks at nobody, so a year costs no more than a moment.
func (s *Scheduler) Calendar(ctx context.Context, from, to time.Time) (out []Slot, err error) {
	zones, err := s.Store.Zones(ctx)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	versions, err := s.Store.RuleVersions(ctx)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	days, err := s.Store.Dated(ctx)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	for at := from; at.Before(to); {
		book, _ := prokus.NewRulebook(versions, at) // rows that are not understood are told by the sweep
		until := to
		for _, v := range versions {
			if v.From.After(at) && v.From.Before(until) {
				until = v.From
			}
		}
		for _, r := range s.Rules {
			for _, p := range r.parts(book) {
				for _, zone := range zones {
					slots, err := p.slotsBetween(zone, at, until, days)
					if err != nil {
						return nil, fmt.Errorf("calendar: %w", err)
					}
					out = append(out, slots...)
				}
			}
		}
		at = until
	}
	return out, nil
}

func (p part) slotsBetween(zone string, from, to time.Time, days Dated) (out []Slot, err error) {
	sched, err := p.schedule(zone)
	if err != nil {
		return nil, err
	}
	for at := sched.Next(from.In(sched.Location)); !at.IsZero() && !at.After(to); at = sched.Next(at) {
		if !p.idle(days, at) {
			out = append(out, Slot{at, p.Name, zone, p.Area})
		}
	}
	return out, nil
}

// idle says whether a slot says nothing to anybody of its area, whoever lives there.
func (p part) idle(days Dated, at time.Time) bool {
	if p.Ramadan && !slices.ContainsFunc(days.Fasts, func(s Span) bool { return s.meets(at, at) && meet(s.Area, p.Area) }) {
		return true
	}
	switch week := prokus.WeekOf(at); saidAs(p.Name) {
	case ruleDigest:
		return !days.works(p.Area, at)
	case ruleAssist: // on the first working day of a week
		for day := week.Date(); day.Before(prokus.Day(at)); day = day.AddDate(0, 0, 1) {
			if days.works(p.Area, day) {
				return true
			}
		}
		return !days.works(p.Area, at)
	case ruleWeek:
		return days.paused(p.Area, week)
	case ruleFirst, ruleSecond:
		return days.paused(p.Area, week-1)
	}
	return false
}

// Dated are the dated rows of the calendar, of all areas.
type Dated struct {
	Holidays, Pauses, Fasts []Span
}

// Span is a stretch of days, both included, in an area.
type Span struct {
	From, To time.Time // midnight UTC
	Area     string
}

// meets says whether a span has a day of a stretch of days.
func (s Span) meets(from, to time.Time) bool {
	return !prokus.Day(to).Before(s.From) && !prokus.Day(from).After(s.To)
}

// covers says whether all of an area is in a span that meets a stretch of days.
func covers(all []Span, area string, from, to time.Time) bool {
	return slices.ContainsFunc(all, func(s Span) bool {
		for a := area; a != ""; a = prokus.Above(a) {
			if a == s.Area {
				return s.meets(from, to)
			}
		}
		return s.Area == prokus.National && s.meets(from, to)
	})
}

func (d Dated) works(area string, day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !covers(d.Holidays, area, day, day)
}

func (d Dated) paused(area string, w prokus.Week) bool {
	return covers(d.Pauses, area, w.Date(), (w+1).Date().AddDate(0, 0, -1))
}
