// Package smpp speaks SMPP 3.4 with an operator's message centre: one bind that sends and receives, kept alive.
//
// The codec is our own and knows only what is needed. A ready library was weighed (gosmpp 0.3.0): it closes the whole
// session at one malformed header, which the centre then delivers again for ever; it does not know references of 16
// bits; it cuts at 134 characters instead of 153 septets, and by characters where an extension takes two; it cannot say
// whether a lost submit had left; and it binds without a time limit.
package smpp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// Long is how a text of several parts travels.
type Long string

// The ways: a header in each part (the default), optional parameters, or whole for the centre to cut.
const (
	LongUDH     Long = "udh"
	LongSAR     Long = "sar"
	LongPayload Long = "payload"
)

// Config is what the adapter needs. Addr, SystemID and Now are required.
type Config struct {
	Addr               string // host:port
	SystemID, Password string // at most 15 and 8 characters
	SystemType         string // at most 12, often empty
	SourceAddr         string // our sender: +62…, short code, name, or ton/npi/address; empty: the centre's choice
	TLS                *tls.Config
	Window             int           // submits without an answer at once, 1 to 1,000; zero means 10
	EnquireEvery       time.Duration // how often the link is tried, at most 15 s; zero means 10 s
	ResponseTimeout    time.Duration // how long an answer may take before a send is ambiguous; zero means 10 s
	Long               Long          // zero means LongUDH
	ReceiptIDs         IDForm        // how receipts write ids; zero: learned from what they confirm
	Log                *slog.Logger
	Now                func() time.Time
	// Patience is how long a turn may take, how long a send waits for a bind that is on its way, and how long a part waits
	// for the others before the centre is asked to send it again; zero means 2 s.
	Patience time.Duration
}

// The bounds of what an operator may set. A mute centre is noticed after EnquireEvery and at most enquirePatience, and
// the first attempts to bind again follow within seconds: together less than the 30 s of faults.md G2.
const (
	enquireMax      = 15 * time.Second
	enquirePatience = 10 * time.Second
)

// Adapter is one account at one centre: a Sender, and a receiver while Run runs.
type Adapter struct {
	c       Config
	from    address
	handler channels.Handler
	status  channels.StatusHandler
	counts  channels.Counts
	window  *window
	sent    *sentIDs
	lanes   []*lane
	seed    maphash.Seed
	ref     atomic.Uint32
	pause   pauses

	mu      sync.Mutex
	session *session
	bound   chan struct{} // closed while a session is bound
	trouble error         // why there is no session; nil before the first attempt
	barred  *channels.SendError
}

// New checks the configuration and tells every fault in it at once.
func New(c Config, h channels.Handler, st channels.StatusHandler) (*Adapter, error) {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("smpp: "+format, args...)) }
	if _, port, err := net.SplitHostPort(c.Addr); err != nil || port == "" {
		fault("the address must be host:port")
	}
	if !printable(c.SystemID, 15) || c.SystemID == "" {
		fault("the system id must be 1 to 15 plain characters")
	}
	if !printable(c.Password, 8) {
		fault("the password must be at most 8 plain characters")
	}
	if !printable(c.SystemType, 12) {
		fault("the system type must be at most 12 plain characters")
	}
	from, err := parseSource(c.SourceAddr)
	if err != nil {
		fault("%w", err)
	}
	if c.Window == 0 {
		c.Window = 10
	}
	if c.Window < 1 || c.Window > 1000 {
		fault("the window must be 1 to 1000")
	}
	c.EnquireEvery = or(c.EnquireEvery, 10*time.Second)
	c.ResponseTimeout = or(c.ResponseTimeout, 10*time.Second)
	c.Patience = or(c.Patience, 2*time.Second)
	if c.EnquireEvery < 0 || c.EnquireEvery > enquireMax {
		fault("the link must be tried at least every %s", enquireMax)
	}
	if c.ResponseTimeout < 0 || c.Patience < 0 {
		fault("a time limit is negative")
	}
	switch c.Long {
	case "":
		c.Long = LongUDH
	case LongUDH, LongSAR, LongPayload:
	default:
		fault("long texts travel as udh, sar or payload")
	}
	if c.ReceiptIDs != "" && formIndex(c.ReceiptIDs) < 0 {
		fault("receipt ids are same, decimal or hex")
	}
	if c.Now == nil {
		fault("Now, the clock, is required")
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &Adapter{
		c: c, from: from, handler: h, status: st, bound: make(chan struct{}), window: newWindow(c.Window, c.Now), sent: newSentIDs(c.ReceiptIDs),
		pause: pauses{first: 250 * time.Millisecond, most: 8 * time.Second, refused: 30 * time.Second, refusedMost: 5 * time.Minute},
	}
	for range laneCount {
		a.lanes = append(a.lanes, newLane(a))
	}
	a.seed = maphash.MakeSeed()
	a.ref.Store(rand.Uint32())
	return a, nil
}

func or(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

func printable(s string, limit int) bool {
	for _, r := range s {
		if r < ' ' || r > '~' {
			return false
		}
	}
	return len(s) <= limit
}

// Name is "smpp".
func (a *Adapter) Name() string { return "smpp" }

// Health is nil while bound; otherwise it says what an operator has to see to (faults.md G7).
func (a *Adapter) Health() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.session != nil:
		return nil
	case a.barred != nil:
		return a.barred
	case a.trouble != nil:
		return a.trouble
	}
	return errors.New("smpp: not bound yet")
}

// Counts tells how often each thing happened since the start (accepted, receipt, short_sender, malformed, unavailable,
// overflow, incomplete, unknown_state, bound, bind_refused, mute, throttled, late_answer …). For /metrics.
func (a *Adapter) Counts() map[string]uint64 { return a.counts.All() }

// current is the bound session. Without one it waits as long as patience and ctx allow, unless the centre has refused us.
func (a *Adapter) current(ctx context.Context) (*session, *channels.SendError) {
	patience := time.NewTimer(a.c.Patience)
	defer patience.Stop()
	for {
		a.mu.Lock()
		s, bound, trouble, barred := a.session, a.bound, a.trouble, a.barred
		a.mu.Unlock()
		switch {
		case s != nil:
			return s, nil
		case barred != nil:
			return nil, barred
		}
		if trouble == nil {
			trouble = errors.New("not running")
		}
		unbound := &channels.SendError{Kind: channels.Temporary, Code: "not_bound", Err: fmt.Errorf("smpp: not bound: %w", trouble)}
		if standby(trouble) { // another process has our bind and sends: nothing is wrong with the road, and no attempt is counted
			unbound.Kind, unbound.Code = channels.Throttled, "standby"
		}
		select {
		case <-bound:
		case <-ctx.Done():
			return nil, unbound
		case <-patience.C:
			return nil, unbound
		}
	}
}
