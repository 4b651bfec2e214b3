package smsgate

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// phone is one device as it stands now.
type phone struct {
	Phone
	url string // without a slash at its end

	mu     sync.Mutex
	bucket bucket
	avoid  time.Time // until then others are tried first: it refused, or nobody answered there
	life   life
}

const androidLimit = 30 // segments in 30 minutes

func newPhone(p Phone, now time.Time) *phone {
	n := p.PerHalfHour
	if n == 0 {
		n = androidLimit
	}
	return &phone{
		Phone: p, url: strings.TrimRight(p.URL, "/"), bucket: bucket{burst: float64(n), tokens: float64(n), filled: now},
		life: life{seen: now, battery: -1},
	}
}

// bucket holds what may be sent now and refills over half an hour.
type bucket struct {
	burst, tokens float64
	filled        time.Time
}

// take takes n segments, or says how long it takes until they are there.
func (b *bucket) take(n float64, now time.Time) (wait time.Duration) {
	perSecond := b.burst / (30 * 60)
	if now.After(b.filled) {
		b.tokens = min(b.burst, b.tokens+now.Sub(b.filled).Seconds()*perSecond)
		b.filled = now
	}
	n = min(n, b.burst) // a long message must be able to leave at all
	if b.tokens >= n {
		b.tokens -= n
		return 0
	}
	return time.Duration((n-b.tokens)/perSecond*float64(time.Second)) + time.Second
}

// take takes the right to send some segments from the phone's bucket.
func (p *phone) take(segments int, now time.Time) (wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bucket.take(float64(max(1, segments)), now)
}

// giveBack returns what a message took that did not leave.
func (p *phone) giveBack(segments int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bucket.tokens = min(p.bucket.burst, p.bucket.tokens+float64(max(1, segments)))
}

// drained is what the phone's own limit means: whatever we counted, nothing more leaves for now.
func (p *phone) drained(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bucket.tokens, p.bucket.filled = 0, now
}

// shun lets other phones be tried first for a while.
func (p *phone) shun(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.avoid) {
		p.avoid = until
	}
}

// hop is one way for a message: a phone and the best of its SIMs.
type hop struct {
	p      *phone
	sim    int
	last   bool // down, or shunned: only when no other is left
	onNet  int  // 0 the recipient's operator, 1 a SIM for anybody, 2 another's
	tokens float64
}

// hops are the ways to a number, best first: phones that work before others, the operator's own SIM before others, and of
// equals the one that may send most.
func (a *Adapter) hops(to string, now time.Time) []hop {
	op := prokus.OperatorOf(prokus.Phone(to))
	var out []hop
	for _, p := range a.phones {
		best := hop{p: p, onNet: 3}
		for _, s := range p.SIMs {
			n := 2
			switch {
			case op != "" && slices.Contains(s.Operators, op):
				n = 0
			case len(s.Operators) == 0:
				n = 1
			}
			if n < best.onNet {
				best.onNet, best.sim = n, s.Number
			}
		}
		p.mu.Lock()
		best.last = now.Before(p.avoid) || now.Sub(p.life.seen) >= a.c.DownAfter
		best.tokens = p.bucket.tokens
		p.mu.Unlock()
		out = append(out, best)
	}
	slices.SortStableFunc(out, func(x, y hop) int {
		if x.last != y.last {
			if y.last {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.onNet, y.onNet), -cmp.Compare(x.tokens, y.tokens))
	})
	return out
}
