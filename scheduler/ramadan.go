package scheduler

import (
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The pause of the Friday prayer, minutes of the day.
const (
	fridayFrom = 11*60 + 30
	fridayTo   = 13 * 60
)

// A message that fell due inside the window of Ramadan may leave a little later, when many do; one that would be worth little
// after waiting for the window does not wait for it.
const (
	fastingQueue = time.Hour
	fastingWorth = time.Hour
)

// outsideRamadan is until when what nobody asked for waits in Ramadan (R32, programme.md, Quiet hours): the window is a
// part of the day, for people who keep it. Safety does not wait.
func outsideRamadan(f Facts, r prokus.Rules, local time.Time) (time.Time, bool) {
	if !f.Fasting || !r.Ramadan || f.Kind == prokus.KindAlert {
		return time.Time{}, false
	}
	from, to := clockOf(local, 0, r.RamadanFrom), clockOf(local, 0, r.RamadanTo).Add(time.Minute)
	until := from
	switch {
	case local.Before(from):
	case local.Before(to):
		return time.Time{}, false
	case !f.NotBefore.Before(from) && f.NotBefore.Before(to) && local.Before(to.Add(fastingQueue)):
		return time.Time{}, false
	default:
		until = clockOf(local, 1, r.RamadanFrom)
	}
	if !f.NotAfter.IsZero() && until.Add(fastingWorth).After(f.NotAfter) {
		return time.Time{}, false
	}
	return until, true
}

// clockOf is a minute of the day, some days after t's day.
func clockOf(t time.Time, days, minute int) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+days, 0, minute, 0, 0, t.Location())
}

// rules are those of her area, as the sweep or the delivery read them.
func (f Facts) rules() prokus.Rules {
	if f.Rules == nil {
		return prokus.DefaultRules()
	}
	return *f.Rules
}
