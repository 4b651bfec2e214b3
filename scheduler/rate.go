package scheduler

import "time"

// Rate is how fast a sender may go. All replicas take their tokens from one bucket in the database.
type Rate struct {
	PerSecond float64       // zero: no limit
	Burst     float64       // how many may go at once; zero: a quarter of a second's, at least one
	PerChat   time.Duration // between two messages to the same recipient; zero: none
}

// Limited says whether there is anything to keep to.
func (r Rate) Limited() bool { return r.PerSecond > 0 || r.PerChat > 0 }

// Size is how many tokens the bucket holds.
func (r Rate) Size() float64 {
	if r.Burst >= 1 {
		return r.Burst
	}
	return max(r.PerSecond/4, 1)
}

// Keep is how many tokens a message of a lane leaves to lanes before it: so a broadcast that takes all that flows in never
// keeps an answer waiting.
func (r Rate) Keep(lane int) float64 {
	share := [...]float64{0, 0, 0.15, 0.3, 0.5}
	return (r.Size() - 1) * share[min(max(lane, 0), len(share)-1)]
}

// Free is how many messages of a lane may go now, when so many tokens were there at a moment.
func (r Rate) Free(lane int, tokens float64, at, now time.Time) int {
	if r.PerSecond <= 0 {
		return pumpBatch
	}
	if d := now.Sub(at); d > 0 {
		tokens = min(r.Size(), tokens+r.PerSecond*d.Seconds())
	}
	return max(int(tokens-r.Keep(lane)+1e-9), 0)
}
