package scheduler

import (
	"context"
	"fmt"

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
	var why *Refusal
	if st.State == channels.Failed || st.State == channels.Undelivered {
		why = &Refusal{Kind: channels.Invalid, Code: st.Code}
		if s.KindOfCode != nil {
			if kind, ok := s.KindOfCode(st.Channel, st.Code); ok {
				why.Kind = kind
			}
		}
	}
	if err := s.Store.KeepStatus(ctx, st, why, s.Openings, s.price(), now); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	return nil
}
