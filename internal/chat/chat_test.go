package chat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

const siti = "+6281234567417"

// server is a demo as the terminal phone sees it.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	sms      []map[string]any
	chat     []map[string]any
	asked    []string // every change that was asked for
	noUSSD   bool
	realChat bool
}

func newServer(t *testing.T) *server {
	s := &server{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/api/setup", func(w http.ResponseWriter, _ *http.Request) {
		path := "/channels/ussd/demo"
		if s.noUSSD {
			path = ""
		}
		answer(w, map[string]any{"ussd_path": path, "ussd_code": "*123*77#", "chat": !s.realChat})
	})
	mux.HandleFunc("GET /sim/api/clock", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"now":"2026-06-07T18:30:00+07:00"}`) })
	mux.HandleFunc("GET /sim/api/people", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, []map[string]any{{"name": "Siti Aminah", "role": "penerima", "number": siti}, {"name": "Ani", "number": "+6281234567418"}})
	})
	mux.HandleFunc("GET /sim/api/state", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		answer(w, map[string]any{"mark": fmt.Sprint(len(s.sms), "-", len(s.chat))})
	})
	list := func(of *[]map[string]any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.PathValue("number"), "81234567417") {
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{"error":"not a phone number","code":"bad_input"}`)
				return
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			answer(w, *of)
		}
	}
	mux.HandleFunc("GET /sim/api/sms/{number}", list(&s.sms))
	mux.HandleFunc("GET /sim/api/chat/{number}", list(&s.chat))
	mux.HandleFunc("POST /sim/api/", s.change)
	mux.HandleFunc("POST /channels/ussd/demo", func(w http.ResponseWriter, r *http.Request) {
		s.note("ussd " + r.FormValue("phoneNumber") + " " + r.FormValue("text"))
		if r.FormValue("text") == "1*750" {
			fmt.Fprint(w, "END Tercatat Rp750.000. Terima kasih Bu Siti.")
			return
		}
		fmt.Fprint(w, "CON Bu Siti, pilih:\n1 Lapor jualan\n0 Keluar")
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func answer(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

func (s *server) note(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, what)
}

func (s *server) change(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	s.note(strings.TrimPrefix(r.URL.Path, "/sim/api/") + " " + string(body))
	s.mu.Lock()
	defer s.mu.Unlock()
	var in struct{ Text string }
	_ = json.Unmarshal(body, &in)
	at := "2026-06-07T18:31:00+07:00"
	switch r.URL.Path {
	case "/sim/api/clock":
		if strings.Contains(string(body), "-1h") {
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `{"error":"the clock never runs backwards","code":"backwards"}`)
			return
		}
		s.sms = append(s.sms, map[string]any{"direction": "out", "text": "Bu Siti, laporan belum masuk.", "at": "2026-06-08T12:30:00+07:00", "segments": 1, "kind": "reminder"})
		fmt.Fprint(w, `{"now":"2026-06-09T06:30:00+07:00","delivered":4}`)
	case "/sim/api/sms":
		s.sms = append(s.sms, map[string]any{"direction": "in", "text": in.Text, "at": at, "segments": 1, "kind": "reply"},
			map[string]any{"direction": "out", "text": "Tercatat " + in.Text + "\x1b[2J", "at": at, "segments": 1, "kind": "reply"})
		fmt.Fprintf(w, `{"replies":[{"to":%q,"text":"Tercatat"},{"to":"+6281234567001","text":"PENTING: Siti minta ditelepon"}]}`, siti)
	case "/sim/api/chat":
		s.chat = append(s.chat, map[string]any{"direction": "in", "kind": "text", "text": in.Text, "at": at},
			map[string]any{"id": "m1", "direction": "out", "kind": "reply", "text": "Maksud Ibu Rp750.000?", "at": at, "ask_phone": "Bagikan nomor saya",
				"buttons": [][]map[string]string{{{"label": "Ya", "data": "o:m1:yes"}, {"label": "Bukan", "data": "o:m1:no"}}}, "keys": [][]string{{"Lapor jualan", "Jadwal"}}})
		fmt.Fprint(w, `{"replies":[]}`)
	case "/sim/api/chat/press":
		s.chat[len(s.chat)-1]["text"], s.chat[len(s.chat)-1]["edited"] = "Tercatat Rp750.000.", true
		fmt.Fprint(w, `{"replies":[],"toast":"Tersimpan"}`)
	}
}

// talk types lines and returns what stood on the screen.
func talk(t *testing.T, s *server, channel string, typed ...string) string {
	t.Helper()
	var out bytes.Buffer
	err := Run(t.Context(), Options{Server: s.URL, As: siti, Channel: channel, In: strings.NewReader(strings.Join(typed, "\n")), Out: &out})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// inOrder reports the first of the pieces that does not follow the others.
func inOrder(t *testing.T, screen string, pieces ...string) {
	t.Helper()
	rest := screen
	for _, p := range pieces {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Fatalf("%q does not follow in\n%s", p, screen)
		}
		rest = after
	}
}

func TestSMSInTheTerminal(t *testing.T) {
	s := newServer(t)
	s.sms = []map[string]any{{"direction": "out", "text": "Salam Bu Siti. " + strings.Repeat("Ini KABAR. ", 9), "at": "2026-06-06T09:00:00+07:00", "segments": 1, "kind": "invitation"}}
	screen := talk(t, s, "", "750rb", ":clock", ":clock +36h", ":clock -1h", ":apa", "")
	inOrder(t, screen, "HP Siti Aminah, +6281234567417. Jam program Min 7 Jun 2026 18.30 WIB.",
		"── Sab 6 Jun 2026 ──", "09.00 KABAR (undangan · 1 SMS)\n  Salam Bu Siti.", "\n  KABAR.",
		"── Min 7 Jun 2026 ──", "18.31 Anda\n  750rb\n", "18.31 KABAR (jawaban · 1 SMS)\n  Tercatat 750rb[2J\n", "→ ke +6281234567001: PENTING",
		"Jam program Min 7 Jun 2026 18.30 WIB.", "Jam program Sel 9 Jun 2026 06.30 WIB. 4 pesan keluar.", "── Sen 8 Jun 2026 ──", "12.30 KABAR (pengingat · 1 SMS)",
		"Belum berhasil: the clock never runs backwards", "Perintah tidak dikenal: :apa")
	if strings.Contains(screen, "\x1b") {
		t.Error("a message could command the terminal")
	}
	for line := range strings.Lines(screen) {
		if strings.HasPrefix(line, "  ") && len(line) > textWidth+1 {
			t.Errorf("a line of %d columns: %s", len(line), line)
		}
	}
	if got := strings.Join(s.asked, "|"); got != `sms {"from":"+6281234567417","text":"750rb"}|clock {"by":"36h"}|clock {"by":"-1h"}` {
		t.Errorf("asked %s", got)
	}
}

func TestUSSDInTheTerminal(t *testing.T) {
	s := newServer(t)
	screen := talk(t, s, "ussd", "1", "*123*77#", "1", ":switch sms", ":switch ussd", "*123*77*1*750#", "*123*77#")
	inOrder(t, screen, "Tekan *123*77#", "Belum berhasil: Tekan *123*77# dulu.",
		"┌──────────────────────────────────────┐\n│ Bu Siti, pilih:                      │\n│ 1 Lapor jualan                       │\n│ 0 Keluar                             │\n└─ 39 dari 182 huruf ",
		"Sekarang lewat SMS.", "Sekarang lewat USSD.", "│ Tercatat Rp750.000. Terima kasih Bu  │\n│ Siti.                                │\n└─ 41 dari 182 huruf · sesi selesai ", "│ Bu Siti, pilih:")
	want := "ussd +6281234567417 |ussd +6281234567417 1|ussd +6281234567417 1*750|ussd +6281234567417 "
	if got := strings.Join(s.asked, "|"); got != want {
		t.Errorf("asked %s", got)
	}
}

// A service code typed between messages is dialled, as a phone does; when the session is over she is back where she was.
func TestDiallingBetweenMessages(t *testing.T) {
	s := newServer(t)
	screen := talk(t, s, "sms", "*123*77*1*750#", "750rb", "")
	inOrder(t, screen, "│ Tercatat Rp750.000. Terima kasih Bu  │", "sesi selesai", "18.31 Anda\n  750rb\n")
	if got := strings.Join(s.asked, "|"); got != `ussd +6281234567417 1*750|sms {"from":"+6281234567417","text":"750rb"}` {
		t.Errorf("asked %s", got)
	}
}

func TestChatInTheTerminal(t *testing.T) {
	s := newServer(t)
	screen := talk(t, s, "telegram", "750", ":3", ":switch sms", ":switch telegram", ":1", ":share", ":quit", "never")
	inOrder(t, screen, "Sekarang lewat chat.", "18.31 Anda\n  750", "18.31 KABAR (chat · jawaban)\n  Maksud Ibu Rp750.000?\n  :1 [Ya]  :2 [Bukan]\n  :share {Bagikan nomor saya}\n  Papan tombol: {Lapor jualan} {Jadwal}",
		"Tidak ada tombol nomor 3.", "Sekarang lewat SMS.\nBelum ada pesan.", "Sekarang lewat chat.", "  :1 [Ya]  :2 [Bukan]", "18.31 KABAR (chat · jawaban · diubah)\n  Tercatat Rp750.000.", "(pemberitahuan) Tersimpan")
	want := `chat {"from":"+6281234567417","text":"750"}|chat/press {"data":"o:m1:yes","from":"+6281234567417","message":"m1"}|chat {"contact":true,"from":"+6281234567417"}`
	if got := strings.Join(s.asked, "|"); got != want {
		t.Errorf("asked %s", got)
	}
}

func TestWhatCannotBeginSaysWhy(t *testing.T) {
	s := newServer(t)
	away := httptest.NewServer(http.NotFoundHandler())
	away.Close()
	strange := httptest.NewServer(http.NotFoundHandler())
	defer strange.Close()
	for _, c := range []struct{ server, as, channel, want string }{
		{s.URL, "Bu Siti", "", "not a phone number"},
		{s.URL, siti, "fax", "Perintah tidak dikenal: fax"},
		{away.URL, siti, "", "does not answer"},
		{strange.URL, siti, "", "is it a demo of Kabar?"},
	} {
		err := Run(t.Context(), Options{Server: c.server, As: c.as, Channel: c.channel, In: strings.NewReader(""), Out: io.Discard})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %q", c.as, c.channel, err, c.want)
		}
	}
	s.noUSSD, s.realChat = true, true
	for channel, want := range map[string]string{ussd: "tidak punya USSD", telegram: "Telegram yang asli"} {
		err := Run(t.Context(), Options{Server: s.URL, As: siti, Channel: channel, In: strings.NewReader(""), Out: io.Discard})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", channel, err)
		}
	}
}

// screen collects what is written while the test reads it.
type screen struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// keys types what the test sends.
type keys chan string

func (k keys) ReadLine() (string, error) {
	line, ok := <-k
	if !ok {
		return "", io.EOF
	}
	return line, nil
}

// At a terminal what is typed stands there already, and what comes meanwhile is shown by itself.
func TestMessagesArriveWhileNobodyTypes(t *testing.T) {
	s := newServer(t)
	out := &screen{}
	p := &phone{client: newClient(s.URL, siti), paper: paper{out: out, colour: true}, words: loadWords(), channel: sms, quiet: true}
	if err := p.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	typing := make(keys)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- p.loop(ctx, typing, func() {}) }()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	until := func(words string) {
		for !strings.Contains(out.String(), words) {
			if ctx.Err() != nil {
				t.Fatalf("%q never came:\n%s", words, out)
			}
			<-look.C
		}
	}
	typing <- "750rb"
	until("→ ke +6281234567001") // the turn is over
	s.mu.Lock()
	s.sms = append(s.sms, map[string]any{"direction": "out", "text": "Kabar baik: bantuan masuk.", "at": "2026-06-07T18:40:00+07:00", "segments": 1, "kind": "notice"})
	s.mu.Unlock()
	until("Kabar baik: bantuan masuk.")
	close(typing)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Contains(got, "Anda") || !strings.Contains(got, green) || strings.Count(got, "Kabar baik") != 1 {
		t.Errorf("the screen shows\n%s", got)
	}
}

func TestEveryWordIsThere(t *testing.T) {
	w := loadWords()
	for _, key := range []string{"head", "help", "prompt.sms", "prompt.ussd", "prompt.telegram", "reply", "invitation", "prompt", "reminder", "notice", "mentoring",
		"alert", "digest", "escalation", "broadcast", "receipt"} {
		if w[key] == "" {
			t.Errorf("no words for %s", key)
		}
	}
}
