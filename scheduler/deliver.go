package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// sendTime bounds one call to a provider; no database connection is held meanwhile (faults.md B5).
const sendTime = 20 * time.Second

// Deliver sends outbox rows in the order given. A row that a provider did not take now holds those after it, so that one
// address hears things in order. Rows that are not queued any more are passed over: whoever has them brings them to an end.
func (s *Scheduler) Deliver(ctx context.Context, ids []string) error {
	for i, id := range ids {
		held, err := s.deliver(ctx, id)
		if err != nil {
			return fmt.Errorf("deliver: %w", err)
		}
		if !held.IsZero() && i+1 < len(ids) {
			if err := s.Store.Hold(ctx, ids[i+1:], held); err != nil {
				return fmt.Errorf("deliver: hold: %w", err)
			}
			return nil
		}
	}
	return nil
}

// deliver takes one row through the door. held is until when it waits for its provider; else zero.
func (s *Scheduler) deliver(ctx context.Context, id string) (held time.Time, err error) {
	now := s.Clock.Now()
	book, err := s.rulebook(ctx, now)
	if err != nil {
		return time.Time{}, err
	}
	d, ok, err := s.Store.Claim(ctx, id, now, func(f Facts) Decision {
		rules := book.For(f.Area)
		f.Rules = &rules
		return s.decide(f, now)
	})
	if err != nil || !ok {
		return time.Time{}, err
	}
	if d.Verdict != Send {
		return time.Time{}, nil // it waits or has ended; what follows it to the same address may go
	}
	s.at("before_send")
	call, cancel := context.WithTimeout(ctx, sendTime)
	sent, err := s.senders[d.Road.Channel].Send(call, d.Out)
	cancel()
	s.at("after_send")
	// What became of it is kept even when the job is being cancelled: else a send is in doubt for no reason.
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	now = s.Clock.Now()
	if err != nil {
		return s.refused(keep, id, d, err, now)
	}
	s.gates.learn(d.Road.Channel, "", 0, now)
	if err := s.Store.MarkSent(keep, id, sent, s.opening(d.Opens), s.price(), now); err != nil {
		return time.Time{}, fmt.Errorf("mark sent: %w", err)
	}
	s.sent.Add(1)
	return time.Time{}, nil
}

func (s *Scheduler) opening(ref string) *Opening {
	if ref == "" {
		return nil
	}
	o, ok := s.Openings(ref)
	if !ok {
		s.Log.Error("a message opens a step that does not exist", "opens", ref)
		return nil
	}
	return &o
}

func (s *Scheduler) price() int64 {
	if s.Price > 0 {
		return s.Price
	}
	return prokus.SegmentPrice
}

// decide judges a row, chooses its road and renders it.
func (s *Scheduler) decide(f Facts, now time.Time) Decision {
	v, until, why := Judge(f, now)
	if v != Send {
		return Decision{Verdict: v, Until: until, Why: why}
	}
	road, template, why := s.road(f, now)
	if why != "" {
		return Decision{Verdict: Skip, Why: why}
	}
	var err error
	if road.Letter != "" {
		if f, err = s.onShared(f, road.Letter); err != nil {
			s.Log.Error("a message cannot be said", "id", f.ID, "text", f.Text, "error", err)
			return Decision{Verdict: Broken, Why: whyText}
		}
	}
	out, err := s.render(f, road, template, now)
	if err != nil {
		s.Log.Error("a message cannot be said", "id", f.ID, "text", f.Text, "error", err)
		return Decision{Verdict: Broken, Why: whyText}
	}
	if pass, until := s.gates.pass(road.Channel, now); !pass {
		return Decision{Verdict: Wait, Until: until, Why: "channel_down"}
	}
	return Decision{Verdict: Send, Road: road, Out: out, Opens: f.Opens, Attempt: f.Attempts + 1}
}

// road is the first way that we have a sender for, with the template that the row must leave as on it, if it must; else why
// there is none.
func (s *Scheduler) road(f Facts, now time.Time) (_ Road, t *channels.Template, why string) {
	why = whyNowhere
	for _, r := range f.Roads {
		if _, ok := s.senders[r.Channel]; !ok {
			// A number that never wrote, or last wrote by a channel which is switched off, is still a number.
			if r.Channel = s.defaultSender(r.Via); s.senders[r.Channel] == nil && r.Via == string(channels.SMS) {
				r.Via = string(channels.WhatsApp) // nothing else goes to numbers here
				r.Channel = s.defaultSender(r.Via)
			}
			if s.senders[r.Channel] == nil {
				continue
			}
		}
		if channels.Via(r.Via) == channels.WhatsApp && !open(r, now) {
			if f.Attempts < windowTries-1 {
				t = s.template(f, r)
			} else {
				t = nil
			}
			if t == nil {
				why = whyWindow
				continue
			}
		}
		return r, t, ""
	}
	return Road{}, nil, why
}

func (s *Scheduler) defaultSender(via string) string {
	switch channels.Via(via) {
	case channels.SMS:
		return s.SMS
	case channels.WhatsApp:
		return s.WhatsApp
	case channels.Telegram:
		return "telegram"
	}
	return ""
}

// render says the row for its road.
func (s *Scheduler) render(f Facts, r Road, t *channels.Template, now time.Time) (channels.Outbound, error) {
	route := s.Routes[r.Channel]
	route.Via = r.Via
	out := channels.Outbound{ID: f.ID, To: r.To, Via: channels.Via(r.Via), Kind: string(f.Kind), Before: f.NotAfter, At: now, Segments: 1, Template: t}
	var args text.Args
	if len(f.Args) > 0 {
		if err := json.Unmarshal(f.Args, &args); err != nil {
			return out, fmt.Errorf("arguments: %w", err)
		}
	}
	if f.Literal != nil {
		out.Text = *f.Literal
		if r.Via == string(channels.SMS) {
			out.Segments = segments(out.Text)
		}
	} else {
		said, err := s.Texts.Render(f.Text, string(f.Lang), args, route)
		if err != nil {
			return out, err
		}
		out.Text, out.Segments = said.Text, said.Parts
	}
	if out.Text == "" {
		return out, errors.New("an empty text")
	}
	if channels.Via(r.Via) == channels.SMS || t != nil { // a template has its own buttons
		return out, nil
	}
	out.EditRef = f.EditRef
	return s.withButtons(out, f)
}

// refused acts on a provider's answer by its kind. held is until when the row waits.
func (s *Scheduler) refused(ctx context.Context, id string, d Decision, err error, now time.Time) (held time.Time, _ error) {
	kind, se := channels.KindOf(err)
	s.gates.learn(d.Road.Channel, kind, se.RetryAfter, now)
	s.Log.Warn("a provider refused a message", "id", id, "channel", d.Road.Channel, "kind", kind, "code", se.Code)
	why := Refusal{Kind: kind, Code: se.Code}
	until, counted, again := s.retry(why, d, se.RetryAfter, now)
	switch {
	case kind == channels.Ambiguous:
		return time.Time{}, nil // it stays in sending until it is reconciled
	case again:
		return until, s.Store.Return(ctx, id, until, counted, why)
	}
	return time.Time{}, s.Store.Fail(ctx, id, why, now)
}

// retry says whether and when a refused row is tried again, by our own clock, and whether the attempt counts.
func (s *Scheduler) retry(why Refusal, d Decision, after time.Duration, now time.Time) (until time.Time, counted, again bool) {
	attempt := d.Attempt
	switch why.Kind {
	case channels.Temporary:
		until, counted = now.Add(backoff(attempt)), true
		again = attempt < temporaryTries
	case channels.Throttled:
		until, again = now.Add(max(after, time.Second)), true
	case channels.Misconfig:
		until, again = now.Add(gateConfig), true
	case channels.NoWindow: // at once: the road is chosen anew, and not in the same way
		until, counted, again = now, true, attempt < windowTries
	case channels.OutOfReach:
		if attempt <= len(reachAgain) {
			until, counted, again = now.Add(reachAgain[attempt-1]), true, true
		}
	}
	if again && !d.Out.Before.IsZero() && !until.Before(d.Out.Before) {
		again = false
	}
	return until, counted, again
}

// temporaryTries with backoff span about a day and a half.
const temporaryTries = 12

// windowTries bounds how often a row may meet a closed window: once by each road that it can take.
const windowTries = 3

// reachAgain are the waits for a handset that is off (faults.md B10).
var reachAgain = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour}

// backoff is the wait after the n-th temporary failure: 30 s, doubling, at most six hours.
func backoff(n int) time.Duration {
	d := 30 * time.Second
	for range n - 1 {
		if d *= 2; d >= 6*time.Hour {
			return 6 * time.Hour
		}
	}
	return d
}
