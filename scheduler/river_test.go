package scheduler_test

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/kabar-prokus/kabar/channels"
)

// Two replicas under River: the tick finds who is due, and each is asked once.
func TestTwoReplicasUnderRiver(t *testing.T) {
	got := make(chan channels.Outbound, 100)
	w := newWorld(t, "2026-06-07 18:29")
	w.sim.fail = func(m channels.Outbound) error { got <- m; return nil }
	w.cast()
	for i, name := range []string{"Ani", "Yati", "Euis"} {
		w.person([]string{"173609", "550210", "608471"}[i], name, "32.10.07", "+628123456742"+string(rune('0'+i)))
	}
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	w.must(w.Clock.Set(w.ctx, local("2026-06-07 18:30")))
	for range 2 {
		client, err := river.NewClient(riverpgxv5.New(w.pool), w.RiverConfig())
		w.must(err)
		w.must(client.Start(w.ctx))
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), time.Minute)
			defer cancel()
			if err := client.StopAndCancel(ctx); err != nil {
				t.Errorf("stop: %v", err)
			}
		})
	}
	asked := map[string]bool{}
	limit := time.After(2 * time.Minute)
	for len(asked) < 4 {
		select {
		case m := <-got:
			if asked[m.To] {
				t.Fatalf("%s was asked twice", m.To)
			}
			asked[m.To] = true
		case <-limit:
			t.Fatalf("%d of 4 were asked within two minutes", len(asked))
		}
	}
	w.must(w.Drain(w.ctx))
	// A worker that has handed a message over may not have written so yet.
	w.soon("all rows are sent", time.Minute, func() bool { return one[int](w, `SELECT count(*) FROM outbox WHERE state <> 'sent'`) == 0 })
	if len(got) != 0 {
		t.Errorf("%d messages too many", len(got))
	}
}
