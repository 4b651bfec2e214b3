package fake

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// twilioPlan is what happens to the next call that sends.
type twilioPlan struct {
	refusal    twilioRefusal
	retryAfter string
	html       bool // the refusal comes from a proxy in front: not JSON
	hang       bool // no answer until the caller gives up
	reset      bool // the connection breaks instead of an answer
	accept     bool // with hang and reset: the message is taken all the same
}

type twilioRefusal struct {
	status, code int
	message      string
}

// Fail refuses the next n calls with an HTTP status and Twilio's code, such as 400 and 21211.
func (t *Twilio) Fail(n, status, code int) {
	t.plan(n, twilioPlan{refusal: twilioRefusal{status, code, "as told"}})
}

// Throttle answers the next n calls 429 with code 20429 and a Retry-After in seconds.
func (t *Twilio) Throttle(n, seconds int) {
	t.plan(n, twilioPlan{refusal: twilioRefusal{429, 20429, "Too Many Requests"}, retryAfter: fmt.Sprint(seconds)})
}

// Unavailable answers the next n calls 503 with a page of HTML, as a load balancer does.
func (t *Twilio) Unavailable(n int) {
	t.plan(n, twilioPlan{refusal: twilioRefusal{status: 503}, html: true})
}

// Hang leaves the next n calls without an answer until the caller gives up; accept says whether they count.
func (t *Twilio) Hang(n int, accept bool) { t.plan(n, twilioPlan{hang: true, accept: accept}) }

// Reset breaks the connection of the next n calls instead of answering; accept says whether they count.
func (t *Twilio) Reset(n int, accept bool) { t.plan(n, twilioPlan{reset: true, accept: accept}) }

func (t *Twilio) plan(n int, p twilioPlan) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for range n {
		t.plans = append(t.plans, p)
	}
}

// FailNumber refuses every message to one number until code is 0: 21610 for an opt-out, 21614 for a landline.
func (t *Twilio) FailNumber(number string, status, code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if code == 0 {
		delete(t.numbers, number)
		return
	}
	t.numbers[number] = twilioRefusal{status, code, "as told for this number"}
}

// twilioBucket is a strict token bucket: an empty one answers 429 and notes who calls before the wait is over.
type twilioBucket struct {
	perSecond float64
	burst     float64
	tokens    float64
	filled    time.Time
	until     time.Time // nobody may call before this
}

// Limit allows perSecond calls on average and burst at once; 0 lifts the limit.
func (t *Twilio) Limit(perSecond float64, burst int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bucket = twilioBucket{perSecond: perSecond, burst: float64(burst), tokens: float64(burst), filled: t.now()}
}

// Early counts the calls that came before the wait of an earlier 429 was over (faults.md B6 allows none).
func (t *Twilio) Early() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.early
}

// limited takes a token; ok is false if there is none, with the seconds to wait. t.mu is held.
func (t *Twilio) limited() (wait int, ok bool) {
	b := &t.bucket
	if b.perSecond == 0 {
		return 0, true
	}
	now := t.now()
	b.tokens = min(b.burst, b.tokens+now.Sub(b.filled).Seconds()*b.perSecond)
	b.filled = now
	if now.Before(b.until) {
		t.early++
	}
	if b.tokens >= 1 {
		b.tokens--
		return 0, true
	}
	wait = 1 + int((1-b.tokens)/b.perSecond)
	b.until = now.Add(time.Duration(wait) * time.Second)
	return wait, false
}

// next is the plan for the call at hand. t.mu is held.
func (t *Twilio) next() (p twilioPlan) {
	if wait, ok := t.limited(); !ok {
		return twilioPlan{refusal: twilioRefusal{429, 20429, "Too Many Requests"}, retryAfter: fmt.Sprint(wait)}
	}
	if len(t.plans) > 0 {
		p, t.plans = t.plans[0], t.plans[1:]
	}
	return p
}

// play carries out the part of a plan that breaks the call; true if the caller got what it gets.
func (t *Twilio) play(w http.ResponseWriter, r *http.Request, p twilioPlan) bool {
	switch {
	case p.hang:
		select {
		case <-r.Context().Done():
		case <-t.done:
		}
		panic(http.ErrAbortHandler)
	case p.reset:
		twilioReset(w)
	case p.html:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(p.refusal.status)
		_, _ = fmt.Fprint(w, "<html><body>upstream is not available</body></html>")
		return true
	case p.refusal.status != 0:
		if p.retryAfter != "" {
			w.Header().Set("Retry-After", p.retryAfter)
		}
		p.refusal.write(w)
		return true
	}
	return false
}

// twilioReset breaks the connection with an RST, as a firewall or a dying process does.
func twilioReset(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
		}
	}
	panic(http.ErrAbortHandler)
}
