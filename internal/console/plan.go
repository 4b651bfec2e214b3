package console

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// planDays is how far ahead the pages look; planTime how long a page waits for a rehearsal; planLife how long one serves the
// pages that leaf through it, in real time.
const (
	planDays = 7
	planTime = 20 * time.Second
	planLife = time.Minute
)

// plans keeps the newest rehearsal, and lets one be made at a time: it holds a transaction open.
type plans struct {
	mu    sync.Mutex
	made  time.Time // real time
	from  time.Time
	items []prokus.Due
}

// errNoPlanner: this console was made without a scheduler.
var errNoPlanner = errors.New("no planner")

// due are the messages of the coming days, of the whole programme, and since when they are counted.
func (p *plans) due(ctx context.Context, planner Planner, now, wall time.Time) ([]prokus.Due, time.Time, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wall.Sub(p.made) < planLife && !now.Before(p.from) && now.Sub(p.from) < planLife {
		return p.items, p.from, nil
	}
	if planner == nil {
		return nil, now, errNoPlanner
	}
	ctx, cancel := context.WithTimeout(ctx, planTime)
	defer cancel()
	items, err := planner.Due(ctx, now, planDays)
	if err != nil {
		return nil, now, err
	}
	p.items, p.from, p.made = items, now, wall
	return items, now, nil
}

// preview rehearses a change.
func (p *plans) preview(ctx context.Context, planner Planner, v prokus.RuleVersion, now time.Time) (prokus.Preview, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if planner == nil {
		return prokus.Preview{}, errNoPlanner
	}
	ctx, cancel := context.WithTimeout(ctx, 2*planTime)
	defer cancel()
	return planner.Preview(ctx, v, now, planDays)
}

// forget makes the next page rehearse again: a rule has changed.
func (p *plans) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made = time.Time{}
}

// in says whether an area lies in a scope.
func (s Scope) in(area string) bool {
	for a := area; a != ""; a = prokus.Above(a) {
		for _, x := range s.Areas {
			if x == a {
				return true
			}
		}
	}
	for _, x := range s.Areas {
		if x == prokus.National {
			return true
		}
	}
	return false
}
