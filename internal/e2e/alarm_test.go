package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/fake"
)

// TestAlarmReachesTheOperator runs the whole way of an alarm: a phone refuses our password, the answer waits without an
// attempt, and the operator has one mail about it.
func TestAlarmReachesTheOperator(t *testing.T) {
	t.Parallel()
	post := fake.NewSMTP("", "")
	t.Cleanup(post.Close)
	const key = "webhook-key-of-the-phone"
	g := fake.NewSMSGate(fake.SMSGatePhone{Device: "hp1", Login: "kabar", Password: "rahasia-hp1", Key: key, SIMs: []string{"+6281100000001"}})
	t.Cleanup(g.Close)
	phones, err := json.Marshal([]map[string]any{{
		"name": "hp1", "device": "hp1", "url": g.URL("hp1"), "login": "kabar", "password": "sandi-lama", "key": key,
		"sims": []map[string]any{{"number": 1, "phone": "+6281100000001"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, []string{"SMSGATE_PHONES=" + string(phones), "KABAR_SMTP_URL=smtp://" + post.Addr, "KABAR_ALARM_TO=jaga@example.go.id"},
		"--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	if code, err := g.Deliver(t.Context(), p.base+"/channels/smsgate", g.Received("hp1", 1, siti, "750rb", time.Now())); err != nil || code/100 != 2 {
		t.Fatalf("webhook answered %d, %v", code, err)
	}
	p.wait("the mail", waitLong, func() bool { return len(post.Mails()) > 0 })
	m := post.Mails()[0]
	if strings.Join(m.To, " ") != "jaga@example.go.id" || !strings.Contains(strings.ReplaceAll(m.Text, "\n ", " "), "saluran smsgate menolak sandi kita") {
		t.Errorf("to %v:\n%s", m.To, m.Text)
	}
	if strings.Contains(m.Text, siti) || strings.Contains(m.Text, "sandi-lama") {
		t.Error("the mail holds a number or a password")
	}
}

// TestG7TheOperatorHearsOfARefusedBind: the message centre refuses our password; nobody has to send anything for it to be told,
// and the page of channels shows it.
func TestG7TheOperatorHearsOfARefusedBind(t *testing.T) {
	t.Parallel()
	post := fake.NewSMTP("", "")
	t.Cleanup(post.Close)
	c := fake.NewSMSC("kabar", "rahasia")
	t.Cleanup(c.Close)
	p := start(t, []string{"SMPP_ADDR=" + c.Addr(), "SMPP_SYSTEM_ID=kabar", "SMPP_PASSWORD=lama", "SMPP_SOURCE=93456", "KABAR_SMTP_URL=smtp://" + post.Addr, "KABAR_ALARM_TO=jaga@example.go.id"},
		"--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.clock("2026-06-07T19:05:00+07:00")
	p.wait("the mail", waitLong, func() bool { return len(post.Mails()) > 0 })
	if m := post.Mails()[0]; !strings.Contains(strings.ReplaceAll(m.Text, "\n ", " "), "saluran smpp menolak nama atau sandi kita") || strings.Contains(m.Text, "lama") {
		t.Errorf("the mail says\n%s", m.Text)
	}
	if page := p.logIn("Nani")("/saluran"); !strings.Contains(page, "Nama atau sandi ditolak") {
		t.Error("the page of channels does not show it")
	}
}
