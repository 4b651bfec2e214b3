package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// idleFor is how long a connection is kept without a call; Telegram keeps it for a minute or more.
const idleFor = 20 * time.Second

// maxAnswer bounds an answer of the Bot API: 100 updates with long texts stay far below.
const maxAnswer = 16 << 20

// carrier carries the library's requests and keeps what the library throws away: whether a request can have left at all,
// and the status of an answer that did not come from Telegram but from something in between.
type carrier struct{ client *http.Client }

func newCarrier(c *http.Client) *carrier {
	own := &http.Client{}
	if c != nil {
		*own = *c
	} else if t, ok := http.DefaultTransport.(*http.Transport); ok {
		// A request that meets a connection which the server is just closing is ambiguous. So we close first.
		t = t.Clone()
		t.IdleConnTimeout = idleFor
		own.Transport = t
	}
	own.Transport = channels.Traced(own.Transport)
	// A redirect would carry the token, which is part of the path, to another host.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &carrier{client: own}
}

// lostError is a call without an answer. Left says whether the request may have reached Telegram.
type lostError struct {
	left bool
	err  error
}

func (e *lostError) Error() string { return e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// statusError is an answer that is no Bot API answer: a server error, or the page of a proxy.
type statusError struct{ status int }

func (e *statusError) Error() string { return fmt.Sprintf("answered with HTTP status %d", e.status) }

// Do sends a request and reads the whole answer.
func (c *carrier) Do(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		// The library streams its form through a pipe, which cannot be rewound. With the bytes at hand the transport
		// tries again by itself when a kept connection turns out to be closed and nothing was written.
		body, err := io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, &lostError{err: err}
		}
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		req.Body, _ = req.GetBody()
		req.ContentLength = int64(len(body))
	}
	var connected atomic.Bool
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	resp, err := c.client.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		return nil, &lostError{left: connected.Load(), err: err}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	_ = resp.Body.Close()
	switch {
	case resp.StatusCode >= 500:
		return nil, &statusError{status: resp.StatusCode}
	case err != nil:
		return nil, &lostError{left: true, err: err}
	case resp.StatusCode != http.StatusOK && !isAnswer(body):
		return nil, &statusError{status: resp.StatusCode}
	case resp.StatusCode == http.StatusOK && !json.Valid(body):
		// The library would put the body, and with it the text of a message, into its error.
		return nil, &lostError{left: true, err: errors.New("the answer is not JSON")}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// isAnswer tells Telegram's refusals from a proxy's.
func isAnswer(body []byte) bool {
	var a struct {
		ErrorCode int `json:"error_code"`
	}
	return json.Unmarshal(body, &a) == nil && a.ErrorCode != 0
}

// masked returns err without the bot's token. The chain is cut on purpose: a wrapped error could still print it.
func (a *Adapter) masked(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.ReplaceAll(err.Error(), a.cfg.Token, "***"))
}
