package scheduler

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

func TestGate(t *testing.T) {
	var g Gate
	now := at("2026-06-08 12:00")
	open := func(want bool) time.Time {
		t.Helper()
		ok, until, probe := g.Pass(now)
		if ok != want {
			t.Fatalf("at %s: passes %t", now.Format("15:04:05"), ok)
		}
		if probe {
			g.Probe = now
		}
		return until
	}
	learn := func(kind channels.ErrorKind, after time.Duration) { g = g.After(kind, after, "row", now) }
	for range 4 {
		open(true)
		learn(channels.Temporary, 0)
		now = now.Add(time.Second)
	}
	open(true)
	learn(channels.Invalid, 0) // it answered about the message: the channel works
	for range 5 {
		open(true)
		learn(channels.Temporary, 0)
		now = now.Add(4 * time.Second) // too slow to be an outage
	}
	for range 5 {
		learn(channels.Temporary, 0)
	}
	since := now
	until := open(false)
	if d := until.Sub(now); d <= 0 || d > gatePause || g.Reason != GateDown || len(g.Failed) < gateFailures {
		t.Fatalf("closed for %s: %+v", d, g)
	}
	now = until
	open(true)  // one tries for all
	open(false) // the others wait
	learn(channels.Temporary, 0)
	if d := open(false).Sub(now); d != gatePause || !g.Since.Equal(since) {
		t.Fatalf("closed again for %s since %s", d, g.Since)
	}
	now = now.Add(gatePause)
	open(true)
	learn("", 0)
	open(true)
	open(true)
	if !g.Clean() {
		t.Fatalf("%+v", g)
	}

	learn(channels.Throttled, 7*time.Second)
	if d := open(false).Sub(now); d != 7*time.Second {
		t.Fatalf("throttled for %s", d)
	}
	learn(channels.Throttled, 2*time.Second) // a shorter wait never cuts a longer one
	now = now.Add(7 * time.Second)
	open(true)
	open(true) // nobody has to try for the others
	learn(channels.Misconfig, 0)
	if d := open(false).Sub(now); d != gateConfig || g.Reason != GateCredentials {
		t.Fatalf("misconfigured, closed for %s", d)
	}
}

func TestBackoff(t *testing.T) {
	total := time.Duration(0)
	for n := 1; n < temporaryTries; n++ {
		d := backoff(n)
		if d < 30*time.Second || d > 6*time.Hour || n > 1 && d < backoff(n-1) {
			t.Fatalf("wait %d is %s", n, d)
		}
		total += d
	}
	if total < 12*time.Hour || total > 48*time.Hour {
		t.Fatalf("tries span %s", total)
	}
}
