package sim_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/sim"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const (
	siti = "+6281234567417"
	dedi = "+6281234567001"
)

var errPast = errors.New("that moment has passed")

// world is a programme that fits into a test: it answers every message, and keeps what phones show.
type world struct {
	*sim.Sim
	mu     sync.Mutex
	clock  time.Time
	step   chan struct{} // Advance waits for it where it is set
	inbox  map[string]int64
	in     []channels.Inbound
	causes map[int64][]sim.Sent
	sms    map[string][]sim.Message
	chats  map[string][]sim.ChatMessage
	links  map[string]bool // chat → preferred
	log    []sim.Sent
	people []sim.Owner
	fail   error
}

func newWorld(t testing.TB, change ...func(*sim.Config)) *world {
	t.Helper()
	w := &world{
		clock: time.Date(2026, 6, 7, 17, 10, 20, 345e6, prokus.Zone("")), inbox: map[string]int64{}, causes: map[int64][]sim.Sent{},
		sms: map[string][]sim.Message{}, chats: map[string][]sim.ChatMessage{}, links: map[string]bool{},
		people: []sim.Owner{
			{Number: dedi, Name: "Dedi Kurnia", Role: "tksk", Area: "Maja", Lang: "id"},
			{Number: "+6281234567002", Name: "Rina Hartati", Role: "mentor", Area: "Maja", Lang: "id"},
			{Number: siti, Name: "Siti Aminah", Role: "penerima", Area: "Maja", Code: "482919", Consent: "ya", Lang: "id"},
			{Number: "+6281234567418", Name: "Ani Suryani", Role: "penerima", Area: "Maja", Code: "173609", Consent: "diundang", Lang: "su"},
		},
	}
	c := sim.Config{
		Handler: w, Clock: w, Mover: w, Settler: w, Store: w, IsBackwards: func(err error) bool { return errors.Is(err, errPast) },
		USSDPath: "/channels/ussd/demo", USSDCode: "*123*77#",
	}
	for _, f := range change {
		f(&c)
	}
	s, err := sim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	w.Sim = s
	return w
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

// Advance sends the weekly question when a Sunday 18.30 lies on the way.
func (w *world) Advance(_ context.Context, to time.Time) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if to.Before(w.clock) {
		return 0, errPast
	}
	sunday := time.Date(2026, 6, 7, 18, 30, 0, 0, prokus.Zone(""))
	n := 0
	if w.clock.Before(sunday) && !to.Before(sunday) {
		w.clock = sunday
		n = 1
		w.send(siti, "prompt", "Bu Siti, total uang jualan 1-7 Jun berapa? Belum dipotong modal. Balas angka saja, misal 87rb. Libur balas 0. Gratis. -Pak Dedi, TKSK", 0)
	}
	if w.step != nil {
		w.mu.Unlock()
		<-w.step
		w.mu.Lock()
	}
	w.clock = to
	return n, nil
}

func (w *world) Settle(context.Context, int64) error { return nil }

// send keeps an SMS that left.
func (w *world) send(to, kind, text string, cause int64) {
	name, role := "", ""
	for _, p := range w.people {
		if p.Number == to {
			name, role = p.Name, p.Role
		}
	}
	m := sim.Sent{ID: fmt.Sprint(len(w.log)), To: to, Text: text, At: w.clock, Segments: sim.Segments(text), Via: channels.SMS, Kind: kind, Who: name, Role: role}
	w.log = slices.Insert(w.log, 0, m)
	w.sms[to] = append(w.sms[to], sim.Message{Direction: sim.Out, Text: text, At: w.clock, Segments: m.Segments, Kind: kind})
	if cause != 0 {
		w.causes[cause] = append(w.causes[cause], m)
	}
}

// Handle answers an SMS, and tells Pak Dedi when somebody asks for help. A chat gets a question with buttons.
func (w *world) Handle(ctx context.Context, in channels.Inbound) (channels.Reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return channels.Reply{}, w.fail
	}
	if id, known := w.inbox[in.Channel+in.ID]; known {
		return channels.Reply{Repeated: true, Inbox: id}, nil
	}
	w.in = append(w.in, in)
	id := int64(len(w.in))
	w.inbox[in.Channel+in.ID] = id
	r := channels.Reply{Inbox: id}
	if in.Via == channels.SMS {
		w.sms[in.From] = append(w.sms[in.From], sim.Message{Direction: sim.In, Text: in.Text, At: w.clock, Segments: sim.Segments(in.Text), Kind: "reply"})
		w.send(in.From, "reply", "Tercatat "+in.Text+" untuk 1-7 Jun. Salah? Balas UBAH lalu angkanya.", id)
		if strings.EqualFold(in.Text, "tolong") {
			w.send(dedi, "alert", "PENTING: Siti Aminah 482919 Ds Cengal minta ditelepon hari ini. HP 081234567417. Balas H1 bila sudah dihubungi.", id)
		}
		return r, nil
	}
	w.chats[in.From] = append(w.chats[in.From], sim.ChatMessage{Direction: sim.In, Kind: string(in.Kind), Text: in.Text + in.Choice, At: w.clock})
	switch {
	case in.Kind == channels.Choice && strings.HasSuffix(in.Choice, ":lama"):
		r.Toast = "Tombol ini sudah tidak berlaku"
	case in.Kind == channels.Choice:
		r.EditText, r.EditButtons = "Tercatat Rp750.000 untuk 1-7 Jun.", [][]channels.Button{{{Label: "Ubah", Data: "w:change"}, {Label: "Tips", Data: "w:tips"}}}
		w.chats[in.From] = append(w.chats[in.From], sim.ChatMessage{ID: "lama", Direction: sim.Out, Kind: "reply", Text: "Mau saran usaha?", At: w.clock,
			Buttons: [][]channels.Button{{{Label: "Ya", Data: "o:x:lama"}}}})
	default:
		w.chats[in.From] = append(w.chats[in.From], sim.ChatMessage{ID: "m1", Direction: sim.Out, Kind: "reply", At: w.clock,
			Text:    "Maksud Ibu Rp750.000 (750 ribu)?",
			Buttons: [][]channels.Button{{{Label: "Ya, benar", Data: "o:m1:yes"}, {Label: "Bukan", Data: "o:m1:no"}}},
			Keys:    [][]string{{"Lapor jualan", "Status bantuan"}, {"Jadwal", "Minta ditolong"}}})
	}
	return r, nil
}

func (w *world) Phone(_ context.Context, number string) ([]sim.Message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sms[number]), nil
}

func (w *world) Caused(_ context.Context, inbox int64) ([]sim.Sent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.causes[inbox]), nil
}

func (w *world) Chat(_ context.Context, chat string) ([]sim.ChatMessage, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.chats[chat]), nil
}

func (w *world) People(_ context.Context, find string, limit int) ([]sim.Owner, error) {
	var out []sim.Owner
	for _, p := range w.people {
		if strings.Contains(strings.ToLower(p.Name), strings.ToLower(find)) || strings.Contains(p.Number, find) {
			out = append(out, p)
		}
	}
	return out[:min(len(out), limit)], nil
}

func (w *world) Mark(context.Context) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprint(len(w.log), "-", len(w.in)), nil
}

func (w *world) Log(_ context.Context, limit int) ([]sim.Sent, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log[:min(len(w.log), limit)]), nil
}

func (w *world) LinkChat(_ context.Context, _, chat string, prefer bool, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.links[chat] = w.links[chat] || prefer
	return nil
}

func (w *world) PreferPhone(_ context.Context, number string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.links["sim:"+number] = false
	return nil
}

func (w *world) KeepCard(context.Context, sim.Card) error { return w.fail }

func (w *world) EditCard(_ context.Context, chat string, c sim.Card, _ time.Time) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.chats[chat] {
		if m := &w.chats[chat][i]; m.ID == c.Message {
			m.Text, m.Buttons, m.Edited = c.Text, c.Buttons, true
			return true, nil
		}
	}
	return false, nil
}

// call asks the simulator and returns the status and the body without its last line feed.
func (w *world) call(t testing.TB, method, path, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	rec := httptest.NewRecorder()
	w.Routes().ServeHTTP(rec, r)
	b, err := io.ReadAll(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Code, strings.TrimSuffix(string(b), "\n")
}

// ussd is a gateway's route with two screens.
func ussd(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	switch r.FormValue("text") {
	case "":
		fmt.Fprint(w, "CON Bu Siti, pilih:\n1 Lapor jualan\n2 Status bantuan\n3 Jadwal bimbingan\n4 Minta ditolong\n5 Lainnya\n0 Keluar")
	case "1":
		fmt.Fprint(w, "CON Jualan 1-7 Jun (ribuan)\nContoh 87 = 87 ribu\n9 Libur\n0 Kembali")
	default:
		fmt.Fprint(w, "END Tercatat Rp750.000 untuk 1-7 Jun. Terima kasih Bu Siti.")
	}
}
