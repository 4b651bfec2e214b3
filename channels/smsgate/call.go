package smsgate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
)

const answerLimit = 1 << 20 // bytes of an answer that we read

// call is one call of a phone.
type call struct {
	a      *Adapter
	p      *phone
	status int
	page   bool // the answer is a page for people: a proxy's or a tunnel's, not the phone's
}

// do calls and reads the answer into out. 409 is no error here: the caller asked with an id. Neither the phone's words nor
// its address are kept, they may hold numbers.
func (c *call) do(ctx context.Context, method, path string, in, out any) *channels.SendError {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return &channels.SendError{Kind: channels.Invalid, Err: fmt.Errorf("message: %w", err)}
		}
		body = bytes.NewReader(b)
	}
	ctx, attempt := channels.Watch(ctx)
	r, err := http.NewRequestWithContext(ctx, method, c.p.url+path, body)
	if err != nil {
		return &channels.SendError{Kind: channels.Misconfig, Err: errors.New("the phone's address is not one")}
	}
	r.SetBasicAuth(c.p.Login, c.p.Password)
	r.Header.Set("Accept", "application/json")
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := c.a.http.Do(r)
	if err != nil {
		return attempt.Unanswered(err)
	}
	defer res.Body.Close()
	c.status = res.StatusCode
	c.page = strings.HasPrefix(res.Header.Get("Content-Type"), "text/html")
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	switch {
	case res.StatusCode == http.StatusConflict:
		return nil
	case res.StatusCode >= 300:
		se := &channels.SendError{
			Kind: kindOfHTTP(res.StatusCode, answer), Code: "http" + strconv.Itoa(res.StatusCode), Err: fmt.Errorf("phone %s answered HTTP %d", c.p.Name, res.StatusCode),
		}
		if se.Kind == channels.Throttled {
			if se.RetryAfter = channels.RetryAfter(res.Header.Get("Retry-After"), c.a.c.Now()); se.RetryAfter == 0 {
				se.RetryAfter = limited
			}
		}
		return se
	case err != nil:
		return &channels.SendError{Kind: channels.Ambiguous, Err: fmt.Errorf("answer broke off: %w", err)}
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &channels.SendError{Kind: channels.Ambiguous, Err: fmt.Errorf("answer of HTTP %d not readable", res.StatusCode)}
	}
	return nil
}

// kindOfHTTP classes a refusal. A 500 comes out of the middle of the app's work and leaves open what it has done; 502 and 504
// are a proxy's, which may have lost the answer only. Find settles all three.
func kindOfHTTP(status int, answer []byte) channels.ErrorKind {
	switch status {
	case http.StatusTooManyRequests:
		return channels.Throttled
	case http.StatusServiceUnavailable:
		if strings.Contains(string(answer), "QueueLimitExceeded") { // a private server's limit for the phone
			return channels.Throttled
		}
		return channels.Temporary
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed:
		return channels.Misconfig
	case http.StatusBadRequest:
		if strings.Contains(string(answer), "device") { // "Invalid device ID": about our list, not about the message
			return channels.Misconfig
		}
		return channels.Invalid
	case http.StatusRequestTimeout:
		return channels.Ambiguous
	}
	switch {
	case status >= 500:
		return channels.Ambiguous
	case status >= 400:
		return channels.Invalid
	}
	return channels.Misconfig // redirected: nobody's phone
}
