package scheduler

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Due is what would go out in the coming days if nobody wrote anything: the very sweeps and the very door, rehearsed in a
// transaction that is rolled back, with senders that send nothing.
func (s *Scheduler) Due(ctx context.Context, from time.Time, days int) ([]prokus.Due, error) {
	p, err := s.rehearse(ctx, from, days, "", nil)
	if err != nil {
		return nil, fmt.Errorf("due: %w", err)
	}
	return p.Messages, nil
}

// Preview rehearses the coming days without a version of a rule and with it, as if it held from now on. Nothing is kept.
// Only the people of the version's area are played: nobody else hears anything else because of it.
func (s *Scheduler) Preview(ctx context.Context, v prokus.RuleVersion, from time.Time, days int) (p prokus.Preview, err error) {
	if p.Before, err = s.rehearse(ctx, from, days, v.Area, nil); err != nil {
		return p, fmt.Errorf("preview: %w", err)
	}
	v.From = from
	if p.After, err = s.rehearse(ctx, from, days, v.Area, &v); err != nil {
		return p, fmt.Errorf("preview: %w", err)
	}
	return p, nil
}

func (s *Scheduler) rehearse(ctx context.Context, from time.Time, days int, within string, change *prokus.RuleVersion) (p prokus.Plan, err error) {
	to := from.AddDate(0, 0, days)
	err = s.Store.Rehearse(ctx, func(store Store) error {
		c := s.Config
		c.Store, c.At, c.Senders, c.Terms = store, nil, nil, slices.Clone(s.Terms)
		for i := range c.Terms {
			c.Terms[i].Rate = Rate{} // it looks at who is told what and when, not at how fast
		}
		// A command that only looks may have no senders: what matters is who is told what, and when.
		for name := range s.senders {
			c.Senders = append(c.Senders, mute(name))
		}
		for _, name := range []string{s.SMS, s.WhatsApp, "telegram"} {
			if _, ok := s.senders[name]; !ok && name != "" {
				c.Senders = append(c.Senders, mute(name))
			}
		}
		c.Clock = &Clock{process: func() time.Time { return from }, store: store}
		r, err := New(c)
		if err != nil {
			return err
		}
		r.dry = true
		if within != prokus.National {
			r.within = within
		}
		if change != nil {
			if err := store.WriteRule(ctx, *change); err != nil {
				return err
			}
		}
		set := func(_ context.Context, t time.Time) error {
			c.Clock.offset.Store(int64(t.Sub(from)))
			return nil
		}
		if err := r.advance(ctx, to, set); err != nil {
			return err
		}
		if p.Messages, err = store.Planned(ctx, from, to); err != nil {
			return err
		}
		p.Opened, err = store.Opened(ctx, from)
		return err
	})
	return p, err
}

// Slot is one moment at which a rule falls due for somebody.
type Slot struct {
	At   time.Time `json:"at"`
	Rule string    `json:"rule"`
	Zone string    `json:"zone"`
	Area string    `json:"area"`
}

// Calendar are the slots of all rules in a stretch of time, in order of the rules: pure arithmetic over the rules as they are
// written, with their versions to come. It looks at nobody, so a year costs no more than a moment.
func (s *Scheduler) Calendar(ctx context.Context, from, to time.Time) (out []Slot, err error) {
	zones, err := s.Store.Zones(ctx)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	versions, err := s.Store.RuleVersions(ctx)
	if err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	fasts, err := s.Store.Fasts(ctx)
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
					slots, err := p.slotsBetween(zone, at, until, fasts)
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

func (p part) slotsBetween(zone string, from, to time.Time, fasts []Fast) (out []Slot, err error) {
	sched, err := p.schedule(zone)
	if err != nil {
		return nil, err
	}
	for at := sched.Next(from.In(sched.Location)); !at.IsZero() && !at.After(to); at = sched.Next(at) {
		if !p.Ramadan || inFast(fasts, at) {
			out = append(out, Slot{at, p.Name, zone, p.Area})
		}
	}
	return out, nil
}

// Fast is a Ramadan of the nation or of an area.
type Fast struct{ From, To time.Time }

func inFast(all []Fast, at time.Time) bool {
	day := prokus.Day(at)
	for _, f := range all {
		if !day.Before(prokus.Day(f.From)) && !day.After(prokus.Day(f.To)) {
			return true
		}
	}
	return false
}

// meet says whether two areas have people in common; an empty one is everywhere.
func meet(a, b string) bool {
	inside := func(area, of string) bool {
		for of = cmp.Or(of, prokus.National); area != ""; area = prokus.Above(area) {
			if area == of {
				return true
			}
		}
		return of == prokus.National
	}
	return inside(a, b) || inside(b, a)
}

// mute takes every message and sends none.
type mute string

func (m mute) Name() string { return string(m) }

func (m mute) Send(context.Context, channels.Outbound) (channels.Sent, error) {
	return channels.Sent{}, nil
}
