package scheduler

import (
	"sync"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// A channel's gate closes after this many temporary failures in a row within this time (faults.md B4).
const (
	gateFailures = 5
	gateWindow   = 10 * time.Second
	gateFirst    = 30 * time.Second // closed for, doubling up to gateLongest
	gateLongest  = 5 * time.Minute
	gateConfig   = time.Minute // after a refusal of our credentials
)

// gates hold back what cannot leave anyhow, so that no attempt is burnt while a provider is down. Each process has its own.
type gates struct {
	mu  sync.Mutex
	all map[string]*gate
}

type gate struct {
	failures int
	first    time.Time // of the failures in a row
	closed   time.Time // until when
	pause    time.Duration
	probe    time.Time // when a message last tried a half-open gate
}

func newGates() *gates { return &gates{all: map[string]*gate{}} }

func (g *gates) of(channel string) *gate {
	if g.all[channel] == nil {
		g.all[channel] = &gate{}
	}
	return g.all[channel]
}

// pass says whether a message may try a channel now; if not, until when it waits. While a gate is half open one message
// tries it for all.
func (g *gates) pass(channel string, now time.Time) (bool, time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.of(channel)
	switch {
	case c.pause == 0:
		return true, time.Time{}
	case now.Before(c.closed):
		return false, c.closed
	case now.Before(c.probe.Add(gateFirst)):
		return false, c.probe.Add(gateFirst)
	}
	c.probe = now
	return true, time.Time{}
}

// learn takes up what became of a send.
func (g *gates) learn(channel string, kind channels.ErrorKind, retryAfter time.Duration, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c := g.of(channel)
	c.probe = time.Time{}
	switch kind {
	case channels.Misconfig:
		c.pause, c.closed = gateConfig, now.Add(gateConfig)
	case channels.Throttled:
		if retryAfter > 0 { // the whole channel waits as long as it was told (faults.md B6)
			c.pause, c.closed = retryAfter, now.Add(retryAfter)
		}
	case channels.Temporary:
		if now.Before(c.closed) {
			return // it was under way when the gate closed
		}
		if c.failures == 0 || c.pause == 0 && now.Sub(c.first) > gateWindow {
			c.failures, c.first = 0, now
		}
		c.failures++
		if c.failures >= gateFailures || c.pause > 0 {
			c.pause = min(max(2*c.pause, gateFirst), gateLongest)
			c.closed = now.Add(c.pause)
		}
	case channels.Ambiguous: // says nothing about the channel
	default: // it answered about this message: the channel works
		*c = gate{}
	}
}
