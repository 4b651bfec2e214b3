package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const (
	answerLimit = 256 << 10 // bytes of an answer that we read
	day         = 24 * 3600
	pause       = time.Minute // for "too many" without a time
)

// placeholders are what a description can put into a request.
var placeholders = []string{"{to}", "{to_digits}", "{to_local}", "{text}", "{id}", "{from}", "{seconds}", "{minutes}"}

// Send hands one message to the aggregator: exactly one call. Every error is a *channels.SendError.
func (a *Adapter) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	invalid := func(code string, err error) (channels.Sent, error) {
		return channels.Sent{}, &channels.SendError{Kind: channels.Invalid, Code: code, Err: err}
	}
	switch {
	case a.c.Send == nil || m.Via != channels.SMS || !e164.MatchString(m.To):
		return invalid("no_sender", fmt.Errorf("no way for %s", m.Via))
	case a.own[m.To]:
		return invalid("own_number", errors.New("one of our own numbers"))
	}
	if err := ctx.Err(); err != nil {
		return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: fmt.Errorf("not sent: %w", err)}
	}
	ctx, attempt := channels.Watch(ctx)
	r, err := a.request(ctx, m)
	if err != nil {
		return invalid("", err)
	}
	res, err := a.d.HTTP.Do(r)
	if err != nil {
		return channels.Sent{}, attempt.Unanswered(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	return a.judge(res, body, err, m)
}

// request fills the description's templates.
func (a *Adapter) request(ctx context.Context, m channels.Outbound) (*http.Request, error) {
	s := a.c.Send
	fill := a.values(m).Replace
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, errors.New("the address is not one")
	}
	u.RawQuery = filled(s.Query, fill).Encode()
	var body []byte
	contentType := ""
	switch {
	case s.JSON != nil:
		contentType = "application/json"
		tree := inJSON(s.JSON, func(v string) string { return v })
		if body, err = json.Marshal(numbers(tree, fill)); err != nil {
			return nil, fmt.Errorf("message: %w", err)
		}
	case s.Form != nil:
		contentType = "application/x-www-form-urlencoded"
		body = []byte(filled(s.Form, fill).Encode())
	}
	r, err := http.NewRequestWithContext(ctx, s.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the address is not one")
	}
	if s.Method == http.MethodGet {
		// A GET that has a body which cannot be read again is not repeated by the transport. Otherwise a connection that
		// breaks while we wait for the answer would send the message twice, unseen.
		r.Body, r.GetBody, r.ContentLength = io.NopCloser(strings.NewReader("")), nil, 0
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for k, v := range s.Headers {
		r.Header.Set(k, fill(v))
	}
	if s.Basic != nil {
		r.SetBasicAuth(s.Basic.User, s.Basic.Password)
	}
	return r, nil
}

func filled(m map[string]string, fill func(string) string) url.Values {
	out := url.Values{}
	for k, v := range m {
		out.Set(k, fill(v))
	}
	return out
}

// numbers fills a tree; a text that is nothing but {seconds} or {minutes} becomes a number.
func numbers(v any, fill func(string) string) any {
	switch v := v.(type) {
	case string:
		s := fill(v)
		if v == "{seconds}" || v == "{minutes}" {
			return json.Number(s)
		}
		return s
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k], fill)
		}
	case []any:
		for i := range v {
			v[i] = numbers(v[i], fill)
		}
	}
	return v
}

// values are the placeholders of one message. What is put in is not read again: a text that says {id} stays so.
func (a *Adapter) values(m channels.Outbound) *strings.Replacer {
	longest := a.c.Send.Seconds
	if longest == 0 {
		longest = day
	}
	seconds := longest
	if !m.Before.IsZero() && !m.At.IsZero() {
		seconds = min(longest, max(60, int(m.Before.Sub(m.At)/time.Second)))
	}
	from := ""
	if len(a.c.Own) > 0 {
		from = a.c.Own[0]
	}
	pairs := []string{
		"{to}", m.To, "{to_digits}", strings.TrimPrefix(m.To, "+"), "{to_local}", prokus.Phone(m.To).Local(), "{text}", m.Text, "{id}", m.ID,
		"{from}", from, "{seconds}", strconv.Itoa(seconds), "{minutes}", strconv.Itoa(max(1, seconds/60)),
	}
	for variable, value := range a.c.found {
		pairs = append(pairs, variable, value)
	}
	return strings.NewReplacer(pairs...)
}

// judge reads an answer. None of its words are kept but its code: they may quote number and text.
func (a *Adapter) judge(res *http.Response, body []byte, broken error, m channels.Outbound) (channels.Sent, error) {
	s := a.c.Send
	answer := a.read(body)
	listed := res.StatusCode/100 == 2
	if len(s.Success.Status) > 0 {
		listed = slices.Contains(s.Success.Status, res.StatusCode)
	}
	if listed && broken == nil && a.success(answer) {
		sent := channels.Sent{ProviderID: m.ID}
		if !s.ID.none() {
			id, ok := a.piece(answer, s.ID)
			if !ok || id == "" || len(id) > idLimit {
				return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Err: errors.New("accepted without an id")}
			}
			sent.ProviderID = id
		}
		if v, ok := a.piece(answer, s.Parts); ok {
			if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 100 {
				sent.Segments = n
			}
		}
		return sent, nil
	}
	se := &channels.SendError{Code: "http" + strconv.Itoa(res.StatusCode), Err: fmt.Errorf("the aggregator answered HTTP %d", res.StatusCode)}
	kind, known := s.Codes[se.Code]
	if code, ok := a.piece(answer, s.Code); ok && code != "" && len(code) <= codeLimit {
		se.Code = code
		if k, ok := s.Codes[code]; ok {
			kind, known = k, true
		} else if s.Otherwise != "" {
			kind, known = s.Otherwise, true
		}
	}
	if !known {
		kind = string(kindOfHTTP(res.StatusCode))
	}
	se.Kind = channels.ErrorKind(kind)
	if se.Kind == channels.Throttled {
		if se.RetryAfter = channels.RetryAfter(res.Header.Get("Retry-After"), a.d.Now()); se.RetryAfter == 0 {
			se.RetryAfter = pause
		}
	}
	return channels.Sent{}, se
}

func (a *Adapter) success(answer fields) bool {
	e := a.c.Send.Success.extract()
	if e.none() {
		return true
	}
	v, ok := a.piece(answer, e)
	return ok && (len(a.c.Send.Success.Is) == 0 || slices.Contains(a.c.Send.Success.Is, v))
}

// kindOfHTTP classes an answer whose code says nothing. One of 2xx that is no success was not understood; what a gateway
// that gave up waiting says leaves open what the aggregator did.
func kindOfHTTP(status int) channels.ErrorKind {
	switch {
	case status == http.StatusTooManyRequests:
		return channels.Throttled
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound, status == http.StatusMethodNotAllowed,
		status == http.StatusPaymentRequired:
		return channels.Misconfig
	case status == http.StatusServiceUnavailable:
		return channels.Temporary
	case status >= 500, status == http.StatusRequestTimeout, status < 300:
		return channels.Ambiguous
	case status >= 400:
		return channels.Invalid
	}
	return channels.Misconfig // redirected
}
