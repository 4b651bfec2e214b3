package fake

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const aggregatorRef = "0191a2b3-c4d5-7e6f-8a9b-000000000001"

func aggregatorDouble(t *testing.T, style AggregatorStyle) *Aggregator {
	a := NewAggregator(style, AggregatorAccount{User: "u", Key: "k", Sender: "+6281100000022", Secret: "s"})
	t.Cleanup(a.Close)
	return a
}

// hand hands a message in as any HTTP client does: by GET, or body as JSON with the token.
func (a *Aggregator) hand(t *testing.T, query url.Values, body, token string) (int, string) {
	t.Helper()
	method, address := http.MethodGet, a.URL()+"?"+query.Encode()
	if a.style == AggregatorPOST {
		method, address = http.MethodPost, a.URL()
	}
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, strings.TrimSpace(string(b))
}

func TestAggregatorByGETRefuses(t *testing.T) {
	a := aggregatorDouble(t, AggregatorGET)
	good := func() url.Values {
		return url.Values{"userkey": {"u"}, "passkey": {"k"}, "to": {"6281200000001"}, "text": {"Halo"}, "ref": {aggregatorRef}, "validity": {"60"}}
	}
	for name, c := range map[string]struct {
		key, value, code string
	}{
		"a wrong key": {"passkey", "x", "11"}, "a plus": {"to", "+6281200000001", "21"}, "a local number": {"to", "081200000001", "21"}, "a landline": {"to", "62298123456", "21"},
		"no text": {"text", "", "22"}, "an endless text": {"text", strings.Repeat("x", 481), "22"}, "no reference": {"ref", "", "97"}, "a parameter that nobody knows": {"nomor", "1", "97"},
		"a validity in words": {"validity", "1h", "97"}, "a week": {"validity", "10080", "97"},
	} {
		q := good()
		q.Set(c.key, c.value)
		if status, answer := a.hand(t, q, "", ""); status != 200 || !strings.HasPrefix(answer, c.code+"|") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	twice := good()
	twice.Add("to", "6281200000002")
	if _, answer := a.hand(t, twice, "", ""); !strings.HasPrefix(answer, "97|") {
		t.Errorf("two numbers: %s", answer)
	}
	if a.Calls() != 11 || len(a.Messages()) != 0 {
		t.Errorf("%d calls, %d taken", a.Calls(), len(a.Messages()))
	}
	a.Filter(true)
	blocked := good()
	blocked.Set("text", "Dana Rp 5.000.000 cair")
	if _, answer := a.hand(t, blocked, "", ""); !strings.HasPrefix(answer, "61|") {
		t.Errorf("the filter: %s", answer)
	}
	for range 2 {
		if status, answer := a.hand(t, good(), "", ""); status != 200 || !strings.HasPrefix(answer, "0|get-00000") || !strings.HasSuffix(answer, "|1") {
			t.Errorf("%d %s", status, answer)
		}
	}
	if a.Count("+6281200000001", "Halo") != 2 || len(a.Doubled()) != 1 || a.Messages()[0].Seconds != 3600 {
		t.Errorf("%+v", a.Messages())
	}
}

func TestAggregatorByPOSTRefuses(t *testing.T) {
	a := aggregatorDouble(t, AggregatorPOST)
	const good = `{"to":"+6281200000001","from":"+6281100000022","text":"Halo","reference":"` + aggregatorRef + `","ttl":3600}`
	for name, c := range map[string]struct {
		old, new, token string
		status          int
		code            string
	}{
		"another token": {"", "", "Bearer x", 401, "unauthorized"}, "no JSON": {"{", "", "Bearer k", 400, "bad_request"}, "another sender": {"22", "23", "Bearer k", 403, "sender_not_allowed"},
		"a field that nobody knows": {`"text"`, `"body"`, "Bearer k", 400, "bad_request"}, "no plus": {`"+6281200000001"`, `"6281200000001"`, "Bearer k", 422, "invalid_number"},
		"too short a life": {"3600", "59", "Bearer k", 400, "bad_request"}, "no text": {"Halo", "", "Bearer k", 422, "invalid_text"}, "a ttl in words": {"3600", `"1h"`, "Bearer k", 400, "bad_request"},
	} {
		status, answer := a.hand(t, nil, strings.Replace(good, c.old, c.new, 1), c.token)
		if status != c.status || !strings.Contains(answer, `"`+c.code+`"`) {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	if status, answer := a.hand(t, nil, good, "Bearer k"); status != 201 || !strings.Contains(answer, `"id":"post-000001"`) {
		t.Errorf("%d %s", status, answer)
	}
	if m := a.Messages(); len(m) != 1 || m[0].From != "+6281100000022" || m[0].Seconds != 3600 || m[0].At.IsZero() {
		t.Errorf("%+v", m)
	}
}

func TestAggregatorBreaksAsTold(t *testing.T) {
	a := aggregatorDouble(t, AggregatorPOST)
	const good = `{"to":"+6281200000001","from":"+6281100000022","text":"Halo","reference":"` + aggregatorRef + `","ttl":3600}`
	a.Fail(1, "opted_out")
	a.Throttle(1, 7)
	a.Unavailable(1)
	a.Reset(1, false)
	a.Reset(1, true)
	for i, want := range []int{422, 429, 503, 0, 0, 201} {
		if status, _ := a.hand(t, nil, good, "Bearer k"); status != want {
			t.Errorf("call %d: %d, want %d", i, status, want)
		}
	}
	if m := a.Messages(); len(m) != 2 || !m[0].AnswerLost || m[1].AnswerLost {
		t.Errorf("%+v", m)
	}
	a.Stop()
	if status, _ := a.hand(t, nil, good, "Bearer k"); status != 0 {
		t.Errorf("%d", status)
	}
}

func TestAggregatorCallsItsCustomer(t *testing.T) {
	at := time.Date(2026, 6, 7, 11, 0, 0, 0, time.UTC)
	a := aggregatorDouble(t, AggregatorGET)
	r := a.Inbound("https://kabar.example.id/x", "+6281200000001", "+6281100000021", "YA & ok", "1", at)
	if err := r.ParseForm(); err != nil || r.PostForm.Get("waktu") != "2026-06-07 18:00:00" || r.PostForm.Get("isi") != "YA & ok" || r.Header.Get("X-Callback-Token") != "s" {
		t.Errorf("%v, %v", r.PostForm, err)
	}
	a = aggregatorDouble(t, AggregatorPOST)
	a.Clock(func() time.Time { return at })
	r = a.SignedBody("https://kabar.example.id/x", []byte("{}"))
	// Known from outside: printf '1780830000.{}' | openssl dgst -sha256 -hmac s -binary | base64
	if got := r.Header.Get("X-Signature"); got != "v1=UMgIJmnec02vXaPDbE2qpnPuKG9Qq+tvcki3V5kpQT4=" || r.Header.Get("X-Timestamp") != "1780830000" {
		t.Errorf("%s at %s", got, r.Header.Get("X-Timestamp"))
	}
}
