// Package acts holds what can be done, once for every door: report, correct, stop, agree, ask for help, act on a case,
// answer an invitation to a session. Each act changes the programme's data and says what others must hear of it; the
// conversation with whoever acted is the caller's. Acts run inside the caller's transaction and read no clock.
package acts

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Store is what the acts need of the database. All of it happens in one transaction.
type Store interface {
	People
	Reports
	Cases
	Sessions
	Links
	Grants
	Officers
	Leaves
	Outcomes
	Desks
	Offers
	// Rules of an area at a moment.
	Rules(ctx context.Context, area string, now time.Time) (prokus.Rules, error)
	// Enqueue puts messages into the outbox; ids of messages whose key existed already are empty.
	Enqueue(ctx context.Context, now time.Time, msgs ...prokus.Message) ([]string, error)
}

// People are the changes to a person and how she is reached.
type People interface {
	SetConsent(ctx context.Context, person int64, c prokus.Consent, channel string, now time.Time) error
	SetLang(ctx context.Context, person int64, l prokus.Lang) error
	SetBracket(ctx context.Context, person int64, on bool) error
	// TKSKFor is who looks after a kecamatan on a day, a substitute when the holder is on leave; ok is false when the post is vacant.
	TKSKFor(ctx context.Context, area string, day time.Time) (s prokus.Staff, ok bool, err error)
	// CoordinatorFor is a coordinator of the kabupaten of an area.
	CoordinatorFor(ctx context.Context, area string) (s prokus.Staff, ok bool, err error)
	// Holidays of the area's kabupaten and of the nation, from a year before to a year after the day.
	Holidays(ctx context.Context, area string, around time.Time) ([]time.Time, error)
	// ReleaseAddress takes a number or chat from a person; its status says why.
	ReleaseAddress(ctx context.Context, person int64, value string, status prokus.AddressStatus, now time.Time) error
	// CancelQueued cancels what is queued for a person: all of it, or only what needs consent.
	CancelQueued(ctx context.Context, person int64, onlyConsented bool, why string) (int, error)
}

// Reports are the weekly figures and their history of changes.
type Reports interface {
	ReportOf(ctx context.Context, person int64, w prokus.Week) (r prokus.Report, ok bool, err error)
	// PastOf is her history before a week, n weeks of it, with the highest figure that she ever reported before.
	PastOf(ctx context.Context, person int64, before prokus.Week, n int) (p prokus.Past, highest int64, err error)
	SaveReport(ctx context.Context, r prokus.Report, c Change) error
	// LastChange is her newest change that was not undone, and whether it undid another.
	LastChange(ctx context.Context, person int64) (c Change, ok bool, err error)
	MarkUndone(ctx context.Context, change int64) error
	// Latest are her reports of the last n weeks, newest first.
	Latest(ctx context.Context, person int64, n int) ([]prokus.Report, error)
}

// Cases are pieces of work.
type Cases interface {
	// OpenCase inserts a case and its ticket, or returns the one that is open for that person and reason already.
	OpenCase(ctx context.Context, c prokus.Case) (opened prokus.Case, fresh bool, err error)
	CaseByID(ctx context.Context, id int64) (c prokus.Case, ok bool, err error)
	OpenCases(ctx context.Context, person int64) ([]prokus.Case, error)
	SaveCase(ctx context.Context, c prokus.Case, e CaseEvent) error
	// NumberCase is the number of a case in the worklist of a member of staff on the day of a moment, the next free one if
	// it has none yet.
	NumberCase(ctx context.Context, staff, id int64, on time.Time) (int, error)
	// PhoneOf is her active number, empty if she has none.
	PhoneOf(ctx context.Context, person int64) (prokus.Phone, error)
	// CloseCases closes the open cases of a person with one of these reasons; it returns how many.
	CloseCases(ctx context.Context, person int64, reasons []prokus.Reason, outcome string, now time.Time) (int, error)
}

// Change is one row of a week's history. Old and New are nil where there was or is no report.
type Change struct {
	ID       int64
	Person   int64
	Week     prokus.Week
	Old, New *int64
	What     string // report, add, replace, correct, undo
	At       time.Time
	Channel  string
	Staff    int64 // 0: herself
	Raw      string
}

// CaseEvent is one line of a case's history.
type CaseEvent struct {
	At    time.Time
	Staff int64 // 0: herself, or the clock
	What  string
	Note  string
}

// By is who acts, when and on which road.
type By struct {
	Now     time.Time // in the actor's zone
	Channel string
	Inbox   int64         // what they wrote; 0 in the console
	Staff   *prokus.Staff // nil: the person herself
	Raw     string        // their words, masked
}

func (b By) staff() int64 {
	if b.Staff == nil {
		return 0
	}
	return b.Staff.ID
}
