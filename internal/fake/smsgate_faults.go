package fake

import (
	"fmt"
	"net/http"
	"strconv"
)

// smsgatePlan is what happens to the next call that sends.
type smsgatePlan struct {
	status     int
	message    string
	retryAfter int
	html       bool // the refusal comes from a proxy in front: not JSON
	hang       bool // no answer until the caller gives up
	reset      bool // the connection breaks instead of an answer
	accept     bool // with hang and reset: the message is taken all the same
}

// Fail refuses the next n calls, whichever phone they reach.
func (g *SMSGate) Fail(n, status int, message string) {
	g.plan(n, smsgatePlan{status: status, message: message})
}

// Throttle answers the next n calls 429 with a Retry-After in seconds.
func (g *SMSGate) Throttle(n, seconds int) {
	g.plan(n, smsgatePlan{status: http.StatusTooManyRequests, message: "Too Many Requests", retryAfter: seconds})
}

// Unavailable answers the next n calls 503 with a page of HTML, as a tunnel to a phone does.
func (g *SMSGate) Unavailable(n int) {
	g.plan(n, smsgatePlan{status: http.StatusServiceUnavailable, html: true})
}

// Hang leaves the next n calls without an answer until the caller gives up; accept says whether they count.
func (g *SMSGate) Hang(n int, accept bool) { g.plan(n, smsgatePlan{hang: true, accept: accept}) }

// Reset breaks the connection of the next n calls instead of answering; accept says whether they count.
func (g *SMSGate) Reset(n int, accept bool) { g.plan(n, smsgatePlan{reset: true, accept: accept}) }

func (g *SMSGate) plan(n int, p smsgatePlan) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for range n {
		g.plans = append(g.plans, p)
	}
}

// Limit lets Android refuse what a phone sends after the next n messages: it still takes them, and they fail with
// RESULT_ERROR_LIMIT_EXCEEDED. Below 0 lifts it.
func (g *SMSGate) Limit(device string, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.phone(device).limit = n
}

// play carries out the part of a plan that breaks the call; true if the caller got what it gets.
func (p smsgatePlan) play(w http.ResponseWriter, r *http.Request, done <-chan struct{}) bool {
	switch {
	case p.hang:
		select {
		case <-r.Context().Done():
		case <-done:
		}
		panic(http.ErrAbortHandler)
	case p.reset:
		breakOff(w)
	case p.html:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(p.status)
		_, _ = fmt.Fprint(w, "<html><body>tunnel is not available</body></html>")
		return true
	case p.status != 0:
		if p.retryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(p.retryAfter))
		}
		smsgateJSON(w, p.status, map[string]string{"message": p.message})
		return true
	}
	return false
}

// breakOff breaks the connection with an RST.
func breakOff(w http.ResponseWriter) { twilioReset(w) }
