package smsgate

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

const bodyLimit = 64 << 10 // bytes; a webhook of SMSGate is below 1 KB

// refusal is why a request is not taken: its status and the name under which it is counted. What it contained is never
// logged: a forged request is somebody else's text.
type refusal struct {
	status int
	reason string
}

var malformed = refusal{http.StatusBadRequest, "malformed"}

// event is the envelope of every webhook. Its id and webhookId name the delivery and not the message.
type event struct {
	Device  string          `json:"deviceId"`
	Event   string          `json:"event"`
	Payload json.RawMessage `json:"payload"`
}

// genuine reads a webhook: small, JSON, signed by one of our phones a short while ago.
func (a *Adapter) genuine(w http.ResponseWriter, r *http.Request) (event, *phone, *refusal) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return event{}, nil, &refusal{http.StatusMethodNotAllowed, "wrong_type"}
	}
	if !channels.HasType(r.Header, "application/json") {
		return event{}, nil, &refusal{http.StatusUnsupportedMediaType, "wrong_type"}
	}
	if r.ContentLength > bodyLimit {
		return event{}, nil, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		if _, tooLarge := err.(*http.MaxBytesError); tooLarge {
			return event{}, nil, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
		}
		return event{}, nil, &malformed
	}
	by, no := a.signers(r.Header, body)
	if no != nil {
		return event{}, nil, no
	}
	var e event
	if err := json.Unmarshal(body, &e); err != nil || e.Event == "" || len(e.Payload) == 0 || e.Payload[0] != '{' {
		return event{}, nil, &malformed
	}
	// One phone's key proves nothing about another phone.
	for _, p := range by {
		if p.Device == e.Device || p.Device == "" {
			return e, p, nil
		}
	}
	return event{}, nil, &refusal{http.StatusForbidden, "not_ours"}
}

// The signature covers body and time without a border between them. Ten digits, and a body that must be one JSON object,
// leave only one reading.
var unixTime = regexp.MustCompile(`^[1-9][0-9]{9}$`)

// signers are the phones whose key made the signature, which must be of now: a phone signs each repeat of a webhook anew,
// so the age of the signature says nothing about the age of the message.
func (a *Adapter) signers(h http.Header, body []byte) ([]*phone, *refusal) {
	sig, at := h.Values("X-Signature"), h.Values("X-Timestamp")
	if len(sig) == 0 || len(at) == 0 {
		return nil, &refusal{http.StatusUnauthorized, "forged"}
	}
	got, err := hex.DecodeString(sig[0])
	if err != nil || len(sig) > 1 || len(at) > 1 || !unixTime.MatchString(at[0]) || strings.ToLower(sig[0]) != sig[0] {
		return nil, &refusal{http.StatusForbidden, "forged"}
	}
	var by []*phone
	for _, p := range a.phones { // all of them: the time it takes tells nothing
		mac := hmac.New(sha256.New, []byte(p.Key))
		mac.Write(body)
		mac.Write([]byte(at[0]))
		if hmac.Equal(mac.Sum(nil), got) {
			by = append(by, p)
		}
	}
	if len(by) == 0 {
		return nil, &refusal{http.StatusForbidden, "forged"}
	}
	seconds, _ := strconv.ParseInt(at[0], 10, 64)
	if age := a.c.Now().Sub(time.Unix(seconds, 0)); age > a.c.Window || age < -a.c.Window {
		return nil, &refusal{http.StatusForbidden, "expired"}
	}
	return by, nil
}
