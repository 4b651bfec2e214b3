package e2e

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/fake"
)

// TestB19WhatsApp is the road where people are: free text and buttons within a day of her message, an approved template after
// it, and an SMS where there is none or where WhatsApp says that the day is over.
func TestB19WhatsApp(t *testing.T) {
	t.Parallel()
	const wa = "+6281100000009"
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	sid := d.Approve("tanya_minggu_v1", "Kabar ProKUS: {{1}} Balas pesan ini.")
	file := filepath.Join(t.TempDir(), "templates.yaml")
	if err := os.WriteFile(file, []byte("templates:\n  - {text: prompt.week, lang: id, sid: "+sid+", values: [text]}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, twilioEnv(d, "TWILIO_WHATSAPP_FROM="+wa, "TWILIO_TEMPLATES="+file), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", strings.ReplaceAll(strings.ReplaceAll(peopleList, "Tahun Lahir\n", "Tahun Lahir;Persetujuan\n"), ";1968", ";1968;2026-05-04"), 2)
	writes := func(text string) {
		t.Helper()
		if code, err := d.Receive(t.Context(), p.webhook(), "whatsapp:"+siti, "whatsapp:"+wa, text); err != nil || code != 200 {
			t.Fatalf("webhook answered %d, %v", code, err)
		}
	}
	next := 0
	gets := func(way, want string) fake.TwilioMessage {
		t.Helper()
		p.wait("«"+want+"»", waitLong, func() bool { return len(d.To(siti)) > next })
		got := d.To(siti)[next]
		next++
		if strings.HasPrefix(got.To, "whatsapp:") != (way == "whatsapp") || !strings.HasPrefix(got.Body, want) {
			t.Errorf("%s: %q", got.To, got.Body)
		}
		return got
	}
	writes("750rb") // from the number that the list has: nobody asks for a code
	got := gets("whatsapp", "Tercatat Rp750.000 untuk 1-7 Jun.")
	if len(got.Buttons) != 1 || got.Buttons[0].Title != "Ubah" {
		t.Errorf("buttons %+v", got.Buttons)
	}
	// A week later free text is not taken any more: the question leaves as the template.
	p.clock("2026-06-14T18:31:00+07:00")
	if got := gets("whatsapp", "Kabar ProKUS: Bu Siti, total uang jualan 8-14 Jun berapa?"); got.Template != "tanya_minggu_v1" {
		t.Errorf("template %q", got.Template)
	}
	// The reminder has none.
	p.clock("2026-06-15T12:31:00+07:00")
	gets("sms", "Bu Siti")
	// She writes, and WhatsApp says all the same that the day is over.
	code, err := d.Receive(t.Context(), p.webhook(), "whatsapp:"+siti, "whatsapp:"+wa, "status")
	if err != nil || code != 200 {
		t.Fatal(code, err)
	}
	gets("whatsapp", "Bu Siti, belum ada catatan bantuan.")
	next = len(d.To(siti))
	req := d.Inbound(p.webhook(), "whatsapp:"+siti, "whatsapp:"+wa, "jadwal")
	d.CloseWindow(siti)
	if resp, err := sendNow(req); err != nil || resp != 200 {
		t.Fatal(resp, err)
	}
	gets("whatsapp", "")
	refused := next - 1
	p.wait("the double to say that the day is over", waitLong, func() bool { return d.To(siti)[refused].ErrorCode == 63016 })
	if got := gets("sms", ""); got.Body == "" {
		t.Error("nothing by SMS")
	}
}

// TestB19ATemplateThatWhatsAppRefuses is never sent: the question takes the next road, and the page of channels says why.
func TestB19ATemplateThatWhatsAppRefuses(t *testing.T) {
	t.Parallel()
	const wa = "+6281100000009"
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	sid := d.Approve("tanya_minggu_v1", "Kabar ProKUS: {{1}} Balas pesan ini.")
	d.Disapprove(sid, "rejected")
	file := filepath.Join(t.TempDir(), "templates.yaml")
	if err := os.WriteFile(file, []byte("templates:\n  - {text: prompt.week, lang: id, sid: "+sid+", values: [text]}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := start(t, twilioEnv(d, "TWILIO_WHATSAPP_FROM="+wa, "TWILIO_TEMPLATES="+file), "--empty", "--clock", "2026-06-07T12:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", strings.ReplaceAll(strings.ReplaceAll(peopleList, "Tahun Lahir\n", "Tahun Lahir;Persetujuan\n"), ";1968", ";1968;2026-05-04"), 2)
	if code, err := d.Receive(t.Context(), p.webhook(), "whatsapp:"+siti, "whatsapp:"+wa, "status"); err != nil || code != 200 {
		t.Fatal(code, err)
	}
	page := p.logIn("Nani")
	p.wait("the page of channels to tell it", waitLong, func() bool { return strings.Contains(page("/saluran"), "prompt.week (id): ditolak WhatsApp") })
	p.clock("2026-06-14T18:31:00+07:00")
	p.wait("the question", waitLong, func() bool {
		return slices.ContainsFunc(d.To(siti), func(m fake.TwilioMessage) bool { return strings.Contains(m.Body, "total uang jualan 8-14 Jun berapa?") })
	})
	for _, m := range d.To(siti) {
		if m.Template == "tanya_minggu_v1" || strings.Contains(m.Body, "8-14 Jun berapa?") && strings.HasPrefix(m.To, "whatsapp:") {
			t.Errorf("by WhatsApp: %+v", m)
		}
	}
}

// TestA16PicturesByWhatsApp: the photo of a receipt stands on her page, her voice in the case that it opened, both fetched from
// Twilio with the account's own credentials; a film is answered with words.
func TestA16PicturesByWhatsApp(t *testing.T) {
	t.Parallel()
	const wa = "+6281100000009"
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	p := start(t, twilioEnv(d, "TWILIO_WHATSAPP_FROM="+wa), "--empty", "--clock", "2026-06-11T09:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	p.imports("grants", "Kode;Tahap;Tanggal;Jumlah;Bank;Akhiran Rekening;Catatan\n482919;cair;2026-06-01;3500000;BRI;4417;\n", 1)
	sends := func(form url.Values, want string) {
		t.Helper()
		for range 2 { // Twilio repeats what it was not sure of
			if code, err := sendNow(d.Request(p.webhook(), form)); err != nil || code != http.StatusOK {
				t.Fatalf("webhook answered %d, %v", code, err)
			}
		}
		p.wait("«"+want+"»", waitLong, func() bool {
			return slices.ContainsFunc(d.To(siti), func(m fake.TwilioMessage) bool { return strings.Contains(m.Body, want) })
		})
	}
	her := func(text, kind string, content []byte) url.Values {
		return d.MediaForm("whatsapp:"+siti, "whatsapp:"+wa, text, kind, content)
	}
	says := func(text, want string) {
		t.Helper()
		sends(d.InboundForm("whatsapp:"+siti, "whatsapp:"+wa, text, ""), want)
	}
	receipt := []byte("\xff\xd8\xff\xe0" + strings.Repeat("nota", 300))
	sends(her("", "image/jpeg", receipt), "Ini nota belanja bantuan?")
	says("ya", "Berapa jumlahnya?")
	says("350rb", "Dicatat Rp350.000.")
	voice := []byte("OggS\x00\x02" + strings.Repeat("suara", 400))
	sends(her("", "audio/ogg", voice), "Suara Ibu sudah kami terima")
	sends(her("", "video/mp4", []byte("film")), "hanya bisa membaca tulisan")
	if n := d.Fetched(); n != 0 {
		t.Errorf("%d files fetched before anybody looked", n)
	}
	office := p.logIn("Dedi")
	_, link, ok := strings.Cut(office("/orang/482919"), `href="/nota/`)
	link, _, _ = strings.Cut(link, `"`)
	if !ok || office("/nota/"+link) != string(receipt) {
		t.Errorf("the photo of her receipt is not on her page (%q)", link)
	}
	if !heard(t, office, voice) {
		t.Error("her TKSK cannot hear her voice")
	}
}

// sendNow sends a request that was made before.
func sendNow(r *http.Request) (int, error) {
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
