package sim

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// farthest is how far one move may go: every due instant on the way is stepped through.
const farthest = 3 * 366 * 24 * time.Hour

var errBackwards = &problem{http.StatusConflict, "backwards", errors.New("the clock never runs backwards")}

// moves lets one move of the clock follow the other, and tells where the present one goes.
type moves struct {
	one chan struct{}
	to  *atomic.Pointer[time.Time] // nil while the clock runs by itself
}

func newMoves() moves {
	return moves{one: make(chan struct{}, 1), to: &atomic.Pointer[time.Time]{}}
}

type clockAnswer struct {
	Now       string `json:"now"`
	Delivered *int   `json:"delivered,omitempty"`
}

// now is the programme's time as it is shown: in WIB.
func (s *Sim) now() string { return stamp(s.Clock.Now().In(prokus.Zone(""))) }

func (s *Sim) getClock(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, clockAnswer{Now: s.now()})
}

func (s *Sim) postClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		To *string `json:"to"`
		By *string `json:"by"`
	}
	err := read(w, r, &in)
	if err == nil {
		var n int
		if n, err = s.move(r.Context(), in.To, in.By); err == nil {
			answer(w, http.StatusOK, clockAnswer{s.now(), &n})
			return
		}
	}
	s.fail(w, err)
}

// move runs the clock to a moment or by a time.
func (s *Sim) move(ctx context.Context, to, by *string) (delivered int, err error) {
	var until time.Time
	var span time.Duration
	switch {
	case (to == nil) == (by == nil):
		return 0, bad(errors.New(`say either "to" (RFC 3339, "2026-06-07T18:30:00+07:00") or "by" (a duration, "36h")`))
	case to != nil:
		if until, err = time.Parse(time.RFC3339, *to); err != nil {
			return 0, bad(errors.New(`"to" is not RFC 3339, for example 2026-06-07T18:30:00+07:00`))
		}
	default:
		if span, err = time.ParseDuration(*by); err != nil {
			return 0, bad(errors.New(`"by" is not a duration, for example 36h or 90m`))
		}
	}
	select { // one after the other: the second counts from where the first has ended
	case s.moves.one <- struct{}{}:
		defer func() { <-s.moves.one }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	now := s.Clock.Now()
	if by != nil {
		until = now.Add(span)
	}
	switch {
	case until.Before(now.Truncate(time.Second)):
		return 0, errBackwards
	case until.Sub(now) > farthest:
		return 0, bad(errors.New("that is more than three years ahead; go in smaller steps"))
	}
	s.moves.to.Store(&until)
	defer s.moves.to.Store(nil)
	// The clock runs on while we look at it: a moment of this very second is still now.
	for range 5 {
		if soon := s.Clock.Now().Add(5 * time.Millisecond); until.Before(soon) {
			until = soon
		}
		var n int
		n, err = s.Mover.Advance(ctx, until)
		if delivered += n; err == nil || !s.IsBackwards(err) {
			return delivered, err
		}
	}
	return delivered, errBackwards
}
