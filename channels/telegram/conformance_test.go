package telegram

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// person is long enough not to be found by chance in a port number.
const person = int64(811222333444)

func TestConformance(t *testing.T) {
	request := func(body string) *http.Request {
		r, err := http.NewRequest(http.MethodPost, "https://kabar.example.go.id"+Path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set(secretHeader, testSecret)
		return r
	}
	malformed := func(body string) func(testing.TB) *http.Request {
		return func(testing.TB) *http.Request { return request(body) }
	}
	channelstest.Run(t, channelstest.Case{
		Name: "telegram",
		In: &channelstest.In{
			Serve: func(t testing.TB, h channels.Handler) http.Handler {
				a, err := New(Config{Token: testToken, WebhookSecret: testSecret, Now: time.Now}, h)
				if err != nil {
					t.Fatal(err)
				}
				return a.Webhook()
			},
			Request: func(t testing.TB, m channelstest.Message) *http.Request {
				chat, err := strconv.ParseInt(m.From, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				id, err := strconv.Atoi(m.ID)
				if err != nil {
					t.Fatal(err)
				}
				body, err := json.Marshal(map[string]any{"update_id": 500 + id, "message": map[string]any{
					"message_id": id, "date": 1780860600, "text": m.Text,
					"chat": map[string]any{"id": chat, "type": "private"}, "from": map[string]any{"id": chat},
				}})
				if err != nil {
					t.Fatal(err)
				}
				return request(string(body))
			},
			From: strconv.FormatInt(person, 10), ID: func(n int) string { return strconv.Itoa(1000 + n) },
			Limit: maxBody, Text: maxText,
			Forge: []channelstest.Forgery{channelstest.ForgeHeader(secretHeader)},
			Malformed: map[string]func(testing.TB) *http.Request{
				"nothing":         malformed(""),
				"half an update":  malformed(`{"update_id":1,"message":{"mess`),
				"no update_id":    malformed(`{"message":{` + headJSON + `,"text":"x"}}`),
				"two updates":     malformed(sampleUpdate + sampleUpdate),
				"a list":          malformed("[" + sampleUpdate + "]"),
				"a form":          malformed("Body=LAPOR+350rb&From=%2B6281200000001"),
				"an id in words":  malformed(`{"update_id":"satu"}`),
				"a text as a map": malformed(`{"update_id":1,"message":{` + headJSON + `,"text":{"a":1}}}`),
			},
		},
		Out: &channelstest.Out{Start: startDouble, Message: channels.Outbound{
			To: strconv.FormatInt(person, 10), Via: channels.Telegram, Kind: "reply", Text: "Terima kasih, laporan sudah dicatat",
		}},
	})
}

// startDouble is a sender with a double of its own. The suite sends many messages to one person at once, so the clock
// leaps: the pace has tests of its own.
func startDouble(tb testing.TB) (channels.Sender, channelstest.Provider) {
	tg := fake.NewTelegram(testToken)
	tb.Cleanup(tg.Close)
	tg.Know(person)
	transport := &http.Transport{}
	tb.Cleanup(transport.CloseIdleConnections)
	var mu sync.Mutex
	clock := sentAt
	a, err := New(Config{Token: testToken, BaseURL: tg.URL, HTTP: &http.Client{Transport: transport}, Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		clock = clock.Add(time.Minute)
		return clock
	}}, &channelstest.Keeper{})
	if err != nil {
		tb.Fatal(err)
	}
	return a, channelstest.Provider{
		Calls: func() int { return tg.Calls("sendMessage") },
		Accepted: func(m channels.Outbound) (n int) {
			for _, got := range tg.FromBot(person) {
				if got.Text == m.Text {
					n++
				}
			}
			return n
		},
		Play: func(_ testing.TB, f channelstest.Fault) bool {
			faults := map[channelstest.Fault]fake.TelegramFault{
				channelstest.Throttle:       {Status: 429, Description: "Too Many Requests: retry after 7", RetryAfter: int(channelstest.RetryAfter / time.Second)},
				channelstest.Block:          {Status: 403, Description: "Forbidden: bot was blocked by the user"},
				channelstest.BadNumber:      {Status: 400, Description: "Bad Request: chat not found"},
				channelstest.Unavailable:    {Status: 503, HTML: true},
				channelstest.BadCredentials: {Status: 401, Description: "Unauthorized"},
				channelstest.LostAnswer:     {Reset: true, After: true},
				channelstest.NoAnswer:       {Hang: true},
			}
			if f == channelstest.Down {
				tg.Close()
				transport.CloseIdleConnections()
				return true
			}
			fault, known := faults[f]
			if known {
				tg.Fail(fault)
			}
			return known
		},
	}
}
