package scheduler

import (
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

func TestGate(t *testing.T) {
	g := newGates()
	now := at("2026-06-08 12:00")
	open := func(want bool) time.Time {
		t.Helper()
		ok, until := g.pass("sim", now)
		if ok != want {
			t.Fatalf("at %s: passes %t", now.Format("15:04:05"), ok)
		}
		return until
	}
	fail := func() { g.learn("sim", channels.Temporary, 0, now) }
	for range 4 {
		open(true)
		fail()
		now = now.Add(time.Second)
	}
	open(true)
	g.learn("sim", channels.Invalid, 0, now) // it answered about the message: the channel works
	for range 5 {
		open(true)
		fail()
		now = now.Add(4 * time.Second) // too slow to be an outage
	}
	for range 5 {
		fail()
	}
	until := open(false)
	if d := until.Sub(now); d <= 0 || d > gateFirst {
		t.Fatalf("closed for %s", d)
	}
	now = until
	open(true)  // one tries for all
	open(false) // the others wait
	fail()
	if d := open(false).Sub(now); d != 2*gateFirst {
		t.Fatalf("closed again for %s", d)
	}
	now = now.Add(2 * gateFirst)
	open(true)
	g.learn("sim", "", 0, now)
	open(true)
	open(true)

	g.learn("sim", channels.Throttled, 7*time.Second, now)
	if d := open(false).Sub(now); d != 7*time.Second {
		t.Fatalf("throttled for %s", d)
	}
	g.learn("sim", channels.Misconfig, 0, now)
	if d := open(false).Sub(now); d != gateConfig {
		t.Fatalf("misconfigured, closed for %s", d)
	}
	if ok, _ := g.pass("telegram", now); !ok {
		t.Fatal("one channel closes another")
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
