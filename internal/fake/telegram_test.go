package fake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const telegramTestToken = "700100:AAtest"

type telegramAnswer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

func newTestTelegram(t *testing.T) *Telegram {
	t.Helper()
	tg := NewTelegram(telegramTestToken)
	t.Cleanup(tg.Close)
	return tg
}

// telegramCall calls a method with a URL-encoded form.
func telegramCall(t *testing.T, tg *Telegram, method string, fields ...string) telegramAnswer {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return telegramPost(t, tg.URL+"/bot"+telegramTestToken+"/"+method, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

func telegramPost(t *testing.T, url, kind string, body io.Reader) (a telegramAnswer) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Close = true
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTelegramIsStrict(t *testing.T) {
	tg := newTestTelegram(t)
	tg.Know(4711, 4712)
	tg.Block(4712)
	theirs := tg.SendText(4711, "halo")
	buttons := func(text, data string) string {
		b, _ := json.Marshal(map[string]any{"inline_keyboard": [][]map[string]any{{{"text": text, "callback_data": data}}}})
		return string(b)
	}
	id := func(n int) string { return string(mustJSON(n)) }
	for _, c := range []struct {
		name, method string
		fields       []string
		code         int
		says         string
	}{
		{"who am I", "getMe", nil, 0, ""},
		{"a text", "sendMessage", []string{"chat_id", "4711", "text", "halo"}, 0, ""},
		{"any case of a method", "SENDmessage", []string{"chat_id", "4711", "text", "halo"}, 0, ""},
		{"an unknown method", "sendPigeon", nil, 404, "method not found"},
		{"an unknown chat", "sendMessage", []string{"chat_id", "9", "text", "x"}, 400, "chat not found"},
		{"no chat", "sendMessage", []string{"text", "x"}, 400, "chat_id is empty"},
		{"who blocked us", "sendMessage", []string{"chat_id", "4712", "text", "x"}, 403, "blocked by the user"},
		{"nothing", "sendMessage", []string{"chat_id", "4711", "text", " "}, 400, "text is empty"},
		{"bad UTF-8", "sendMessage", []string{"chat_id", "4711", "text", "\xff"}, 400, "UTF-8"},
		{"4096", "sendMessage", []string{"chat_id", "4711", "text", strings.Repeat("x", 4096)}, 0, ""},
		{"4097", "sendMessage", []string{"chat_id", "4711", "text", strings.Repeat("x", 4097)}, 400, "too long"},
		{"64 bytes", "sendMessage", []string{"chat_id", "4711", "text", "x", "reply_markup", buttons("Ya", strings.Repeat("x", 64))}, 0, ""},
		{"65 bytes", "sendMessage", []string{"chat_id", "4711", "text", "x", "reply_markup", buttons("Ya", strings.Repeat("x", 65))}, 400, "BUTTON_DATA_INVALID"},
		{"no data", "sendMessage", []string{"chat_id", "4711", "text", "x", "reply_markup", buttons("Ya", "")}, 400, "BUTTON_DATA_INVALID"},
		{"no label", "sendMessage", []string{"chat_id", "4711", "text", "x", "reply_markup", buttons("", "y")}, 400, "Text is empty"},
		{"broken keyboard", "sendMessage", []string{"chat_id", "4711", "text", "x", "reply_markup", "{"}, 400, "can't parse"},
		{"good HTML", "sendMessage", []string{"chat_id", "4711", "text", "<b>Siti</b>", "parse_mode", "HTML"}, 0, ""},
		{"a name in HTML", "sendMessage", []string{"chat_id", "4711", "text", "<b>Siti</i></b>", "parse_mode", "HTML"}, 400, "can't parse entities"},
		{"a name in Markdown", "sendMessage", []string{"chat_id", "4711", "text", "Siti_*[", "parse_mode", "Markdown"}, 400, "can't parse entities"},
		{"an edit of hers", "editMessageText", []string{"chat_id", "4711", "message_id", id(theirs), "text", "x"}, 400, "can't be edited"},
		{"an edit of nothing", "editMessageText", []string{"chat_id", "4711", "message_id", "9999", "text", "x"}, 400, "to edit not found"},
		{"an unknown callback", "answerCallbackQuery", []string{"callback_query_id", "1"}, 400, "query is too old"},
		{"leaving a person", "leaveChat", []string{"chat_id", "4711"}, 400, "private chats"},
		{"a bad command", "setMyCommands", []string{"commands", `[{"command":"Jual","description":"x"}]`}, 400, "BOT_COMMAND_INVALID"},
		{"a webhook over http", "setWebhook", []string{"url", "http://kabar.example.go.id/"}, 400, "HTTPS"},
		{"a bad secret", "setWebhook", []string{"url", "https://kabar.example.go.id/", "secret_token", "a b"}, 400, "secret token"},
		{"an unknown file", "getFile", []string{"file_id", "1"}, 400, "file_id"},
		{"no photo", "sendPhoto", []string{"chat_id", "4711"}, 400, "no photo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := telegramCall(t, tg, c.method, c.fields...)
			if a.ErrorCode != c.code || a.OK != (c.code == 0) || !strings.Contains(a.Description, c.says) {
				t.Errorf("%+v, want %d %q", a, c.code, c.says)
			}
		})
	}
	for path, code := range map[string]int{"/bot700100:other/getMe": 401, "/getMe": 404, "/file/bot700100:other/files/1": 401} {
		if a := telegramPost(t, tg.URL+path, "application/json", strings.NewReader("{}")); a.ErrorCode != code {
			t.Errorf("%s: %+v", path, a)
		}
	}
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func TestTelegramRemembersEdits(t *testing.T) {
	tg := newTestTelegram(t)
	tg.Know(4711)
	k := `{"inline_keyboard":[[{"text":"Libur","callback_data":"libur"}]]}`
	telegramCall(t, tg, "sendMessage", "chat_id", "4711", "text", "berapa?", "reply_markup", k)
	m := tg.FromBot(4711)[0]
	ref := string(mustJSON(m.ID))
	if a := telegramCall(t, tg, "editMessageText", "chat_id", "4711", "message_id", ref, "text", "berapa?", "reply_markup", k); !strings.Contains(a.Description, "not modified") {
		t.Errorf("%+v", a)
	}
	telegramCall(t, tg, "editMessageText", "chat_id", "4711", "message_id", ref, "text", "sudah")
	if m := tg.FromBot(4711)[0]; m.Text != "sudah" || len(m.Earlier) != 1 || m.Earlier[0] != "berapa?" || m.Buttons != nil {
		t.Errorf("%+v", m)
	}
	telegramCall(t, tg, "editMessageReplyMarkup", "chat_id", "4711", "message_id", ref, "reply_markup", k)
	if !tg.PressLabel(4711, "Libur") || tg.PressLabel(4711, "Ya") {
		t.Error("buttons are not found by their label")
	}
	callback := tg.Press(4711, m.ID, "libur")
	for i, ok := range []bool{true, false} { // each callback is answered once
		if a := telegramCall(t, tg, "answerCallbackQuery", "callback_query_id", callback, "text", "Baik"); a.OK != ok {
			t.Errorf("answer %d: %+v", i, a)
		}
	}
	if got := tg.Toasts(4711); len(got) != 1 || got[0] != "Baik" {
		t.Errorf("%q", got)
	}
}

func TestTelegramTakesAPhoto(t *testing.T) {
	tg := newTestTelegram(t)
	tg.Know(4711)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("chat_id", "4711")
	_ = form.WriteField("caption", "8 minggu")
	f, _ := form.CreateFormFile("photo", "chart.png")
	_, _ = f.Write([]byte("png"))
	_ = form.Close()
	a := telegramPost(t, tg.URL+"/bot"+telegramTestToken+"/sendPhoto", form.FormDataContentType(), &body)
	if m := tg.FromBot(4711); !a.OK || len(m) != 1 || string(m[0].Photo) != "png" || m[0].Text != "8 minggu" {
		t.Errorf("%+v: %+v", a, m)
	}
}

func telegramIDs(t *testing.T, a telegramAnswer) (ids []int64) {
	t.Helper()
	var batch []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(a.Result, &batch); err != nil {
		t.Fatalf("%v: %+v", err, a)
	}
	for _, u := range batch {
		ids = append(ids, u.ID)
	}
	return ids
}

func TestTelegramGetUpdates(t *testing.T) {
	tg := newTestTelegram(t)
	for range 3 {
		tg.SendText(4711, "x")
	}
	if ids := telegramIDs(t, telegramCall(t, tg, "getUpdates", "limit", "2")); len(ids) != 2 || ids[0] != 501 {
		t.Errorf("%v", ids)
	}
	if ids := telegramIDs(t, telegramCall(t, tg, "getUpdates", "offset", "503")); len(ids) != 1 || ids[0] != 503 || tg.Pending() != 1 {
		t.Errorf("%v, %d wait", ids, tg.Pending())
	}
	if ids := telegramIDs(t, telegramCall(t, tg, "getUpdates", "offset", "504")); len(ids) != 0 {
		t.Errorf("%v", ids)
	}
	// The older of two pollers is sent away, and a long poll ends with the first update.
	first, second := make(chan telegramAnswer, 1), make(chan telegramAnswer, 1)
	poll := func(to chan telegramAnswer, calls int) {
		go func() { to <- telegramCall(t, tg, "getUpdates", "timeout", "20") }()
		if err := tg.Wait(t.Context(), func() bool { return tg.Polling() && tg.Calls("getUpdates") == calls }); err != nil {
			t.Fatal(err)
		}
	}
	poll(first, 4)
	poll(second, 5)
	if a := <-first; a.ErrorCode != 409 {
		t.Errorf("%+v", a)
	}
	tg.SendText(4711, "x")
	if ids := telegramIDs(t, <-second); len(ids) != 1 || ids[0] != 504 {
		t.Errorf("%v", ids)
	}
	telegramCall(t, tg, "setWebhook", "url", "https://kabar.example.go.id/")
	if a := telegramCall(t, tg, "getUpdates"); a.ErrorCode != 409 {
		t.Errorf("beside a webhook: %+v", a)
	}
}

func TestTelegramWebhookRepeats(t *testing.T) {
	tg := newTestTelegram(t)
	var (
		mu  sync.Mutex
		got []string
	)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var u struct {
			Message struct{ Text string }
		}
		_ = json.NewDecoder(r.Body).Decode(&u)
		mu.Lock()
		defer mu.Unlock()
		got = append(got, u.Message.Text+" "+r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
		if len(got) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer srv.Close()
	defer tg.Close()
	telegramCall(t, tg, "setWebhook", "url", srv.URL, "secret_token", "s3cret", "allowed_updates", `["message"]`)
	tg.SendText(4711, "satu")
	tg.Block(4711) // not asked for
	tg.SendText(4711, "dua")
	if err := tg.WaitTaken(t.Context()); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := "satu s3cret|satu s3cret|satu s3cret|dua s3cret"; strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
	if a := telegramCall(t, tg, "getWebhookInfo"); !strings.Contains(string(a.Result), "503") {
		t.Errorf("%s", a.Result)
	}
}

func TestTelegramLimits(t *testing.T) {
	tg := newTestTelegram(t)
	now := time.Date(2026, 6, 7, 18, 30, 0, 0, time.UTC)
	tg.SetClock(func() time.Time { return now })
	tg.Limit(3, 1)
	tg.Know(1, 2, 3, 4)
	send := func(chat string) telegramAnswer {
		return telegramCall(t, tg, "sendMessage", "chat_id", chat, "text", "x")
	}
	for _, c := range []struct {
		chat  string
		after time.Duration
		code  int
	}{
		{"1", 0, 0}, {"1", 0, 429}, {"2", 0, 0}, {"3", 0, 0}, {"4", 0, 429},
		{"4", 340 * time.Millisecond, 0}, {"1", 0, 429}, {"1", time.Second, 0},
	} {
		now = now.Add(c.after)
		if a := send(c.chat); a.ErrorCode != c.code || (c.code == 429) != (a.Parameters.RetryAfter == 1) {
			t.Errorf("chat %s after %v: %+v, want %d", c.chat, c.after, a, c.code)
		}
	}
	if tg.Violations() != 3 {
		t.Errorf("%d violations", tg.Violations())
	}
}

func TestTelegramFaults(t *testing.T) {
	tg := newTestTelegram(t)
	tg.Know(4711)
	tg.Fail(TelegramFault{Method: "sendMessage", Status: 429, RetryAfter: 17, Times: 2})
	if a := telegramCall(t, tg, "getMe"); !a.OK {
		t.Errorf("another method was hit: %+v", a)
	}
	for i, code := range []int{429, 429, 0} {
		if a := telegramCall(t, tg, "sendMessage", "chat_id", "4711", "text", "x"); a.ErrorCode != code {
			t.Errorf("call %d: %+v", i, a)
		}
	}
	tg.Fail(TelegramFault{Reset: true, After: true})
	resp, err := http.PostForm(tg.URL+"/bot"+telegramTestToken+"/sendMessage", url.Values{"chat_id": {"4711"}, "text": {"y"}})
	if err == nil {
		_ = resp.Body.Close()
		t.Error("a reset was answered")
	}
	if m := tg.FromBot(4711); len(m) != 2 || m[1].Text != "y" {
		t.Errorf("%+v", m)
	}
	tg.Fail(TelegramFault{Hang: true})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, tg.URL+"/bot"+telegramTestToken+"/getMe", nil)
	if resp, err := http.DefaultClient.Do(req); !errors.Is(err, context.DeadlineExceeded) {
		_ = resp.Body.Close()
		t.Errorf("%v", err)
	}
}
