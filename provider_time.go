package main

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// providerTime hands a provider messages in its own time. A demo's clock may stand months away from the world's, and a
// provider that is asked what became of a message (after a crash) knows it by the world's time only. In production both
// clocks are one and nothing changes.
type providerTime struct {
	channels.Sender
	shift func() time.Duration // from the programme's time to the world's
}

func (s providerTime) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	return s.Sender.Send(ctx, shifted(m, s.shift()))
}

type providerTimeFinder struct {
	providerTime
	finder channels.Finder
}

func (s providerTimeFinder) Find(ctx context.Context, m channels.Outbound) (channels.Sent, bool, error) {
	return s.finder.Find(ctx, shifted(m, s.shift()))
}

func shifted(m channels.Outbound, by time.Duration) channels.Outbound {
	if !m.At.IsZero() {
		m.At = m.At.Add(by)
	}
	if !m.Before.IsZero() {
		m.Before = m.Before.Add(by)
	}
	return m
}

// inProviderTime wraps a real provider's sender; one that can be asked stays so.
func (p *program) inProviderTime(s channels.Sender) channels.Sender {
	t := providerTime{s, func() time.Duration { return p.now().Sub(p.clock.Now()) }}
	if f, ok := s.(channels.Finder); ok {
		return providerTimeFinder{t, f}
	}
	return t
}
