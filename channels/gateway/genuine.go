package gateway

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	bodyLimit  = 64 << 10 // bytes
	paramLimit = 200
)

// refusal is why a request is not taken: its status and the name under which it is counted. What it contained is never
// logged: a forged request is somebody else's text.
type refusal struct {
	status int
	reason string
}

var (
	malformed = refusal{http.StatusBadRequest, "malformed"}
	forged    = refusal{http.StatusForbidden, "forged"}
	unproven  = refusal{http.StatusUnauthorized, "forged"}
)

// genuine reads a call: of the described form, small, and proven.
func (a *Adapter) genuine(w http.ResponseWriter, r *http.Request) (fields, *refusal) {
	rc := a.c.Receive
	method := rc.Method
	if method == "" {
		method = http.MethodPost
	}
	if r.Method != method {
		w.Header().Set("Allow", method)
		return fields{}, &refusal{http.StatusMethodNotAllowed, "wrong_type"}
	}
	wanted := map[string]string{"form": "application/x-www-form-urlencoded", "json": "application/json"}[rc.Format]
	if wanted != "" && !channels.HasType(r.Header, wanted) {
		return fields{}, &refusal{http.StatusUnsupportedMediaType, "wrong_type"}
	}
	if r.ContentLength > bodyLimit {
		return fields{}, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		if _, tooLarge := err.(*http.MaxBytesError); tooLarge {
			return fields{}, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
		}
		return fields{}, &malformed
	}
	if len(r.URL.RawQuery) > bodyLimit || bytes.Count(body, []byte{'&'})+strings.Count(r.URL.RawQuery, "&") >= paramLimit {
		return fields{}, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fields{}, &malformed
	}
	f, ok := fieldsOf(rc.Format, query, body)
	// The proof comes first where it can: who is not the aggregator learns nothing about what we read.
	if no := a.proven(r.Header, query, f, body); no != nil {
		return fields{}, no
	}
	if !ok {
		return fields{}, &malformed
	}
	return f, nil
}

// fieldsOf reads a call's fields; ok is false if it is not of the format or names one twice (faults.md A8).
func fieldsOf(format string, query url.Values, body []byte) (f fields, ok bool) {
	switch format {
	case "json":
		f.tree, ok = decoded(body)
		if _, object := f.tree.(map[string]any); !object {
			return fields{}, false
		}
		return f, ok
	case "query":
		f.form = query
	default:
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return fields{form: url.Values{}}, false
		}
		f.form = form
	}
	for _, v := range f.form {
		if len(v) != 1 {
			return f, false
		}
	}
	return f, true
}

func hashOf(name string) func() hash.Hash {
	switch name {
	case "sha1":
		return sha1.New
	case "sha256":
		return sha256.New
	case "sha512":
		return sha512.New
	}
	return nil
}

var unixTime = regexp.MustCompile(`^[1-9][0-9]{9}$`)

// proven checks the secret or the signature in constant time.
func (a *Adapter) proven(h http.Header, query url.Values, f fields, body []byte) *refusal {
	p := a.c.Receive.Proof
	var got string
	switch {
	case p.Header != "":
		v := h.Values(p.Header)
		if len(v) != 1 {
			return &unproven
		}
		got = v[0]
	case p.Query != "":
		if len(query[p.Query]) != 1 {
			return &unproven
		}
		got = query.Get(p.Query)
	default:
		v, ok := f.get(p.Field)
		if !ok || f.form != nil && len(f.form[p.Field]) != 1 {
			return &unproven
		}
		got = v
	}
	if p.HMAC == "" {
		if subtle.ConstantTimeCompare([]byte(got), []byte(p.Secret)) != 1 {
			return &forged
		}
		return nil
	}
	got, ok := strings.CutPrefix(got, p.Prefix)
	if !ok {
		return &forged
	}
	sum, ok := decode(p.Coding, got)
	if !ok {
		return &forged
	}
	at := ""
	if p.Timestamp != "" {
		v := h.Values(p.Timestamp)
		if len(v) != 1 || !unixTime.MatchString(v[0]) {
			return &forged
		}
		at = v[0]
	}
	mac := hmac.New(hashOf(p.HMAC), []byte(p.Secret))
	before, after := "", ""
	if p.Over != "" {
		before, after, _ = strings.Cut(p.Over, "{body}")
	}
	mac.Write([]byte(strings.ReplaceAll(before, "{timestamp}", at)))
	mac.Write(body)
	mac.Write([]byte(strings.ReplaceAll(after, "{timestamp}", at)))
	if !hmac.Equal(mac.Sum(nil), sum) {
		return &forged
	}
	if at == "" {
		return nil
	}
	window := time.Duration(p.Window) * time.Second
	if window == 0 {
		window = 5 * time.Minute
	}
	seconds, _ := strconv.ParseInt(at, 10, 64)
	if age := a.d.Now().Sub(time.Unix(seconds, 0)); age > window || age < -window {
		return &refusal{http.StatusForbidden, "expired"}
	}
	return nil
}

// decode reads a signature in its one spelling: what differs from it by a bit is not the same.
func decode(coding, s string) ([]byte, bool) {
	if coding == "hex" {
		b, err := hex.DecodeString(s)
		return b, err == nil && hex.EncodeToString(b) == s
	}
	b, err := base64.StdEncoding.DecodeString(s)
	return b, err == nil && base64.StdEncoding.EncodeToString(b) == s
}
