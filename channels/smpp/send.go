package smpp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	textLimit  = 1600 // runes, as on the other roads
	partsLimit = 255
)

// errUnsent is a submit of which nothing went out.
var errUnsent = errors.New("not sent")

// Send hands one message to the centre and waits for its answer. Every error is a *channels.SendError. Of a text of
// several parts each is submitted by itself; once the first was taken, the rest is only broken off for good, and then the
// whole is ambiguous.
func (a *Adapter) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	parts, err := a.submissions(m)
	if err != nil {
		return channels.Sent{}, err
	}
	if err := ctx.Err(); err != nil {
		return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: fmt.Errorf("not sent: %w", err)}
	}
	defer a.sent.begin(m.To)()
	ids := make([]string, 0, len(parts))
	for _, p := range parts {
		id, err := a.submit(ctx, p, m)
		if err != nil {
			if len(ids) > 0 && err.Kind != channels.Ambiguous {
				err = &channels.SendError{Kind: channels.Ambiguous, Code: err.Code, Err: fmt.Errorf("%d of %d parts were taken: %w", len(ids), len(parts), err.Err)}
			}
			if len(ids) > 0 {
				a.sent.add(m.To, ids)
			}
			return channels.Sent{}, err
		}
		ids = append(ids, id)
	}
	a.sent.add(m.To, ids)
	return channels.Sent{ProviderID: ids[0], Segments: len(encode(m.Text).parts)}, nil
}

// submissions cuts a message into what is submitted.
func (a *Adapter) submissions(m channels.Outbound) ([]submission, error) {
	invalid := func(code, why string) error {
		return &channels.SendError{Kind: channels.Invalid, Code: code, Err: errors.New("smpp: " + why)}
	}
	switch {
	case m.Via != channels.SMS:
		return nil, invalid("no_sender", fmt.Sprintf("no sender for %s", m.Via))
	case !e164.MatchString(m.To):
		return nil, invalid("bad_number", "the recipient is no number like +62…")
	case utf8.RuneCountInString(m.Text) > textLimit:
		return nil, invalid("too_long", fmt.Sprintf("more than %d characters", textLimit))
	}
	text := strings.ReplaceAll(m.Text, "\x00", "")
	c := encode(text)
	if len(c.parts) == 0 {
		return nil, invalid("no_text", "no text")
	}
	if len(c.parts) > partsLimit {
		return nil, invalid("too_long", "too many parts")
	}
	s := submission{from: a.from, to: m.To[1:], coding: c.coding, long: a.c.Long, of: len(c.parts)}
	if !m.Before.IsZero() && !m.At.IsZero() {
		s.validity = relative(m.Before.Sub(m.At))
	}
	if s.of > 1 {
		s.ref = uint16(a.ref.Add(1))
	}
	if s.of > 1 && a.c.Long == LongPayload {
		s.payload, s.part, s.of = true, 1, 1
		for _, p := range c.parts {
			s.content = append(s.content, p...)
		}
		return []submission{s}, nil
	}
	var out []submission
	for i, content := range c.parts {
		s.part, s.content = i+1, content
		out = append(out, s)
	}
	return out, nil
}

// submit hands over one part. A later part that is throttled waits out the pause here, as long as the time for an answer
// allows: the parts before it have left already.
func (a *Adapter) submit(ctx context.Context, p submission, m channels.Outbound) (string, *channels.SendError) {
	ctx, cancel := context.WithTimeout(ctx, a.c.ResponseTimeout+a.c.Patience)
	defer cancel()
	for {
		id, err := a.submitOnce(ctx, p, m)
		if err != nil && errors.Is(err, errUnsent) && ctx.Err() == nil { // nothing left: the next session may take it
			continue
		}
		if err == nil || err.Kind != channels.Throttled || p.part == 1 {
			return id, err
		}
		if !wait(ctx, err.RetryAfter) {
			return "", err
		}
	}
}

func (a *Adapter) submitOnce(ctx context.Context, p submission, m channels.Outbound) (string, *channels.SendError) {
	s, no := a.current(ctx)
	if no != nil {
		return "", no
	}
	if pause, ok := a.window.enter(ctx); !ok {
		if pause > 0 {
			return "", &channels.SendError{Kind: channels.Throttled, Code: codeOf(statusThrottled), RetryAfter: pause, Err: errors.New("smpp: pausing because the centre throttled")}
		}
		return "", &channels.SendError{Kind: channels.Temporary, Code: "window_full", Err: errors.New("smpp: the window stayed full")}
	}
	defer a.window.leave()
	body := p.body()
	channels.Note(ctx, fmt.Sprintf("submit_sm %s, part %d of %d, %d B", a.c.Addr, p.part, p.of, len(body)))
	req, begun, err := s.ask(submitSM, body, a.lateAnswer(m, p))
	if err != nil {
		if !begun {
			return "", &channels.SendError{Kind: channels.Temporary, Code: "not_bound", Err: fmt.Errorf("%w: %w", errUnsent, err)}
		}
		return "", &channels.SendError{Kind: channels.Ambiguous, Err: fmt.Errorf("broken off while sending: %w", err)}
	}
	answer, stop := context.WithTimeout(ctx, a.c.ResponseTimeout)
	defer stop()
	got, err := s.await(answer, req)
	switch {
	case err != nil:
		return "", &channels.SendError{Kind: channels.Ambiguous, Err: fmt.Errorf("no answer to a submit: %w", err)}
	case got.status != statusOK:
		no := refused(got.status)
		if no.Kind == channels.Throttled {
			a.counts.Add("throttled")
			no.RetryAfter = a.window.throttled()
		}
		if got.status == 0x04 { // the centre has forgotten our bind
			s.end(errors.New("smpp: the centre says that we are not bound"))
		}
		return "", no
	}
	a.window.accepted()
	id, ok := messageID(got)
	if !ok {
		return "", &channels.SendError{Kind: channels.Ambiguous, Err: errors.New("smpp: accepted without an id")}
	}
	return id, nil
}

// messageID reads the answer to a submit; only an id that can be kept and looked for counts.
func messageID(p pdu) (string, bool) {
	r := reader{b: p.body}
	id := r.text(65)
	return id, p.command == submitSM|answerBit && r.err == nil && id != "" && printable(id, 64)
}

// lateAnswer tells what became of a send that was given up as ambiguous: the first part's acceptance binds our message to
// its id after all (faults.md B2). A late refusal is not told: whether to send again was decided already.
func (a *Adapter) lateAnswer(m channels.Outbound, p submission) func(pdu) {
	if p.part != 1 {
		return nil
	}
	return func(got pdu) {
		id, ok := messageID(got)
		if got.status != statusOK || !ok {
			return
		}
		if p.of == 1 {
			a.sent.add(m.To, []string{id})
		}
		s := channels.Status{Channel: a.Name(), Message: m.ID, ProviderID: id, State: channels.Accepted, At: a.c.Now()}
		a.laneOf(p.to).put(job{status: &s})
	}
}

// wait waits for d; false if ctx ends before.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
