package scheduler_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// A text that cannot be said ends, and keeps nobody waiting.
func TestB7ATextWithoutItsValues(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	bad := notice(siti)
	bad.Text = "prompt.week" // without its arguments
	a, b := w.enqueue(bad), w.enqueue(notice(siti))
	w.must(w.Deliver(w.ctx, []string{a, b}))
	if w.state(a) != "failed" || w.state(b) != "sent" {
		t.Errorf("%s, %s", w.state(a), w.state(b))
	}
}

// fragile is a sender, and a finder, that panics about some messages.
type fragile struct {
	*provider
	about func(channels.Outbound) bool
	tries map[string]int
}

func (f *fragile) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	f.mu.Lock()
	f.tries[m.ID]++
	f.mu.Unlock()
	if f.about(m) {
		panic("the words of " + m.Text)
	}
	return f.provider.Send(ctx, m)
}

// One message among many makes the sender panic: the others leave, those that the pump sends too, and the one is tried no more
// often than its kind allows.
func TestB7Poison(t *testing.T) {
	const rows = 100
	for _, c := range []struct {
		kind  prokus.Kind
		tries int
	}{{prokus.KindReply, 3}, {prokus.KindNotice, 2}, {prokus.KindBroadcast, 1}} {
		t.Run(string(c.kind), func(t *testing.T) {
			w := newWorld(t, "2026-06-08 12:00")
			w.ownClock()
			f := &fragile{provider: &provider{name: "sim"}, tries: map[string]int{}}
			w.by([]scheduler.Terms{{Channel: "sim", Via: channels.SMS, Rate: scheduler.Rate{PerSecond: 50, Burst: 5}}}, f)
			var ids []string
			for i := range rows {
				p := w.person(fmt.Sprint(500000+i), "Siti", "32.10.07", fmt.Sprintf("+62812%08d", i))
				m := prokus.Message{Person: p, Kind: c.kind, Text: "button.stale"}
				if c.kind == prokus.KindBroadcast {
					m.Text, m.Literal = "", "Bazar"
				}
				ids = append(ids, w.enqueue(m))
			}
			poison := ids[rows/2]
			f.about = func(m channels.Outbound) bool { return m.ID == poison }
			for _, id := range ids {
				w.must(w.Deliver(w.ctx, []string{id}))
			}
			for w.pump() {
			}
			for range 20 { // what is in doubt is settled, and sent again where its kind allows
				w.pass(2 * time.Minute)
				w.oldDoubts()
				w.must(w.Sweep(w.ctx, w.Clock.Now()))
				w.must(w.Deliver(w.ctx, []string{poison}))
			}
			if n := one[int](w, `SELECT count(*) FROM outbox WHERE state = 'sent'`); n != rows-1 {
				t.Errorf("%d of %d others left", n, rows-1)
			}
			if f.tries[poison] != c.tries || w.state(poison) != "unknown" {
				t.Errorf("tried %d times, want %d, then %s", f.tries[poison], c.tries, w.state(poison))
			}
		})
	}
}
