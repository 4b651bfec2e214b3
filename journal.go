package main

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// journalTime bounds the writing of one line: a slow database may delay sending, it may not stop it.
const journalTime = 3 * time.Second

// journaled keeps every exchange with a provider beside its message. A sender that can be asked what became of a message
// stays one.
func (p *program) journaled(s channels.Sender) channels.Sender {
	j := journalSender{s, p}
	if f, ok := s.(channels.Finder); ok {
		return journalFinder{j, f}
	}
	return j
}

type journalSender struct {
	channels.Sender
	p *program
}

func (j journalSender) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	call, trace := channels.Observe(ctx)
	begun := j.p.now()
	sent, err := j.Sender.Send(call, m)
	x := j.exchange(channels.ExchangeSend, m, trace, begun)
	x.Outcome, x.ProviderID = "accepted", sent.ProviderID
	if err != nil {
		kind, se := channels.KindOf(err)
		x.Outcome, x.Code = string(kind), se.Code
	}
	j.p.record(ctx, x)
	return sent, err
}

type journalFinder struct {
	journalSender
	finder channels.Finder
}

func (j journalFinder) Find(ctx context.Context, m channels.Outbound) (channels.Sent, bool, error) {
	call, trace := channels.Observe(ctx)
	begun := j.p.now()
	sent, found, err := j.finder.Find(call, m)
	x := j.exchange(channels.ExchangeFind, m, trace, begun)
	switch {
	case err != nil:
		kind, se := channels.KindOf(err)
		x.Outcome, x.Code = string(kind), se.Code
	case found:
		x.Outcome, x.ProviderID = "found", sent.ProviderID
	default:
		x.Outcome = "missing"
	}
	j.p.record(ctx, x)
	return sent, found, err
}

func (j journalSender) exchange(what string, m channels.Outbound, trace *channels.Trace, begun time.Time) channels.Exchange {
	return channels.Exchange{
		Message: m.ID, Channel: j.Name(), What: what, Request: trace.Request(), HTTP: trace.Status(), Took: j.p.now().Sub(begun), At: j.p.clock.Now(),
	}
}

// record keeps one exchange; that it could not is told and changes nothing.
func (p *program) record(ctx context.Context, x channels.Exchange) {
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalTime)
	defer cancel()
	if err := p.db.RecordExchange(keep, x); err != nil {
		p.log.WarnContext(ctx, "an exchange was not kept", "channel", x.Channel, "error", err)
	}
}

// HandleStatus hands a callback to the scheduler, which is made after the adapters, and keeps it once it was taken.
func (s statuses) HandleStatus(ctx context.Context, st channels.Status) error {
	begun := s.p.now()
	if err := s.p.sched.HandleStatus(ctx, st); err != nil {
		return err
	}
	s.p.record(ctx, channels.Exchange{
		Message: st.Message, Channel: st.Channel, What: channels.ExchangeStatus, Outcome: string(st.State), Code: st.Code, ProviderID: st.ProviderID,
		Took: s.p.now().Sub(begun), At: s.p.clock.Now(),
	})
	return nil
}
