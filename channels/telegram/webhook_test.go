package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

const sampleUpdate = `{"update_id":501,"message":{` + headJSON + `,"text":"jual 750rb"}}`

// post sends one request straight to the handler.
func post(w *world, change func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, Path, strings.NewReader(sampleUpdate))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(secretHeader, testSecret)
	if change != nil {
		change(r)
	}
	rec := httptest.NewRecorder()
	w.Webhook().ServeHTTP(rec, r)
	return rec
}

func setBody(s string) func(*http.Request) {
	return func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader(s)), int64(len(s)) }
}

func TestE3WebhookRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"no secret", func(r *http.Request) { r.Header.Del(secretHeader) }, 401},
		{"an empty secret", func(r *http.Request) { r.Header.Set(secretHeader, "") }, 401},
		{"a wrong secret", func(r *http.Request) { r.Header.Set(secretHeader, "wrong") }, 401},
		{"the secret cut short", func(r *http.Request) { r.Header.Set(secretHeader, testSecret[:5]) }, 401},
		{"the secret and more", func(r *http.Request) { r.Header.Set(secretHeader, testSecret+"x") }, 401},
		{"another case", func(r *http.Request) { r.Header.Set(secretHeader, strings.ToUpper(testSecret)) }, 401},
		{"a wrong secret before a huge body", func(r *http.Request) { r.Header.Set(secretHeader, "x"); setBody(strings.Repeat("x", 1<<20))(r) }, 401},
		{"GET", func(r *http.Request) { r.Method = http.MethodGet }, 405},
		{"PUT", func(r *http.Request) { r.Method = http.MethodPut }, 405},
		{"a form", func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415},
		{"no type", func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		{"compressed", func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, 415},
		{"not JSON", setBody("Body=LAPOR"), 400},
		{"half a JSON", setBody(sampleUpdate[:40]), 400},
		{"empty", setBody(""), 400},
		{"too large", setBody(`{"update_id":1,"message":{"text":"` + strings.Repeat("x", maxBody) + `"}}`), 413},
		{"too large without saying so", func(r *http.Request) {
			setBody(`{"x":"` + strings.Repeat("x", maxBody) + `"}`)(r)
			r.ContentLength = -1
		}, 413},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if rec := post(w, c.change); rec.Code != c.status || rec.Body.Len() != 0 {
				t.Errorf("status %d body %q, want a bare %d", rec.Code, rec.Body, c.status)
			}
			if n := len(w.turns.seen()); n != 0 {
				t.Errorf("%d turns", n)
			}
		})
	}
}

func TestWebhookTakesAGenuineUpdate(t *testing.T) {
	w := newWorld(t)
	rec := post(w, func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-8") })
	if got := w.turns.seen(); rec.Code != 200 || len(got) != 1 || got[0].Text != "jual 750rb" {
		t.Errorf("status %d, turns %+v", rec.Code, got)
	}
}

// Without a secret of its own the adapter polls, and its webhook is shut.
func TestWebhookIsShutWithoutASecret(t *testing.T) {
	w := newWorld(t, func(c *Config) { c.WebhookSecret = "" })
	if rec := post(w, func(r *http.Request) { r.Header.Del(secretHeader) }); rec.Code != 401 || len(w.turns.seen()) != 0 {
		t.Errorf("status %d", rec.Code)
	}
}

func TestWebhookAnswersOnlyAfterTheTurn(t *testing.T) {
	w := newWorld(t)
	committed := make(chan struct{})
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) { <-committed; return channels.Reply{}, nil }
	done := make(chan int, 1)
	go func() { done <- post(w, nil).Code }()
	w.turns.wait(t, 1)
	select {
	case code := <-done:
		t.Fatalf("answered %d before the commit", code)
	default:
	}
	close(committed)
	if code := <-done; code != 200 {
		t.Errorf("status %d", code)
	}
}

// What rides home may hang at Telegram; the acknowledgement must not wait for it.
func TestTheAcknowledgementGoesFirst(t *testing.T) {
	w := newWorld(t).hooked(t)
	w.tg.Fail(fake.TelegramFault{Method: "answerCallbackQuery", Hang: true})
	w.tg.Press(siti, 3, "libur")
	err := w.tg.Wait(within(t), func() bool { return w.tg.Pending() == 0 && w.tg.Calls("answerCallbackQuery") == 1 })
	if err != nil || len(w.tg.Toasts(siti)) != 0 {
		t.Errorf("%v, %d updates wait", err, w.tg.Pending())
	}
	w.tg.Close() // ends the hanging call
}

func TestWebhookIsRepeatedUntilTheTurnIsKept(t *testing.T) {
	for _, c := range []struct {
		name string
		fail func()
	}{
		{"the database is down", func() {}},
		{"the turn panics", func() { panic("6281234567417 wrote a poisoned text") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			n := 0
			w.turns.answer = func(channels.Inbound) (channels.Reply, error) {
				if n++; n < 3 {
					c.fail()
					return channels.Reply{}, errors.New("no database")
				}
				return channels.Reply{}, nil
			}
			w.hooked(t)
			w.tg.SendText(siti, "jual 750rb")
			if err := w.tg.WaitTaken(within(t)); err != nil {
				t.Fatal(err)
			}
			got := w.turns.seen()
			if len(got) != 3 || got[0].ID != got[2].ID {
				t.Errorf("%d turns: %+v", len(got), got)
			}
			for _, word := range []string{"750rb", "6281234567417", "poisoned"} {
				if strings.Contains(w.logs.String(), word) {
					t.Errorf("%q is in the log", word)
				}
			}
		})
	}
	w := newWorld(t)
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) { return channels.Reply{}, errors.New("no database") }
	if rec := post(w, nil); rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
		t.Errorf("status %d", rec.Code)
	}
}

// A hundred deliveries of one update at once: each reaches the turn, all with the same key (faults.md A1).
func TestWebhookInParallel(t *testing.T) {
	w := newWorld(t)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for range 100 {
		wg.Go(func() {
			<-start
			if rec := post(w, nil); rec.Code != 200 {
				t.Errorf("status %d", rec.Code)
			}
		})
	}
	close(start)
	wg.Wait()
	ids := map[string]int{}
	for _, in := range w.turns.seen() {
		ids[in.ID]++
	}
	if !reflect.DeepEqual(ids, map[string]int{"m:4711:9": 100}) {
		t.Errorf("%v", ids)
	}
}

func TestPressedButtons(t *testing.T) {
	long := strings.Repeat("ä", 250)
	for _, c := range []struct {
		name   string
		reply  channels.Reply
		toast  string
		text   string
		labels int
	}{
		{"nothing to say clears the spinner", channels.Reply{}, "", "Total uang jualan?", 1},
		{"a toast", channels.Reply{Toast: "Tombol ini sudah tidak berlaku"}, "Tombol ini sudah tidak berlaku", "Total uang jualan?", 1},
		{"a toast that is too long", channels.Reply{Toast: long}, strings.Repeat("ä", 200), "Total uang jualan?", 1},
		{"an edit takes the buttons away", channels.Reply{EditText: "Bahasa: Indonesia"}, "", "Bahasa: Indonesia", 0},
		{"an edit with new buttons", channels.Reply{Toast: "Baik", EditText: "Alasan?", EditButtons: [][]channels.Button{{{Label: "Sakit", Data: "s"}, {Label: "Cuaca", Data: "c"}}}}, "Baik", "Alasan?", 2},
		{"an edit that changes nothing", channels.Reply{EditText: "Total uang jualan?", EditButtons: [][]channels.Button{{{Label: "Libur", Data: "libur"}}}}, "", "Total uang jualan?", 1},
		{"a repeat is answered too", channels.Reply{Repeated: true, Toast: "Baik"}, "Baik", "Total uang jualan?", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.turns.answer = func(channels.Inbound) (channels.Reply, error) { return c.reply, nil }
			w.hooked(t)
			w.tg.Know(siti)
			sent, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: "Total uang jualan?", Buttons: [][]channels.Button{{{Label: "Libur", Data: "libur"}}}})
			if err != nil {
				t.Fatal(err)
			}
			w.tg.PressLabel(siti, "Libur")
			err = w.tg.Wait(within(t), func() bool {
				m := w.tg.FromBot(siti)[0]
				return len(w.tg.Toasts(siti)) == 1 && m.Text == c.text && (c.reply.EditText == "" || w.tg.Calls("editMessageText") > 0)
			})
			if err != nil {
				t.Fatalf("%v: %+v", err, w.tg.FromBot(siti))
			}
			in, m := w.turns.seen()[0], w.tg.FromBot(siti)
			if in.Kind != channels.Choice || in.Choice != "libur" || in.Ref != sent.ProviderID {
				t.Errorf("inbound %+v", in)
			}
			if labels := len(flat(m[0].Buttons)); len(m) != 1 || labels != c.labels {
				t.Errorf("%d messages, %d buttons, want 1 and %d", len(m), labels, c.labels)
			}
			if got := w.tg.Toasts(siti)[0]; got != c.toast {
				t.Errorf("toast %q", got)
			}
		})
	}
}

func flat[T any](rows [][]T) (all []T) {
	for _, r := range rows {
		all = append(all, r...)
	}
	return all
}

// What rides home is tried again: a turn that is kept must not leave a spinner or an old text behind.
func TestTheRideHomeInsists(t *testing.T) {
	for name, f := range map[string]fake.TelegramFault{
		"a server error":       {Status: 500, Description: "Internal Server Error"},
		"a proxy's page":       {Status: 502, HTML: true},
		"a cut connection":     {Reset: true},
		"a lost answer":        {Reset: true, After: true},
		"both tries, then not": {Status: 503, Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.turns.answer = func(channels.Inbound) (channels.Reply, error) {
				return channels.Reply{Toast: "Baik", EditText: "Tercatat"}, nil
			}
			w.hooked(t)
			w.tg.Know(siti)
			if _, err := w.Send(t.Context(), channels.Outbound{To: "4711", Text: "Libur?", Buttons: [][]channels.Button{{{Label: "Ya", Data: "y"}}}}); err != nil {
				t.Fatal(err)
			}
			for _, method := range []string{"answerCallbackQuery", "editMessageText"} {
				f.Method = method
				w.tg.Fail(f)
			}
			w.tg.PressLabel(siti, "Ya")
			err := w.tg.Wait(within(t), func() bool {
				return len(w.tg.Toasts(siti)) == 1 && w.tg.FromBot(siti)[0].Text == "Tercatat"
			})
			if err != nil {
				t.Fatalf("%v: %+v", err, w.tg.FromBot(siti))
			}
		})
	}
}

// A message that is gone cannot be edited; the person still gets the words, once.
func TestAnEditOfWhatIsGoneBecomesAMessage(t *testing.T) {
	w := newWorld(t)
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) {
		return channels.Reply{EditText: "Tercatat", EditButtons: [][]channels.Button{{{Label: "Ubah", Data: "u"}}}}, nil
	}
	w.hooked(t)
	w.tg.Press(siti, 3, "libur")
	got, err := w.tg.WaitFromBot(within(t), siti, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Text != "Tercatat" || len(got[0].Buttons) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestE11GroupsGetNoWord(t *testing.T) {
	w := newWorld(t).hooked(t)
	w.tg.AddToGroup(-100200, siti)
	w.tg.GroupText(-100300, siti, "/status@KabarProkusBot")
	if err := w.tg.Wait(within(t), func() bool { return len(w.tg.Left()) == 2 && w.tg.Pending() == 0 }); err != nil {
		t.Fatal(err)
	}
	if n := len(w.turns.seen()); n != 0 || len(w.tg.FromBot(-100200))+len(w.tg.FromBot(-100300)) != 0 {
		t.Errorf("%d turns", n)
	}
}

// The whole road through the double: what people do, in order, and what the turn is told.
func TestPeopleThroughTheWebhook(t *testing.T) {
	w := newWorld(t).hooked(t)
	id := w.tg.SendText(siti, "/start k7Qm2Zt9vB4xR1nL8pWc3A")
	w.tg.ShareContact(siti, "6281234567417", siti)
	w.tg.ShareContact(siti, "+62811999888", ani)
	w.tg.ShareContact(siti, "+62811999888", 0)
	w.tg.EditText(siti, id, "/start lain")
	photo := w.tg.Photo(siti, "kompor meledak", []byte("jpeg"))
	w.tg.Block(siti)
	w.tg.Unblock(siti)
	if err := w.tg.WaitTaken(within(t)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, in := range w.turns.seen() {
		got = append(got, fmt.Sprintf("%s|%s|%s|%t|%s", in.Kind, in.Text, in.Phone, in.OwnPhone, in.Media))
	}
	want := []string{
		"text|/start k7Qm2Zt9vB4xR1nL8pWc3A||false|",
		"contact||+6281234567417|true|",
		"contact||+62811999888|false|",
		"contact||+62811999888|false|",
		"edit|/start lain||false|",
		"media|kompor meledak||false|" + photo,
		"blocked|||false|",
		"unblocked|||false|",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, word := range []string{"6281234567417", "kompor", "k7Qm2Zt9vB4xR1nL8pWc3A"} {
		if strings.Contains(w.logs.String(), word) {
			t.Errorf("%q is in the log", word)
		}
	}
}

// A turn that takes long shows that somebody is at work (R26).
func TestALongTurnShowsTyping(t *testing.T) {
	w := newWorld(t)
	w.typingAfter = 1
	w.tg.Know(siti)
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) {
		return channels.Reply{}, w.tg.Wait(within(t), func() bool { return w.tg.Calls("sendChatAction") > 0 })
	}
	if rec := post(w, nil); rec.Code != 200 {
		t.Errorf("status %d", rec.Code)
	}
}

// A request that Telegram gave up on is an ended context for the turn, and nothing is acknowledged.
func TestAGivenUpRequestIsNotKept(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.turns.answer = func(channels.Inbound) (channels.Reply, error) { cancel(); return channels.Reply{}, ctx.Err() }
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, Path, strings.NewReader(sampleUpdate))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(secretHeader, testSecret)
	rec := httptest.NewRecorder()
	if w.Webhook().ServeHTTP(rec, r); rec.Code != 503 {
		t.Errorf("status %d", rec.Code)
	}
}
