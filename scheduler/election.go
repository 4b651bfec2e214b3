package scheduler

import (
	"context"
	"time"
)

// electEvery is how often a process looks whether the post of River's leader is free. A leader that was killed holds it for fifteen
// seconds, and the others would ask for it every five to six: twenty-one at worst. So it is taken within eighteen.
const electEvery = 2 * time.Second

// Election is for whoever leads the ticks.
type Election interface {
	// CallElection lets the others ask at once for the post of a leader whose time ran out.
	CallElection(ctx context.Context) error
}

// RunElection watches the leader until the context ends. It does not run on River, whose standstill it shortens.
func (s *Scheduler) RunElection(ctx context.Context) {
	s.every(ctx, electEvery, "election", s.Store.CallElection)
}
