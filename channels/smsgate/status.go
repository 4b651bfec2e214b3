package smsgate

import (
	"encoding/json"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// told is the payload of the events about a message that we sent.
type told struct {
	ID        string `json:"messageId"`
	Reason    string `json:"reason"`
	Sent      string `json:"sentAt"`
	Delivered string `json:"deliveredAt"`
	Failed    string `json:"failedAt"`
	Cancelled string `json:"cancelledAt"`
}

// state makes a Status; known is false where there is nothing to keep: somebody sent by the same phone without us, or a
// delivery report says that a message did not arrive. Delivered is advisory, whoever reads it.
func (a *Adapter) state(e event, p *phone, now time.Time) (s channels.Status, known bool, no *refusal) {
	var t told
	if err := json.Unmarshal(e.Payload, &t); err != nil || t.ID == "" || len(t.ID) > 64 {
		return s, false, &malformed
	}
	s = channels.Status{Channel: a.Name(), ProviderID: t.ID}
	at := ""
	switch e.Event {
	case "sms:sent":
		s.State, at = channels.Accepted, t.Sent
	case "sms:delivered":
		s.State, at = channels.Delivered, t.Delivered
	case "sms:cancelled":
		s.State, at, s.Code = channels.Failed, t.Cancelled, codeCancelled
	default:
		s.State, at, s.Code = channels.Failed, t.Failed, codeOf(t.Reason)
	}
	var err error
	if s.At, err = time.Parse(time.RFC3339Nano, at); err != nil || s.At.Year() < 2000 || s.At.Year() > 9999 {
		return s, false, &malformed
	}
	if s.At.After(now) {
		s.At = now
	}
	if s.Message, known = ourID(t.ID); !known {
		a.counts.Add("unknown_message")
		return s, false, nil
	}
	if s.Code == codeLimit {
		p.drained(now)
	}
	if e.Event == "sms:failed" && aboutDelivery(t.Reason) {
		a.counts.Add("delivery_report")
		return s, false, nil
	}
	return s, true, nil
}
