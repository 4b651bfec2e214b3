package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// Due is what would go out in the coming days if nobody wrote anything: the very sweeps and the very door, rehearsed in a
// transaction that is rolled back, with senders that send nothing.
func (s *Scheduler) Due(ctx context.Context, from time.Time, days int) (items []DueItem, err error) {
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
		set := func(_ context.Context, t time.Time) error {
			c.Clock.offset.Store(int64(t.Sub(from)))
			return nil
		}
		if err := r.advance(ctx, to, set); err != nil {
			return err
		}
		items, err = store.Planned(ctx, from, to)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("due: %w", err)
	}
	return items, nil
}

// mute takes every message and sends none.
type mute string

func (m mute) Name() string { return string(m) }

func (m mute) Send(context.Context, channels.Outbound) (channels.Sent, error) {
	return channels.Sent{}, nil
}
