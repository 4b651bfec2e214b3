package scheduler_test

import (
	"testing"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/scheduler"
)

// A report of failure that comes before the provider's own answer is not forgotten over that answer (faults.md A4): the phone
// was off, and it is tried again.
func TestA4AFailureBeforeTheAnswer(t *testing.T) {
	w := newWorldWith(t, "2026-06-08 12:00", func(c *scheduler.Config) {
		c.KindOfCode = func(string, string) (channels.ErrorKind, bool) { return channels.OutOfReach, true }
	})
	siti, _ := w.cast()
	id := w.enqueue(notice(siti))
	w.sim.fail = func(m channels.Outbound) error {
		w.must(w.HandleStatus(w.ctx, channels.Status{Channel: "sim", Message: m.ID, ProviderID: "sim-" + m.ID, State: channels.Undelivered, Code: "30003"}))
		return nil
	}
	w.must(w.Deliver(w.ctx, []string{id}))
	if s := w.state(id); s != "queued" {
		t.Errorf("it is %s", s)
	}
	w.sim.fail = nil
}
