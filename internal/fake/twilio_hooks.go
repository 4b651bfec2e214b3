package fake

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sign is Twilio's signature over an address and a form, computed here and not by the library that checks it.
func (t *Twilio) Sign(address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(t.token))
	_, _ = io.WriteString(mac, address)
	for _, k := range slices.Sorted(maps.Keys(form)) {
		_, _ = io.WriteString(mac, k+form.Get(k))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Request is a signed POST of a form to an address.
func (t *Twilio) Request(address string, form url.Values) *http.Request {
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		panic(err) // a test's own address
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	r.Header.Set("X-Twilio-Signature", t.Sign(address, form))
	return r
}

// InboundForm is what Twilio posts when somebody writes; sid empty makes a new one. Numbers may begin with "whatsapp:".
// A single STOP or START changes, as at Twilio, whether the sender can be written to.
func (t *Twilio) InboundForm(from, to, text, sid string) url.Values {
	if sid == "" {
		sid = twilioSID("SM")
	}
	t.optOut(from, text)
	t.mu.Lock()
	t.heardNow(from)
	t.mu.Unlock()
	f := url.Values{}
	for k, v := range map[string]string{
		"AccountSid": t.sid, "ApiVersion": "2010-04-01", "Body": text, "From": from, "To": to, "MessageSid": sid, "SmsSid": sid,
		"SmsMessageSid": sid, "NumMedia": "0", "NumSegments": strconv.Itoa(twilioSegments(text)), "SmsStatus": "received",
		"FromCountry": "ID", "FromCity": "", "FromState": "", "FromZip": "", "ToCountry": "ID", "ToCity": "", "ToState": "", "ToZip": "",
	} {
		f.Set(k, v)
	}
	if name, ok := strings.CutPrefix(from, "whatsapp:+"); ok {
		f.Set("ProfileName", "Ibu Contoh")
		f.Set("WaId", name)
	}
	return f
}

// Inbound is a signed message from a person to one of our numbers, for the address at which the product expects it.
func (t *Twilio) Inbound(address, from, to, text string) *http.Request {
	return t.Request(address, t.InboundForm(from, to, text, ""))
}

func (t *Twilio) optOut(from, text string) {
	switch strings.ToUpper(strings.TrimSpace(text)) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT":
		t.FailNumber(from, 400, 21610)
	case "START", "YES", "UNSTOP":
		t.FailNumber(from, 0, 0)
	}
}

// CallbackRequest is the signed status callback of a message, in any state and order; code 0 is none. It panics if the
// message is unknown or did not ask for callbacks.
func (t *Twilio) CallbackRequest(sid, status string, code int) *http.Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.message(sid)
	if m == nil || m.StatusCallback == "" {
		panic("fake: no callback for " + sid)
	}
	m.Status, m.ErrorCode = status, code
	f := url.Values{}
	for k, v := range map[string]string{
		"AccountSid": t.sid, "ApiVersion": "2010-04-01", "MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status, "To": m.To,
	} {
		f.Set(k, v)
	}
	if m.From != "" {
		f.Set("From", m.From)
	}
	if m.MessagingServiceSID != "" {
		f.Set("MessagingServiceSid", m.MessagingServiceSID)
	}
	if code != 0 {
		f.Set("ErrorCode", strconv.Itoa(code))
	}
	return t.Request(m.StatusCallback, f)
}

// Callback posts a status callback and returns the status of the answer.
func (t *Twilio) Callback(ctx context.Context, sid, status string, code int) (int, error) {
	return t.post(ctx, t.CallbackRequest(sid, status, code))
}

// Receive posts a message from a person and returns the status of the answer.
func (t *Twilio) Receive(ctx context.Context, address, from, to, text string) (int, error) {
	return t.post(ctx, t.Inbound(address, from, to, text))
}

// Auto posts these states after every acceptance, in this order; none ends that. For a demo: "sent", "delivered".
func (t *Twilio) Auto(states ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.auto = states
}

// fails posts that a message was taken and could not be delivered.
func (t *Twilio) fails(sid string, code int) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-t.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	_, _ = t.Callback(ctx, sid, "failed", code)
}

// callbacks goes through states until one is not taken, or the double closes.
func (t *Twilio) callbacks(sid string, states []string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-t.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	for _, state := range states {
		if status, err := t.Callback(ctx, sid, state, 0); err != nil || status >= 400 {
			return
		}
	}
}

func (t *Twilio) post(ctx context.Context, r *http.Request) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second) // Twilio's own patience
	defer cancel()
	res, err := http.DefaultClient.Do(r.WithContext(ctx))
	if err != nil {
		return 0, fmt.Errorf("fake twilio: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, nil
}
