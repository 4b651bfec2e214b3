package twilio

import (
	"context"
	"fmt"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/kabar-prokus/kabar/channels"
)

// How far Twilio's clock may lie before ours, how long after m.At a call can still have created the message, and how many
// of a recipient's messages are looked at.
const (
	skew     = 2 * time.Minute
	lateness = 10 * time.Minute
	pageSize = 200
)

// trialPrefix is what Twilio puts before the texts of a trial account.
const trialPrefix = "Sent from your Twilio trial account - "

// Find asks Twilio whether it has a message whose fate is unknown. Twilio does not return the callback address, which
// holds our own id, so a message is recognised by recipient, text and the time of its creation, from two minutes before
// m.At to ten minutes after. The same text sent twice to one person in that time cannot be told apart; then found is true.
// Creation is compared and not DateSent, which stays empty while a message waits.
//
// Ask at least a minute after the attempt: the list lags a little behind. An error means that nothing is proven.
func (a *Adapter) Find(ctx context.Context, m channels.Outbound) (channels.Sent, bool, error) {
	p := &api.ListMessageParams{}
	to := m.To
	if m.Via == channels.WhatsApp {
		to = whatsapp + to
	}
	p.SetTo(to)
	p.SetPageSize(pageSize)
	c := &call{ctx: ctx, a: a}
	page, err := c.service().PageMessage(p, "", "")
	if err == nil && c.status >= 300 {
		err = fmt.Errorf("redirected")
	}
	if err != nil {
		return channels.Sent{}, false, fmt.Errorf("twilio: find: %w", c.failed(err))
	}
	from, until := m.At.Add(-skew), m.At.Add(lateness)
	other := false
	complete := page.NextPageUri == nil || *page.NextPageUri == ""
	for _, got := range page.Messages {
		created, err := time.Parse(time.RFC1123Z, deref(got.DateCreated))
		if err != nil || got.Sid == nil {
			return channels.Sent{}, false, fmt.Errorf("twilio: find: a message without date or id")
		}
		if created.Before(from) {
			complete = true // newest first: what follows is older still
			continue
		}
		if created.After(until) || deref(got.To) != to || strings.HasPrefix(deref(got.Direction), "inbound") {
			continue
		}
		body := deref(got.Body)
		if sameText(body, m.Text) || m.Via == channels.WhatsApp && strings.HasPrefix(body, m.Text+"\n") { // its buttons are written out
			return channels.Sent{ProviderID: *got.Sid, Segments: segments(got.NumSegments)}, true, nil
		}
		other = true
	}
	if other && m.Via == channels.WhatsApp { // a template says it in words of its own
		return channels.Sent{}, false, fmt.Errorf("twilio: find: a message of that time may be it in a template's words")
	}
	if !complete {
		return channels.Sent{}, false, fmt.Errorf("twilio: find: over %d newer messages to this recipient", pageSize)
	}
	return channels.Sent{}, false, nil
}

func sameText(theirs, ours string) bool {
	theirs = strings.TrimPrefix(theirs, trialPrefix)
	return strings.TrimSpace(theirs) == strings.TrimSpace(ours)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
