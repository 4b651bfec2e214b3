package console

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Stories tell what became of one message.
type Stories interface {
	// Story reads one message with everything that happened to it, and records who read it.
	Story(ctx context.Context, s Scope, id string, by int64, now time.Time) (Story, error)
}

// Story is one message that left, waits or did not leave, with its history.
type Story struct {
	Said
	Staff     string // the member of staff it was for; empty: a person, or a number
	Rule      string // of its natural key: "week.remind2"; empty: it has none
	Cause     *Cause
	Case      int64
	Reason    prokus.Reason // of that case
	Campaign  string        // the name of its broadcast
	Created   time.Time
	NotAfter  time.Time
	SentAt    time.Time
	Attempts  int
	Segments  int
	Cost      int64 // rupiah
	Events    []StoryEvent
	Exchanges []StoryExchange
}

// Cause is the message of theirs that this one answers.
type Cause struct {
	At     time.Time
	Via    string
	Kind   string
	Intent string
}

// StoryEvent is one step: judged (the door held it back or ended it), attempt, refused, sent, status, reconciled.
type StoryEvent struct {
	At                   time.Time
	What, Channel, State string
	Code                 string
	Until                time.Time // judged and refused: when it is tried again
}

// StoryExchange is one call to a provider or one of its callbacks.
type StoryExchange struct {
	At                     time.Time
	What, Channel, Request string
	HTTP                   int
	Outcome, Code, ID      string
	Took                   time.Duration
}
