package scheduler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The pump sends what waits for its sender: for a token of its rate, or for its gate to open. River would look for it too
// rarely for thirty messages a second, and too often for an outage of an hour.
const (
	pumpEvery  = 100 * time.Millisecond // while something waits
	pumpIdle   = time.Second            // while nothing does: another replica may have put something there
	pumpBatch  = 64
	pumpPlaces = 100 // sends of the pump under way in this process
)

// awake tells the pump that something waits.
func (s *Scheduler) awake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// RunPump pumps until the context ends, and returns when its sends are over.
func (s *Scheduler) RunPump(ctx context.Context) {
	var sends sync.WaitGroup
	defer sends.Wait()
	trouble := func(err error) {
		if err != nil && ctx.Err() == nil {
			s.Log.Error("pump", "error", err)
		}
	}
	for ctx.Err() == nil {
		busy, wait, err := s.Pump(ctx, s.Clock.Now())
		trouble(err)
		sends.Go(func() { trouble(wait()) })
		pause, wake := pumpIdle, s.wake
		if busy {
			pause, wake = pumpEvery, nil
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-wake:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// Pump starts the sends that may go now, replies first. busy says that something still waits; wait returns when what was
// started is over.
func (s *Scheduler) Pump(ctx context.Context, now time.Time) (busy bool, wait func() error, err error) {
	var under sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	wait = func() error {
		under.Wait()
		mu.Lock()
		defer mu.Unlock()
		return errors.Join(errs...)
	}
	awaited, err := s.Store.Awaited(ctx)
	if err != nil {
		return false, wait, fmt.Errorf("pump: %w", err)
	}
	for _, a := range awaited {
		busy = true
		groups, err := s.next(ctx, a, now)
		if err != nil {
			return busy, wait, fmt.Errorf("pump: %w", err)
		}
		for _, ids := range groups {
			select {
			case s.pumping <- struct{}{}:
			default:
				return busy, wait, nil // as many as one process may have under way
			}
			under.Go(func() {
				defer func() { <-s.pumping }()
				if err := s.Deliver(ctx, ids); err != nil {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
				}
			})
		}
	}
	return busy, wait, nil
}

// next are the rows that may go to a sender now, those to one address together.
func (s *Scheduler) next(ctx context.Context, a Awaited, now time.Time) (groups [][]string, err error) {
	limit := pumpBatch
	open, _, probe := a.Pass(now)
	switch {
	case !open:
		return nil, nil
	case probe:
		limit = 1
	}
	rows, err := s.Store.Waiting(ctx, a.Channel, now, limit)
	if err != nil {
		return nil, err
	}
	place := map[string]int{}
	for n, r := range rows {
		if !a.At.IsZero() && s.termsOf(a.Channel, r.Via).Rate.Free(r.Lane, a.Tokens, a.At, now) <= n {
			break
		}
		i, ok := place[r.Address]
		if !ok {
			i = len(groups)
			place[r.Address], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], r.ID)
	}
	return groups, nil
}
