package fake

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// AggregatorStyle is how an aggregator wants to be called.
type AggregatorStyle string

// The styles of the double: one GET with everything in the address, answered in a line of text with HTTP 200; and JSON by
// POST with a bearer token and honest status codes.
const (
	AggregatorGET  AggregatorStyle = "get"
	AggregatorPOST AggregatorStyle = "post"
)

// AggregatorAccount is one customer's account.
type AggregatorAccount struct {
	User, Key string // GET: userkey and passkey; POST: Key is the token
	Sender    string // POST: the number that may be sent from
	Secret    string // of calls to the customer
}

// Aggregator is a local server that behaves like an SMS aggregator: strict about parameters, with the filter of Indonesian
// long numbers where it is told so. It remembers every message that it took. Safe for concurrent use.
type Aggregator struct {
	style    AggregatorStyle
	account  AggregatorAccount
	server   *http.Server
	listener net.Listener
	done     chan struct{} // closed by Close: ends calls that hang
	served   sync.WaitGroup

	mu       sync.Mutex
	now      func() time.Time
	calls    int
	filter   bool
	messages []*AggregatorMessage
	plans    []aggregatorPlan
}

// AggregatorMessage is one message that the double took.
type AggregatorMessage struct {
	ID, To, From, Text, Reference string // To as E.164
	Seconds                       int    // validity
	At                            time.Time
	AnswerLost                    bool // taken, but the caller was never told
}

// NewAggregator starts a double on a free local port. It panics if there is none.
func NewAggregator(style AggregatorStyle, account AggregatorAccount) *Aggregator {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	a := &Aggregator{style: style, account: account, listener: ln, done: make(chan struct{}), now: time.Now}
	a.server = &http.Server{Handler: a, ReadHeaderTimeout: 5 * time.Second}
	a.served.Go(func() { _ = a.server.Serve(ln) })
	return a
}

// URL is the address at which messages are handed in.
func (a *Aggregator) URL() string {
	path := map[AggregatorStyle]string{AggregatorGET: "/api/send", AggregatorPOST: "/v1/messages"}[a.style]
	return "http://" + a.listener.Addr().String() + path
}

// Close ends the server and whatever hangs in it.
func (a *Aggregator) Close() {
	close(a.done)
	a.Stop()
	a.served.Wait()
}

// Stop makes the double go away, so that nobody listens at its address; what it recorded stays.
func (a *Aggregator) Stop() {
	_ = a.listener.Close() // the server may not have begun to serve
	_ = a.server.Close()
}

// Clock replaces the time by which messages are dated and calls are signed.
func (a *Aggregator) Clock(now func() time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = now
}

// Filter refuses what operators drop on long-number routes: digit runs over three, web addresses, blocked words.
func (a *Aggregator) Filter(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.filter = on
}

// Calls counts the attempts to send that reached the double, refused ones too.
func (a *Aggregator) Calls() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.calls
}

// Messages are all messages that were taken, oldest first.
func (a *Aggregator) Messages() []AggregatorMessage {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := make([]AggregatorMessage, 0, len(a.messages))
	for _, m := range a.messages {
		out = append(out, *m)
	}
	return out
}

// Count is how often this text was taken for this number.
func (a *Aggregator) Count(to, text string) (n int) {
	for _, m := range a.Messages() {
		if m.To == to && m.Text == text {
			n++
		}
	}
	return n
}

// Doubled are the messages that were handed in again under the reference of an earlier one.
func (a *Aggregator) Doubled() (out []AggregatorMessage) {
	seen := map[string]bool{}
	for _, m := range a.Messages() {
		if seen[m.Reference] {
			out = append(out, m)
		}
		seen[m.Reference] = true
	}
	return out
}

// aggregatorPlan is what happens to the next call that sends.
type aggregatorPlan struct {
	fault      string // one of aggregatorFaults
	retryAfter int
	html       bool // 503 with a page
	hang       bool
	reset      bool
	accept     bool // with hang and reset: the message is taken all the same
}

// Fail refuses the next n calls for a reason in the words of the POST style, such as "invalid_number" or "opted_out". It
// panics for one that the double does not know.
func (a *Aggregator) Fail(n int, reason string) {
	if _, ok := aggregatorFaults()[reason]; !ok {
		panic("fake: no aggregator refuses as " + reason)
	}
	a.plan(n, aggregatorPlan{fault: reason})
}

// Throttle refuses the next n calls as too many, with a Retry-After in seconds.
func (a *Aggregator) Throttle(n, seconds int) {
	a.plan(n, aggregatorPlan{fault: "rate_limited", retryAfter: seconds})
}

// Unavailable answers the next n calls 503 with a page of HTML, as a load balancer does.
func (a *Aggregator) Unavailable(n int) { a.plan(n, aggregatorPlan{html: true}) }

// Hang leaves the next n calls without an answer until the caller gives up; accept says whether they count.
func (a *Aggregator) Hang(n int, accept bool) { a.plan(n, aggregatorPlan{hang: true, accept: accept}) }

// Reset breaks the connection of the next n calls instead of answering; accept says whether they count.
func (a *Aggregator) Reset(n int, accept bool) {
	a.plan(n, aggregatorPlan{reset: true, accept: accept})
}

func (a *Aggregator) plan(n int, p aggregatorPlan) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for range n {
		a.plans = append(a.plans, p)
	}
}

// aggregatorFault is a refusal in both styles.
type aggregatorFault struct {
	status int    // POST
	code   string // GET
}

func aggregatorFaults() map[string]aggregatorFault {
	return map[string]aggregatorFault{
		"unauthorized": {401, "11"}, "sender_not_allowed": {403, "12"}, "invalid_number": {422, "21"}, "invalid_text": {422, "22"},
		"rate_limited": {429, "31"}, "opted_out": {422, "41"}, "unreachable": {422, "42"}, "insufficient_balance": {402, "51"},
		"rejected_by_operator": {422, "61"}, "overloaded": {503, "99"}, "internal": {500, "98"}, "bad_request": {400, "97"},
	}
}

// id is the nth message's, as the style writes ids. a.mu is held.
func (a *Aggregator) id() string { return fmt.Sprintf("%s-%06d", a.style, len(a.messages)+1) }
