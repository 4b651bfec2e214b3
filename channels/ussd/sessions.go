package ussd

import (
	"sync"
	"time"
)

const (
	sessionLife = 10 * time.Minute // no operator keeps one open longer
	sessionMax  = 50_000
)

// sessions remembers whose a session is, so that an id which comes again with another phone is refused (faults.md F8).
// It is a guard of this process only and forgets: what a phone may see is decided by the turn, from the phone.
type sessions struct {
	mu     sync.Mutex
	owners map[string]owner
	swept  time.Time
}

type owner struct {
	phone string
	seen  time.Time
}

// owned is true if the session is this phone's; a new session becomes it.
func (s *sessions) owned(id, phone string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.owners == nil || len(s.owners) >= sessionMax {
		s.owners = map[string]owner{}
	}
	if now.Sub(s.swept) > sessionLife {
		for k, o := range s.owners {
			if now.Sub(o.seen) > sessionLife {
				delete(s.owners, k)
			}
		}
		s.swept = now
	}
	if o, known := s.owners[id]; known && o.phone != phone && now.Sub(o.seen) <= sessionLife {
		return false
	}
	s.owners[id] = owner{phone, now}
	return true
}

func (s *sessions) forget(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.owners, id)
}
