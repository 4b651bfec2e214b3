package fake

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func smsgateDouble(t *testing.T) *SMSGate {
	g := NewSMSGate(SMSGatePhone{Device: "a", Login: "sms", Password: "p", Key: "kunci", SIMs: []string{"+6281100000011", "+6289500000012"}},
		SMSGatePhone{Device: "b", Login: "sms", Password: "q", Key: "lain", SIMs: []string{"+6285500000013"}})
	t.Cleanup(g.Close)
	return g
}

// ask speaks with a phone as any HTTP client does.
func (g *SMSGate) ask(t *testing.T, device, method, path, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequest(method, g.URL(device)+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.SetBasicAuth("sms", g.phone(device).Password)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	out := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&out)
	return res.StatusCode, out
}

const smsgateHalo = `{"id":"m1","textMessage":{"text":"Halo"},"phoneNumbers":["+6281200000001"],"simNumber":1,"ttl":60}`

func TestSMSGateRefusesWhatTheRealOneRefuses(t *testing.T) {
	g := smsgateDouble(t)
	change := func(old, new string) string { return strings.Replace(smsgateHalo, old, new, 1) }
	for name, body := range map[string]string{
		"no JSON": "id=1", "no text": change(`"textMessage":{"text":"Halo"},`, ""), "an empty text": change("Halo", ""),
		"two texts": change(`"simNumber"`, `"message":"Halo","simNumber"`), "no number": change(`"+6281200000001"`, ""), "a local number": change("+62812", "0812"),
		"a SIM that is not there": change(`"simNumber":1`, `"simNumber":3`), "another phone": change(`"id"`, `"deviceId":"b","id"`),
		"over already": change(`"ttl":60`, `"ttl":0`), "two ends": change(`"ttl":60`, `"ttl":60,"validUntil":"2026-12-31T23:59:59Z"`),
		"an id too long": change("m1", strings.Repeat("m", 37)), "a misspelt field": change("simNumber", "simnumber2"), "two numbers": change(`"+62812`, `"+6281200000002","+62812`),
	} {
		if status, answer := g.ask(t, "a", "POST", "/messages", body); status != 400 || answer["message"] == "" {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if g.Calls() != 13 || len(g.Messages()) != 0 {
		t.Errorf("%d calls, %d taken", g.Calls(), len(g.Messages()))
	}
	if status, _ := g.ask(t, "a", "GET", "/messages/m1", ""); status != 404 {
		t.Errorf("not sent yet: %d", status)
	}
	if status, answer := g.ask(t, "a", "POST", "/messages", smsgateHalo); status != 202 || answer["id"] != "m1" || answer["state"] != "Pending" {
		t.Errorf("%d %v", status, answer)
	}
	if status, _ := g.ask(t, "a", "POST", "/messages", smsgateHalo); status != 409 {
		t.Errorf("the same id again: %d", status)
	}
	if status, answer := g.ask(t, "a", "GET", "/messages/m1", ""); status != 200 || answer["id"] != "m1" {
		t.Errorf("%d %v", status, answer)
	}
	if status, _ := g.ask(t, "b", "GET", "/messages/m1", ""); status != 404 {
		t.Errorf("another phone knows it: %d", status)
	}
	r, _ := http.NewRequest("POST", g.URL("a")+"/messages", strings.NewReader(smsgateHalo))
	r.SetBasicAuth("sms", "q")
	if res, err := http.DefaultClient.Do(r); err != nil || res.StatusCode != 401 {
		t.Errorf("another phone's password: %v, %v", res, err)
	} else {
		res.Body.Close()
	}
	if m := g.Messages(); len(m) != 1 || m[0].TTL != 60 || m[0].SIM != 1 || !m[0].Report {
		t.Errorf("%+v", m)
	}
}

func TestSMSGateBreaksAsTold(t *testing.T) {
	g := smsgateDouble(t)
	g.Fail(1, 500, "x")
	g.Unavailable(1)
	g.Reset(1, false)
	g.Reset(1, true)
	for i, want := range []int{500, 503, 0, 0, 409} {
		if status, _ := g.ask(t, "a", "POST", "/messages", smsgateHalo); status != want {
			t.Errorf("call %d: %d, want %d", i, status, want)
		}
	}
	if m := g.Messages(); len(m) != 1 || !m[0].AnswerLost {
		t.Errorf("%+v", m)
	}
	g.Limit("b", 0)
	if status, _ := g.ask(t, "b", "POST", "/messages", smsgateHalo); status != 202 {
		t.Errorf("%d", status)
	}
	if m := g.Messages()[1]; m.State != "Failed" || !strings.Contains(m.Reason, "LIMIT_EXCEEDED") {
		t.Errorf("%+v", m)
	}
	if d := g.Doubled(); len(d) != 1 {
		t.Errorf("doubled: %+v", d)
	}
	g.Stop("a")
	if status, _ := g.ask(t, "a", "POST", "/messages", smsgateHalo); status != 0 {
		t.Errorf("a phone that is off answers %d", status)
	}
	g.Start("a")
	if status, _ := g.ask(t, "a", "GET", "/messages/m1", ""); status != 200 {
		t.Errorf("on again: %d", status)
	}
	if g.Count("+6281200000001", "Halo") != 2 || len(g.To("+6281200000001")) != 2 {
		t.Error("counted wrong")
	}
}

func TestSMSGateSignsEachAttemptAnew(t *testing.T) {
	g := smsgateDouble(t)
	now := time.Date(2026, 6, 7, 18, 0, 0, 0, time.UTC)
	g.Clock(func() time.Time { return now })
	e, other := g.Received("a", 1, "+6281200000001", "500rb", now), g.Received("a", 1, "+6281200000001", "500rb", now)
	first := g.Request("https://kabar.example.id/x", e)
	now = now.Add(40 * time.Hour)
	second := g.Request("https://kabar.example.id/x", e)
	a, _ := io.ReadAll(first.Body)
	b, _ := io.ReadAll(second.Body)
	if !bytes.Equal(a, b) || first.Header.Get("X-Timestamp") == second.Header.Get("X-Timestamp") || first.Header.Get("X-Signature") == second.Header.Get("X-Signature") {
		t.Error("a repeat is the same body with a new signature")
	}
	if bytes.Equal(e.Body, other.Body) {
		t.Error("two events of one SMS are told apart by their ids")
	}
	// Known from outside: printf '{}1780855200' | openssl dgst -sha256 -hmac kunci
	if got := g.Sign("a", []byte("{}"), "1780855200"); got != "7fc124a5e4d53162fc1ac0d891938347d739c231c8d048af0533429ff69c6d43" || got == g.Sign("b", []byte("{}"), "1780855200") {
		t.Errorf("signature %s", got)
	}
}

func TestSMSGateTellsByItself(t *testing.T) {
	g := smsgateDouble(t)
	heard := make(chan string, 8)
	var mu sync.Mutex
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var v struct{ Event string }
		if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
			t.Error(err)
		}
		heard <- v.Event
	}))
	defer hook.Close()
	g.Auto(hook.URL, "sms:sent", "sms:delivered")
	g.ask(t, "a", "POST", "/messages", smsgateHalo)
	g.Limit("b", 0)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	next := func() string {
		select {
		case e := <-heard:
			return e
		case <-ctx.Done():
			return "nothing"
		}
	}
	if a, b := next(), next(); a != "sms:sent" || b != "sms:delivered" {
		t.Errorf("%s, %s", a, b)
	}
	g.ask(t, "b", "POST", "/messages", smsgateHalo)
	if e := next(); e != "sms:failed" {
		t.Errorf("%s", e)
	}
}
