package scheduler_test

import (
	"context"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// A provider that takes half a minute holds no connection of the database: everybody else's messages pass meanwhile
// (faults.md B5).
func TestB5ASlowProviderHoldsNoConnection(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	slow := &waiting{provider: &provider{name: "slow"}, entered: make(chan struct{}, 100), leave: make(chan struct{})}
	w.by([]scheduler.Terms{{Channel: "slow", Via: channels.SMS, Price: 350}}, slow, w.sim)
	calls := int(w.pool.Config().MaxConns) + 10
	done := make(chan error, calls)
	for range calls {
		id := w.enqueue(prokus.Message{Person: siti, Kind: prokus.KindReply, Text: "button.stale"})
		go func() { done <- w.Deliver(w.ctx, []string{id}) }()
	}
	for range calls {
		<-slow.entered
	}
	if n := w.pool.Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections are held while %d calls wait", n, calls)
	}
	if got := one[int](w, `SELECT count(*) FROM outbox WHERE state = 'sending'`); got != calls {
		t.Errorf("%d of %d are being sent", got, calls)
	}
	close(slow.leave)
	for range calls {
		w.must(<-done)
	}
}

// STOP takes back what waits for her; what concerns her own data is still told (faults.md B12).
func TestB12StoppedMeanwhile(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	var ids []string
	for _, k := range []prokus.Kind{prokus.KindPrompt, prokus.KindBroadcast, prokus.KindMentoring} {
		m := notice(siti)
		m.Kind = k
		ids = append(ids, w.enqueue(m))
	}
	w.exec(`UPDATE person SET consent = 'berhenti' WHERE id = $1`, siti)
	for _, id := range ids {
		w.must(w.Deliver(w.ctx, []string{id}))
		if w.state(id) != "cancelled" || w.error(id) != "stopped" {
			t.Errorf("%s %s", w.state(id), w.error(id))
		}
	}
	if len(w.sim.all()) != 0 {
		t.Error("something left after STOP")
	}
}

// What a provider accepted and never reported about is unknown after three days, if it is one that reports (faults.md B17).
func TestB17AcceptedAndNeverReported(t *testing.T) {
	w := newWorldWith(t, "2026-06-08 12:00", func(c *scheduler.Config) { c.Receipts = []string{"sim"} })
	w.ownClock()
	siti, _ := w.cast()
	w.by(nil, w.sim)
	id := w.enqueue(prokus.Message{Person: siti, Kind: prokus.KindReply, Text: "button.stale"})
	w.must(w.Deliver(w.ctx, []string{id}))
	w.pass(71 * time.Hour)
	w.must(w.Store.Forget(w.ctx, w.Clock.Now(), w.Receipts))
	if w.state(id) != "sent" {
		t.Fatalf("after 71 hours: %s", w.state(id))
	}
	w.pass(2 * time.Hour)
	w.must(w.Store.Forget(w.ctx, w.Clock.Now(), w.Receipts))
	if w.state(id) != "unknown" {
		t.Errorf("after 73 hours: %s", w.state(id))
	}
}

// The operator's filter is not asked twice with the same words by the same road (faults.md B11).
func TestB11TheFilterIsNotAskedTwice(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	calls := 0
	a := &provider{name: "a", fail: func(channels.Outbound) error { calls++; return refuse(channels.Invalid) }}
	w.by([]scheduler.Terms{{Channel: "a", Via: channels.SMS}}, a)
	id := w.enqueue(notice(siti))
	w.must(w.Deliver(w.ctx, []string{id}))
	w.must(w.Drain(w.ctx))
	if calls != 1 || w.state(id) != "failed" {
		t.Errorf("%d calls, %s", calls, w.state(id))
	}
}

// waiting is a provider that takes its time.
type waiting struct {
	*provider
	entered, leave chan struct{}
}

func (p *waiting) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	p.entered <- struct{}{}
	select {
	case <-p.leave:
		return p.provider.Send(ctx, m)
	case <-ctx.Done():
		return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Err: ctx.Err()}
	}
}
