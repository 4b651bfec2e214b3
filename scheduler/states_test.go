package scheduler_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// Whatever a provider answers and reports, in whatever order, a row only moves along the picture of docs/design.md: a passing
// trouble leaves it where it can be sent again, an end stays an end, and only a proof of delivery speaks against a failure
// (faults.md B8).
func TestB8StatesOnlyMoveForward(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	next := map[string][]string{
		"queued":    {"queued", "sending", "sent", "failed", "skipped", "cancelled", "delivered", "read"},
		"sending":   {"sending", "sent", "queued", "unknown", "failed", "delivered", "read"},
		"sent":      {"sent", "delivered", "read", "failed", "queued", "unknown"},
		"unknown":   {"unknown", "sent", "delivered", "read", "failed"},
		"failed":    {"failed", "delivered", "read"},
		"delivered": {"delivered", "read"}, "read": {"read"}, "skipped": {"skipped"}, "cancelled": {"cancelled"},
	}
	kinds := []channels.ErrorKind{"", "", channels.Temporary, channels.Throttled, channels.Ambiguous, channels.OutOfReach, channels.NoWindow, channels.Invalid}
	reports := []channels.State{channels.Queued, channels.Sending, channels.Accepted, channels.Undelivered, channels.Failed, channels.Delivered, channels.Read}
	rng := rand.New(rand.NewPCG(8, 8))
	for range 60 {
		id := w.enqueue(notice(siti))
		state, told := "queued", []string{"queued"}
		for range 12 {
			kind := kinds[rng.IntN(len(kinds))]
			w.sim.fail = func(channels.Outbound) error {
				if kind == "" {
					return nil
				}
				return refuse(kind)
			}
			switch rng.IntN(3) {
			case 0:
				w.must(w.Clock.Set(w.ctx, w.Clock.Now().Add(time.Duration(rng.IntN(90))*time.Minute)))
				fallthrough
			case 1:
				w.must(w.Deliver(w.ctx, []string{id}))
			default:
				w.must(w.HandleStatus(w.ctx, channels.Status{Channel: "sim", Message: id, ProviderID: "sim-" + id, State: reports[rng.IntN(len(reports))]}))
			}
			now := w.state(id)
			told = append(told, string(kind)+"→"+now)
			ok := false
			for _, s := range next[state] {
				ok = ok || s == now
			}
			if !ok {
				t.Fatalf("from %s to %s: %v", state, now, told)
			}
			state = now
		}
	}
	w.sim.fail = nil
}
