package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// HandleStatus keeps a callback. Callbacks may come in any order, twice, before we know that we sent, or about messages
// that we do not know: a state replaces another only if it ranks higher, and what is not known waits for its message.
// A handset that was off is tried again after hours, like a refusal of the call itself.
func (s *Scheduler) HandleStatus(ctx context.Context, st channels.Status) error {
	now := s.Clock.Now()
	if st.At.IsZero() {
		st.At = now
	}
	e := StatusEffect{Open: s.opening}
	if st.State == channels.Failed || st.State == channels.Undelivered {
		why := &Refusal{Kind: channels.Invalid, Code: st.Code}
		if s.KindOfCode != nil {
			if kind, ok := s.KindOfCode(st.Channel, st.Code); ok {
				why.Kind = kind
			}
		}
		e.Why = why
		e.Again = func(attempt int, notAfter time.Time) (time.Time, bool) {
			d := Decision{Attempt: attempt, Out: channels.Outbound{Before: notAfter}}
			until, _, again := s.retry(*why, d, 0, now)
			return until, again && (why.Kind == channels.OutOfReach || why.Kind == channels.NoWindow)
		}
	}
	if err := s.Store.KeepStatus(ctx, st, e, now); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	return nil
}
