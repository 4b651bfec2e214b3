// Package channelstest is the suite that every adapter passes. An adapter describes itself as a Case and calls Run; what
// only it can do wrong it tests beside. The rows named in the tests are those of the fault catalogue.
package channelstest

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// Case is one adapter.
type Case struct {
	Name string // as in Inbound.Channel and Sender.Name
	In   *In    // nil: nothing comes in over HTTP
	Out  *Out   // nil: nothing goes out
}

// Message is what a person writes in a test. Text may be any bytes.
type Message struct{ From, Text, ID string }

// In is the inbound half: an HTTP handler.
type In struct {
	// Serve mounts the adapter around a Handler, at the address of Request.
	Serve func(t testing.TB, h channels.Handler) http.Handler
	// Request is a genuine request, signed where the provider signs.
	Request func(t testing.TB, m Message) *http.Request
	From    string             // a sender as Request takes it
	WantAs  string             // the same sender as Inbound.From; empty: as From
	ID      func(n int) string // the nth id as the provider makes them
	Limit   int                // bytes of a body; one more is 413
	Text    int                // runes of Inbound.Text at most
	// KeepsBytes: Inbound.Raw is Message.Text byte for byte, whatever it is (a form can carry that, JSON cannot).
	KeepsBytes bool
	// Forge are the ways to spoil what proves that a request is genuine. Each must change it.
	Forge []Forgery
	// SameMeaning is set where the body is covered by a signature: then any change of its bytes must be refused, unless
	// both bodies mean the same.
	SameMeaning func(a, b []byte) bool
	// Malformed are requests with good proof whose content no provider sends.
	Malformed map[string]func(t testing.TB) *http.Request
	// Failed judges the answer after the Handler failed; nil: it must be 503 with Retry-After.
	Failed func(t testing.TB, answer *httptest.ResponseRecorder)
}

// Forgery spoils the proof of a genuine request.
type Forgery func(rng *rand.Rand, r *http.Request)

// Out is the outbound half: a Sender and the double of its provider.
type Out struct {
	Start   func(t testing.TB) (channels.Sender, Provider)
	Message channels.Outbound // one that is accepted
}

// Provider is the double behind a Sender, fresh for each Start.
type Provider struct {
	Calls    func() int                            // attempts to send that reached the provider
	Accepted func(m channels.Outbound) int         // how often it took this message
	Play     func(t testing.TB, f Fault) (ok bool) // what the next call meets; false: this provider knows no such thing
}

// Fault is what the next call meets at the provider.
type Fault string

// The faults, and how they must be classed.
const (
	Throttle       Fault = "throttle"        // Throttled, with RetryAfter
	Block          Fault = "block"           // BlockedBy
	BadNumber      Fault = "bad number"      // Invalid
	Unreachable    Fault = "unreachable"     // OutOfReach
	Unavailable    Fault = "unavailable"     // Temporary: 503 with a body that is not the provider's
	BadCredentials Fault = "bad credentials" // Misconfig
	LostAnswer     Fault = "lost answer"     // Ambiguous: accepted, then the connection breaks
	NoAnswer       Fault = "no answer"       // Ambiguous: the call hangs until the caller gives up
	Down           Fault = "down"            // Temporary: nobody listens
)

// RetryAfter is what a provider that plays Throttle asks for.
const RetryAfter = 7 * time.Second

// Run takes an adapter through the suite.
func Run(t *testing.T, c Case) {
	if c.In != nil {
		runIn(t, c)
	}
	if c.Out != nil {
		runOut(t, c)
	}
	if c.In == nil && c.Out == nil {
		t.Fatal("channelstest: the case has neither half")
	}
}
