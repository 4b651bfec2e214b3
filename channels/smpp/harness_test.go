package smpp

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	system   = "kabar"
	password = "rahasia"
	siti     = "+6281200000001"
	ani      = "+6281200000002"
	ours     = "93456"
	message  = "00000000-0000-4000-8000-000000000001"
	limit    = time.Minute // a wait for something that happens has failed by then
)

var start = time.Date(2026, 6, 7, 18, 30, 0, 0, time.FixedZone("WIB", 7*3600))

// clock is the injected one.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// book is a Handler and a StatusHandler that keeps, counts attempts and refuses as told.
type book struct {
	mu       sync.Mutex
	changed  chan struct{}
	in       []channels.Inbound
	status   []channels.Status
	attempts int
	refuse   error
	hold     chan struct{} // if set, a turn waits for it
	log      strings.Builder
}

func newBook() *book { return &book{changed: make(chan struct{})} }

func (b *book) tell() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// Handle knows a repeat by its id, as the turn does.
func (b *book) Handle(ctx context.Context, in channels.Inbound) (channels.Reply, error) {
	b.mu.Lock()
	hold := b.hold
	b.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return channels.Reply{}, ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.attempts++
	b.tell()
	if b.refuse != nil {
		return channels.Reply{}, b.refuse
	}
	for _, old := range b.in {
		if old.ID == in.ID {
			return channels.Reply{Repeated: true}, nil
		}
	}
	b.in = append(b.in, in)
	return channels.Reply{}, nil
}

func (b *book) HandleStatus(_ context.Context, s channels.Status) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.attempts++
	b.tell()
	if b.refuse != nil {
		return b.refuse
	}
	b.status = append(b.status, s)
	return nil
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Write(p)
}

func (b *book) said() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.String()
}

func (b *book) set(change func(*book)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(b)
}

func (b *book) inbound() []channels.Inbound {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]channels.Inbound(nil), b.in...)
}

func (b *book) statuses() []channels.Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]channels.Status(nil), b.status...)
}

func (b *book) tried() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.attempts
}

// await waits until cond is true.
func (b *book) await(t testing.TB, what string, cond func() bool) {
	t.Helper()
	end := time.NewTimer(limit)
	defer end.Stop()
	for {
		b.mu.Lock()
		changed := b.changed
		b.mu.Unlock()
		if cond() {
			return
		}
		select {
		case <-changed:
		case <-end.C:
			t.Fatalf("never: %s", what)
		}
	}
}

// until waits for what only the adapter itself can tell.
func until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(limit)
	defer end.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-end.C:
			t.Fatalf("never: %s", what)
		}
	}
}

// link is a running adapter before a double.
type link struct {
	*Adapter
	smsc  *fake.SMSC
	book  *book
	clock *clock
	stop  func() // ends Run and waits for it
}

func config(c *clock, b *book, addr string) Config {
	return Config{
		Addr: addr, SystemID: system, Password: password, SourceAddr: ours, EnquireEvery: 5 * time.Second, ResponseTimeout: 5 * time.Second,
		Now: c.Now, Log: slog.New(slog.NewTextHandler(b, nil)),
	}
}

func center(t testing.TB) *fake.SMSC {
	d := fake.NewSMSC(system, password)
	t.Cleanup(d.Close)
	return d
}

// bound starts an adapter and waits for its bind.
func bound(t testing.TB, change func(*Config)) *link {
	t.Helper()
	l := linked(t, center(t), change)
	until(t, "bound", func() bool { return l.Health() == nil })
	return l
}

// linked starts an adapter before a double. At the end of the test the double must have seen nothing that breaks the
// specification, and the log no number and no text.
func linked(t testing.TB, d *fake.SMSC, change func(*Config)) *link {
	t.Helper()
	l := &link{smsc: d, book: newBook(), clock: &clock{at: start}}
	c := config(l.clock, l.book, d.Addr())
	if change != nil {
		change(&c)
	}
	a, err := New(c, l.book, l.book)
	if err != nil {
		t.Fatal(err)
	}
	a.pause = pauses{first: 5 * time.Millisecond, most: 50 * time.Millisecond, refused: 50 * time.Millisecond, refusedMost: 100 * time.Millisecond}
	l.Adapter = a
	l.stop = run(t, a)
	t.Cleanup(func() {
		l.stop()
		if v := d.Violations(); len(v) > 0 {
			t.Errorf("the centre complains: %q", v)
		}
		for _, secret := range []string{"81200000001", "81200000002", password, "LAPOR", "Terima"} {
			if strings.Contains(l.book.said(), secret) {
				t.Errorf("the log tells %q:\n%s", secret, l.book.said())
			}
		}
	})
	return l
}

func run(t testing.TB, a *Adapter) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("Run: %v", err)
				}
			case <-time.After(limit):
				t.Error("Run does not end")
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

func outbound(text string) channels.Outbound {
	return channels.Outbound{ID: message, To: siti, Via: channels.SMS, Kind: "reply", Text: text, At: start}
}

// from is a message of Siti.
func from(text string) fake.SMSCInbound {
	return fake.SMSCInbound{From: siti[1:], FromTON: 1, To: ours, Text: text}
}

func (l *link) deliver(t testing.TB, in fake.SMSCInbound) uint32 {
	t.Helper()
	status, err := l.smsc.Deliver(in, limit)
	if err != nil {
		t.Fatal(err)
	}
	return status
}

func texts(in []channels.Inbound) string {
	var out []string
	for _, m := range in {
		out = append(out, m.Text)
	}
	return fmt.Sprintf("%q", out)
}

// answer waits for the final status of a delivery.
func answer(t testing.TB, done <-chan uint32) uint32 {
	t.Helper()
	select {
	case status := <-done:
		return status
	case <-time.After(limit):
		t.Fatal("never answered")
		return 0
	}
}
