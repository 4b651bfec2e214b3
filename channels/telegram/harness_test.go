package telegram

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	testToken  = "700100:AAtestSecretPartOfTheToken"
	testSecret = "s3cret_of-the-webhook"
	siti       = int64(4711)
	ani        = int64(4712)
)

// turns is a Handler that remembers what it was given, in order, and answers as told.
type turns struct {
	mu      sync.Mutex
	all     []channels.Inbound
	changed chan struct{}
	answer  func(channels.Inbound) (channels.Reply, error)
}

func (h *turns) Handle(_ context.Context, in channels.Inbound) (channels.Reply, error) {
	h.mu.Lock()
	h.all = append(h.all, in)
	close(h.changed)
	h.changed = make(chan struct{})
	answer := h.answer
	h.mu.Unlock()
	if answer == nil {
		return channels.Reply{}, nil
	}
	return answer(in)
}

func (h *turns) seen() []channels.Inbound {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]channels.Inbound(nil), h.all...)
}

// wait returns when n turns have begun.
func (h *turns) wait(t *testing.T, n int) []channels.Inbound {
	t.Helper()
	for {
		h.mu.Lock()
		have, changed := len(h.all), h.changed
		h.mu.Unlock()
		if have >= n {
			return h.seen()
		}
		select {
		case <-changed:
		case <-t.Context().Done():
			t.Fatalf("%d turns, want %d", have, n)
		case <-time.After(time.Minute):
			t.Fatalf("%d turns after a minute, want %d", have, n)
		}
	}
}

// world is one bot with the double of Telegram behind it.
type world struct {
	*Adapter
	tg    *fake.Telegram
	turns *turns
	logs  *lockedBuffer
	clock *testClock
}

// testClock is the injected clock: it stands until it is moved.
type testClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *testClock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newWorld(t *testing.T, change ...func(*Config)) *world {
	t.Helper()
	w := &world{
		tg: fake.NewTelegram(testToken), turns: &turns{changed: make(chan struct{})}, logs: &lockedBuffer{},
		clock: &testClock{t: time.Date(2026, 6, 7, 18, 30, 0, 0, time.UTC)},
	}
	t.Cleanup(w.tg.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c := Config{
		Token: testToken, WebhookSecret: testSecret, BaseURL: w.tg.URL, HTTP: &http.Client{Transport: transport},
		Log: slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})), Now: w.clock.now,
	}
	for _, f := range change {
		f(&c)
	}
	a, err := New(c, w.turns)
	if err != nil {
		t.Fatal(err)
	}
	a.retryAfter, a.backoff = time.Millisecond, [2]time.Duration{time.Millisecond, 20 * time.Millisecond}
	w.Adapter = a
	t.Cleanup(func() {
		if strings.Contains(w.logs.String(), testToken) {
			t.Error("the token is in the log")
		}
	})
	return w
}

// within bounds a wait for the double.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// hooked serves the adapter's webhook and lets the double deliver there.
func (w *world) hooked(t *testing.T) *world {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(Path, w.Webhook())
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	t.Cleanup(w.tg.Close) // before the server: its deliveries hold connections
	w.cfg.PublicURL = srv.URL + "/"
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// polled runs Poll until the test ends.
func (w *world) polled(t *testing.T) *world {
	t.Helper()
	w.cfg.WebhookSecret = ""
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Poll(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Poll: %v", err)
		}
	})
	return w
}
