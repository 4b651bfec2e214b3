package twilio_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// talking is an adapter before a double to which she has just written by WhatsApp.
func talking(t *testing.T) (*twilio.Adapter, *fake.Twilio) {
	a, d := sending(t, nil)
	d.InboundForm("whatsapp:"+siti, "whatsapp:"+ours, "halo", "")
	return a, d
}

func byWhatsApp(text string, buttons ...string) channels.Outbound {
	m := outbound()
	m.Via, m.Text = channels.WhatsApp, text
	for i, label := range buttons {
		key := string(rune('1' + i))
		m.Buttons = append(m.Buttons, []channels.Button{{Label: label, Data: "o:" + message + ":" + key, Key: key}})
	}
	return m
}

func last(t *testing.T, d *fake.Twilio) fake.TwilioMessage {
	t.Helper()
	all := d.Messages()
	if len(all) == 0 {
		t.Fatal("nothing was sent")
	}
	return all[len(all)-1]
}

// Up to three short buttons are quick replies, and come back as what they stand for; others are written out.
func TestWhatsAppQuickReplies(t *testing.T) {
	a, d := talking(t)
	for range 3 { // one content serves all messages with the same labels
		if _, err := a.Send(t.Context(), byWhatsApp("Bu Siti, jadi datang?\nBalai desa", "Ya", "Tidak")); err != nil {
			t.Fatal(err)
		}
	}
	got := last(t, d)
	if got.Body != "Bu Siti, jadi datang?\nBalai desa" || !slices.Equal(got.Buttons, []fake.TwilioButton{{Title: "Ya", Payload: "o:" + message + ":1"}, {Title: "Tidak", Payload: "o:" + message + ":2"}}) || d.Contents() != 1 {
		t.Errorf("%+v, %d contents", got, d.Contents())
	}
	k := &channelstest.Keeper{}
	in := adapter(t, config(&log{}), k, &statuses{}).Messages()
	if w := post(in, d.Request(public+twilio.MessagesPath, d.Press("whatsapp:"+siti, "whatsapp:"+ours, "Tidak", got.SID))); w.Code != 200 {
		t.Fatalf("answer %d", w.Code)
	}
	if in := k.Last(); in.Kind != channels.Choice || in.Choice != "o:"+message+":2" || in.Ref != got.SID || in.From != siti || in.Via != channels.WhatsApp {
		t.Errorf("pressed: %+v", in)
	}
	// A button of an approved template carries words of its author's: they are read as words.
	f := d.InboundForm("whatsapp:"+siti, "whatsapp:"+ours, "Ikut", "")
	f.Set("ButtonText", "Ikut")
	f.Set("ButtonPayload", "ikut")
	if post(in, d.Request(public+twilio.MessagesPath, f)); k.Last().Kind != channels.Text || k.Last().Text != "Ikut" {
		t.Errorf("a template's button: %+v", k.Last())
	}
	for name, c := range map[string]struct {
		buttons []string
		want    string
	}{
		"four":          {[]string{"Lapor", "Status", "Jadwal", "Tolong"}, "Pilih:\n1 Lapor\n2 Status\n3 Jadwal\n4 Tolong"},
		"a long one":    {[]string{"Tidak bisa datang minggu ini", "Ya"}, "Pilih:\n1 Tidak bisa datang minggu ini\n2 Ya"},
		"two alike":     {[]string{"Ya", "Ya"}, "Pilih:\n1 Ya\n2 Ya"},
		"exactly 20":    {[]string{strings.Repeat("x", 20)}, "Pilih:"},
		"no room above": {nil, "Pilih:"},
	} {
		if _, err := a.Send(t.Context(), byWhatsApp("Pilih:", c.buttons...)); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := last(t, d); got.Body != c.want {
			t.Errorf("%s: %q", name, got.Body)
		}
	}
	commands := byWhatsApp("Tercatat.")
	commands.Buttons = [][]channels.Button{{{Label: "Ubah", Data: "w:change"}, {Label: "Tips", Data: "w:tips"}, {Label: "Status", Data: "w:status"}, {Label: "Jadwal", Data: "w:schedule"}}}
	if _, err := a.Send(t.Context(), commands); err != nil || last(t, d).Body != "Tercatat.\nUbah\nTips\nStatus\nJadwal" {
		t.Errorf("commands: %v %q", err, last(t, d).Body)
	}
	// By SMS nothing of it is written: the text says what to answer.
	sms := byWhatsApp("Balas 1 Ya 2 Tidak", "Ya", "Tidak")
	sms.Via = channels.SMS
	if _, err := a.Send(t.Context(), sms); err != nil || last(t, d).Body != "Balas 1 Ya 2 Tidak" {
		t.Errorf("SMS: %v %q", err, last(t, d).Body)
	}
}

// A process that starts anew finds the contents of the one before; without the Content API buttons are written out.
func TestWhatsAppContentsAreFoundAgain(t *testing.T) {
	_, d := sending(t, nil)
	d.InboundForm("whatsapp:"+siti, "whatsapp:"+ours, "halo", "")
	for range 250 { // somebody else's, over two pages
		d.Approve("other", "x")
	}
	now := now
	fresh := func() *twilio.Adapter {
		c := config(&log{})
		c.BaseURL = d.URL()
		c.Now = func() time.Time { return now }
		return adapter(t, c, &channelstest.Keeper{}, &statuses{})
	}
	for range 3 {
		if _, err := fresh().Send(t.Context(), byWhatsApp("Jadi?", "Ya", "Tidak")); err != nil {
			t.Fatal(err)
		}
	}
	if d.Contents() != 1 {
		t.Errorf("%d contents for one set of labels", d.Contents())
	}
	d.NoContents(true)
	a := fresh()
	for range 2 {
		if _, err := a.Send(t.Context(), byWhatsApp("Jadi?", "Ya", "Tidak")); err != nil || last(t, d).Body != "Jadi?\n1 Ya\n2 Tidak" {
			t.Errorf("without the API: %v %q", err, last(t, d).Body)
		}
	}
	if a.Counts()["no_quick_replies"] != 1 {
		t.Errorf("it was asked again at once: %v", a.Counts())
	}
	d.NoContents(false)
	now = now.Add(6 * time.Minute)
	if _, err := a.Send(t.Context(), byWhatsApp("Jadi?", "Ya", "Tidak")); err != nil || len(last(t, d).Buttons) != 2 {
		t.Errorf("later: %v %+v", err, last(t, d))
	}
}

// Outside the window only an approved template arrives; free text is taken and reported as 63016.
func TestB19WhatsAppOutsideItsWindow(t *testing.T) {
	a, d := sending(t, nil)
	sid := d.Approve("undangan_v1", "Salam {{1}}. Ini KABAR, layanan gratis. Pendamping: {{2}}. Mau ikut?", "Ikut", "Tidak")
	m := byWhatsApp("Salam Ibu Siti …")
	m.Template = &channels.Template{ID: sid, Values: []string{"Ibu Siti", "Pak Dedi"}}
	sent, err := a.Send(t.Context(), m)
	got := last(t, d)
	if err != nil || got.SID != sent.ProviderID || got.Template != "undangan_v1" || got.Body != "Salam Ibu Siti. Ini KABAR, layanan gratis. Pendamping: Pak Dedi. Mau ikut?" || len(got.Buttons) != 2 || got.Status == "failed" {
		t.Errorf("%v %+v", err, got)
	}
	free, err := a.Send(t.Context(), byWhatsApp("Apa kabar?"))
	if err != nil || last(t, d).ErrorCode != 63016 || free.ProviderID == "" {
		t.Errorf("free text: %v %+v", err, last(t, d))
	}
	for name, c := range map[string]struct {
		t    channels.Template
		want channels.ErrorKind
	}{
		"unknown":         {channels.Template{ID: "HX00000000000000000000000000000000"}, channels.Invalid},
		"a value missing": {channels.Template{ID: sid, Values: []string{"Ibu Siti"}}, channels.Invalid},
		"an empty value":  {channels.Template{ID: sid, Values: []string{"Ibu Siti", ""}}, channels.Invalid},
	} {
		m := m
		m.Template = &c.t
		_, err := a.Send(t.Context(), m)
		if kind, _ := channels.KindOf(err); err == nil || kind != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if kind, ok := twilio.KindOfCode("63016"); !ok || kind != channels.NoWindow {
		t.Errorf("63016 is %s", kind)
	}
}

func TestTemplatesAreJudgedTogether(t *testing.T) {
	fills := func(text, _, name string) bool {
		return text == "invite.first" && (name == "nama" || name == "text") || text == "prompt.week" && name == "text"
	}
	good := `
templates:
  - {text: invite.first, lang: id, sid: HX00000000000000000000000000000001, values: [nama]}
  - {text: prompt.week, lang: id, sid: HX00000000000000000000000000000002, values: [text]}
  - {text: broadcast, lang: id, sid: HX00000000000000000000000000000003, values: [text]}
`
	if all, err := twilio.LoadTemplates([]byte(good), fills); err != nil || len(all) != 3 || all[0].Values[0] != "nama" {
		t.Errorf("%v %v", all, err)
	}
	bad := `
templates:
  - {text: invite.first, lang: id, sid: HX1, values: [nama]}
  - {text: invite.first, lang: su, sid: HX00000000000000000000000000000001, values: [rahasia]}
  - {text: prompt.week, lang: id, sid: HX00000000000000000000000000000002}
  - {text: prompt.week, lang: id, sid: HX00000000000000000000000000000002}
  - {text: tips.warung.1, lang: id, sid: HX00000000000000000000000000000004}
  - {text: report.record, lang: id, sid: HX00000000000000000000000000000004}
  - {text: broadcast, lang: id, sid: HX00000000000000000000000000000005, values: [nama]}
  - {lang: id, sid: HX00000000000000000000000000000005}
`
	_, err := twilio.LoadTemplates([]byte(bad), fills)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"1 (invite.first): sid", "2 (invite.first): there is no such text, or it has no {rahasia}", "4 (prompt.week): there are two", "5 (tips.warung.1): answers, praise and tips",
		"6 (report.record): answers", "7 (broadcast): a broadcast has one value", "8 (): text and lang"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not told: %s\n%v", want, err)
		}
	}
	for _, file := range []string{"", "templates: []", "templates: 7", "other: []", "templates: [{text: a, tex: b}]"} {
		if _, err := twilio.LoadTemplates([]byte(file), fills); err == nil {
			t.Errorf("%q is accepted", file)
		}
	}
}

// A message in doubt that may have left in a template's words is never taken for one that did not leave.
func TestB2ATemplatesWordsProveNothing(t *testing.T) {
	a, d := talking(t)
	m := byWhatsApp("Pilih:", "Lapor jualan", "Status", "Jadwal", "Tolong")
	if _, err := a.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if s, found, err := a.Find(t.Context(), m); err != nil || !found || s.ProviderID != last(t, d).SID {
		t.Errorf("buttons written out: %v %v %v", s, found, err)
	}
	if _, found, err := a.Find(t.Context(), byWhatsApp("Salam dari templat")); err == nil || found {
		t.Errorf("other words of that time: found %v, %v", found, err)
	}
	m.At = now.Add(-time.Hour)
	if _, found, err := a.Find(t.Context(), m); err != nil || found {
		t.Errorf("nothing of that time: found %v, %v", found, err)
	}
}
