package twilio_test

import (
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/internal/fake"
)

const (
	account = "AC00000000000000000000000000000001"
	token   = "00000000000000000000000000000002"
	ours    = "+62812000000"
	siti    = "+6281200000001"
	public  = "https://kabar.example.id"
)

var now = time.Date(2026, 6, 7, 18, 30, 0, 0, time.FixedZone("WIB", 7*3600))

type log = channelstest.Log

func config(l *log) twilio.Config {
	return twilio.Config{
		AccountSID: account, AuthToken: token, From: ours, WhatsAppFrom: ours, PublicURL: public,
		Log: slog.New(slog.NewTextHandler(l, nil)), Now: func() time.Time { return now },
	}
}

type statuses = channelstest.Statuses

func adapter(t testing.TB, c twilio.Config, h channels.Handler, st channels.StatusHandler) *twilio.Adapter {
	t.Helper()
	a, err := twilio.New(c, h, st)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// double is a provider for the test, closed at its end.
func double(t testing.TB) *fake.Twilio {
	d := fake.NewTwilio(account, token)
	d.Clock(func() time.Time { return now })
	t.Cleanup(d.Close)
	return d
}

func TestConformance(t *testing.T) {
	signer := double(t)
	const address = public + twilio.MessagesPath
	signed := func(change func(url.Values)) func(testing.TB) *http.Request {
		return func(testing.TB) *http.Request {
			f := signer.InboundForm(siti, ours, "LAPOR 350rb", "")
			change(f)
			return signer.Request(address, f)
		}
	}
	channelstest.Run(t, channelstest.Case{
		Name: "twilio",
		In: &channelstest.In{
			Serve: func(t testing.TB, h channels.Handler) http.Handler {
				return adapter(t, config(&log{}), h, &statuses{}).Messages()
			},
			Request: func(_ testing.TB, m channelstest.Message) *http.Request {
				return signer.Request(address, signer.InboundForm(m.From, ours, m.Text, m.ID))
			},
			From: siti, ID: sid, Limit: 64 << 10, Text: 1600, KeepsBytes: true,
			Forge: []channelstest.Forgery{channelstest.ForgeHeader("X-Twilio-Signature"), channelstest.ForgeQuery, pollute, moveBorder,
				signedOver("http://kabar.example.id"), signedOver("https://kabar.example.id.jahat.example"), signedOver("https://kabar.example.id:8443")},
			SameMeaning: func(a, b []byte) bool {
				before, err1 := url.ParseQuery(string(a))
				after, err2 := url.ParseQuery(string(b))
				return err1 == nil && err2 == nil && reflect.DeepEqual(before, after)
			},
			Malformed: map[string]func(testing.TB) *http.Request{
				"no MessageSid":         signed(func(f url.Values) { f.Del("MessageSid") }),
				"a MessageSid too long": signed(func(f url.Values) { f.Set("MessageSid", sid(1)+"0") }),
				"no From":               signed(func(f url.Values) { f.Del("From") }),
				"From is no number":     signed(func(f url.Values) { f.Set("From", "+62 812 JAKARTA BARAT") }),
				"no To":                 signed(func(f url.Values) { f.Del("To") }),
				"another account":       signed(func(f url.Values) { f.Set("AccountSid", "AC00000000000000000000000000000009") }),
				"no account":            signed(func(f url.Values) { f.Del("AccountSid") }),
				"a key with a space":    signed(func(f url.Values) { f.Set("Extra Key", "1") }),
				"media beyond counting": signed(func(f url.Values) { f.Set("NumMedia", "999") }),
				"media not counted":     signed(func(f url.Values) { f.Set("NumMedia", "-1") }),
			},
		},
		Out: &channelstest.Out{Start: start, Message: channels.Outbound{
			To: siti, Via: channels.SMS, Kind: "reply", Text: "Terima kasih, laporan sudah dicatat", At: now, Before: now.Add(time.Hour),
		}},
	})
}

// The signature of a request that is spoilt in these two ways still fits: only first values are covered, and no borders
// between keys and values (the two weaknesses that TestA8 shows one by one).

// pollute adds a second value to a key.
func pollute(rng *rand.Rand, r *http.Request) {
	form := formOf(r)
	keys := slices.Sorted(maps.Keys(form))
	k := keys[rng.IntN(len(keys))]
	setForm(r, form.Encode()+"&"+url.QueryEscape(k)+"="+url.QueryEscape(form.Get(k)+"9"))
}

// moveBorder gives the first letters of a value to its key, or the last ones of a key to its value.
func moveBorder(rng *rand.Rand, r *http.Request) {
	form := formOf(r)
	keys := slices.Sorted(maps.Keys(form))
	for {
		k := keys[rng.IntN(len(keys))]
		v := form.Get(k)
		if rng.IntN(2) == 0 && v != "" {
			n := 1 + rng.IntN(len(v))
			form.Del(k)
			form.Set(k+v[:n], v[n:])
		} else {
			n := 1 + rng.IntN(len(k)-1)
			form.Del(k)
			if form.Has(k[:n]) {
				form.Set(k, v)
				continue
			}
			form.Set(k[:n], k[n:]+v)
		}
		setForm(r, form.Encode())
		return
	}
}

// signedOver signs for another scheme, host or port than ours.
func signedOver(address string) channelstest.Forgery {
	return func(_ *rand.Rand, r *http.Request) {
		d := fake.NewTwilio(account, token)
		defer d.Close()
		r.Header.Set("X-Twilio-Signature", d.Sign(address+twilio.MessagesPath, formOf(r)))
	}
}

func formOf(r *http.Request) url.Values {
	b, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(b))
	setForm(r, string(b))
	return form
}

func setForm(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

func sid(n int) string {
	const hex = "0123456789abcdef"
	b := []byte("SM00000000000000000000000000000000")
	for i := len(b) - 1; n > 0; i-- {
		b[i] = hex[n%16]
		n /= 16
	}
	return string(b)
}

// start is a sender with a double of its own.
func start(t testing.TB) (channels.Sender, channelstest.Provider) {
	d := double(t)
	c := config(&log{})
	c.BaseURL = d.URL()
	c.HTTP = &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}
	t.Cleanup(c.HTTP.CloseIdleConnections)
	return adapter(t, c, &channelstest.Keeper{}, &statuses{}), channelstest.Provider{
		Calls:    d.Calls,
		Accepted: func(m channels.Outbound) int { return d.Count(m.To, m.Text) },
		Play: func(t testing.TB, f channelstest.Fault) bool {
			switch f {
			case channelstest.Throttle:
				d.Throttle(1, int(channelstest.RetryAfter/time.Second))
			case channelstest.Block:
				d.Fail(1, 400, 21610)
			case channelstest.BadNumber:
				d.Fail(1, 400, 21211)
			case channelstest.Unreachable:
				d.Fail(1, 400, 30003)
			case channelstest.Unavailable:
				d.Unavailable(1)
			case channelstest.BadCredentials:
				d.Fail(1, 401, 20003)
			case channelstest.LostAnswer:
				d.Reset(1, true)
			case channelstest.NoAnswer:
				d.Hang(1, false)
			case channelstest.Down:
				d.Stop()
				c.HTTP.CloseIdleConnections()
			default:
				return false
			}
			return true
		},
	}
}
