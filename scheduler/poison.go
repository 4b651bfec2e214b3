package scheduler

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// One message that makes our own code panic must neither end the process nor keep others waiting (faults.md B7). What was
// panicked with is not logged: it may hold what was said.

// send hands a message to its sender. Of one that panics nobody knows whether it left.
func (s *Scheduler) send(ctx context.Context, d Decision) (sent channels.Sent, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.panicked("send", d.Out.ID, p)
			err = &channels.SendError{Kind: channels.Ambiguous, Code: "panic", Err: errors.New("the sender panicked")}
		}
	}()
	return s.senders[d.Road.Channel].Send(ctx, d.Out)
}

// find asks a provider whether it has a message.
func (s *Scheduler) find(ctx context.Context, finder channels.Finder, m channels.Outbound) (sent channels.Sent, found bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.panicked("find", m.ID, p)
			err = errors.New("the sender panicked")
		}
	}()
	return finder.Find(ctx, m)
}

// judge decides about a row. One that cannot even be judged or said ends.
func (s *Scheduler) judge(f Facts, now time.Time) (d Decision) {
	defer func() {
		if p := recover(); p != nil {
			s.panicked("decide", f.ID, p)
			d = Decision{Verdict: Broken, Why: whyText}
		}
	}()
	return s.decide(f, now)
}

func (s *Scheduler) panicked(what, id string, p any) {
	s.Log.Error("a message makes us panic", "in", what, "id", id, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
}
