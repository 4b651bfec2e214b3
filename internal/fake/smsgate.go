package fake

import (
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// SMSGatePhone is one phone of the double, as its owner set it up.
type SMSGatePhone struct {
	Device, Login, Password string
	Key                     string   // signs webhooks
	SIMs                    []string // the numbers in its slots, from the first
}

// SMSGate is a set of phones that run SMSGate in local mode: each a real server with an address of its own, as strict as the
// app about credentials, shapes and ids. It remembers every message that a phone took and so is the judge of what was sent
// twice. It reads the wall clock until Clock gives it another. Safe for concurrent use.
type SMSGate struct {
	phones     []*smsgatePhone
	done       chan struct{} // closed by Close: ends calls that hang
	background sync.WaitGroup

	mu       sync.Mutex
	now      func() time.Time
	calls    int
	messages []*SMSGateMessage
	plans    []smsgatePlan
	events   int
	auto     []string // events to post after every acceptance
	hook     string   // and where to
}

// smsgatePhone is one phone with its server.
type smsgatePhone struct {
	SMSGatePhone
	owner    *SMSGate
	addr     string
	server   *http.Server // nil while it is down
	listener net.Listener
	battery  int
	charging bool
	limit    int // how many it still sends before Android refuses; below 0: no limit
}

// SMSGateMessage is one message that a phone took.
type SMSGateMessage struct {
	ID, Device, To, Text string
	SIM                  int
	TTL                  int // seconds; 0 if the call did not say
	Priority             int
	Report               bool   // a delivery report was asked for
	State                string // Pending, Processed, Sent, Delivered, Failed, Cancelled
	Reason               string // Failed: the app's words
	At                   time.Time
	AnswerLost           bool // taken, but the caller was never told
}

// NewSMSGate starts a double of some phones on free local ports. It panics if there are none.
func NewSMSGate(phones ...SMSGatePhone) *SMSGate {
	g := &SMSGate{done: make(chan struct{}), now: time.Now}
	for _, p := range phones {
		ph := &smsgatePhone{SMSGatePhone: p, owner: g, addr: "127.0.0.1:0", battery: 100, limit: -1}
		g.phones = append(g.phones, ph)
		if err := g.start(ph); err != nil {
			panic(err)
		}
	}
	return g
}

func (g *SMSGate) start(p *smsgatePhone) error {
	ln, err := net.Listen("tcp", p.addr)
	if err != nil {
		return err
	}
	s := &http.Server{Handler: p, ReadHeaderTimeout: 5 * time.Second}
	p.addr, p.server, p.listener = ln.Addr().String(), s, ln
	g.background.Go(func() { _ = s.Serve(ln) })
	return nil
}

// URL is a phone's address.
func (g *SMSGate) URL(device string) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return "http://" + g.phone(device).addr
}

// Stop turns a phone off: nobody listens at its address. What it recorded stays.
func (g *SMSGate) Stop(device string) {
	g.mu.Lock()
	p := g.phone(device)
	s, ln := p.server, p.listener
	p.server = nil
	g.mu.Unlock()
	if s != nil {
		_ = ln.Close() // the server may not have begun to serve
		_ = s.Close()
	}
}

// Start turns a phone on again at its old address. It panics if that was taken meanwhile.
func (g *SMSGate) Start(device string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p := g.phone(device); p.server == nil {
		if err := g.start(p); err != nil {
			panic(err)
		}
	}
}

// Close ends all phones, whatever hangs in them, and their webhooks.
func (g *SMSGate) Close() {
	g.mu.Lock()
	close(g.done)
	g.mu.Unlock()
	for _, p := range g.phones {
		g.Stop(p.Device)
	}
	g.background.Wait()
}

// Clock replaces the time by which messages are dated and webhooks signed.
func (g *SMSGate) Clock(now func() time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now = now
}

// Battery sets what a phone's next pings tell.
func (g *SMSGate) Battery(device string, percent int, charging bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.phone(device)
	p.battery, p.charging = percent, charging
}

// Calls counts the attempts to send that reached a phone, refused ones too.
func (g *SMSGate) Calls() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.calls
}

// Messages are all messages that were taken, oldest first.
func (g *SMSGate) Messages() []SMSGateMessage {
	return g.find(func(*SMSGateMessage) bool { return true })
}

// To are the messages for one number, oldest first.
func (g *SMSGate) To(number string) []SMSGateMessage {
	return g.find(func(m *SMSGateMessage) bool { return m.To == number })
}

// Count is how often this text was taken for this number.
func (g *SMSGate) Count(to, text string) int {
	return len(g.find(func(m *SMSGateMessage) bool { return m.To == to && m.Text == text }))
}

// Doubled are the messages that may have reached somebody twice: taken for the same number with the same text although an
// earlier one had not failed.
func (g *SMSGate) Doubled() []SMSGateMessage {
	alive := map[string]bool{}
	return g.find(func(m *SMSGateMessage) bool {
		key := m.To + "\x00" + m.Text
		again := alive[key]
		if m.State != "Failed" && m.State != "Cancelled" {
			alive[key] = true
		}
		return again
	})
}

func (g *SMSGate) find(match func(*SMSGateMessage) bool) []SMSGateMessage {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []SMSGateMessage
	for _, m := range g.messages {
		if match(m) {
			out = append(out, *m)
		}
	}
	return out
}

// phone finds a phone by its device id; it panics for one that the double does not have.
func (g *SMSGate) phone(device string) *smsgatePhone {
	i := slices.IndexFunc(g.phones, func(p *smsgatePhone) bool { return p.Device == device })
	if i < 0 {
		panic("fake: no phone " + device)
	}
	return g.phones[i]
}

// message finds what a phone has under an id. g.mu is held.
func (g *SMSGate) message(device, id string) *SMSGateMessage {
	for _, m := range g.messages {
		if m.Device == device && strings.EqualFold(m.ID, id) {
			return m
		}
	}
	return nil
}
