package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// TestHostileBodies posts ten thousand malformed, oversized and odd bodies to every inbound route, genuine by signature or
// secret where there is one: no answer is a 5xx, the database refuses nothing, and the program still works (faults.md A11).
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	const rounds = 720 // of fourteen requests
	d := fake.NewTwilio(account, token)
	t.Cleanup(d.Close)
	tg := fake.NewTelegram("1000000002:hostile")
	t.Cleanup(tg.Close)
	const key = "webhook-key-of-the-phone"
	g := fake.NewSMSGate(fake.SMSGatePhone{Device: "hp1", Login: "kabar", Password: "rahasia-hp1", Key: key, SIMs: []string{"+6281100000001"}})
	t.Cleanup(g.Close)
	agg := fake.NewAggregator(fake.AggregatorPOST, fake.AggregatorAccount{Key: "token", Sender: "+6281100000022", Secret: "rahasia-aggregator"})
	t.Cleanup(agg.Close)
	gateways := filepath.Join(t.TempDir(), "gateway.yaml")
	example, err := fs.ReadFile(gateway.Examples(), "post.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(gateways, example, 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, twilioEnv(d, "TWILIO_WHATSAPP_FROM=+6281100000009", "GATEWAY_CONFIG="+gateways, "GATEWAY_DUA_TOKEN=token", "GATEWAY_DUA_SECRET=rahasia-aggregator",
		`SMSGATE_PHONES=[{"name":"hp1","device":"hp1","url":"`+g.URL("hp1")+`","login":"kabar","password":"rahasia-hp1","key":"`+key+`","sims":[{"number":1,"phone":"+6281100000001"}]}]`,
		"TELEGRAM_BOT_TOKEN=1000000002:hostile", "TELEGRAM_WEBHOOK_SECRET=secret", "KABAR_TELEGRAM_URL="+tg.URL,
		"KABAR_PUBLIC_URL=http://127.0.0.1:1", "KABAR_LOG=INFO"), "--empty", "--clock", "2026-06-07T19:02:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	r := rand.New(rand.NewPCG(1, 2))
	sent := 0
	send := func(what string, req *http.Request) {
		t.Helper()
		sent++
		resp, err := http.DefaultClient.Do(req)
		if err != nil { // the server may hang up on a body that it will not read
			return
		}
		resp.Body.Close()
		if resp.StatusCode >= 500 {
			t.Errorf("%s answered %d", what, resp.StatusCode)
		}
	}
	for i := range rounds {
		text := hostile(r)
		// Twilio signs over the configured public address.
		req := d.Request("http://127.0.0.1:1/channels/twilio/messages", d.InboundForm(siti, service, text, fmt.Sprintf("SM%032x", i)))
		req.URL, _ = url.Parse(p.base + "/channels/twilio/messages")
		req.Host = ""
		send("twilio", req)

		wa := d.InboundForm("whatsapp:"+siti, "whatsapp:+6281100000009", text, fmt.Sprintf("SM%032x", 1<<20+i))
		wa.Set("ButtonPayload", "o:"+text)
		req = d.Request("http://127.0.0.1:1/channels/twilio/messages", wa)
		req.URL, _ = url.Parse(p.base + "/channels/twilio/messages")
		req.Host = ""
		send("whatsapp", req)

		status := "/channels/twilio/status?m=00000000-0000-4000-8000-000000000000"
		req = d.Request("http://127.0.0.1:1"+status, url.Values{"AccountSid": {account}, "MessageSid": {fmt.Sprintf("SM%032x", i)}, "MessageStatus": {text}, "ErrorCode": {text}})
		req.URL, _ = url.Parse(p.base + status)
		req.Host = ""
		send("twilio status", req)

		send("smsgate", g.Request(p.base+"/channels/smsgate", g.Received("hp1", 1, siti, text, time.Now())))
		send("smsgate event", g.Request(p.base+"/channels/smsgate", g.Event("hp1", []string{"sms:delivered", "sms:failed", "system:ping", text}[i%4], map[string]any{"messageId": text, "phoneNumber": text, "reason": text})))
		send("gateway", agg.Inbound(p.base+"/channels/gateway/contoh-post", siti, "+6281100000022", text, fmt.Sprint(i), time.Now()))
		send("gateway raw", agg.SignedBody(p.base+"/channels/gateway/contoh-post", []byte(text)))

		form := url.Values{"sessionId": {fmt.Sprintf("h%d", i/3)}, "phoneNumber": {siti}, "networkCode": {"1"}, "serviceCode": {"*123*77#"}, "text": {text}}
		send("ussd", request(p.base+"/channels/ussd/demo", "application/x-www-form-urlencoded", []byte(form.Encode())))
		send("ussd raw", request(p.base+"/channels/ussd/demo", "application/x-www-form-urlencoded", []byte(text)))

		update, err := json.Marshal(map[string]any{"update_id": i, "message": map[string]any{
			"message_id": i, "date": 1780000000, "chat": map[string]any{"id": 77, "type": "private"}, "from": map[string]any{"id": 77, "first_name": text}, "text": text,
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range [][]byte{update, []byte(text), bytes.ReplaceAll(update, []byte("message_id"), []byte("message\x00id"))} {
			req := request(p.base+"/channels/telegram", "application/json", body)
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", "secret")
			send("telegram", req)
		}
		body, err := json.Marshal(map[string]string{"from": siti, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		send("sim", request(p.base+"/sim/api/sms", "application/json", body))
		send("sim raw", request(p.base+"/sim/api/sms", "application/json", []byte(text)))
		send("page", request(p.base+"/orang?cari="+url.QueryEscape(text), "text/plain", nil))
	}
	if sent < 10_000 {
		t.Errorf("only %d requests", sent)
	}
	// Every webhook says which method it takes (A10).
	for _, path := range []string{"/channels/twilio/messages", "/channels/twilio/status", "/channels/telegram", "/channels/ussd/demo", "/channels/smsgate", "/channels/gateway/contoh-post"} {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
			r, err := http.NewRequest(method, p.base+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if resp.Body.Close(); resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != http.MethodPost {
				t.Errorf("%s %s: %d, Allow %q", method, path, resp.StatusCode, resp.Header.Get("Allow"))
			}
		}
	}
	for _, bad := range []string{"SQLSTATE", "22021", "22P05", "panic"} {
		if _, rest, ok := strings.Cut(p.log.String(), bad); ok {
			t.Errorf("the log speaks of %s%.200s", bad, rest)
		}
	}
	for _, secret := range []string{siti[1:], "3210134506680001", "Siti Aminah"} {
		if strings.Contains(p.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	// Siti has been silenced by the loop guard; Ani is answered.
	p.says(ani, "status", "Bu Ani, belum ada catatan bantuan. Begitu ada berita, kami langsung kabari. Ada pertanyaan? Balas TOLONG.")
}

func request(address, kind string, body []byte) *http.Request {
	req, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		panic(err) // the addresses are constants
	}
	req.Header.Set("Content-Type", kind)
	return req
}

// hostile is one body that nobody means well with.
func hostile(r *rand.Rand) string {
	pieces := []string{
		"\x00", "\xff\xfe", "\xed\xa0\x80", "\u202e", "\u200b", "😀", "750rb", "ya", "1", "9", "0", "*", "#", "**", "status", "ubah", "{nama}", "%s", "'; DROP TABLE person;--",
		"<script>alert(1)</script>", "=HYPERLINK(1)", "9999999999999999999999", "-1", "1e309", "3210134506680001", "\r\n", "\t", "Ａ１", "١٥٠", "{\"a\":\u0000}", "&", "%00", "+",
	}
	var b strings.Builder
	for range 1 + r.IntN(8) {
		b.WriteString(pieces[r.IntN(len(pieces))])
		if r.IntN(4) == 0 {
			b.WriteByte(byte(r.IntN(256)))
		}
	}
	if r.IntN(40) == 0 {
		b.WriteString(strings.Repeat("A", 100_000))
	}
	return b.String()
}
