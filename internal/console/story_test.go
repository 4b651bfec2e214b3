package console_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// plain is a page as it is read.
func plain(page string) string {
	_, main, _ := strings.Cut(page, "<main")
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(main, " ")), " ")
}

// Why did she not get it? One page tells it, from the rule that made the message to what follows.
func TestTheStoryOfAMessage(t *testing.T) {
	w := newWorld(t)
	siti := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	nani, dedi := w.as("nani"), w.as("dedi")
	db, err := postgres.Open(w.pool)
	if err != nil {
		t.Fatal(err)
	}
	message := func(columns, values string) (id string) {
		w.scan(&id, `INSERT INTO outbox (person_id, lane, text_key, not_before, created_at, `+columns+`) VALUES ($1, 3, 'week.remind', '2026-06-09 07:00+07', '2026-06-08 21:00+07', `+values+`) RETURNING id::text`, siti)
		return id
	}
	event := func(id, at, what, state, code, until string) {
		w.exec(`INSERT INTO outbox_event (outbox_id, channel, what, state, code, at, until) VALUES ($1, 'twilio', $2, $3, $4, $5, nullif($6, '')::timestamptz)`, id, what, state, code, at, until)
	}
	// A reminder that waited for the morning, met a phone that was off, and was refused in the end.
	id := message("key, kind, state, said, via, recipient, channel, provider_id, error_kind, error, attempts", `'week.remind1:1:2026-W23', 'reminder', 'failed', 'Bu Siti, total uang jualan minggu ini?', 'sms', '+6281234567417', 'twilio', 'SM1', 'blocked', '21610', 2`)
	event(id, "2026-06-08 21:00+07", "judged", "wait", "quiet_hours", "2026-06-09 07:00+07")
	event(id, "2026-06-09 07:00+07", "attempt", "", "", "")
	event(id, "2026-06-09 07:00+07", "refused", "outofreach", "30003", "2026-06-09 08:00+07")
	event(id, "2026-06-09 08:00+07", "attempt", "", "", "")
	event(id, "2026-06-09 08:00+07", "sent", "", "", "")
	event(id, "2026-06-09 08:01+07", "status", "undelivered", "21610", "")
	for _, x := range []channels.Exchange{
		{Message: id, What: channels.ExchangeSend, Request: "POST api.twilio.com/2010-04-01/Accounts/…/Messages.json, 312 B", HTTP: 400, Outcome: "outofreach", Code: "30003", Took: 420 * time.Millisecond},
		{Message: id, What: channels.ExchangeSend, HTTP: 201, Outcome: "accepted", ProviderID: "SM1"},
		{What: channels.ExchangeStatus, Outcome: "undelivered", Code: "21610", ProviderID: "SM1"},
	} {
		x.Channel, x.At = "twilio", noon
		if err := db.RecordExchange(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	got := nani.get("/pesan/" + id)
	page := plain(got.body)
	for _, want := range []string{
		"Mengapa pesan ini tidak sampai?", "Bu Siti, total uang jualan minggu ini?", "Siti Aminah", "...417",
		"Disusun Sen 8 Jun 21.00 : Pengingat pertama bagi yang belum lapor", "Ditahan Sen 8 Jun 21.00 Menunggu jam tenang selesai. Dilihat lagi Sel 9 Jun 07.00.",
		"Percobaan ke-1 Sel 9 Jun 07.00 lewat Twilio.", "Ditolak Sel 9 Jun 07.00 Twilio: HP tidak terjangkau (kode 30003). Dicoba lagi Sel 9 Jun 08.00.",
		"Percobaan ke-2", "Diterima operator Sel 9 Jun 08.00 Twilio menerimanya untuk diantar.", "Laporan operator Sel 9 Jun 08.01 tidak sampai di HP (kode 21610).",
		"Selanjutnya Alamat ini tidak dipakai lagi sampai orangnya menulis. Pendamping mendapat kasus “Nomor mati”.",
		"Diserahkan, Twilio POST api.twilio.com/2010-04-01/Accounts/…/Messages.json, 312 B HP tidak terjangkau HTTP 400 30003 – 0,4", "Laporan, Twilio tidak sampai di HP 21610 SM1",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if got.status != http.StatusOK || t.Failed() {
		t.Fatalf("%d %s", got.status, page)
	}
	if strings.Contains(got.body, "6281234567417") || strings.Contains(got.body, "081234567417") {
		t.Error("the page shows the number")
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what = 'lihat pesan' AND about = $1 AND staff_id = $2`, id, w.staff["nani"]); n != 1 {
		t.Errorf("%d audit rows of the reader, want 1", n)
	}
	// Every other end has a sentence of its own.
	for state, want := range map[string]string{
		"'queued', '', ''": "Dikirim sebentar lagi", "'queued', 'wait', 'quiet_hours'": "Diperiksa lagi Sel 9 Jun 07.00", "'queued', 'temporary', 'http503'": "Dicoba lagi Sel 9 Jun 07.00",
		"'sending', '', ''": "Bila satu menit tanpa jawaban", "'sent', '', ''": "paling lama 72 jam", "'delivered', '', ''": "Selesai.", "'unknown', '', ''": "Tidak diketahui sampai atau tidak",
		"'failed', 'invalid', '21211'": "Periksa nomornya", "'failed', 'fail', 'text'": "Laporkan kepada pengelola", "'failed', 'temporary', 'http503'": "Sudah dicoba 3 kali", "'skipped', 'skip', 'cap'": "Sudah cukup pesan minggu ini",
		"'cancelled', 'cancel', 'reported'": "Pesan ini tidak akan dikirim lagi",
	} {
		id := message("kind, attempts, state, error_kind, error", "'reminder', 3, "+state)
		if page := plain(nani.get("/pesan/" + id).body); !strings.Contains(page, want) {
			t.Errorf("%s: %s", state, page)
		}
	}
	for path, want := range map[string]int{"/pesan/" + id: http.StatusForbidden, "/pesan/x": http.StatusForbidden} {
		if got := dedi.get(path); got.status != want {
			t.Errorf("the TKSK opens %s: %d", path, got.status)
		}
	}
	for _, path := range []string{"/pesan/x", "/pesan/1", "/pesan/" + strings.ToUpper(id), fmt.Sprintf("/pesan/%s%%00", id)} {
		if got := nani.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, got.status)
		}
	}
	// The way to it: the person's page and the list.
	for _, from := range []string{"/orang/482919", "/pesan"} {
		if !strings.Contains(nani.get(from).body, `href="/pesan/`+id+`"`) {
			t.Errorf("%s does not lead to the message", from)
		}
	}
}
