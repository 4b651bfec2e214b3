package channels

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// What an exchange was about.
const (
	ExchangeSend   = "send"   // a message was handed over
	ExchangeFind   = "find"   // the provider was asked what became of one
	ExchangeStatus = "status" // the provider told what became of one
)

// Exchange is one call to a provider about a message, or one callback, as it is kept beside the message: what was asked and
// answered without bodies, secrets and numbers.
type Exchange struct {
	Message    string // our own id; empty: known by ProviderID alone
	Channel    string
	What       string
	Request    string // "POST api.twilio.com/2010-04-01/Accounts/…/Messages.json, 312 B"
	HTTP       int    // status of the answer; 0 where there is none
	Outcome    string // accepted, found, missing, a state, or an ErrorKind
	Code       string // the provider's own
	ProviderID string
	Took       time.Duration
	At         time.Time
}

// Trace collects what one call did on the wire. Several requests of one call are all kept, up to a bound.
type Trace struct {
	mu       sync.Mutex
	requests []string
	status   int
}

type traceKey struct{}

// Observe gives the context of a call whose requests are collected, if they go through Traced.
func Observe(ctx context.Context) (context.Context, *Trace) {
	t := &Trace{}
	return context.WithValue(ctx, traceKey{}, t), t
}

// Request and Status are what was asked, and the status of the last answer.
func (t *Trace) Request() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.requests, "; ")
}

// Status of the last answer; 0 if there was none.
func (t *Trace) Status() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.status
}

// Note adds a request that is none of HTTP to the call that is observed, if one is.
func Note(ctx context.Context, request string) {
	if t, ok := ctx.Value(traceKey{}).(*Trace); ok {
		t.add(request, 0)
	}
}

// tracedRequests bounds what one call leaves behind: an adapter asks several phones at most.
const tracedRequests = 8

func (t *Trace) add(request string, status int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.requests) < tracedRequests {
		t.requests = append(t.requests, request)
	}
	t.status = status
}

// Traced carries requests on next and notes them for the call that is observed. It sees them as they leave; nil is the
// default transport.
func Traced(next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return tracer{next}
}

type tracer struct{ next http.RoundTripper }

func (c tracer) RoundTrip(r *http.Request) (*http.Response, error) {
	t, ok := r.Context().Value(traceKey{}).(*Trace)
	if !ok {
		return c.next.RoundTrip(r)
	}
	what := Redacted(r)
	res, err := c.next.RoundTrip(r)
	status := 0
	if err == nil {
		status = res.StatusCode
	}
	t.add(what, status)
	return res, err
}

// plainSegment is a part of a path that tells what is called and not for whom: accounts, tokens, ids and numbers are cut out.
var plainSegment = regexp.MustCompile(`^([A-Za-z][A-Za-z._-]{0,30}|v?[0-9]{1,2}|[0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// Redacted names a request by its method, host, the plain parts of its path and the size of its body. The query is left out:
// aggregators are handed numbers, texts and keys in it.
func Redacted(r *http.Request) string {
	segments := strings.Split(r.URL.Path, "/")
	for i, s := range segments {
		if s != "" && !plainSegment.MatchString(s) {
			segments[i] = "…"
		}
	}
	out := r.Method + " " + r.URL.Host + strings.Join(segments, "/")
	if r.ContentLength > 0 {
		out += fmt.Sprintf(", %d B", r.ContentLength)
	}
	return out
}
