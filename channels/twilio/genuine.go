package twilio

import (
	"bytes"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const (
	bodyLimit  = 64 << 10 // bytes; Twilio's forms are about 1 KB
	paramLimit = 200
)

// refusal is why a request is not taken: its status and the name under which it is counted. What it contained is never
// logged: a forged request is somebody else's text.
type refusal struct {
	status int
	reason string
}

// genuine reads a request of Twilio's: it must be a form, small, signed over our public address, and in a shape in which
// the signature has only one meaning.
func (a *Adapter) genuine(w http.ResponseWriter, r *http.Request, path string) (url.Values, *refusal) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, &refusal{http.StatusMethodNotAllowed, "wrong_type"}
	}
	if !plainForm(r.Header) {
		return nil, &refusal{http.StatusUnsupportedMediaType, "wrong_type"}
	}
	if r.ContentLength > bodyLimit {
		return nil, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		if _, tooLarge := err.(*http.MaxBytesError); tooLarge {
			return nil, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
		}
		return nil, &refusal{http.StatusBadRequest, "malformed"}
	}
	if bytes.Count(body, []byte{'&'}) >= paramLimit {
		return nil, &refusal{http.StatusRequestEntityTooLarge, "too_large"}
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || !a.signed(r, path, form) {
		return nil, &refusal{http.StatusForbidden, "forged"}
	}
	if !a.unambiguous(r.URL.RawQuery, form) {
		return nil, &refusal{http.StatusBadRequest, "malformed"}
	}
	return form, nil
}

func plainForm(h http.Header) bool {
	if e := h.Values("Content-Encoding"); len(e) > 1 || len(e) == 1 && !strings.EqualFold(e[0], "identity") {
		return false
	}
	t, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || t != "application/x-www-form-urlencoded" {
		return false
	}
	charset := params["charset"]
	return charset == "" || strings.EqualFold(charset, "utf-8")
}

func (a *Adapter) signed(r *http.Request, path string, form url.Values) bool {
	sig := r.Header.Values("X-Twilio-Signature")
	if a.c.PublicURL == "" || len(sig) != 1 {
		return false
	}
	address := a.c.PublicURL + path
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	first := make(map[string]string, len(form))
	for k, v := range form {
		first[k] = v[0]
	}
	return a.validator.Validate(address, first, sig[0])
}

var (
	paramName  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)
	apiVersion = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	messageSID = regexp.MustCompile(`^(SM|MM)[0-9a-f]{32}$`)
	// A key that carries weight and its value, found inside another value or cut in the wrong place. Whoever holds one
	// signed request could otherwise move the borders between keys and values: the signature covers only their sequence.
	hiddenID   = regexp.MustCompile(`MessageSid(SM|MM)[0-9a-f]{32}|AccountSidAC[0-9a-f]{32}`)
	hiddenFrom = regexp.MustCompile(`From(whatsapp:)?\+[0-9]`)
	cutKey     = regexp.MustCompile(`^(AccountSid|Body|From|MessageSid|MessageStatus|ErrorCode)[a-z_0-9]`)
)

// knownNames are the parameters of Twilio's that can be told apart from what people write.
var knownNames = []string{
	"AccountSid", "ApiVersion", "Body", "ButtonPayload", "ButtonText", "ChannelPrefix", "ErrorCode", "FromCity", "FromCountry",
	"FromState", "FromZip", "Latitude", "Longitude", "MediaContentType0", "MediaUrl0", "MessageSid", "MessageStatus",
	"MessagingServiceSid", "NumMedia", "NumSegments", "ProfileName", "SmsMessageSid", "SmsSid", "SmsStatus", "ToCity", "ToCountry",
	"ToState", "ToZip",
}

// unambiguous is true if the signed sequence can have been meant only as it was cut into keys and values: the two
// weaknesses of the signature (only first values are covered, no borders) are closed here. Parameters that Twilio adds
// one day pass.
func (a *Adapter) unambiguous(query string, form url.Values) bool {
	for k, v := range form {
		if len(v) != 1 || !paramName.MatchString(k) || cutKey.MatchString(k) || hiddenID.MatchString(v[0]) {
			return false
		}
		if k != "Body" && hiddenFrom.MatchString(v[0]) {
			return false
		}
	}
	if q, err := url.QueryUnescape(query); err != nil || hiddenID.MatchString(q) || hiddenFrom.MatchString(q) {
		return false
	}
	sequence := sequenceOf(form)
	for _, k := range knownNames {
		if !form.Has(k) && strings.Contains(sequence, k) { // its border was moved: a neighbour has swallowed it
			return false
		}
	}
	if v, ok := form["ApiVersion"]; ok && !apiVersion.MatchString(v[0]) {
		return false
	}
	return form.Get("AccountSid") == a.c.AccountSID && messageSID.MatchString(form.Get("MessageSid"))
}

// sequenceOf is what Twilio signs behind the address.
func sequenceOf(form url.Values) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(form)) {
		b.WriteString(k + form.Get(k))
	}
	return b.String()
}

func (a *Adapter) refuse(w http.ResponseWriter, path string, r *refusal) {
	a.counts.Add(r.reason)
	a.c.Log.Warn("request refused", "channel", "twilio", "path", path, "status", r.status, "reason", r.reason)
	http.Error(w, http.StatusText(r.status), r.status)
}

// unavailable asks Twilio to call again: nothing was kept.
func (a *Adapter) unavailable(w http.ResponseWriter, path string, err error) {
	a.counts.Add("unavailable")
	a.c.Log.Error("turn not kept", "channel", "twilio", "path", path, "err", err)
	w.Header().Set("Retry-After", "2")
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}

func acknowledge(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = io.WriteString(w, "<Response></Response>")
}
