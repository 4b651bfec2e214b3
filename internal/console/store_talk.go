package console

import (
	"context"
	"encoding/json"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Said is one message, in or out.
type Said struct {
	ID        string // of what leaves
	In        bool
	At        time.Time
	Via       string
	Kind      string // of what leaves: prokus.Kind; of what comes: text, choice, media …
	Text      string // what was said or received; empty if it has not left yet
	Key       string // text key of what has not left yet
	Args      json.RawMessage
	Lang      prokus.Lang
	State     string // of what leaves
	ErrorKind string
	Error     string
	NotBefore time.Time
	Twice     bool // may have arrived twice
	Broadcast int64
	Code      string // of the person
	Name      string
	To        string // tail of the number, where nobody is known
}

// Unsaid is why there are no words, as a key of the group "unsaid" or, of what came, "inkind".
func (s Said) Unsaid(now time.Time) string {
	switch {
	case now.Sub(s.At) > prokus.KeepWords:
		return "unsaid.gone"
	case s.In && s.Kind == "text" && s.Via == "ussd":
		return "unsaid.dialled"
	case s.In:
		return "inkind." + s.Kind
	case s.State == "queued" || s.State == "sending":
		return "unsaid.queued"
	}
	return "unsaid.never"
}

// Messages are the traffic.
type Messages interface {
	// MessageCounts of the days from one date on, by kind and state.
	MessageCounts(ctx context.Context, s Scope, from time.Time) ([]MessageCount, error)
	Messages(ctx context.Context, s Scope, f MessageFilter) ([]Said, error)
	Inbox(ctx context.Context, s Scope, limit int) ([]Said, error)
}

// MessageCount is one cell of the table of traffic.
type MessageCount struct {
	Day   time.Time // local date
	Kind  prokus.Kind
	State string
	N     int
	Cost  int64 // rupiah
}

// MessageFilter narrows what left.
type MessageFilter struct {
	Kind      string
	State     string
	From      time.Time
	Broadcast int64
	Limit     int
}

// Cases are pieces of work.
type Cases interface {
	// Cases by priority on the day; total counts all that match.
	Cases(ctx context.Context, s Scope, f CaseFilter) (rows []CaseRow, total int, err error)
	// Case reads one with its history, and records who read it.
	Case(ctx context.Context, s Scope, id int64, by int64, now time.Time) (CasePage, error)
}

// CaseFilter narrows the list.
type CaseFilter struct {
	Reason prokus.Reason
	Closed bool
	List   CaseList
	Now    time.Time
	Offset int
	Limit  int
}

// CaseList is one of the lists that cases climb to when nobody acts (journeys.md 4.7).
type CaseList string

// Lists of cases.
const (
	AllCases    CaseList = ""
	PastLimit   CaseList = "lewat"       // went to the coordinator
	ForMinistry CaseList = "kementerian" // open for longer than the rules give (case.ministry, in working days)
)

// CaseRow is one line of the list.
type CaseRow struct {
	prokus.Case
	Rank      int
	Code      string // of the person; empty if there is none
	Name      string
	Kecamatan string
	OwnerName string
}

// CasePage is a case with its history, oldest first.
type CasePage struct {
	CaseRow
	Events []CaseEvent
}

// CaseEvent is one line of a case's history.
type CaseEvent struct {
	At   time.Time
	By   string // empty: herself or the clock
	What string
	Note string
}

// Broadcasts are texts to many.
type Broadcasts interface {
	Batches(ctx context.Context) ([]Batch, error)
	Broadcasts(ctx context.Context, s Scope, limit int) ([]Broadcast, error)
	Broadcast(ctx context.Context, s Scope, id int64) (Broadcast, error)
	Progress(ctx context.Context, s Scope, id int64) (Progress, error)
	// Audience finds whom the rule of a broadcast means, never outside its area.
	Audience(ctx context.Context, s Scope, b Broadcast, now time.Time) (Audience, error)
	// CreateBroadcast saves a new draft of an area that the author has.
	CreateBroadcast(ctx context.Context, s Scope, by prokus.Staff, b Broadcast, now time.Time) (int64, error)
	// ChangeBroadcast locks the broadcast, lets f change it and keeps what follows from its new state: a draft loses its
	// frozen list, what is queued is held, released or cancelled. what is written to the audit.
	ChangeBroadcast(ctx context.Context, s Scope, id int64, by prokus.Staff, what string, now time.Time, f func(*Broadcast) error) (Broadcast, error)
	// SubmitBroadcast counts the audience anew, and freezes it if it still has the expected size and its price by the tariff is
	// not more than what is left.
	SubmitBroadcast(ctx context.Context, s Scope, id int64, by prokus.Staff, version, expected int, note string, t Tariff, now time.Time) (Broadcast, error)
}

// Batch is a batch by name.
type Batch struct {
	ID   int64
	Name string
}
