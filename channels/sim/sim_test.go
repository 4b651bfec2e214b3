package sim_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/sim"
)

func TestClockTellsItsTimeAndMovesForwardOnly(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		method, body string
		status       int
		want         string
	}{
		{"GET", ``, 200, `{"now":"2026-06-07T17:10:20+07:00"}`},
		{"POST", `{"to":"2026-06-07T18:29:00+07:00"}`, 200, `{"now":"2026-06-07T18:29:00+07:00","delivered":0}`},
		{"POST", `{"to":"2026-06-07T18:30:00+07:00"}`, 200, `{"now":"2026-06-07T18:30:00+07:00","delivered":1}`},
		{"POST", `{"by":"36h"}`, 200, `{"now":"2026-06-09T06:30:00+07:00","delivered":0}`},
		{"POST", `{"to":"2026-06-09T00:30:00Z"}`, 200, `{"now":"2026-06-09T07:30:00+07:00","delivered":0}`},
		{"POST", `{"to":"2026-06-09T07:30:00+07:00"}`, 200, `{"now":"2026-06-09T07:30:00+07:00","delivered":0}`}, // this very second
		{"POST", `{"by":"0s"}`, 200, `{"now":"2026-06-09T07:30:00+07:00","delivered":0}`},
		{"POST", `{"to":"2026-06-09T07:29:59+07:00"}`, 409, `{"error":"the clock never runs backwards","code":"backwards"}`},
		{"POST", `{"by":"-1h"}`, 409, `{"error":"the clock never runs backwards","code":"backwards"}`},
		{"GET", ``, 200, `{"now":"2026-06-09T07:30:00+07:00"}`},
	} {
		if status, got := w.call(t, c.method, "/sim/api/clock", c.body); status != c.status || got != c.want {
			t.Errorf("%s %s: %d %s\nwant %d %s", c.method, c.body, status, got, c.status, c.want)
		}
	}
}

func TestSMSWaitsForItsAnswersToEverybody(t *testing.T) {
	w := newWorld(t)
	const want = `{"replies":[{"to":"+6281234567417","text":"Tercatat tolong untuk 1-7 Jun. Salah? Balas UBAH lalu angkanya.","at":"2026-06-07T17:10:20+07:00","segments":1},` +
		`{"to":"+6281234567001","text":"PENTING: Siti Aminah 482919 Ds Cengal minta ditelepon hari ini. HP 081234567417. Balas H1 bila sudah dihubungi.",` +
		`"at":"2026-06-07T17:10:20+07:00","segments":1}]}`
	for range 3 { // a repeated id: the same answer, one effect
		if status, got := w.call(t, "POST", "/sim/api/sms", `{"from":"+6281234567417","text":"tolong","id":"m-1"}`); status != 200 || got != want {
			t.Fatalf("%d %s", status, got)
		}
	}
	if len(w.in) != 1 {
		t.Fatalf("%d turns for one message", len(w.in))
	}
	if in := w.in[0]; in.Channel != "sim" || in.Via != channels.SMS || in.ID != "m-1" || in.From != siti || in.Kind != channels.Text ||
		string(in.Raw) != "tolong" || in.ReceivedAt.IsZero() {
		t.Errorf("the turn was given %+v", in)
	}
	for range 2 { // without an id each is a message of its own
		w.call(t, "POST", "/sim/api/sms", `{"from":"081234567417","text":"ya"}`)
	}
	if len(w.in) != 3 || w.in[1].ID == w.in[2].ID {
		t.Errorf("%d turns", len(w.in))
	}
	const phone = `[{"direction":"in","text":"tolong","at":"2026-06-07T17:10:20+07:00","segments":1,"kind":"reply"},` +
		`{"direction":"out","text":"Tercatat tolong untuk 1-7 Jun. Salah? Balas UBAH lalu angkanya.","at":"2026-06-07T17:10:20+07:00","segments":1,"kind":"reply"},`
	for _, number := range []string{"+6281234567417", "081234567417", "%2B6281234567417", "6281234567417", "%206281234567417", "0812-3456-7417"} {
		if status, got := w.call(t, "GET", "/sim/api/sms/"+number, ""); status != 200 || !strings.HasPrefix(got, phone) {
			t.Errorf("%s: %d %s", number, status, got)
		}
	}
	for _, path := range []string{"/sim/api/sms/+6285711112222", "/sim/api/chat/+6285711112222"} {
		if status, got := w.call(t, "GET", path, ""); status != 200 || got != "[]" {
			t.Errorf("an empty phone at %s: %d %s", path, status, got)
		}
	}
}

func TestEverybodyMayHaveAPhone(t *testing.T) {
	w := newWorld(t)
	for from, want := range map[string]string{
		"0812 3456 7417": siti, "+62 812-3456-7417": siti, "62812.3456.7417": siti, "+6208123456" + "7417": siti,
		"+6284000000001": "+6284000000001", "0084000000001": "+84000000001", "+6580000000": "+6580000000", "021555000111": "",
	} {
		body, err := json.Marshal(map[string]string{"from": from, "text": "info"})
		if err != nil {
			t.Fatal(err)
		}
		status, got := w.call(t, "POST", "/sim/api/sms", string(body))
		if want == "" {
			if status != 400 {
				t.Errorf("%q: %d %s", from, status, got)
			}
			continue
		}
		if last := w.in[len(w.in)-1].From; status != 200 || last != want {
			t.Errorf("%q: %d, from %s, want %s", from, status, last, want)
		}
	}
}

func TestBadInputIsRefusedWithAReason(t *testing.T) {
	w := newWorld(t)
	large := `{"from":"+6281234567417","text":"` + strings.Repeat("a", 100<<10) + `"}`
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"no body", "POST", "/sim/api/sms", ``, 400, "one JSON object"},
		{"not JSON", "POST", "/sim/api/sms", `from=0812`, 400, "one JSON object"},
		{"broken JSON", "POST", "/sim/api/sms", `{"from":`, 400, "not JSON"},
		{"two objects", "POST", "/sim/api/sms", `{"from":"+6281234567417","text":"a"}{}`, 400, "not JSON"},
		{"a list", "POST", "/sim/api/sms", `[]`, 400, "one JSON object"},
		{"null", "POST", "/sim/api/sms", `null`, 400, "one JSON object"},
		{"text is a number", "POST", "/sim/api/sms", `{"from":"+6281234567417","text":1}`, 400, "field text must be a JSON string"},
		{"id is a number", "POST", "/sim/api/sms", `{"from":"+6281234567417","text":"a","id":1}`, 400, "field id"},
		{"no text", "POST", "/sim/api/sms", `{"from":"+6281234567417"}`, 400, `"from" and "text"`},
		{"no from", "POST", "/sim/api/sms", `{"text":"a"}`, 400, `"from" and "text"`},
		{"from is no number", "POST", "/sim/api/sms", `{"from":"Bu Siti","text":"a"}`, 400, "not a phone number"},
		{"from is empty", "POST", "/sim/api/sms", `{"from":"","text":"a"}`, 400, "not a phone number"},
		{"id with NUL", "POST", "/sim/api/sms", `{"from":"+6281234567417","text":"a","id":"a\u0000"}`, 400, `"id"`},
		{"endless id", "POST", "/sim/api/sms", `{"from":"+6281234567417","text":"a","id":"` + strings.Repeat("a", 201) + `"}`, 400, `"id"`},
		{"too large", "POST", "/sim/api/sms", large, 413, "64 KB"},
		{"a phone that is none", "GET", "/sim/api/sms/siti", ``, 400, "not a phone number"},
		{"a phone with NUL", "GET", "/sim/api/sms/%00", ``, 400, "not a phone number"},
		{"clock without a moment", "POST", "/sim/api/clock", `{}`, 400, "either"},
		{"clock with both", "POST", "/sim/api/clock", `{"to":"2026-06-08T18:30:00+07:00","by":"1h"}`, 400, "either"},
		{"clock by hand", "POST", "/sim/api/clock", `{"to":"besok"}`, 400, "RFC 3339"},
		{"clock without a zone", "POST", "/sim/api/clock", `{"to":"2026-06-08T18:30:00"}`, 400, "RFC 3339"},
		{"clock by days", "POST", "/sim/api/clock", `{"by":"2 hari"}`, 400, "not a duration"},
		{"clock by a number", "POST", "/sim/api/clock", `{"by":36}`, 400, "field by"},
		{"clock to the end of time", "POST", "/sim/api/clock", `{"to":"9999-12-31T00:00:00Z"}`, 400, "three years"},
		{"clock large", "POST", "/sim/api/clock", large, 413, "64 KB"},
		{"chat without words", "POST", "/sim/api/chat", `{"from":"+6281234567417"}`, 400, `"text" or "contact"`},
		{"chat without from", "POST", "/sim/api/chat", `{"text":"a"}`, 400, `"from"`},
		{"press of nothing", "POST", "/sim/api/chat/press", `{"from":"+6281234567417","message":"m1"}`, 400, `"data"`},
		{"press with too much", "POST", "/sim/api/chat/press", `{"from":"+6281234567417","message":"m1","data":"` + strings.Repeat("a", 65) + `"}`, 400, `"data"`},
		{"press with NUL", "POST", "/sim/api/chat/press", `{"from":"+6281234567417","message":"m\u0000","data":"a"}`, 400, `"message"`},
		{"a file that is none", "GET", "/sim/static/..%2fsim.go", ``, 404, "no such file"},
	} {
		status, got := w.call(t, c.method, c.path, c.body)
		var said struct{ Error, Code string }
		if err := json.Unmarshal([]byte(got), &said); err != nil {
			t.Errorf("%s: the answer is not JSON: %s", c.name, got)
		}
		if status != c.status || !strings.Contains(said.Error, c.says) || said.Code == "" {
			t.Errorf("%s: %d %s, want %d with %q", c.name, status, got, c.status, c.says)
		}
	}
	for _, c := range [][2]string{{"GET", "/sim/api/sms"}, {"PUT", "/sim/api/clock"}, {"DELETE", "/sim/api/clock"}, {"POST", "/sim/api/sms/+6281234567417"}, {"POST", "/sim"}} {
		if status, _ := w.call(t, c[0], c[1], `{}`); status != http.StatusMethodNotAllowed {
			t.Errorf("%s %s: %d", c[0], c[1], status)
		}
	}
	if len(w.in) > 0 {
		t.Errorf("%d of them became turns, the first %+v", len(w.in), w.in[0])
	}
}

func TestHostileTextIsCleanedAndAnswered(t *testing.T) {
	w := newWorld(t)
	for name, text := range map[string]string{
		"NUL": "LA\x00POR", "emoji": "350rb 🙏👩‍👧", "right to left": "a\u202e\u2067b", "escape": "\x1b[31m\x07", "only NUL": "\x00\x00", "empty": "",
		"markup": "<script>alert(1)</script>", "SQL": "'; DROP TABLE person; --", "50 kB": strings.Repeat("panjang ", 6_400), "NIK": "3210076505900001",
	} {
		body, err := json.Marshal(map[string]string{"from": siti, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		before := len(w.in)
		if status, got := w.call(t, "POST", "/sim/api/sms", string(body)); status != 200 {
			t.Errorf("%s: %d %s", name, status, got)
			continue
		}
		in := w.in[len(w.in)-1]
		if len(w.in) != before+1 || !utf8.ValidString(in.Text) || strings.ContainsAny(in.Text, "\x00\x1b\u202e\u2067") || utf8.RuneCountInString(in.Text) > 1601 {
			t.Errorf("%s: the turn reads %q", name, in.Text)
		}
		if string(in.Raw) != text {
			t.Errorf("%s: kept %q", name, in.Raw)
		}
	}
	if status, got := w.call(t, "POST", "/sim/api/sms", "{\"from\":\""+siti+"\",\"text\":\"LAPOR \xff\xfe 350\"}"); status != 200 || !utf8.ValidString(w.in[len(w.in)-1].Text) {
		t.Errorf("bad UTF-8: %d %s", status, got)
	}
}

func TestWhatWasNotKeptIsSaidWithoutTheCause(t *testing.T) {
	w := newWorld(t)
	w.fail = errors.New("connection to 10.0.0.1 refused")
	status, got := w.call(t, "POST", "/sim/api/sms", `{"from":"+6281234567417","text":"ya","id":"m-1"}`)
	if status != http.StatusServiceUnavailable || strings.Contains(got, "10.0.0.1") {
		t.Errorf("%d %s", status, got)
	}
}

func TestChatHasButtonsEditsAndToasts(t *testing.T) {
	w := newWorld(t)
	if status, got := w.call(t, "POST", "/sim/api/chat", `{"from":"081234567417","text":"750rb"}`); status != 200 || got != `{"replies":[]}` {
		t.Fatalf("%d %s", status, got)
	}
	if in := w.in[0]; in.Channel != "telegram" || in.Via != channels.Telegram || in.From != "sim:"+siti || in.Kind != channels.Text {
		t.Errorf("the turn was given %+v", in)
	}
	if _, linked := w.links["sim:"+siti]; !linked {
		t.Error("the first message did not link the chat")
	}
	if status, got := w.call(t, "POST", "/sim/api/chat/press", `{"from":"081234567417","message":"m1","data":"o:m1:yes"}`); status != 200 {
		t.Fatalf("%d %s", status, got)
	}
	if in := w.in[1]; in.Kind != channels.Choice || in.Choice != "o:m1:yes" || in.Ref != "m1" {
		t.Errorf("the press is %+v", in)
	}
	_, chat := w.call(t, "GET", "/sim/api/chat/081234567417", "")
	const edited = `{"id":"m1","direction":"out","kind":"reply","text":"Tercatat Rp750.000 untuk 1-7 Jun.","at":"2026-06-07T17:10:20+07:00",` +
		`"buttons":[[{"label":"Ubah","data":"w:change"},{"label":"Tips","data":"w:tips"}]],"keys":[["Lapor jualan","Status bantuan"],["Jadwal","Minta ditolong"]],"edited":true}`
	if !strings.Contains(chat, edited) {
		t.Errorf("the chat shows %s", chat)
	}
	if _, got := w.call(t, "POST", "/sim/api/chat/press", `{"from":"081234567417","message":"lama","data":"o:x:lama"}`); got != `{"replies":[],"toast":"Tombol ini sudah tidak berlaku"}` {
		t.Errorf("a stale button: %s", got)
	}
	w.call(t, "POST", "/sim/api/chat", `{"from":"+6285711112222","text":"/start k7Qm2Zt9vB4xR1nL8pWc3A"}`)
	w.call(t, "POST", "/sim/api/chat", `{"from":"+6285711112222","contact":true}`)
	if _, linked := w.links["sim:+6285711112222"]; linked {
		t.Error("a chat that registers by a link was linked behind its back")
	}
	if in := w.in[len(w.in)-1]; in.Kind != channels.Contact || in.Phone != "+6285711112222" || !in.OwnPhone {
		t.Errorf("the shared number is %+v", in)
	}
	for prefer, body := range map[bool]string{true: `{"from":"081234567417","prefer":true}`, false: `{"from":"081234567417"}`} {
		if status, _ := w.call(t, "POST", "/sim/api/chat/link", body); status != 200 || w.links["sim:"+siti] != prefer {
			t.Errorf("prefer %v: %d", prefer, status)
		}
	}
}

func TestPhonesHaveNoChatWhereTelegramIsReal(t *testing.T) {
	w := newWorld(t, func(c *sim.Config) { c.RealTelegram = true })
	for _, c := range [][2]string{{"GET", "/sim/api/chat/+6281234567417"}, {"POST", "/sim/api/chat"}, {"POST", "/sim/api/chat/press"}, {"POST", "/sim/api/chat/link"}} {
		if status, got := w.call(t, c[0], c[1], `{"from":"+6281234567417","text":"a"}`); status != 404 || !strings.Contains(got, "chat_off") {
			t.Errorf("%s %s: %d %s", c[0], c[1], status, got)
		}
	}
	if _, got := w.call(t, "GET", "/sim/api/setup", ""); got != `{"ussd_path":"/channels/ussd/demo","ussd_code":"*123*77#","chat":false}` {
		t.Errorf("setup: %s", got)
	}
}

func TestStateTellsWhereTheClockGoesAndWhatIsNew(t *testing.T) {
	w := newWorld(t)
	if _, got := w.call(t, "GET", "/sim/api/state?mark="+url.QueryEscape("0-0"), ""); got != `{"now":"2026-06-07T17:10:20+07:00","mark":"0-0"}` {
		t.Errorf("nothing new: %s", got)
	}
	w.step = make(chan struct{})
	done := make(chan string, 2)
	for range 2 { // the second waits and counts from where the first ended
		go func() {
			_, got := w.call(t, "POST", "/sim/api/clock", `{"by":"2h"}`)
			done <- got
		}()
	}
	deadline := time.Now().Add(time.Minute)
	for {
		_, got := w.call(t, "GET", "/sim/api/state?mark=0-0", "")
		if strings.Contains(got, `"moving_to":"2026-06-07T`) && strings.Contains(got, `"kind":"prompt"`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the state never told of the move: %s", got)
		}
	}
	close(w.step)
	<-done
	<-done
	if now := w.Now(); now.Format("15:04") != "21:10" {
		t.Errorf("after twice 2 h it is %s", now)
	}
	if _, got := w.call(t, "GET", "/sim/api/state?mark=1-0", ""); strings.Contains(got, "moving_to") || strings.Contains(got, "log") {
		t.Errorf("after the move: %s", got)
	}
}

func TestAnotherSiteMayNotMoveTheClock(t *testing.T) {
	w := newWorld(t)
	r := httptest.NewRequest("POST", "/sim/api/clock", strings.NewReader(`{"by":"1h"}`))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	rec := httptest.NewRecorder()
	w.Routes().ServeHTTP(rec, r)
	if rec.Code != http.StatusForbidden || w.Now().Hour() != 17 {
		t.Errorf("answer %d, the clock says %s", rec.Code, w.Now())
	}
}

func TestSenders(t *testing.T) {
	w := newWorld(t)
	sms, chat := w.SMS(), w.Sim.Chat()
	if sms.Name() != "sim" || chat.Name() != "telegram" {
		t.Fatalf("named %s and %s", sms.Name(), chat.Name())
	}
	m := channels.Outbound{ID: "5a1d8c9e-0000-4000-8000-000000000001", To: siti, Via: channels.SMS, Text: "halo", Segments: 1}
	if s, err := sms.Send(t.Context(), m); err != nil || s.ProviderID != m.ID || s.Segments != 1 {
		t.Errorf("%+v %v", s, err)
	}
	for _, s := range []channels.Sender{sms, chat} {
		if _, found, err := s.(channels.Finder).Find(t.Context(), m); found || err != nil {
			t.Errorf("%s found %v %v", s.Name(), found, err)
		}
	}
	if _, err := chat.Send(t.Context(), m); err == nil {
		t.Error("a chat that is none was sent to")
	} else if kind, _ := channels.KindOf(err); kind != channels.Invalid {
		t.Errorf("refused as %s", kind)
	}
	m.To = "sim:" + siti
	if _, err := chat.Send(t.Context(), m); err != nil {
		t.Error(err)
	}
	w.fail = errors.New("no database")
	if _, err := chat.Send(t.Context(), m); err == nil {
		t.Error("sent without a database")
	} else if kind, _ := channels.KindOf(err); kind != channels.Temporary {
		t.Errorf("refused as %s", kind)
	}
}

// What no route takes is refused in the form of every other refusal.
func TestTheWrongMethodIsSaid(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"DELETE", "/sim/api/clock", 405, `{"error":"this address takes GET, HEAD, POST","code":"wrong_method"}`},
		{"GET", "/sim/api/sms", 405, `{"error":"this address takes POST","code":"wrong_method"}`},
		{"GET", "/sim/api/nothing", 404, `{"error":"there is nothing at this address","code":"not_found"}`},
	} {
		if status, body := w.call(t, tt.method, tt.path, ""); status != tt.status || body != tt.says {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, status, body)
		}
	}
}
