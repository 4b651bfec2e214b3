package fake

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

var (
	aggregatorNumber = regexp.MustCompile(`^628[0-9]{8,11}$`)
	aggregatorLong   = regexp.MustCompile(`[0-9]{4}|[0-9][.,][0-9]|https?:|www\.|(?i)\b(dana|selamat|nomor|juta|pin|akun|token|otp|kode|password)\b`)
)

// ServeHTTP takes messages.
func (a *Aggregator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	want := map[AggregatorStyle]string{AggregatorGET: "GET /api/send", AggregatorPOST: "POST /v1/messages"}[a.style]
	if r.Method+" "+r.URL.Path != want {
		http.NotFound(w, r)
		return
	}
	m, fault := a.read(r)
	a.mu.Lock()
	a.calls++
	var p aggregatorPlan
	if len(a.plans) > 0 {
		p, a.plans = a.plans[0], a.plans[1:]
	}
	if p.fault != "" {
		fault = p.fault
	}
	if fault == "" && a.filter && aggregatorLong.MatchString(m.Text) {
		fault = "rejected_by_operator"
	}
	taken := fault == "" && !p.html && (!p.hang && !p.reset || p.accept)
	if taken {
		m.ID, m.At, m.AnswerLost = a.id(), a.now(), p.hang || p.reset
		a.messages = append(a.messages, m)
	}
	a.mu.Unlock()
	switch {
	case p.hang:
		select {
		case <-r.Context().Done():
		case <-a.done:
		}
		panic(http.ErrAbortHandler)
	case p.reset:
		breakOff(w)
	case p.html:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprint(w, "<html><body>upstream is not available</body></html>")
	case fault != "":
		if p.retryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(p.retryAfter))
		}
		a.refuse(w, fault)
	default:
		a.take(w, m)
	}
}

func (a *Aggregator) refuse(w http.ResponseWriter, reason string) {
	f := aggregatorFaults()[reason]
	if a.style == AggregatorGET {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprintf(w, "%s|%s\n", f.code, reason)
		return
	}
	aggregatorJSON(w, f.status, map[string]any{"error": map[string]string{"code": reason, "message": "refused"}})
}

func (a *Aggregator) take(w http.ResponseWriter, m *AggregatorMessage) {
	parts := 1 + (utf8.RuneCountInString(m.Text)-1)/160
	if a.style == AggregatorGET {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprintf(w, "0|%s|%d\n", m.ID, parts)
		return
	}
	aggregatorJSON(w, http.StatusCreated, map[string]any{"data": map[string]any{"id": m.ID, "status": "queued", "parts": parts, "reference": m.Reference}})
}

func aggregatorJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// read judges a call's shape; fault is empty if there is nothing wrong with it.
func (a *Aggregator) read(r *http.Request) (m *AggregatorMessage, fault string) {
	if a.style == AggregatorGET {
		return a.readGET(r)
	}
	return a.readPOST(r)
}

func (a *Aggregator) readGET(r *http.Request) (*AggregatorMessage, string) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	m := &AggregatorMessage{To: "+" + q.Get("to"), Text: q.Get("text"), Reference: q.Get("ref")}
	known := []string{"userkey", "passkey", "to", "text", "ref", "validity"}
	for k, v := range q {
		if !slices.Contains(known, k) || len(v) != 1 {
			return m, "bad_request"
		}
	}
	minutes := 24 * 60
	if v := q.Get("validity"); v != "" {
		n, no := strconv.Atoi(v)
		if minutes = n; no != nil || n < 1 || n > 3*24*60 {
			return m, "bad_request"
		}
	}
	m.Seconds = 60 * minutes
	switch {
	case err != nil:
		return m, "bad_request"
	case !same(q.Get("userkey"), a.account.User) || !same(q.Get("passkey"), a.account.Key):
		return m, "unauthorized"
	}
	return m, a.content(m, q.Get("to"))
}

func (a *Aggregator) readPOST(r *http.Request) (*AggregatorMessage, string) {
	var v struct {
		To, From, Text, Reference string
		TTL                       int
	}
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20))
	d.DisallowUnknownFields()
	err := d.Decode(&v)
	m := &AggregatorMessage{To: v.To, From: v.From, Text: v.Text, Reference: v.Reference, Seconds: v.TTL}
	switch {
	case !same(r.Header.Get("Authorization"), "Bearer "+a.account.Key):
		return m, "unauthorized"
	case err != nil || r.Header.Get("Content-Type") != "application/json" || v.TTL < 60 || v.TTL > 3*24*3600:
		return m, "bad_request"
	case v.From != a.account.Sender:
		return m, "sender_not_allowed"
	case !strings.HasPrefix(v.To, "+"):
		return m, "invalid_number"
	}
	return m, a.content(m, strings.TrimPrefix(v.To, "+"))
}

func (a *Aggregator) content(m *AggregatorMessage, digits string) string {
	switch {
	case !aggregatorNumber.MatchString(digits):
		return "invalid_number"
	case m.Text == "" || !utf8.ValidString(m.Text) || utf8.RuneCountInString(m.Text) > 480:
		return "invalid_text"
	case m.Reference == "":
		return "bad_request"
	}
	return ""
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
