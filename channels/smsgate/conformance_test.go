package smsgate_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/smsgate"
	"github.com/kabar-prokus/kabar/internal/fake"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const (
	siti    = "+6281200000001" // Telkomsel
	budi    = "+6281400000002" // Indosat
	tini    = "+6289500000003" // Tri
	address = "https://kabar.example.id" + smsgate.Path

	tsel, isat = "device-tsel", "device-isat"
	tselSIM    = "+6281100000011"
	triSIM     = "+6289500000012"
	isatSIM    = "+6285500000013"
)

var (
	wib = time.FixedZone("WIB", 7*3600)
	now = time.Date(2026, 6, 7, 18, 30, 0, 0, wib) // a Sunday
)

type (
	log      = channelstest.Log
	statuses = channelstest.Statuses
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// world is a double of two phones with three SIMs, and the adapter that speaks with them.
type world struct {
	*smsgate.Adapter
	d     *fake.SMSGate
	k     *channelstest.Keeper
	st    *statuses
	log   *log
	clock *clock
	http  *http.Client
}

func double(t testing.TB, c *clock) *fake.SMSGate {
	d := fake.NewSMSGate(
		fake.SMSGatePhone{Device: tsel, Login: "sms", Password: "rahasia-1", Key: "kunci-telkomsel", SIMs: []string{tselSIM, triSIM}},
		fake.SMSGatePhone{Device: isat, Login: "sms", Password: "rahasia-2", Key: "kunci-indosat", SIMs: []string{isatSIM}},
	)
	d.Clock(c.Now)
	t.Cleanup(d.Close)
	return d
}

func config(d *fake.SMSGate, c *clock, l *log) smsgate.Config {
	return smsgate.Config{
		Phones: []smsgate.Phone{
			{Name: "telkomsel-1", Device: tsel, URL: d.URL(tsel), Login: "sms", Password: "rahasia-1", Key: "kunci-telkomsel", SIMs: []smsgate.SIM{
				{Number: 1, Phone: tselSIM, Operators: []prokus.Operator{prokus.Telkomsel}}, {Number: 2, Phone: triSIM, Operators: []prokus.Operator{prokus.Tri}},
			}},
			{Name: "indosat-1", Device: isat, URL: d.URL(isat) + "/", Login: "sms", Password: "rahasia-2", Key: "kunci-indosat", SIMs: []smsgate.SIM{
				{Number: 1, Phone: isatSIM, Operators: []prokus.Operator{prokus.Indosat, prokus.XL}},
			}},
		},
		Log: slog.New(slog.NewTextHandler(l, nil)), Now: c.Now,
	}
}

func newWorld(t testing.TB, change ...func(*smsgate.Config)) *world {
	t.Helper()
	w := &world{k: &channelstest.Keeper{}, st: &statuses{}, log: &log{}, clock: &clock{t: now}}
	w.d = double(t, w.clock)
	c := config(w.d, w.clock, w.log)
	w.http = &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}
	t.Cleanup(w.http.CloseIdleConnections)
	c.HTTP = w.http
	for _, f := range change {
		f(&c)
	}
	a, err := smsgate.New(c, w.k, w.st)
	if err != nil {
		t.Fatal(err)
	}
	w.Adapter = a
	return w
}

// stop turns a phone off, and with it the connections that are open to it.
func (w *world) stop(device string) {
	w.d.Stop(device)
	w.http.CloseIdleConnections()
}

// post delivers an event as a server receives it, and tells the status of the answer.
func (w *world) post(e fake.SMSGateEvent) int { return serve(w.Webhook(), w.d.Request(address, e)) }

func serve(h http.Handler, r *http.Request) int {
	s := r.Clone(r.Context())
	s.RequestURI, s.RemoteAddr, s.Host = r.URL.RequestURI(), "192.0.2.7:1234", r.URL.Host
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, s)
	return rec.Code
}

func message(n int, to, text string) channels.Outbound {
	return channels.Outbound{
		ID: fmt.Sprintf("0191a2b3-c4d5-7e6f-8a9b-%012d", n), To: to, Via: channels.SMS, Kind: "prompt", Text: text, At: now, Before: now.Add(time.Hour), Segments: 1,
	}
}

func TestConformance(t *testing.T) {
	c := &clock{t: now}
	signer := double(t, c)
	payload := func(change map[string]any) func(testing.TB) *http.Request {
		return func(testing.TB) *http.Request {
			p := map[string]any{"messageId": "abc", "message": "LAPOR 350rb", "sender": siti, "simNumber": 1, "receivedAt": "2026-06-07T18:29:58.000+07:00"}
			for k, v := range change {
				if p[k] = v; v == nil {
					delete(p, k)
				}
			}
			return signer.Request(address, signer.Event(tsel, "sms:received", p))
		}
	}
	raw := func(body string) func(testing.TB) *http.Request {
		return func(testing.TB) *http.Request {
			return signer.Request(address, fake.SMSGateEvent{Device: tsel, Body: []byte(body)})
		}
	}
	channelstest.Run(t, channelstest.Case{
		Name: "smsgate",
		In: &channelstest.In{
			Serve: func(t testing.TB, h channels.Handler) http.Handler {
				a, err := smsgate.New(config(signer, c, &log{}), h, &statuses{})
				if err != nil {
					t.Fatal(err)
				}
				return a.Webhook()
			},
			Request: func(_ testing.TB, m channelstest.Message) *http.Request {
				// What tells two messages apart is not an id but the second in which the phone received them.
				n := 0
				if _, err := fmt.Sscanf(m.ID, "%d", &n); err != nil {
					panic(err)
				}
				return signer.Request(address, signer.Received(tsel, 1, m.From, m.Text, now.Add(-time.Duration(n)*time.Minute)))
			},
			From: siti, ID: func(n int) string { return fmt.Sprint(n) }, Limit: 64 << 10, Text: 1600,
			Forge:       []channelstest.Forgery{channelstest.ForgeHeader("X-Signature"), channelstest.ForgeHeader("X-Timestamp")},
			SameMeaning: bytes.Equal,
			Malformed: map[string]func(testing.TB) *http.Request{
				"no JSON":                    raw("LAPOR"),
				"a list":                     raw("[]"),
				"more behind":                raw(`{"deviceId":"device-tsel","event":"sms:received","payload":{}}{}`),
				"no event":                   raw(`{"deviceId":"device-tsel","payload":{"a":1}}`),
				"no payload":                 raw(`{"deviceId":"device-tsel","event":"sms:received"}`),
				"a payload that is a text":   raw(`{"deviceId":"device-tsel","event":"sms:received","payload":"x"}`),
				"another phone's device":     raw(`{"deviceId":"device-isat","event":"sms:received","payload":{"a":1}}`),
				"no message":                 payload(map[string]any{"message": nil}),
				"a message that is a number": payload(map[string]any{"message": 350}),
				"no time":                    payload(map[string]any{"receivedAt": nil}),
				"a time without its zone":    payload(map[string]any{"receivedAt": "2026-06-07T18:29:58.000"}),
				"a time before phones":       payload(map[string]any{"receivedAt": "1970-01-01T00:00:00Z"}),
				"a SIM that is a word":       payload(map[string]any{"simNumber": "one"}),
			},
		},
		Out: &channelstest.Out{Start: start, Message: message(0, siti, "Terima kasih, laporan sudah dicatat")},
	})
}

// start is a sender with one phone of its own, so that the suite sees what each single answer means.
func start(t testing.TB) (channels.Sender, channelstest.Provider) {
	w := newWorld(t, func(c *smsgate.Config) { c.Phones = c.Phones[:1] })
	return w, channelstest.Provider{
		Calls:    w.d.Calls,
		Accepted: func(m channels.Outbound) int { return w.d.Count(m.To, m.Text) },
		Play: func(_ testing.TB, f channelstest.Fault) bool {
			switch f {
			case channelstest.Throttle:
				w.d.Throttle(1, int(channelstest.RetryAfter/time.Second))
			case channelstest.BadNumber:
				w.d.Fail(1, 400, "failed to use phone in row 1: invalid phone number")
			case channelstest.Unavailable:
				w.d.Unavailable(1)
			case channelstest.BadCredentials:
				w.d.Fail(1, 401, "Unauthorized")
			case channelstest.LostAnswer:
				w.d.Reset(1, true)
			case channelstest.NoAnswer:
				w.d.Hang(1, false)
			case channelstest.Down:
				w.stop(tsel)
			default: // a phone knows no opt-out and learns only later that a handset is off
				return false
			}
			return true
		},
	}
}
