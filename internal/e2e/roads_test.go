package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/fake"
)

// TestAndroidPhones is the pilot's road: a phone with a local SIM hears her report and answers it, and asks on Sunday.
func TestAndroidPhones(t *testing.T) {
	t.Parallel()
	const key = "webhook-key-of-the-phone"
	g := fake.NewSMSGate(fake.SMSGatePhone{Device: "hp1", Login: "kabar", Password: "rahasia-hp1", Key: key, SIMs: []string{"+6281100000001"}})
	t.Cleanup(g.Close)
	phones, err := json.Marshal([]map[string]any{{
		"name": "hp1", "device": "hp1", "url": g.URL("hp1"), "login": "kabar", "password": "rahasia-hp1", "key": key,
		"sims": []map[string]any{{"number": 1, "phone": "+6281100000001"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, []string{"SMSGATE_PHONES=" + string(phones)}, "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", strings.ReplaceAll(strings.ReplaceAll(peopleList, "Tahun Lahir\n", "Tahun Lahir;Persetujuan\n"), ";1968", ";1968;2026-05-04"), 2)
	e := g.Received("hp1", 1, siti, "750rb", time.Now())
	for range 3 { // the phone repeats what it told
		if code, err := g.Deliver(t.Context(), p.base+"/channels/smsgate", e); err != nil || code/100 != 2 {
			t.Fatalf("webhook answered %d, %v", code, err)
		}
	}
	p.wait("the receipt", waitLong, func() bool { return len(g.To(siti)) > 0 })
	if got := g.To(siti)[0].Text; !strings.HasPrefix(got, "Tercatat Rp750.000") {
		t.Errorf("receipt %q", got)
	}
	p.clock("2026-06-14T18:31:00+07:00")
	p.wait("the question", waitLong, func() bool { return len(g.To(siti)) > 1 })
	if got := g.To(siti)[1].Text; !strings.HasPrefix(got, "Bu Siti, total uang jualan 8-14 Jun berapa?") {
		t.Errorf("question %q", got)
	}
	if twice := g.Doubled(); len(twice) > 0 {
		t.Errorf("said twice: %v", twice)
	}
}

// TestMessageCentre is the road of scale: an operator's SMSC over SMPP.
func TestMessageCentre(t *testing.T) {
	t.Parallel()
	c := fake.NewSMSC("kabar", "rahasia")
	t.Cleanup(c.Close)
	p := start(t, []string{"SMPP_ADDR=" + c.Addr(), "SMPP_SYSTEM_ID=kabar", "SMPP_PASSWORD=rahasia", "SMPP_SOURCE=93456"}, "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	p.wait("the bind", waitLong, func() bool { return c.Bound() > 0 })
	status, err := c.Deliver(fake.SMSCInbound{From: siti[1:], FromTON: 1, To: "93456", Text: "750rb"}, 30*time.Second)
	if err != nil || status != 0 {
		t.Fatalf("deliver_sm answered %d, %v", status, err)
	}
	p.wait("the receipt", waitLong, func() bool { return len(c.Submits()) > 0 })
	if got := c.Submits()[0]; !strings.HasPrefix(got.Text, "Tercatat Rp750.000") || !strings.HasSuffix(got.To, siti[1:]) {
		t.Errorf("submit to %s: %q", got.To, got.Text)
	}
	if v := c.Violations(); len(v) > 0 {
		t.Errorf("the centre complains: %v", v)
	}
}
