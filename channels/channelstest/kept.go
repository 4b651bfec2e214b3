package channelstest

import (
	"context"
	"strings"
	"sync"

	"github.com/kabar-prokus/kabar/channels"
)

// Log collects what is logged, to prove that nobody's number or text is in it. Safe for concurrent use.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write keeps a line.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// String is all of it.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Statuses is a StatusHandler that keeps what it is told, or fails with Err.
type Statuses struct {
	Kept []channels.Status
	Err  error
}

// HandleStatus keeps a status.
func (s *Statuses) HandleStatus(_ context.Context, st channels.Status) error {
	if s.Err == nil {
		s.Kept = append(s.Kept, st)
	}
	return s.Err
}
