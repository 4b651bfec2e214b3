package scheduler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// ErrBackwards refuses a clock that would run backwards.
var ErrBackwards = errors.New("the clock never runs backwards")

// ClockStore keeps the programme's time where every process finds it.
type ClockStore interface {
	// DatabaseTime is the database's own time and the programme's offset from it; the offset is zero where none was set.
	DatabaseTime(ctx context.Context) (now time.Time, offset time.Duration, err error)
	// SaveOffset keeps the offset. One that lies below the kept one is ErrBackwards.
	SaveOffset(ctx context.Context, offset time.Duration) error
}

// Clock is the one injected clock. It is the process's clock, corrected by its measured distance from the database's, so
// that replicas agree (faults.md C5), and moved by the offset that a demo keeps in the database.
type Clock struct {
	process func() time.Time
	store   ClockStore
	offset  atomic.Int64 // nanoseconds on top of process()
	told    atomic.Int64 // the newest moment that was told, in nanoseconds since 1970
	moving  sync.Mutex   // measuring and setting take turns
}

// NewClock measures the offset. process is time.Now in main.
func NewClock(ctx context.Context, process func() time.Time, store ClockStore) (*Clock, error) {
	c := &Clock{process: process, store: store}
	return c, c.Sync(ctx)
}

// Now is the programme's time. It stands still rather than go back when it is measured anew (faults.md D5): what was decided a
// moment ago would else not be due yet.
func (c *Clock) Now() time.Time {
	now := c.process().Add(time.Duration(c.offset.Load()))
	for {
		told := c.told.Load()
		if now.UnixNano() <= told {
			return time.Unix(0, told).In(now.Location())
		}
		if c.told.CompareAndSwap(told, now.UnixNano()) {
			return now
		}
	}
}

// Sync measures the offset again: clocks drift, and another process may have moved a demo's.
func (c *Clock) Sync(ctx context.Context) error {
	c.moving.Lock()
	defer c.moving.Unlock()
	before := c.process()
	db, offset, err := c.store.DatabaseTime(ctx)
	if err != nil {
		return fmt.Errorf("clock: %w", err)
	}
	after := c.process()
	c.offset.Store(int64(db.Add(offset).Sub(before.Add(after.Sub(before) / 2))))
	return nil
}

// Set moves the clock to a moment from which it runs on; other processes find it in the database. A moment that has
// passed is ErrBackwards.
func (c *Clock) Set(ctx context.Context, to time.Time) error {
	c.moving.Lock()
	defer c.moving.Unlock()
	if to.Before(c.Now()) {
		return ErrBackwards
	}
	before := c.process()
	db, _, err := c.store.DatabaseTime(ctx)
	if err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	// A microsecond on top, the resolution of the database: a slot at this very moment has begun for everybody.
	if err := c.store.SaveOffset(ctx, to.Sub(db)+time.Microsecond); err != nil {
		return fmt.Errorf("set clock: %w", err)
	}
	c.offset.Store(int64(to.Sub(before)))
	return nil
}
