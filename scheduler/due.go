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

// rehearsedPeople is how many people are rehearsed one by one. It takes a second or two, in which the sweeps of the living wait.
const rehearsedPeople = 1000

// ErrTooMany refuses to name the messages of more people than can be rehearsed one by one.
var ErrTooMany = fmt.Errorf("more than %d people: look at a smaller area", rehearsedPeople)

// Due is what would go out in the coming days, one by one, if nobody wrote anything: the very sweeps and the very door, rehearsed
// in a transaction that is rolled back, with senders that send nothing. within is an area; empty: everywhere. ErrTooMany says that the
// area has too many people.
func (s *Scheduler) Due(ctx context.Context, from time.Time, days int, within string) ([]prokus.Due, error) {
	o, err := s.Outlook(ctx, from, days, within)
	if err == nil && o.Summed {
		err = ErrTooMany
	}
	if err != nil {
		return nil, fmt.Errorf("due: %w", err)
	}
	return o.Messages, nil
}

// Outlook is what Due lists, with its sums; where there are too many people to be named, the sums alone.
func (s *Scheduler) Outlook(ctx context.Context, from time.Time, days int, within string) (prokus.Outlook, error) {
	p, err := s.plan(ctx, from, days, within, nil)
	if err != nil {
		return prokus.Outlook{}, fmt.Errorf("outlook: %w", err)
	}
	return p.Outlook, nil
}

// Preview plans the coming days without a version of a rule and with it, as if it held from now on. Nothing is kept. Only the
// people of the version's area are looked at: nobody else hears anything else because of it.
func (s *Scheduler) Preview(ctx context.Context, v prokus.RuleVersion, from time.Time, days int) (p prokus.Preview, err error) {
	if p.Before, err = s.plan(ctx, from, days, v.Area, nil); err != nil {
		return p, fmt.Errorf("preview: %w", err)
	}
	v.From = from
	if p.After, err = s.plan(ctx, from, days, v.Area, &v); err != nil {
		return p, fmt.Errorf("preview: %w", err)
	}
	return p, nil
}

// plan rehearses people one by one where they are few enough, and counts them where not.
func (s *Scheduler) plan(ctx context.Context, from time.Time, days int, within string, change *prokus.RuleVersion) (p prokus.Plan, err error) {
	if within == prokus.National {
		within = ""
	}
	to := from.AddDate(0, 0, days)
	n, err := s.Store.People(ctx, within, rehearsedPeople+1)
	if err != nil {
		return p, err
	}
	if p.Summed = n > rehearsedPeople; p.Summed {
		t := &tally{}
		err = s.rehearse(ctx, from, to, within, change, t, func(Store) error {
			p.Counts, err = t.sums(ctx, from, to)
			return err
		})
		return p, err
	}
	err = s.rehearse(ctx, from, to, within, change, nil, func(store Store) error {
		if p.Messages, err = store.Planned(ctx, from, to); err != nil {
			return err
		}
		p.Counts = prokus.CountDue(p.Messages)
		p.Opened, err = store.Opened(ctx, from)
		return err
	})
	return p, err
}

// rehearse plays the time until a moment in a transaction that is rolled back, and lets read look at what it came to. What is due is
// counted by count, written and delivered where that is nil.
func (s *Scheduler) rehearse(ctx context.Context, from, to time.Time, within string, change *prokus.RuleVersion, count *tally, read func(Store) error) error {
	return s.Store.Rehearse(ctx, within, func(store Store) error {
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
		r.dry, r.within = true, within
		if count != nil {
			count.Store, count.cost, r.Store = store, r.priced, count
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
		return read(store)
	})
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
