package gateway_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/internal/fake"
)

const (
	siti   = "+6281200000001"
	public = "https://kabar.example.id"
	secret = "rahasia-panjang-sekali"
)

var now = time.Date(2026, 6, 7, 18, 30, 0, 0, time.FixedZone("WIB", 7*3600))

type (
	log      = channelstest.Log
	statuses = channelstest.Statuses
)

// example is a shipped description, filled from an invented environment.
func example(t testing.TB, name string) gateway.Config {
	t.Helper()
	file, err := fs.ReadFile(gateway.Examples(), name+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	all, err := gateway.Load(file, func(string) string { return secret })
	if err != nil || len(all) != 1 {
		t.Fatalf("%d, %v", len(all), err)
	}
	return all[0]
}

func deps(l *log) gateway.Deps {
	return gateway.Deps{Log: slog.New(slog.NewTextHandler(l, nil)), Now: func() time.Time { return now }}
}

func adapter(t testing.TB, c gateway.Config, d gateway.Deps, h channels.Handler, st channels.StatusHandler) *gateway.Adapter {
	t.Helper()
	a, err := gateway.New(c, d, h, st)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func double(t testing.TB, style fake.AggregatorStyle) *fake.Aggregator {
	d := fake.NewAggregator(style, fake.AggregatorAccount{User: secret, Key: secret, Sender: "+6281100000022", Secret: secret})
	d.Clock(func() time.Time { return now })
	d.Filter(style == fake.AggregatorGET)
	t.Cleanup(d.Close)
	return d
}

func message(n int) channels.Outbound {
	return channels.Outbound{
		ID: fmt.Sprintf("0191a2b3-c4d5-7e6f-8a9b-%012d", n), To: siti, Via: channels.SMS, Kind: "reply", Text: "Terima kasih, laporan sudah dicatat",
		At: now, Before: now.Add(time.Hour), Segments: 1,
	}
}

// sender is an adapter by a shipped example, pointed at a double.
func sender(t testing.TB, style fake.AggregatorStyle) (*gateway.Adapter, *fake.Aggregator, *http.Client) {
	d := double(t, style)
	c := example(t, string(style))
	c.Send.URL = d.URL()
	with := deps(&log{})
	with.HTTP = &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}
	t.Cleanup(with.HTTP.CloseIdleConnections)
	return adapter(t, c, with, &channelstest.Keeper{}, &statuses{}), d, with.HTTP
}

func start(style fake.AggregatorStyle) func(t testing.TB) (channels.Sender, channelstest.Provider) {
	return func(t testing.TB) (channels.Sender, channelstest.Provider) {
		a, d, client := sender(t, style)
		return a, channelstest.Provider{
			Calls:    d.Calls,
			Accepted: func(m channels.Outbound) int { return d.Count(m.To, m.Text) },
			Play: func(_ testing.TB, f channelstest.Fault) bool {
				switch f {
				case channelstest.Throttle:
					d.Throttle(1, int(channelstest.RetryAfter/time.Second))
				case channelstest.Block:
					d.Fail(1, "opted_out")
				case channelstest.BadNumber:
					d.Fail(1, "invalid_number")
				case channelstest.Unreachable:
					d.Fail(1, "unreachable")
				case channelstest.Unavailable:
					d.Unavailable(1)
				case channelstest.BadCredentials:
					d.Fail(1, "unauthorized")
				case channelstest.LostAnswer:
					d.Reset(1, true)
				case channelstest.NoAnswer:
					d.Hang(1, false)
				case channelstest.Down:
					d.Stop()
					client.CloseIdleConnections()
				default:
					return false
				}
				return true
			},
		}
	}
}

func serving(t testing.TB, name string) func(testing.TB, channels.Handler) http.Handler {
	c := example(t, name)
	return func(t testing.TB, h channels.Handler) http.Handler {
		return adapter(t, c, deps(&log{}), h, &statuses{}).Handler()
	}
}

func nth(n int) string { return fmt.Sprintf("in-%06d", n) }

func TestConformanceGET(t *testing.T) {
	d := double(t, fake.AggregatorGET)
	address := public + gateway.Path + "contoh-get"
	form := func(change func(url.Values)) func(testing.TB) *http.Request {
		return func(testing.TB) *http.Request {
			f := url.Values{"pengirim": {siti}, "tujuan": {"6281100000021"}, "isi": {"LAPOR"}, "msgid": {"1"}, "waktu": {"2026-06-07 18:29:00"}}
			change(f)
			r, _ := http.NewRequest("POST", address, strings.NewReader(f.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("X-Callback-Token", secret)
			return r
		}
	}
	channelstest.Run(t, channelstest.Case{
		Name: "gateway-contoh-get",
		In: &channelstest.In{
			Serve: serving(t, "get"),
			Request: func(_ testing.TB, m channelstest.Message) *http.Request {
				return d.Inbound(address, m.From, "+6281100000021", m.Text, m.ID, now.Add(-time.Minute))
			},
			From: siti, ID: nth, Limit: 64 << 10, Text: 1600, KeepsBytes: true,
			Forge: []channelstest.Forgery{channelstest.ForgeHeader("X-Callback-Token")},
			Malformed: map[string]func(testing.TB) *http.Request{
				"no sender": form(func(f url.Values) { f.Del("pengirim") }), "no text": form(func(f url.Values) { f.Del("isi") }),
				"no id": form(func(f url.Values) { f.Del("msgid") }), "an id of 200 letters": form(func(f url.Values) { f.Set("msgid", strings.Repeat("x", 200)) }),
				"two texts": form(func(f url.Values) { f.Add("isi", "LAPOR 999") }), "not our number": form(func(f url.Values) { f.Set("tujuan", "6281100000099") }),
				"an id of two lines": form(func(f url.Values) { f.Set("msgid", "1\n2") }), "a state without id": form(func(f url.Values) { f.Set("status", "gagal"); f.Del("msgid") }),
			},
		},
		Out: &channelstest.Out{Start: start(fake.AggregatorGET), Message: message(0)},
	})
}

func TestConformancePOST(t *testing.T) {
	d := double(t, fake.AggregatorPOST)
	address := public + gateway.Path + "contoh-post"
	call := func(body string) func(testing.TB) *http.Request {
		return func(testing.TB) *http.Request { return d.SignedBody(address, []byte(body)) }
	}
	channelstest.Run(t, channelstest.Case{
		Name: "gateway-contoh-post",
		In: &channelstest.In{
			Serve: serving(t, "post"),
			Request: func(_ testing.TB, m channelstest.Message) *http.Request {
				return d.Inbound(address, m.From, "+6281100000022", m.Text, m.ID, now.Add(-time.Minute))
			},
			From: siti, ID: nth, Limit: 64 << 10, Text: 1600,
			Forge:       []channelstest.Forgery{channelstest.ForgeHeader("X-Signature"), channelstest.ForgeHeader("X-Timestamp")},
			SameMeaning: bytes.Equal,
			Malformed: map[string]func(testing.TB) *http.Request{
				"no JSON": call("LAPOR"), "a list": call(`[{"type":"inbound"}]`), "more behind": call(`{"type":"inbound"} {}`),
				"no sender":    call(`{"type":"inbound","data":{"to":"+6281100000022","text":"x","id":"1"}}`),
				"no text":      call(`{"type":"inbound","data":{"from":"+6281200000001","to":"+6281100000022","id":"1"}}`),
				"no id":        call(`{"type":"inbound","data":{"from":"+6281200000001","to":"+6281100000022","text":"x"}}`),
				"an object":    call(`{"type":"inbound","data":{"from":{"a":1},"to":"+6281100000022","text":"x","id":"1"}}`),
				"another's To": call(`{"type":"inbound","data":{"from":"+6281200000001","to":"+6281100000099","text":"x","id":"1"}}`),
				"a short To":   call(`{"type":"inbound","data":{"from":"+6281200000001","to":"93456","text":"x","id":"1"}}`),
			},
		},
		Out: &channelstest.Out{Start: start(fake.AggregatorPOST), Message: message(0)},
	})
}

func TestConformanceInbound(t *testing.T) {
	request := func(change func(url.Values)) *http.Request {
		f := url.Values{"dari": {siti}, "pesan": {"LAPOR"}, "jam": {"07-06-2026 18:29:00"}}
		change(f)
		r, _ := http.NewRequest("POST", public+gateway.Path+"contoh-masuk?kunci="+secret, strings.NewReader(f.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	bad := func(change func(url.Values)) func(testing.TB) *http.Request {
		return func(testing.TB) *http.Request { return request(change) }
	}
	channelstest.Run(t, channelstest.Case{
		Name: "gateway-contoh-masuk",
		In: &channelstest.In{
			Serve: serving(t, "inbound"),
			Request: func(_ testing.TB, m channelstest.Message) *http.Request {
				n := 0
				if _, err := fmt.Sscanf(m.ID, "in-%d", &n); err != nil {
					panic(err)
				}
				return request(func(f url.Values) {
					f.Set("dari", m.From)
					f.Set("pesan", m.Text)
					f.Set("jam", now.Add(-time.Duration(n)*time.Minute).Format("02-01-2006 15:04:05"))
				})
			},
			From: siti, ID: nth, Limit: 64 << 10, Text: 1600, KeepsBytes: true,
			Forge: []channelstest.Forgery{func(rng *rand.Rand, r *http.Request) {
				kunci := []byte(secret)
				switch rng.IntN(4) {
				case 0:
					r.URL.RawQuery = ""
				case 1:
					r.URL.RawQuery += "&kunci=" + secret
				case 2:
					r.URL.RawQuery = "kunci=" + secret[:rng.IntN(len(secret))]
				default:
					kunci[rng.IntN(len(kunci))] ^= 1 << rng.IntN(8)
					r.URL.RawQuery = url.Values{"kunci": {string(kunci)}}.Encode()
				}
			}},
			Malformed: map[string]func(testing.TB) *http.Request{
				"no sender": bad(func(f url.Values) { f.Del("dari") }), "no text": bad(func(f url.Values) { f.Del("pesan") }), "no time": bad(func(f url.Values) { f.Del("jam") }),
				"a time in words": bad(func(f url.Values) { f.Set("jam", "tadi pagi") }), "two senders": bad(func(f url.Values) { f.Add("dari", "+6281200000002") }),
			},
		},
	})
}
