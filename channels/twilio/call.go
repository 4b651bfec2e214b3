package twilio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
	content "github.com/twilio/twilio-go/rest/content/v1"

	"github.com/kabar-prokus/kabar/channels"
)

const answerLimit = 1 << 20 // bytes of an answer that we read

// call is one call of Twilio's API. The library knows no context and keeps neither the status of an answer that it cannot
// read nor its Retry-After, so the transport below it carries the one and notes the others.
type call struct {
	ctx        context.Context
	a          *Adapter
	begun      atomic.Bool // a connection was had, so bytes may have left
	status     int
	retryAfter string
}

// service and contents are Twilio's own clients around this one call.
func (c *call) service() *api.ApiService { return api.NewApiServiceWithClient(c.client()) }

func (c *call) contents() *content.ApiService { return content.NewApiServiceWithClient(c.client()) }

func (c *call) client() *client.Client {
	cl := &client.Client{
		Credentials: client.NewCredentials(c.a.c.AccountSID, c.a.c.AuthToken),
		HTTPClient: &http.Client{
			Transport: c, Timeout: c.a.c.HTTP.Timeout,
			// A redirect would be a second call.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	cl.SetAccountSid(c.a.c.AccountSID)
	return cl
}

// RoundTrip sends the request with our context to the configured address.
func (c *call) RoundTrip(r *http.Request) (*http.Response, error) {
	// Both deadlines hold: ours, and the one that http.Client put into the request for its time limit. The values are ours,
	// and so that the log says which it was, the cause is that of whichever came first.
	limited := r.Context()
	ctx, cancel := context.WithCancelCause(c.ctx)
	stop := context.AfterFunc(limited, func() { cancel(context.Cause(limited)) })
	defer cancel(nil)
	defer stop()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// The transport asks again only after a dead connection to which nothing was written.
		GetConn: func(string) { c.begun.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { c.begun.Store(true) },
	})
	r = r.Clone(ctx)
	if b := c.a.base; b != nil {
		r.URL.Scheme, r.URL.Host, r.Host = b.Scheme, b.Host, b.Host
		r.URL.Path = b.Path + r.URL.Path
	}
	res, err := channels.Traced(c.a.c.HTTP.Transport).RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	c.status, c.retryAfter = res.StatusCode, res.Header.Get("Retry-After")
	// Read here, because the library leaves the body of a refusal open.
	body, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// failed classes an error of this call. Twilio's own words are left out: they quote the number.
func (c *call) failed(err error) *channels.SendError {
	se := &channels.SendError{Kind: channels.Ambiguous}
	var rest *client.TwilioRestError
	switch {
	case errors.As(err, &rest) && rest.Code != 0:
		se.Code = strconv.Itoa(rest.Code)
		se.Err = fmt.Errorf("twilio refused (HTTP %d)", c.status)
		kind, ok := KindOfCode(se.Code)
		if !ok {
			kind = kindOfHTTP(c.status)
		}
		se.Kind = kind
		if c.status == 0 { // the library itself refused to send
			se.Kind = channels.Misconfig
		}
	case c.status >= 300:
		se.Code = "http" + strconv.Itoa(c.status)
		se.Kind, se.Err = kindOfHTTP(c.status), fmt.Errorf("twilio answered HTTP %d", c.status)
	case c.status != 0:
		se.Err = fmt.Errorf("answer of HTTP %d not readable", c.status)
	case !c.begun.Load():
		se.Kind, se.Err = channels.Temporary, fmt.Errorf("twilio not reached: %w", withoutURL(err))
	default:
		se.Err = fmt.Errorf("no answer from twilio: %w", withoutURL(err))
	}
	if se.Kind == channels.Throttled {
		se.RetryAfter = retryAfter(c.retryAfter, c.a.c.Now())
	}
	return se
}

// withoutURL drops the address, which holds the account and, when listing, a number.
func withoutURL(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// retryAfter reads seconds or a date; 0 if Twilio does not say.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return time.Duration(min(n, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(s); err == nil && at.After(now) {
		return min(at.Sub(now), 24*time.Hour)
	}
	return 0
}
