package scheduler

import (
	"context"
	"fmt"
	"time"
)

const (
	drainBatch = 500
	pollEvery  = 5 * time.Millisecond // while somebody else sends
)

// Drain delivers everything that may leave now, in the order in which it was decided, and waits for what River's workers
// are sending at the same time.
func (s *Scheduler) Drain(ctx context.Context) error {
	for {
		rows, err := s.Store.DueRows(ctx, s.Clock.Now(), drainBatch)
		if err != nil {
			return fmt.Errorf("drain: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		if err := s.deliverRows(ctx, rows); err != nil {
			return fmt.Errorf("drain: %w", err)
		}
	}
	if s.dry {
		return nil // what the living are sending is none of a rehearsal's
	}
	return s.poll(ctx, func() (bool, error) {
		n, err := s.Store.Sending(ctx)
		return n == 0, err
	})
}

// Settle delivers what a turn caused and is due now, and returns when all of it has left or failed. The simulator answers
// only then.
func (s *Scheduler) Settle(ctx context.Context, inbox int64) error {
	return s.poll(ctx, func() (bool, error) {
		rows, sending, err := s.Store.CausedBy(ctx, inbox, s.Clock.Now())
		if err != nil {
			return false, fmt.Errorf("settle: %w", err)
		}
		if err := s.deliverRows(ctx, rows); err != nil {
			return false, fmt.Errorf("settle: %w", err)
		}
		return len(rows) == 0 && sending == 0, nil
	})
}

// deliverRows delivers rows in order; one that its provider did not take holds what follows to the same address.
func (s *Scheduler) deliverRows(ctx context.Context, rows []DueRow) error {
	held := map[string]hold{}
	for _, r := range rows {
		h, waits := held[r.Address]
		if waits {
			if err := s.Store.Hold(ctx, []string{r.ID}, h.until, h.awaits); err != nil {
				return err
			}
			continue
		}
		h, err := s.deliver(ctx, r.ID)
		if err != nil {
			return err
		}
		if !h.until.IsZero() {
			held[r.Address] = h
		}
	}
	return nil
}

// settleTime bounds the wait: a send in doubt stays in doubt for longer than anybody waits.
const settleTime = 25 * time.Second

// poll asks until the answer is yes, the wait is over or the context ends.
func (s *Scheduler) poll(ctx context.Context, done func() (bool, error)) error {
	wait, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if ok, err := done(); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-wait.Done():
			return ctx.Err() // nil: somebody's send hangs; the rest has left
		}
	}
}
