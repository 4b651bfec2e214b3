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

// plans keeps the newest rehearsals, and lets one be made at a time: it holds a transaction open.
type plans struct {
	mu    sync.Mutex
	areas map[string]made
}

// made is one rehearsal.
type made struct {
	prokus.Outlook
	from, wall time.Time // of the programme, and real
}

// plansKept bounds the rehearsals that are kept, of one area each.
const plansKept = 16

// errNoPlanner: this console was made without a scheduler.
var errNoPlanner = errors.New("no planner")

// due is what leaves in the coming days in an area (empty: everywhere), and since when it is counted.
func (p *plans) due(ctx context.Context, planner Planner, within string, now, wall time.Time) (made, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m, ok := p.areas[within]; ok && wall.Sub(m.wall) < planLife && !now.Before(m.from) && now.Sub(m.from) < planLife {
		return m, nil
	}
	if planner == nil {
		return made{from: now}, errNoPlanner
	}
	ctx, cancel := context.WithTimeout(ctx, planTime)
	defer cancel()
	o, err := planner.Outlook(ctx, now, planDays, within)
	if err != nil {
		return made{from: now}, err
	}
	if p.areas == nil || len(p.areas) >= plansKept {
		p.areas = map[string]made{}
	}
	p.areas[within] = made{o, now, wall}
	return p.areas[within], nil
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
	p.areas = nil
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
