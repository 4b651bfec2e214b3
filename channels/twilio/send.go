package twilio

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/kabar-prokus/kabar/channels"
)

// Twilio's bounds of a validity period, in seconds.
const (
	validityMin = 1
	validityMax = 36000
)

// Send hands one message to Twilio: exactly one call, never repeated here. Every error is a *channels.SendError.
func (a *Adapter) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	p := &api.CreateMessageParams{}
	if err := a.address(p, m.Via, m.To); err != nil {
		return channels.Sent{}, err
	}
	if err := a.content(ctx, p, m); err != nil {
		return channels.Sent{}, err
	}
	if a.c.PublicURL != "" {
		p.SetStatusCallback(a.c.PublicURL + StatusPath + "?m=" + m.ID)
	}
	if !m.Before.IsZero() && !m.At.IsZero() {
		p.SetValidityPeriod(max(validityMin, min(validityMax, int(m.Before.Sub(m.At)/time.Second))))
	}
	if err := ctx.Err(); err != nil {
		return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: fmt.Errorf("not sent: %w", err)}
	}
	c := &call{ctx: ctx, a: a}
	got, err := c.service().CreateMessage(p)
	switch {
	case err != nil:
		return channels.Sent{}, c.failed(err)
	case c.status >= 300: // the library takes a redirect for success
		return channels.Sent{}, c.failed(errors.New("redirected"))
	case got.Sid == nil || !messageSID.MatchString(*got.Sid):
		return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Err: errors.New("accepted without an id")}
	case got.ErrorCode != nil && *got.ErrorCode != 0:
		return channels.Sent{}, refusedAtOnce(*got.ErrorCode)
	}
	return channels.Sent{ProviderID: *got.Sid, Segments: segments(got.NumSegments)}, nil
}

// address sets sender and recipient for the way that the message takes.
func (a *Adapter) address(p *api.CreateMessageParams, via channels.Via, to string) error {
	switch {
	case via == channels.WhatsApp && a.c.WhatsAppFrom != "":
		p.SetFrom(whatsapp + a.c.WhatsAppFrom)
		p.SetTo(whatsapp + to)
	case via == channels.SMS && a.c.MessagingServiceSID != "":
		p.SetMessagingServiceSid(a.c.MessagingServiceSID)
		p.SetTo(to)
	case via == channels.SMS && a.c.From != "":
		p.SetFrom(a.c.From)
		p.SetTo(to)
	default:
		return &channels.SendError{Kind: channels.Invalid, Code: "no_sender", Err: fmt.Errorf("no sender for %s", via)}
	}
	return nil
}

// refusedAtOnce is a message that Twilio created as already failed.
func refusedAtOnce(code int) *channels.SendError {
	se := &channels.SendError{Kind: channels.Invalid, Code: strconv.Itoa(code), Err: errors.New("created as failed")}
	if kind, ok := KindOfCode(se.Code); ok {
		se.Kind = kind
	}
	return se
}
