package telegram

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	// Telegram allows about 30 messages a second over all chats and one a second in a chat. We stay a little below the
	// first, so that the jitter of the network does not break it.
	perSecond   = 29
	burst       = 5
	perChat     = time.Second
	patience    = 2 * time.Second // a longer wait belongs to the scheduler, which can do other things meanwhile
	chatsToKeep = 4096
)

// pace is the last guard before Telegram's limits. The scheduler plans the rate; pace only keeps a mistake there from
// costing the whole bot its voice.
type pace struct {
	now   func() time.Time
	all   *rate.Limiter
	mu    sync.Mutex
	until time.Time // the whole bot is silent until then
	chats map[int64]*chatPace
}

// chatPace lets one message at a time into a chat, so that they also arrive in order.
type chatPace struct {
	turn    chan struct{}
	waiting int
	last    time.Time // when the last send was over: measured there, the network cannot shrink the gap
}

func newPace(now func() time.Time) *pace {
	return &pace{now: now, all: rate.NewLimiter(perSecond, burst), chats: map[int64]*chatPace{}}
}

// pause silences the bot for d; a shorter pause never cuts a longer one.
func (p *pace) pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.now().Add(d); t.After(p.until) {
		p.until = t
	}
}

// paused returns how long the bot still has to be silent.
func (p *pace) paused() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(p.until.Sub(p.now()), 0)
}

// enter waits for the right to send to chat. The caller must call leave when the send is over.
func (p *pace) enter(ctx context.Context, chat int64) (leave func(), err *channels.SendError) {
	if d := p.paused(); d > 0 {
		return nil, throttled(d)
	}
	c := p.chat(chat)
	began := time.Now()
	if !await(ctx, patience, c.turn) {
		p.forget(c)
		return nil, notNow(ctx, perChat)
	}
	out := func() { <-c.turn; p.forget(c) }

	now := p.now()
	gap := min(max(c.last.Add(perChat).Sub(now), 0), perChat)
	r := p.all.ReserveN(now, 1)
	wait := max(gap, r.DelayFrom(now))
	if wait > patience-time.Since(began) {
		r.CancelAt(now)
		out()
		return nil, throttled(wait)
	}
	if !await(ctx, wait, nil) && ctx.Err() != nil {
		r.CancelAt(now)
		out()
		return nil, notNow(ctx, wait)
	}
	if d := p.paused(); d > 0 { // somebody met a 429 while we waited
		out()
		return nil, throttled(d)
	}
	return func() { c.last = p.now(); out() }, nil
}

// slot waits for a place in the rate over all chats, for what rides home with a turn.
func (p *pace) slot(ctx context.Context) *channels.SendError {
	if d := p.paused(); d > 0 {
		return throttled(d)
	}
	now := p.now()
	r := p.all.ReserveN(now, 1)
	if d := r.DelayFrom(now); d > patience {
		r.CancelAt(now)
		return throttled(d)
	} else if !await(ctx, d, nil) && ctx.Err() != nil {
		r.CancelAt(now)
		return notNow(ctx, d)
	}
	return nil
}

func (p *pace) chat(id int64) *chatPace {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chats[id]
	if c == nil {
		if len(p.chats) >= chatsToKeep {
			for k, v := range p.chats {
				if v.waiting == 0 && p.now().Sub(v.last) > perChat {
					delete(p.chats, k)
				}
			}
		}
		c = &chatPace{turn: make(chan struct{}, 1)}
		p.chats[id] = c
	}
	c.waiting++
	return c
}

func (p *pace) forget(c *chatPace) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c.waiting--
}

// await takes the turn within d and reports whether it did; without a turn it just waits.
func await(ctx context.Context, d time.Duration, turn chan struct{}) bool {
	if turn != nil {
		select {
		case turn <- struct{}{}:
			return true
		default:
		}
	}
	if d <= 0 {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case turn <- struct{}{}: // never, where turn is nil
		return true
	case <-t.C:
	case <-ctx.Done():
	}
	return false
}

func throttled(d time.Duration) *channels.SendError {
	return &channels.SendError{Kind: channels.Throttled, Code: "pace", RetryAfter: d, Err: errors.New("our own pace")}
}

// notNow is the end of a wait: the caller gave up, or the turn did not come in time. Nothing has left.
func notNow(ctx context.Context, d time.Duration) *channels.SendError {
	if err := ctx.Err(); err != nil {
		return &channels.SendError{Kind: channels.Temporary, Code: "cancelled", Err: err}
	}
	return throttled(d)
}
