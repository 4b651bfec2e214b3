package fake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Jakarta time, as aggregators there write it; fixed, because a double must not depend on a machine's zones.
func jakarta(t time.Time) time.Time { return t.In(time.FixedZone("WIB", 7*3600)) }

// Inbound is the call about somebody's SMS to one of our numbers. GET-style aggregators post a form with a token, the others
// signed JSON.
func (a *Aggregator) Inbound(address, from, to, text, id string, at time.Time) *http.Request {
	if a.style == AggregatorGET {
		return a.form(address, url.Values{
			"pengirim": {strings.TrimPrefix(from, "+")}, "tujuan": {strings.TrimPrefix(to, "+")}, "isi": {text}, "msgid": {id},
			"waktu": {jakarta(at).Format("2006-01-02 15:04:05")}, "operator": {"contoh"},
		})
	}
	return a.Signed(address, map[string]any{"type": "inbound", "data": map[string]any{
		"id": id, "from": from, "to": to, "text": text, "received_at": at.UTC().Format(time.RFC3339), "parts": 1,
	}})
}

// Report is the call about the state of a message that the double took, in the style's own words: terkirim, diterima, gagal
// or queued, sent, delivered, failed, undeliverable. code is of either style's.
func (a *Aggregator) Report(address string, m AggregatorMessage, state, code string) *http.Request {
	if a.style == AggregatorGET {
		return a.form(address, url.Values{"msgid": {m.ID}, "ref": {m.Reference}, "status": {state}, "kode": {code}})
	}
	return a.Signed(address, map[string]any{"type": "status", "data": map[string]any{
		"id": m.ID, "reference": m.Reference, "status": state, "error": code, "at": m.At.UTC().Format(time.RFC3339),
	}})
}

func (a *Aggregator) form(address string, f url.Values) *http.Request {
	r := request(address, []byte(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Callback-Token", a.account.Secret)
	return r
}

// Signed is any call of the POST style.
func (a *Aggregator) Signed(address string, v any) *http.Request {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test's own value
	}
	return a.SignedBody(address, body)
}

// SignedBody is any bytes, signed as the POST style signs: base64 of HMAC-SHA256 over "time.body".
func (a *Aggregator) SignedBody(address string, body []byte) *http.Request {
	a.mu.Lock()
	at := strconv.FormatInt(a.now().Unix(), 10)
	a.mu.Unlock()
	mac := hmac.New(sha256.New, []byte(a.account.Secret))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	r := request(address, body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Timestamp", at)
	r.Header.Set("X-Signature", "v1="+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return r
}

func request(address string, body []byte) *http.Request {
	r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		panic(err) // a test's own address
	}
	return r
}
