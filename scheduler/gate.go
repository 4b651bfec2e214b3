package scheduler

import (
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// A sender's gate closes after this many temporary failures in a row within this time (faults.md B4).
const (
	gateFailures = 5
	gateWindow   = 10 * time.Second
	gatePause    = 30 * time.Second // closed for, before one message tries it again: short enough that coming back is noticed
	gateConfig   = time.Minute      // after a refusal of our credentials (B20)
	probeWait    = 2 * time.Second  // how long the others wait for the one that tries
)

// Why a gate is closed.
const (
	GateDown        = "down"
	GateCredentials = "credentials"
	GateThrottled   = "throttled"
)

// Gate is how a sender stands, as all replicas share it: closed, it holds back what could not leave anyhow, so that no
// attempt is burnt while a provider is down. The zero Gate is open.
type Gate struct {
	Channel  string
	Failures int
	First    time.Time // of the failures in a row
	Failed   []string  // the rows of those failures: their attempts are given back when the gate closes
	Reason   string
	Since    time.Time // when it closed
	Closed   time.Time // until when
	Pause    time.Duration
	Probe    time.Time // when a message last tried a half-open gate
}

// Clean says that nothing is known against the sender.
func (g Gate) Clean() bool { return g.Failures == 0 && g.Pause == 0 }

// Pass says whether a message may try the sender now; if not, until when it waits. While a gate is half open one message
// tries for all: probe says that this one would.
func (g Gate) Pass(now time.Time) (ok bool, until time.Time, probe bool) {
	switch {
	case g.Pause == 0:
		return true, time.Time{}, false
	case now.Before(g.Closed):
		return false, g.Closed, false
	case g.Reason == GateThrottled: // it waited as long as it was told
		return true, time.Time{}, false
	case now.Before(g.Probe.Add(sendTime)): // longer than that no send lasts
		return false, now.Add(probeWait), false
	}
	return true, time.Time{}, true
}

// After is the gate after what became of a send; an empty kind is a success. row is the outbox row that was sent.
func (g Gate) After(kind channels.ErrorKind, retryAfter time.Duration, row string, now time.Time) Gate {
	g.Probe = time.Time{}
	shut := func(reason string, pause time.Duration) {
		if g.Reason != reason || g.Pause == 0 {
			g.Since = now
		}
		g.Reason, g.Pause = reason, pause
		if until := now.Add(pause); until.After(g.Closed) {
			g.Closed = until
		}
	}
	switch kind {
	case channels.Misconfig:
		shut(GateCredentials, gateConfig)
	case channels.Throttled:
		if retryAfter > 0 && (g.Pause == 0 || g.Reason == GateThrottled) { // the whole sender waits as long as it was told (B6)
			shut(GateThrottled, retryAfter)
		}
	case channels.Temporary:
		if now.Before(g.Closed) {
			return g // it was under way when the gate closed
		}
		if g.Reason == GateThrottled {
			g.Reason, g.Pause = "", 0
		}
		if g.Pause == 0 && (g.Failures == 0 || now.Sub(g.First) > gateWindow) {
			g.Failures, g.First, g.Failed = 0, now, nil
		}
		g.Failures++
		g.Failed = append(g.Failed, row)
		if g.Failures >= gateFailures || g.Pause > 0 {
			shut(GateDown, gatePause)
		}
	case channels.Ambiguous: // says nothing about the sender
	default: // it answered about this message: the sender works
		return Gate{Channel: g.Channel}
	}
	return g
}
