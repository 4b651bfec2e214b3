package console

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// State is where a broadcast stands (console.md 4.9). A refusal brings it back to Draft.
type State string

// States of a broadcast.
const (
	Draft     State = "draf"
	Submitted State = "diajukan"
	Approved  State = "disetujui"
	Running   State = "berjalan"
	Paused    State = "dijeda"
	Done      State = "selesai"
	Cancelled State = "dibatalkan"
)

// TypedAbove is the number of recipients from which the count must be typed to confirm it (faults.md K1).
const TypedAbove = 50

// Broadcast is one text to many people: written by one, approved by another, sent once to each.
type Broadcast struct {
	ID       int64
	Area     string // whose it is: a kabupaten, or "ID"
	AreaName string
	Wording
	Rule    Rule
	SendAt  time.Time // zero: as soon as it is approved
	State   State
	Version int // counts changes, so that two editors do not overwrite each other

	Author, Editor, Approver StaffRef
	Note                     string // from the author to the approver
	Refusal                  string // why the approver sent it back
	Halted                   string // why Kabar paused it by itself: HaltedRights or HaltedFailing

	Frozen    Frozen
	Created   time.Time
	Submitted time.Time
	Approved  time.Time
	Ended     time.Time
	Resumed   time.Time // the last time that somebody looked and let it go on
}

// Why Kabar pauses a broadcast by itself.
const (
	HaltedRights  = "hak"   // author or approver lost their right to it
	HaltedFailing = "gagal" // too many of its messages fail
)

// Wording is what is said, in each language.
type Wording struct {
	Name          string
	Texts         map[prokus.Lang]string
	UseID         []prokus.Lang // languages whose people get the Indonesian text, on purpose
	Offer         *Offer        // what IKUT takes; nil: nothing
	OncePerNumber bool          // people who share a number and would read the same words get them once
}

// Rule says who is meant. Whoever stopped, never agreed, has no address or is at the weekly cap is left out always.
type Rule struct {
	Areas    []string    `json:"areas,omitempty"` // kecamatan or kabupaten; none: the whole area of the broadcast
	Batch    int64       `json:"batch,omitempty"`
	Activity Activity    `json:"activity,omitempty"`
	Lang     prokus.Lang `json:"lang,omitempty"`
}

// Activity narrows an audience by the weekly reports.
type Activity string

// Activities: Silent people gave no report in either of the last two closed weeks.
const (
	Everybody Activity = ""
	Reporting Activity = "aktif"
	Silent    Activity = "diam"
)

// StaffRef names a member of staff; ID 0 is nobody.
type StaffRef struct {
	ID   int64
	Name string
}

// Frozen is what was submitted: nobody is added to it afterwards (R29).
type Frozen struct {
	Hash     string // of text, rule, time and list (R28)
	People   int
	Messages int
	Segments int
	Cost     int64 // rupiah
}

// Progress counts what became of the frozen list.
type Progress struct {
	People  int // on the list
	Waiting int // not yet written to the outbox
	Dropped int // left or stopped since it was frozen, or reached through somebody else's number
	Queued  int
	Out     int // handed over: sending, sent, delivered, read or unknown
	Arrived int // of Out: delivered or read
	Failed  int // failed or skipped
	Stopped int // cancelled or held before they left
}

// HashOf binds an approval to exact words, rule, time and people (R28); people are in ascending order.
func HashOf(b Broadcast, people []int64) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, v := range []any{b.Name, b.Texts, b.UseID, b.OncePerNumber, b.Offer, b.Rule, b.SendAt.UTC().Unix(), people} {
		if err := enc.Encode(v); err != nil {
			panic(fmt.Sprintf("console: hash: %v", err)) // strings and numbers always encode
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
