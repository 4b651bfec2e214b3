package smpp

import (
	"context"
	"sync"
	"time"
)

// The pause after ESME_RTHROTTLED or RMSGQFUL doubles from the first to the most while the centre goes on refusing.
const (
	pauseFirst = time.Second
	pauseMost  = time.Minute
)

// window bounds the submits that wait for an answer. When the centre throttles, it halves and everybody pauses; it grows
// by one after as many acceptances as it is wide (faults.md G1).
type window struct {
	now  func() time.Time
	most int

	mu      sync.Mutex
	width   int
	busy    int
	good    int // acceptances since the last change
	pause   time.Duration
	until   time.Time
	changed chan struct{}
}

func newWindow(most int, now func() time.Time) *window {
	return &window{now: now, most: most, width: most, changed: make(chan struct{})}
}

// enter takes a place, waiting for one until ctx ends (ok is false, even if a place is free by then: who has given up sends
// nothing). A positive pause means that nobody may enter for that long.
func (w *window) enter(ctx context.Context) (pause time.Duration, ok bool) {
	for {
		w.mu.Lock()
		if left := w.until.Sub(w.now()); left > 0 {
			w.mu.Unlock()
			return left, false
		}
		if w.busy < w.width && ctx.Err() == nil {
			w.busy++
			w.mu.Unlock()
			return 0, true
		}
		changed := w.changed
		w.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, false
		}
	}
}

// leave gives the place back.
func (w *window) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy--
	w.tell()
}

// accepted notes that the centre took a message.
func (w *window) accepted() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.good++
	if w.good < w.width {
		return
	}
	w.good, w.pause = 0, w.pause/2
	if w.pause < pauseFirst {
		w.pause = 0
	}
	w.width = min(w.width+1, w.most)
	w.tell()
}

// throttled makes the window smaller and returns the pause, which grows. Refusals of submits that were already on their
// way when the pause began do not lengthen it.
func (w *window) throttled() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if left := w.until.Sub(now); left > 0 {
		return left
	}
	w.good, w.width = 0, max(1, w.width/2)
	w.pause = min(pauseMost, max(pauseFirst, 2*w.pause))
	w.until = now.Add(w.pause)
	w.tell()
	return w.pause
}

// tell wakes those who wait. w.mu is held.
func (w *window) tell() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// idle waits until no submit waits for an answer, or ctx ends.
func (w *window) idle(ctx context.Context) {
	for {
		w.mu.Lock()
		busy, changed := w.busy, w.changed
		w.mu.Unlock()
		if busy == 0 {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
