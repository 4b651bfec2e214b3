package ussd_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/ussd"
)

const (
	secret  = "rahasia-uji-0123456789"
	siti    = "+6281200000001"
	busy    = "Maaf, sistem sibuk. Coba lagi sebentar."
	help    = "Maaf, tidak terbaca. Hubungi pendamping."
	service = "*384*77#"
)

var now = time.Date(2026, 6, 7, 18, 30, 0, 0, time.FixedZone("WIB", 7*3600))

type log = channelstest.Log

func config(l *log) ussd.Config {
	return ussd.Config{
		Secret: secret, ServiceCode: service, Busy: func() string { return busy }, Help: func() string { return help },
		Deadline: 2 * time.Second, Log: slog.New(slog.NewTextHandler(l, nil)), Now: func() time.Time { return now },
	}
}

func adapter(t testing.TB, c ussd.Config, h channels.Handler) *ussd.Adapter {
	t.Helper()
	a, err := ussd.New(c, h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

func form(session, phone, text string) url.Values {
	return url.Values{"sessionId": {session}, "phoneNumber": {phone}, "networkCode": {"51011"}, "serviceCode": {service}, "text": {text}}
}

func request(f url.Values) *http.Request {
	r, err := http.NewRequest(http.MethodPost, "https://kabar.example.id"+ussd.Path+secret, strings.NewReader(f.Encode()))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func post(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// dial posts one step and answers the screen.
func dial(a *ussd.Adapter, session, phone, text string) string {
	w := post(a.Handler(), request(form(session, phone, text)))
	if w.Code != 200 {
		return "HTTP " + http.StatusText(w.Code)
	}
	return w.Body.String()
}

func TestConformance(t *testing.T) {
	channelstest.Run(t, channelstest.Case{
		Name: "ussd",
		In: &channelstest.In{
			Serve: func(t testing.TB, h channels.Handler) http.Handler {
				c := config(&log{})
				c.Deadline = time.Minute // the suite is not about speed
				return adapter(t, c, h).Handler()
			},
			Request: func(_ testing.TB, m channelstest.Message) *http.Request { return request(form(m.ID, m.From, m.Text)) },
			From:    "081200000001", WantAs: siti,
			ID:    func(n int) string { return "ATUid_" + strings.Repeat("a", n/26) + string(rune('a'+n%26)) },
			Limit: 16 << 10, Text: 182, KeepsBytes: true,
			Forge: []channelstest.Forgery{channelstest.ForgeLastSegment},
			// A form that says too little still has a person behind it: she gets a screen (TestF3FormsThatNoGatewaySends).
			Malformed: map[string]func(testing.TB) *http.Request{
				"JSON": func(testing.TB) *http.Request {
					r := request(form("ATUid_1", siti, "1"))
					r.Header.Set("Content-Type", "application/json")
					return r
				},
				"parts": func(testing.TB) *http.Request {
					r := request(form("ATUid_1", siti, "1"))
					r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
					return r
				},
			},
			Failed: func(t testing.TB, w *httptest.ResponseRecorder) {
				if w.Code != 200 || w.Body.String() != "END "+busy {
					t.Errorf("answer %d %s", w.Code, w.Body)
				}
			},
		},
	})
}
