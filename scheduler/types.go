package scheduler

import (
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Decision is a verdict with what the row needs for it.
type Decision struct {
	Verdict Verdict
	Until   time.Time // Wait
	Why     string
	Awaits  string            // Wait: the sender that it waits for
	Road    Road              // Send
	Rate    Rate              // Send: of that sender; the store takes the tokens, or makes the verdict Wait
	Lane    int               // Send
	Probe   bool              // Send: it tries a half-open gate for all; only one does
	Gate    Gate              // Send: what was known against the sender
	Detour  string            // Send: the sender that would have been the first
	Others  bool              // Send: another road is left if this one refuses
	Tried   time.Time         // Send: when it was tried first
	Out     channels.Outbound // Send: as it leaves, kept before it does
	Attempt int               // Send: the number of this attempt, from 1
	Opens   string
}

// Refusal is why a provider did not take a row, and what follows.
type Refusal struct {
	Kind channels.ErrorKind
	Code string
	Why  string // for people who look at the row; never a body or a number
}

// Doubt is a row whose send may or may not have happened.
type Doubt struct {
	ID       string
	Kind     prokus.Kind
	Channel  string
	Attempt  int
	Flagged  bool // it was sent again once already
	Opens    string
	NotAfter time.Time
	Out      channels.Outbound
}

// StatusEffect is what a callback does besides moving its row.
type StatusEffect struct {
	Open func(ref string) *Opening
	Why  *Refusal // of a failure
	// Again says when a handset that was off is tried again after its n-th attempt.
	Again func(attempt int, notAfter time.Time) (until time.Time, ok bool)
}

// DueRow is a row that may leave now, and whom it goes to: what goes to one address keeps its order.
type DueRow struct{ ID, Address string }

// Reporter is somebody who reports weekly, with what a message to her needs.
type Reporter struct {
	prokus.Person
	TKSK     string // "Pak Dedi", empty when the post is vacant
	Shared   bool   // several people answer on her number (R14)
	Letter   string // hers on a shared number
	Place    int    // 0 for the first letter, 1 for the second …
	Held     bool   // the week has a provisional figure
	Amount   int64  // that figure, rupiah
	Reported bool
}

// Invitee is somebody who is invited to a session.
type Invitee struct {
	Reporter
	Session int64
	Starts  time.Time // in her zone
	Spot    string
	Mentor  string // "Bu Rina", empty if none is named
	RSVP    string
	Topic   string
	// Homework of the newest session that she came to; empty if there is none.
	Homework string
	// After a session that she missed: the next one of her kecamatan, zero if there is none.
	Next     time.Time
	NextSpot string
	NextID   int64
}

// Digest is the morning list of one TKSK.
type Digest struct {
	Staff   prokus.Staff
	Items   []prokus.WorkItem
	Working bool // the day is a working day of the area
	Turnout      // of last week in the TKSK's areas
}

// Turnout counts who was to report in a week, and who did.
type Turnout struct{ Reported, Due int }

// History is what the rules of the week's end look at: the closed weeks of one person, newest first.
type History struct {
	Person int64
	Area   string
	Weeks  []prokus.PastWeek // newest closed week first
	Missed int               // weeks since her last report in which she was to report and did not, leave not counted
	Open   []prokus.Reason   // cases that are open now
}

// Finding is a case that holds, or no longer does.
type Finding struct {
	Reason prokus.Reason
	Holds  bool
	Detail prokus.CaseDetail
}

// Overdue is a case whose own clock has run.
type Overdue struct {
	prokus.Case
	Person      prokus.Person
	N           int // its number in today's list
	Owner       prokus.Staff
	Coordinator prokus.Staff // ID 0 if there is none
	Kecamatan   string
	District    string // name of the kabupaten
	Days        int    // working days that it has been open
}

// Awaited is a sender for which messages wait: its gate, and the tokens that its bucket held at a moment.
type Awaited struct {
	Gate
	Tokens float64
	At     time.Time // zero: nothing was taken yet
}

// WaitingRow is a row that waits for its sender.
type WaitingRow struct {
	ID, Address, Via string
	Lane             int
}
