package smpp

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// pauses are how long we wait before binding again: first to most while the centre is away, refused to refusedMost while
// it does not want us. Each doubles, and each is spread so that replicas do not knock together.
type pauses struct{ first, most, refused, refusedMost time.Duration }

// spread is between half of d and one and a half.
func spread(d time.Duration) time.Duration { return d/2 + rand.N(d+1) }

// Run keeps a bind until ctx ends, then leaves in order: what was taken is finished and answered first. It returns nil.
func (a *Adapter) Run(ctx context.Context) error {
	var work sync.WaitGroup
	defer work.Wait()
	stop := make(chan struct{})
	defer close(stop)
	for _, l := range a.lanes {
		work.Go(func() { l.run(stop) })
	}
	away, refused := a.pause.first, a.pause.refused
	for ctx.Err() == nil {
		s, err := a.open(ctx)
		var wait time.Duration
		var be *bindError
		switch {
		case err == nil:
			away, refused = a.pause.first, a.pause.refused
			a.serve(ctx, s)
			wait = spread(away)
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &be) && be.status != statusThrottled:
			a.refusedBind(be)
			wait = spread(refused)
			refused = min(2*refused, a.pause.refusedMost)
		default:
			a.lost(nil, err)
			a.c.Log.Warn("not bound", "channel", "smpp", "err", err)
			wait = spread(away)
			away = min(2*away, a.pause.most)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// refusedBind raises the alarm that faults.md G7 asks for. Where our name or password is refused, sending is misconfigured;
// where another process is bound under our name, this one only has to wait.
func (a *Adapter) refusedBind(e *bindError) {
	a.counts.Add("bind_refused")
	a.c.Log.Error("bind refused", "channel", "smpp", "status", codeOf(e.status))
	a.lost(nil, e)
	if credentials(e.status) {
		a.mu.Lock()
		a.barred = &channels.SendError{Kind: channels.Misconfig, Code: codeOf(e.status), Err: e}
		a.mu.Unlock()
	}
}

// standby says whether there is no session because another process is bound under our name (faults.md G7).
func standby(trouble error) bool {
	var be *bindError
	return errors.As(trouble, &be) && be.status == statusAlreadyBound
}

// lost notes why there is no session; nothing more is sent over s.
func (a *Adapter) lost(s *session, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.trouble = err
	if s != nil && a.session == s {
		a.session, a.bound = nil, make(chan struct{})
	}
}

// serve lives with a session until it ends or ctx does.
func (a *Adapter) serve(ctx context.Context, s *session) {
	a.counts.Add("bound")
	a.c.Log.Info("bound", "channel", "smpp")
	a.mu.Lock()
	if s.reason() == nil {
		a.session, a.trouble, a.barred = s, nil, nil
		close(a.bound)
	}
	a.mu.Unlock()
	var alive sync.WaitGroup
	alive.Go(s.keepAlive)
	select {
	case <-s.ended:
	case <-ctx.Done():
		s.leave()
	}
	alive.Wait()
	s.reading.Wait()
	if ctx.Err() == nil {
		a.counts.Add("lost")
		a.c.Log.Warn("bind lost", "channel", "smpp", "err", s.reason())
	}
}

// leave finishes what was taken, as long as a turn may take, and unbinds.
func (s *session) leave() {
	s.leaving.Store(true)
	s.a.lost(s, errLeft) // new sends find no session
	ctx, cancel := context.WithTimeout(context.Background(), s.a.c.Patience)
	defer cancel()
	for _, l := range s.a.lanes {
		l.drain(ctx)
	}
	s.a.window.idle(ctx)
	if req, _, err := s.ask(unbind, nil, nil); err == nil {
		_, _ = s.await(ctx, req)
	}
	s.end(errLeft)
}
