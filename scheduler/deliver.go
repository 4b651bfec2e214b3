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

// hold is until when what follows a row to the same address waits, and for which sender. Zero: it may go.
type hold struct {
	until  time.Time
	awaits string
}

// Deliver sends outbox rows in the order given. A row that a provider did not take now holds those after it, so that one
// address hears things in order. Rows that are not queued any more are passed over: whoever has them brings them to an end.
func (s *Scheduler) Deliver(ctx context.Context, ids []string) error {
	for i, id := range ids {
		h, err := s.deliver(ctx, id)
		if err != nil {
			return fmt.Errorf("deliver: %w", err)
		}
		if !h.until.IsZero() && i+1 < len(ids) {
			if err := s.Store.Hold(ctx, ids[i+1:], h.until, h.awaits); err != nil {
				return fmt.Errorf("deliver: hold: %w", err)
			}
			return nil
		}
	}
	return nil
}

// maxWays bounds how many roads one delivery tries in a row.
const maxWays = 8

// deliver takes one row through the door, by the next road where one refuses it.
func (s *Scheduler) deliver(ctx context.Context, id string) (h hold, err error) {
	for range maxWays {
		var again bool
		if h, again, err = s.try(ctx, id); err != nil || !again {
			return h, err
		}
	}
	return h, nil
}

// try takes one row through the door by one road. again says that this road refused it and another one is left.
func (s *Scheduler) try(ctx context.Context, id string) (h hold, again bool, err error) {
	now := s.Clock.Now()
	book, err := s.rulebook(ctx, now)
	if err != nil {
		return h, false, err
	}
	d, ok, err := s.Store.Claim(ctx, id, now, func(f Facts) Decision {
		rules := book.For(f.Area)
		f.Rules = &rules
		return s.judge(f, now)
	})
	if err != nil || !ok {
		return h, false, err
	}
	if d.Verdict != Send {
		if d.Awaits == "" {
			return h, false, nil // it waits or has ended; what follows it to the same address may go
		}
		s.awake()
		return hold{d.Until, d.Awaits}, false, nil
	}
	s.at("before_send")
	call, cancel := context.WithTimeout(ctx, sendTime)
	sent, err := s.send(call, d)
	cancel()
	s.at("after_send")
	// What became of it is kept even when the job is being cancelled: else a send is in doubt for no reason.
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	now = s.Clock.Now()
	if err != nil {
		return s.refused(keep, id, d, err, now)
	}
	if !d.Gate.Clean() {
		if _, err := s.learn(keep, id, d.Road.Channel, "", 0, now); err != nil {
			return h, false, err
		}
	}
	if err := s.Store.MarkSent(keep, id, sent, s.opening(d.Opens), now); err != nil {
		return h, false, fmt.Errorf("mark sent: %w", err)
	}
	s.sent.Add(1)
	return h, false, nil
}

// learn tells all replicas what became of a send.
func (s *Scheduler) learn(ctx context.Context, id, channel string, kind channels.ErrorKind, after time.Duration, now time.Time) (Gate, error) {
	g, err := s.Store.Learn(ctx, channel, func(g Gate) Gate { return g.After(kind, after, id, now) }, now)
	if err != nil {
		return g, fmt.Errorf("learn: %w", err)
	}
	return g, nil
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

// decide judges a row, chooses its road and renders it.
func (s *Scheduler) decide(f Facts, now time.Time) Decision {
	v, until, why := Judge(f, now)
	if v != Send {
		return Decision{Verdict: v, Until: until, Why: why}
	}
	ways, why := s.ways(f, now)
	if len(ways) == 0 {
		return Decision{Verdict: Skip, Why: why}
	}
	c := s.choose(f, ways, now)
	if !c.ok && c.until.IsZero() {
		return Decision{Verdict: Skip, Why: whyNowhere} // every road refused it
	}
	shown := c.Road
	if !c.ok {
		shown = ways[0]
	}
	var err error
	if shown.Letter != "" {
		if f, err = s.onShared(f, shown.Letter); err != nil {
			s.Log.Error("a message cannot be said", "id", f.ID, "text", f.Text, "error", err)
			return Decision{Verdict: Broken, Why: whyText}
		}
	}
	out, err := s.render(f, shown, shown.Template, now)
	if err != nil {
		s.Log.Error("a message cannot be said", "id", f.ID, "text", f.Text, "error", err)
		return Decision{Verdict: Broken, Why: whyText}
	}
	if !c.ok {
		return Decision{Verdict: Wait, Until: c.until, Awaits: c.awaits, Why: whyDown}
	}
	if f.Kind == prokus.KindBroadcast && f.Left >= 0 && c.Price*int64(out.Segments) > f.Left {
		v, until, why := within(f, f.Fresh, whyBudget)
		if v == Skip {
			why = whyBudget
		}
		return Decision{Verdict: v, Until: until, Why: why}
	}
	return Decision{
		Verdict: Send, Road: c.Road, Rate: s.termsOf(c.Channel, c.Via).Rate, Lane: f.Kind.Lane(), Probe: c.probe, Gate: c.known, Detour: c.detour,
		Others: c.others, Tried: f.Tried, Out: out, Opens: f.Opens, Attempt: f.Attempts + 1,
	}
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
	if len(f.Picture) > 0 && out.Via == channels.Telegram && s.Draw != nil {
		pic, err := s.Draw(f.Picture)
		if err != nil {
			return out, fmt.Errorf("picture: %w", err)
		}
		out.Picture = pic
	}
	out.EditRef = f.EditRef
	return s.withButtons(out, f)
}

// refused acts on a provider's answer by its kind. again says that another road is to be tried at once.
func (s *Scheduler) refused(ctx context.Context, id string, d Decision, err error, now time.Time) (h hold, again bool, _ error) {
	kind, se := channels.KindOf(err)
	s.Log.Warn("a provider refused a message", "id", id, "channel", d.Road.Channel, "kind", kind, "code", se.Code)
	var g Gate
	if kind != channels.Ambiguous || d.Probe {
		var err error
		if g, err = s.learn(ctx, id, d.Road.Channel, kind, se.RetryAfter, now); err != nil {
			return h, false, err
		}
	}
	why := Refusal{Kind: kind, Code: se.Code}
	if kind == channels.Ambiguous {
		return h, false, nil // it stays in sending until it is reconciled
	}
	until, counted, retried := s.retry(why, d, se.RetryAfter, now)
	if d.Others && s.elsewhere(kind, d, until, now) {
		return h, true, s.Store.Reroute(ctx, id, d.Road, why, now)
	}
	if kind == channels.NoWindow && retried { // the road is chosen anew, and not in the same way
		return h, true, s.Store.Return(ctx, id, until, counted, why)
	}
	if !retried {
		return h, false, s.Store.Fail(ctx, id, why, now)
	}
	if !g.Closed.IsZero() && now.Before(g.Closed) {
		counted = false // it was the sender, not the message
	}
	return hold{until: until}, false, s.Store.Return(ctx, id, until, counted, why)
}

// elsewhere says whether a refused row takes another road: where this one will not have it, or not in time.
func (s *Scheduler) elsewhere(kind channels.ErrorKind, d Decision, until, now time.Time) bool {
	switch kind {
	case channels.BlockedBy, channels.Invalid, channels.Misconfig:
		return true
	case channels.Temporary:
		first := d.Tried
		if first.IsZero() {
			first = now
		}
		return until.Sub(first) > prokus.Kind(d.Out.Kind).Patience()
	}
	return false
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
