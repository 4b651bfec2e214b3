package channels

import (
	"errors"
	"fmt"
	"time"
)

// ErrorKind is what a sender does about a refusal; the adapter decides the kind, the scheduler the consequence.
type ErrorKind string

// The kinds of refusal.
const (
	Temporary  ErrorKind = "temporary"  // retry with backoff
	Throttled  ErrorKind = "throttled"  // later, after RetryAfter; no attempt is counted
	BlockedBy  ErrorKind = "blocked"    // the person opted out or blocked us: stop, tell the TKSK
	Invalid    ErrorKind = "invalid"    // a bad number or text: never again as it is
	Ambiguous  ErrorKind = "ambiguous"  // it may have left: never a plain retry (faults.md B2, B3)
	Misconfig  ErrorKind = "misconfig"  // our credentials are refused: the channel pauses, no attempt is burnt
	OutOfReach ErrorKind = "outofreach" // the handset is off: retry after hours, not seconds (faults.md B10)
	NoWindow   ErrorKind = "window"     // free text is not taken now: as an approved template, or by another road (faults.md B19)
)

// SendError is why a provider did not accept a message.
type SendError struct {
	Kind       ErrorKind
	Code       string        // the provider's own code, for the page that answers "why did she not get it?"
	RetryAfter time.Duration // Throttled: how long the provider asks us to wait
	Err        error
}

func (e *SendError) Error() string {
	return fmt.Sprintf("send: %s (code %q): %v", e.Kind, e.Code, e.Err)
}

func (e *SendError) Unwrap() error { return e.Err }

// KindOf classes any error from a Sender. What an adapter did not class is Ambiguous: resending could double it.
func KindOf(err error) (ErrorKind, *SendError) {
	var se *SendError
	if errors.As(err, &se) {
		return se.Kind, se
	}
	return Ambiguous, &SendError{Kind: Ambiguous, Err: err}
}
