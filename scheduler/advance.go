package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Advance moves the clock to a moment through every instant at which something falls due, and delivers it on the way, in
// order. It returns how many messages left. A moment that has passed is ErrBackwards.
func (s *Scheduler) Advance(ctx context.Context, to time.Time) (delivered int, err error) {
	s.jumping.Lock()
	defer s.jumping.Unlock()
	if to.Before(s.Clock.Now()) {
		return 0, ErrBackwards
	}
	before := s.sent.Load()
	if err = s.advance(ctx, to, s.Clock.Set); err == nil {
		err = s.Tidy(ctx, s.Clock.Now())
	}
	return int(s.sent.Load() - before), err
}

func (s *Scheduler) advance(ctx context.Context, to time.Time, set func(context.Context, time.Time) error) error {
	now := s.Clock.Now()
	for {
		if err := s.sweep(ctx, now, true); err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		if err := s.Drain(ctx); err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		if !now.Before(to) {
			return nil
		}
		next, ok, err := s.NextDue(ctx, now)
		if err != nil {
			return fmt.Errorf("advance: %w", err)
		}
		if !ok || next.After(to) {
			next = to
		}
		// Sending takes real time, in which the clock runs on: it may be past the next instant already.
		if now = s.Clock.Now(); now.Before(next) {
			if err := set(ctx, next); err != nil {
				return fmt.Errorf("advance: %w", err)
			}
			now = next
		}
	}
}

// NextDue is the next moment after a moment at which something falls due by itself.
func (s *Scheduler) NextDue(ctx context.Context, after time.Time) (next time.Time, ok bool, err error) {
	earlier := func(t time.Time, have bool) {
		if have && t.After(after) && (!ok || t.Before(next)) {
			next, ok = t, true
		}
	}
	zones, err := s.Store.Zones(ctx)
	if err != nil {
		return next, false, fmt.Errorf("next due: %w", err)
	}
	book, err := s.readRules(ctx, after)
	if err != nil {
		return next, false, fmt.Errorf("next due: %w", err)
	}
	change := s.book.Load().next
	earlier(change, !change.IsZero())
	for _, r := range s.Rules {
		for _, p := range r.parts(book) {
			for _, zone := range zones {
				t, err := p.Next(zone, after)
				if err != nil {
					return next, false, err
				}
				earlier(t, !t.IsZero())
			}
		}
	}
	nextCase := func(ctx context.Context, after time.Time) (time.Time, bool, error) {
		return s.Store.NextCase(ctx, after, book.For(prokus.National).AnswerTime)
	}
	for _, f := range []func(context.Context, time.Time) (time.Time, bool, error){s.Store.NextOutbox, nextCase} {
		t, have, err := f(ctx, after)
		if err != nil {
			return next, false, fmt.Errorf("next due: %w", err)
		}
		earlier(t, have)
	}
	return next, ok, nil
}
