package channels

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// Attempt watches one HTTP call that hands a message over. What decides about a repeat is whether any of it may have left:
// a refused connection proves that the provider has nothing, a broken one proves nothing (faults.md B3).
type Attempt struct{ begun atomic.Bool }

// Watch gives the context for one call.
func Watch(ctx context.Context) (context.Context, *Attempt) {
	a := &Attempt{}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The transport asks again only after a dead connection to which nothing was written.
		GetConn: func(string) { a.begun.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { a.begun.Store(true) },
	}), a
}

// Unanswered classes the error of a call that got no answer. The address is left out of it: it may hold numbers and keys.
func (a *Attempt) Unanswered(err error) *SendError {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	if a.begun.Load() {
		return &SendError{Kind: Ambiguous, Err: fmt.Errorf("no answer: %w", err)}
	}
	return &SendError{Kind: Temporary, Err: fmt.Errorf("not reached: %w", err)}
}

// RetryAfter reads the header of that name, seconds or a date, up to a day; 0 if it does not say.
func RetryAfter(header string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(header); err == nil && n > 0 {
		return time.Duration(min(n, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return min(at.Sub(now), 24*time.Hour)
	}
	return 0
}
