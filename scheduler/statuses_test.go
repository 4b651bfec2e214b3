package scheduler_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
)

// Callbacks in any order, repeated, two at a time, before and after the commit of the send: the state is the highest that was told,
// each is kept, and nothing is sent twice (faults.md A3, A4, R10).
func TestA3StatusPermutations(t *testing.T) {
	t.Parallel()
	const sequences, workers = 2000, 8
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	all := []channels.State{channels.Queued, channels.Sending, channels.Accepted, channels.Undelivered, channels.Delivered, channels.Read, channels.Delivered}
	ids := make([]string, sequences)
	for i := range ids {
		ids[i] = w.enqueue(notice(siti))
	}
	play := func(n int) {
		rng := rand.New(rand.NewPCG(1, uint64(n)))
		order := slices.Clone(all)
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		order = order[:1+n%len(order)]
		id, before := ids[n], rng.IntN(len(order)+1) // so many come before the commit of the send
		best, rank := "sent", channels.Accepted.Rank()
		for i := 0; i < len(order); i += 2 {
			var pair sync.WaitGroup
			if before >= i && before < i+2 {
				pair.Go(func() { w.deliver(id) })
			}
			for k, st := range order[i:min(i+2, len(order))] {
				status := channels.Status{Channel: "sim", ProviderID: "sim-" + id, State: st}
				if (i+k)%2 == 0 && i > before {
					status.Message = id
				}
				if st.Rank() > rank {
					best, rank = string(st), st.Rank()
				}
				pair.Go(func() {
					if err := w.HandleStatus(w.ctx, status); err != nil {
						t.Error(err)
					}
				})
			}
			pair.Wait()
		}
		w.deliver(id)
		if best == "undelivered" {
			best = "failed"
		}
		if got := w.state(id); got != best {
			t.Errorf("%v with %d before the send: %s, want %s", order, before, got, best)
		}
		if n := w.sim.times(id); n != 1 {
			t.Errorf("sent %d times", n)
		}
	}
	var group sync.WaitGroup
	for k := range workers {
		group.Go(func() {
			for n := k; n < sequences && !t.Failed(); n += workers {
				play(n)
			}
		})
	}
	group.Wait()
	if n := one[int](w, `SELECT count(*) FROM outbox_event WHERE what = 'status' AND outbox_id IS NULL`); n != 0 {
		t.Errorf("%d callbacks were never bound", n)
	}
}

// deliver sends one row from any goroutine.
func (w *world) deliver(id string) {
	if err := w.Deliver(w.ctx, []string{id}); err != nil {
		w.t.Error(err)
	}
}
