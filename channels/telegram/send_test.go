package telegram

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func say(text string) channels.Outbound { return channels.Outbound{To: "4711", Text: text} }

func TestSend(t *testing.T) {
	two := [][]channels.Button{{{Label: "Libur", Data: "libur"}, {Label: "Tanya nanti", Data: "nanti"}}, {{Label: "Telepon saya", Data: "tel"}}}
	for _, c := range []struct {
		name string
		out  channels.Outbound
		want fake.TelegramMessage
	}{
		{"a text", say("Total uang jualan?"), fake.TelegramMessage{Text: "Total uang jualan?"}},
		{"markup in a name stays text", say("Bu Siti_*[</b> <script>"), fake.TelegramMessage{Text: "Bu Siti_*[</b> <script>"}},
		{"the longest", say(strings.Repeat("ü", 4096)), fake.TelegramMessage{Text: strings.Repeat("ü", 4096)}},
		{"inline buttons", channels.Outbound{To: "4711", Text: "x", Buttons: two},
			fake.TelegramMessage{Text: "x", Buttons: [][]fake.TelegramButton{{{Label: "Libur", Data: "libur"}, {Label: "Tanya nanti", Data: "nanti"}}, {{Label: "Telepon saya", Data: "tel"}}}}},
		{"a key that opens an address, beside one that only the house knows", channels.Outbound{To: "4711", Text: "x", Buttons: [][]channels.Button{
			{{Label: "Buka peta", URL: "https://www.openstreetmap.org/search?query=Maja"}, {Label: "Cetak", URL: "http://localhost:8080/kasus"}}}},
			fake.TelegramMessage{Text: "x", Buttons: [][]fake.TelegramButton{{{Label: "Buka peta", URL: "https://www.openstreetmap.org/search?query=Maja"}}}}},
		{"the persistent keyboard, two to a row", channels.Outbound{To: "4711", Text: "x", Keys: [][]string{{"Lapor jualan", "Status bantuan", "Jadwal", "Minta ditolong"}}},
			fake.TelegramMessage{Text: "x", Always: true, Keys: [][]string{{"Lapor jualan", "Status bantuan"}, {"Jadwal", "Minta ditolong"}}}},
		{"the key that shares the number", channels.Outbound{To: "4711", Text: "x", AskPhone: "Bagikan nomor saya"},
			fake.TelegramMessage{Text: "x", AskPhone: "Bagikan nomor saya", OneTime: true}},
		{"that key and another", channels.Outbound{To: "4711", Text: "x", AskPhone: "Bagikan nomor saya", Keys: [][]string{{"Batal"}}},
			fake.TelegramMessage{Text: "x", AskPhone: "Bagikan nomor saya", OneTime: true, Keys: [][]string{{"Batal"}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.tg.Know(siti)
			sent, err := w.Send(t.Context(), c.out)
			if err != nil {
				t.Fatal(err)
			}
			got := w.tg.FromBot(siti)[0]
			c.want.ID, c.want.Chat, c.want.FromBot, c.want.At = got.ID, siti, true, got.At
			if sent.ProviderID != strconv.Itoa(got.ID) || !reflect.DeepEqual(got, c.want) {
				t.Errorf("sent %+v\ngot  %+v\nwant %+v", sent, got, c.want)
			}
		})
	}
}

func TestSendRefusesWithoutACall(t *testing.T) {
	w := newWorld(t)
	button := func(label, data string) channels.Outbound {
		return channels.Outbound{To: "4711", Text: "x", Buttons: [][]channels.Button{{{Label: label, Data: data}}}}
	}
	for name, out := range map[string]channels.Outbound{
		"empty": say(""), "blank": say(" \n"), "too long": say(strings.Repeat("x", 4097)),
		"too long in UTF-16": say(strings.Repeat("😀", 2049)), "not UTF-8": say("a\xff"), "NUL": say("a\x00b"),
		"a phone number": {To: "+6281234567417x", Text: "x"}, "a group": {To: "-100200", Text: "x"}, "nobody": {Text: "x"},
		"no data": button("Ya", ""), "65 bytes of data": button("Ya", strings.Repeat("x", 65)), "no label": button(" ", "y"),
		"data and an address": {To: "4711", Text: "x", Buttons: [][]channels.Button{{{Label: "Ya", Data: "y", URL: "https://kabar.example.go.id"}}}},
	} {
		if _, err := w.Send(t.Context(), out); kind(err) != channels.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.tg.Calls("sendMessage"); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func kind(err error) channels.ErrorKind {
	if err == nil {
		return ""
	}
	k, _ := channels.KindOf(err)
	return k
}

// TestE5Refusals is the table of faults.md section 1 and E5: what each answer means.
func TestE5Refusals(t *testing.T) {
	api := func(status int, description string) fake.TelegramFault {
		return fake.TelegramFault{Status: status, Description: description}
	}
	for _, c := range []struct {
		fault fake.TelegramFault
		kind  channels.ErrorKind
		code  string
	}{
		{api(403, "Forbidden: bot was blocked by the user"), channels.BlockedBy, "403"},
		{api(403, "Forbidden: user is deactivated"), channels.BlockedBy, "403"},
		{api(400, "Bad Request: chat not found"), channels.Invalid, "400"},
		{api(400, "Bad Request: message text is empty"), channels.Invalid, "400"},
		{api(400, "Bad Request: message is too long"), channels.Invalid, "400"},
		{api(400, "Bad Request: BUTTON_DATA_INVALID"), channels.Invalid, "400"},
		{api(401, "Unauthorized"), channels.Misconfig, "401"},
		{api(404, "Not Found"), channels.Misconfig, "404"},
		{api(409, "Conflict"), channels.Temporary, "409"},
		{api(500, "Internal Server Error"), channels.Temporary, "500"},
		{fake.TelegramFault{Status: 502, HTML: true}, channels.Temporary, "502"},
		{fake.TelegramFault{Status: 503, HTML: true}, channels.Temporary, "503"},
		{fake.TelegramFault{Status: 504, HTML: true, After: true}, channels.Ambiguous, "504"},
		{fake.TelegramFault{Status: 403, HTML: true}, channels.Temporary, "403"}, // a proxy's, not Telegram's
		{fake.TelegramFault{Status: 200, HTML: true, After: true}, channels.Ambiguous, "network"},
		{fake.TelegramFault{Status: 307, HTML: true}, channels.Temporary, "307"},
		{fake.TelegramFault{Reset: true}, channels.Ambiguous, "network"},
		{fake.TelegramFault{Reset: true, After: true}, channels.Ambiguous, "network"},
	} {
		name := strings.TrimSpace(strconv.Itoa(c.fault.Status) + " " + c.fault.Description)
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.tg.Know(siti)
			w.tg.Fail(c.fault)
			_, err := w.Send(t.Context(), say("halo"))
			k, refusal := channels.KindOf(err)
			if k != c.kind || refusal.Code != c.code {
				t.Errorf("%s %q, want %s %q: %v", k, refusal.Code, c.kind, c.code, err)
			}
			if w.tg.Calls("sendMessage") != 1 {
				t.Errorf("%d calls", w.tg.Calls("sendMessage"))
			}
			noToken(t, err)
		})
	}
}

// noToken looks through the whole chain, for a log may print any part of it.
func noToken(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		if strings.Contains(err.Error(), testToken) || strings.Contains(err.Error(), "halo") {
			t.Errorf("the error tells too much: %v", err)
		}
	}
}

func TestANewTokenIsNoticed(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.Token = "700100:another" })
	if _, err := w.Send(t.Context(), say("halo")); kind(err) != channels.Misconfig || w.Health() == nil {
		t.Errorf("%v, health %v", err, w.Health())
	}
	w = newWorld(t)
	w.tg.Know(siti)
	w.tg.Fail(fake.TelegramFault{Status: 401, Description: "Unauthorized"})
	for _, healthy := range []bool{false, true} {
		_, _ = w.Send(t.Context(), say("halo"))
		if err := w.Health(); (err == nil) != healthy {
			t.Errorf("health %v", err)
		}
		w.clock.move(time.Minute)
	}
}

// What never left may be tried again; what may have left must not be (faults.md B3).
func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	_ = l.Close()
	w := newWorld(t, func(c *Config) { c.BaseURL = closed })
	_, err = w.Send(t.Context(), say("halo"))
	if kind(err) != channels.Temporary {
		t.Errorf("refused connection: %v", err)
	}
	noToken(t, err)

	w = newWorld(t, func(c *Config) {
		c.BaseURL = "http://kabar.invalid:1"
		c.HTTP = &http.Client{Transport: transport(nowhere)}
	})
	_, err = w.Send(t.Context(), say("halo"))
	if kind(err) != channels.Temporary {
		t.Errorf("no such host: %v", err)
	}
	noToken(t, err)

	w = newWorld(t)
	w.tg.Know(siti)
	w.tg.Fail(fake.TelegramFault{Hang: true})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		_ = w.tg.Wait(within(t), func() bool { return w.tg.Calls("sendMessage") == 1 })
		cancel()
	}()
	_, err = w.Send(ctx, say("halo"))
	if kind(err) != channels.Ambiguous {
		t.Errorf("given up after the request was written: %v", err)
	}
	noToken(t, err)

	if _, err = w.Send(ctx, say("halo")); kind(err) != channels.Temporary || w.tg.Calls("sendMessage") != 1 {
		t.Errorf("given up before the call: %v", err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// nowhere is a network without names.
func nowhere(*http.Request) (*http.Response, error) {
	return nil, &net.DNSError{Err: "no such host", Name: "kabar.invalid", IsNotFound: true}
}

// The transport can repeat by itself what it never wrote, on a fresh connection, only if it can have the body again.
func TestTheBodyCanBeHadAgain(t *testing.T) {
	var seen *http.Request
	w := newWorld(t, func(c *Config) {
		c.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			seen = r
			return nil, net.ErrClosed
		})}
	})
	_, _ = w.Send(t.Context(), say("halo"))
	if seen == nil || seen.GetBody == nil || seen.ContentLength <= 0 {
		t.Fatalf("%+v", seen)
	}
	again, err := seen.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(again); err != nil || !strings.Contains(string(body), "halo") {
		t.Errorf("%q, %v", body, err)
	}
}

// A 429 silences the whole bot for exactly as long as Telegram asks (faults.md B6).
func TestThrottledBotIsSilent(t *testing.T) {
	w := newWorld(t)
	w.tg.Know(siti, ani)
	w.tg.Fail(fake.TelegramFault{Status: 429, Description: "Too Many Requests: retry after 17", RetryAfter: 17})
	wait := func(to, text string) time.Duration {
		t.Helper()
		_, err := w.Send(t.Context(), channels.Outbound{To: to, Text: text})
		if err == nil {
			return 0
		}
		k, refusal := channels.KindOf(err)
		if k != channels.Throttled {
			t.Fatalf("%v", err)
		}
		return refusal.RetryAfter
	}
	if d := wait("4711", "a"); d != 17*time.Second {
		t.Errorf("asked to wait %v", d)
	}
	w.clock.move(5 * time.Second)
	if d := wait("4712", "b"); d != 12*time.Second || w.tg.Calls("sendMessage") != 1 {
		t.Errorf("another chat: %v, %d calls", d, w.tg.Calls("sendMessage"))
	}
	w.clock.move(12 * time.Second)
	if d := wait("4712", "b"); d != 0 || w.tg.Calls("sendMessage") != 2 {
		t.Errorf("after the pause: %v, %d calls", d, w.tg.Calls("sendMessage"))
	}
}

func TestEdit(t *testing.T) {
	buttons := [][]channels.Button{{{Label: "Libur", Data: "libur"}}}
	for _, c := range []struct {
		name  string
		ref   func(first string) string
		text  string
		fault fake.TelegramFault
		same  bool // the first message was edited
	}{
		{"an earlier message", func(s string) string { return s }, "sudah dilaporkan", fake.TelegramFault{}, true},
		{"one that says this already", func(s string) string { return s }, "berapa?", fake.TelegramFault{}, true},
		{"one that is gone", func(string) string { return "9999" }, "sudah dilaporkan", fake.TelegramFault{}, false},
		{"one that is too old", func(s string) string { return s }, "sudah dilaporkan", fake.TelegramFault{Status: 400, Description: "Bad Request: message can't be edited"}, false},
		{"not a message id", func(string) string { return "SM123" }, "sudah dilaporkan", fake.TelegramFault{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.tg.Know(siti)
			first, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: "berapa?", Buttons: buttons})
			if err != nil {
				t.Fatal(err)
			}
			if c.fault.Status != 0 {
				c.fault.Method = "editMessageText"
				w.tg.Fail(c.fault)
			}
			w.clock.move(time.Minute)
			got, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: c.text, Buttons: buttons, EditRef: c.ref(first.ProviderID)})
			if err != nil {
				t.Fatal(err)
			}
			all := w.tg.FromBot(siti)
			if last := all[len(all)-1]; last.Text != c.text || (got == first) != c.same || (len(all) == 1) != c.same {
				t.Errorf("%+v, then %+v: %+v", first, got, all)
			}
		})
	}
	// An edit may be repeated without harm, so a lost answer is no reason to ask a person.
	w := newWorld(t)
	w.tg.Know(siti)
	w.tg.Fail(fake.TelegramFault{Method: "editMessageText", Reset: true})
	if _, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: "x", EditRef: "5"}); kind(err) != channels.Temporary {
		t.Errorf("lost edit: %v", err)
	}
}

// paced is a bot before a double with Telegram's limits, both on the time of a synctest bubble: the double, made outside, is
// called without a network, which no bubble waits for.
func paced(t *testing.T, tg *fake.Telegram) *Adapter {
	a, err := New(Config{Token: testToken, Now: time.Now, HTTP: &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		tg.ServeHTTP(w, r)
		return w.Result(), nil
	})}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The strict double answers 429 to whoever is too fast, and counts it.
func TestPaceNeverBreaksTelegramsLimits(t *testing.T) {
	tg := fake.NewTelegram(testToken)
	defer tg.Close()
	tg.Limit(30, 1)
	synctest.Test(t, func(t *testing.T) {
		a := paced(t, tg)
		for wave := range 2 { // what a second's allowance saved up cannot hide
			var wg sync.WaitGroup
			for i := range 55 {
				chat := 1000*(wave+1) + i
				tg.Know(int64(chat))
				wg.Go(func() {
					if _, err := a.Send(t.Context(), channels.Outbound{To: strconv.Itoa(chat), Text: "x"}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
	})
	if n := tg.Violations(); n != 0 || tg.Calls("sendMessage") != 110 {
		t.Errorf("%d violations in %d calls", n, tg.Calls("sendMessage"))
	}
}

// In one chat a second message waits, a third or fourth goes back to the scheduler.
func TestPaceOfOneChat(t *testing.T) {
	tg := fake.NewTelegram(testToken)
	defer tg.Close()
	tg.Limit(30, 1)
	tg.Know(siti)
	sent := 0
	synctest.Test(t, func(t *testing.T) {
		a := paced(t, tg)
		var (
			wg sync.WaitGroup
			mu sync.Mutex
		)
		for range 6 {
			wg.Go(func() {
				_, err := a.Send(t.Context(), say("x"))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					sent++
				} else if k, r := channels.KindOf(err); k != channels.Throttled || r.RetryAfter <= 0 || r.RetryAfter > 2*time.Second {
					t.Errorf("%v after %v", err, r.RetryAfter)
				}
			})
		}
		wg.Wait()
	})
	if n := len(tg.FromBot(siti)); n != sent || sent < 2 || sent > 3 || tg.Violations() != 0 {
		t.Errorf("%d sent, %d arrived, %d violations", sent, n, tg.Violations())
	}
}

func TestPaceForgetsIdleChats(t *testing.T) {
	clock := &testClock{t: sentAt}
	p := newPace(clock.now)
	for i := range int64(3 * chatsToKeep) {
		leave, err := p.enter(t.Context(), i+1)
		if err != nil {
			t.Fatal(err)
		}
		leave()
		clock.move(time.Second)
	}
	if len(p.chats) > chatsToKeep {
		t.Errorf("%d chats kept", len(p.chats))
	}
}
