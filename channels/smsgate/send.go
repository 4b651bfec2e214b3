package smsgate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	shunned     = time.Minute      // how long a phone that did not answer comes last
	limited     = 10 * time.Minute // the same for one that said "too many" without saying for how long
	shortestTTL = 5                // seconds, the least that an SMSGate server takes
	replyFirst  = 10               // priority of an answer; from 100 on the app would skip its own limits
	namesakes   = 9                // ids that are tried for one message, after earlier ones have failed at the phone
)

// Send hands a message to one phone. Another phone is tried only if the one before has surely not taken it; after an answer
// that leaves this open nothing more is sent. Every error is a *channels.SendError.
func (a *Adapter) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	if m.Via != channels.SMS || !e164.MatchString(m.To) || m.ID == "" {
		return channels.Sent{}, &channels.SendError{Kind: channels.Invalid, Code: "no_sender", Err: fmt.Errorf("no way for %s", m.Via)}
	}
	if a.own[m.To] {
		return channels.Sent{}, &channels.SendError{Kind: channels.Invalid, Code: "own_number", Err: errors.New("one of our own numbers")}
	}
	var refusals []*channels.SendError
	now := a.c.Now()
	for _, h := range a.hops(m.To, now) {
		if err := ctx.Err(); err != nil {
			refusals = append(refusals, &channels.SendError{Kind: channels.Temporary, Err: fmt.Errorf("not sent: %w", err)})
			break
		}
		if wait := h.p.take(m.Segments, now); wait > 0 {
			refusals = append(refusals, &channels.SendError{Kind: channels.Throttled, Code: "bucket_empty", RetryAfter: wait, Err: errors.New("the phone has sent what it may")})
			continue
		}
		sent, se := a.by(ctx, h, m)
		if se == nil {
			return sent, nil
		}
		switch se.Kind {
		case channels.Temporary:
			h.p.shun(now.Add(shunned))
		case channels.Throttled:
			h.p.shun(now.Add(max(se.RetryAfter, shunned)))
		case channels.Misconfig:
			h.p.shun(now.Add(shunned))
			a.c.Log.Error("a phone refuses us", "channel", "smsgate", "phone", h.p.Name, "code", se.Code)
		default: // it may have left, or no phone would take it
			return channels.Sent{}, se
		}
		h.p.giveBack(m.Segments)
		refusals = append(refusals, se)
	}
	return channels.Sent{}, worst(refusals)
}

// worst is what all phones together say: while one only asks to wait, the channel works; with its shortest wait.
func worst(all []*channels.SendError) *channels.SendError {
	var out *channels.SendError
	rank := map[channels.ErrorKind]int{channels.Misconfig: 1, channels.Temporary: 2, channels.Throttled: 3}
	for _, se := range all {
		switch {
		case out == nil || rank[se.Kind] > rank[out.Kind]:
			out = se
		case se.Kind == channels.Throttled && out.Kind == channels.Throttled && se.RetryAfter < out.RetryAfter:
			out = se
		}
	}
	return out
}

// post is what a phone is asked to send.
type post struct {
	ID          string   `json:"id"`
	TextMessage text     `json:"textMessage"`
	Numbers     []string `json:"phoneNumbers"`
	SIM         int      `json:"simNumber"`
	Device      string   `json:"deviceId,omitempty"`
	TTL         int      `json:"ttl,omitempty"`
	Report      bool     `json:"withDeliveryReport"`
	Priority    int      `json:"priority,omitempty"`
}

type text struct {
	Text string `json:"text"`
}

// stored is a message as the phone knows it.
type stored struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

// over is true for a message that the phone will not send any more and has not sent.
func (s stored) over() bool { return s.State == "Failed" || s.State == "Cancelled" }

// by sends by one phone. A phone refuses an id that it has (409): if that message is alive, it is ours and done; if it
// failed there earlier, the message is given to the phone again under its next id.
func (a *Adapter) by(ctx context.Context, h hop, m channels.Outbound) (channels.Sent, *channels.SendError) {
	p := post{
		TextMessage: text{m.Text}, Numbers: []string{m.To}, SIM: h.sim, Device: h.p.Device, Report: true,
	}
	// The rest of the time and not the moment: the phone's clock may be wrong.
	if !m.Before.IsZero() && !m.At.IsZero() {
		p.TTL = max(shortestTTL, int(m.Before.Sub(m.At)/time.Second))
	}
	if m.Kind == "reply" {
		p.Priority = replyFirst
	}
	for n := 1; n <= namesakes; n++ {
		p.ID = nthID(m.ID, n)
		c := &call{a: a, p: h.p}
		var got stored
		if se := c.do(ctx, http.MethodPost, "/messages", p, &got); se != nil {
			return channels.Sent{}, se
		}
		if c.status != http.StatusConflict {
			if got.ID == "" {
				return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Err: errors.New("accepted without an id")}
			}
			return channels.Sent{ProviderID: got.ID}, nil
		}
		there, found, err := a.look(ctx, h.p, p.ID)
		switch {
		case err != nil || !found: // it has the id, and we do not learn what became of it
			return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Code: "http409", Err: errors.New("the phone has this id already")}
		case !there.over():
			return channels.Sent{ProviderID: p.ID}, nil
		}
	}
	return channels.Sent{}, &channels.SendError{Kind: channels.Invalid, Code: "failed_often", Err: errors.New("failed at the phone too often")}
}
