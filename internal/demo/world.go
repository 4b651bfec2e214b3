package demo

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// World is the invented programme. Ids in it count from one in the order of its slices; the store gives real ones.
type World struct {
	Now       time.Time
	BatchName string
	Opened    time.Time
	Staff     []Staff
	People    []Person
	Reports   []Report
	Grants    []Grant
	Sessions  []Session
	Cases     []Case
	In        []In
	Out       []Out
}

// Staff is a member of staff with a number.
type Staff struct {
	prokus.Staff
	Phone prokus.Phone
}

// Person is a beneficiary with a number, and a chat when she uses Telegram.
type Person struct {
	prokus.Person
	Phone    prokus.Phone // empty: none
	Telegram string
	NIK      []byte // its HMAC; nil: none
	Created  time.Time
}

// Report is a week's report and how it came to be.
type Report struct {
	prokus.Report
	Raw     string
	Changes []Change // corrections after the first figure
}

// Change is a correction.
type Change struct {
	Old, New int64
	At       time.Time
	What     string
}

// Grant is a grant with the steps that it took.
type Grant struct {
	prokus.Grant
	Steps []Step
}

// Step is one change of stage.
type Step struct {
	From, To prokus.Stage
	Since    time.Time
}

// Session is a mentoring session with its invitees.
type Session struct {
	At       time.Time
	Area     string
	Place    string
	Mentor   int64
	Topic    string
	Capacity int
	Status   string
	Code     string
	Invites  []Invite
}

// Invite is one invitee's answer.
type Invite struct {
	Person   int64
	RSVP     string
	Reason   string
	At       time.Time // of the answer
	Attended *bool     // nil: not held yet
}

// Case is a piece of work with its history.
type Case struct {
	prokus.Case
	Kabupaten string
	Events    []Event
}

// Event is one line of a case's history.
type Event struct {
	At    time.Time
	Staff int64
	What  string
	Note  string
}

// In is a message that arrived.
type In struct {
	Person, Staff int64
	Via           string
	Sender        string
	Text          string
	Intent        string
	At            time.Time
}

// Out is a message that left. Key, when set, holds "%d" for the person's real id.
type Out struct {
	Person, Staff int64
	Case          int64
	Cause         int // position in In, from one; 0: the clock
	Key           string
	Kind          prokus.Kind
	Text          string
	Args          json.RawMessage
	Lang          prokus.Lang
	Via           string
	Recipient     string
	Said          string
	Segments      int
	At            time.Time
}

// Channel is the adapter of a road in the demo: the simulator carries the SMS.
func Channel(via string) string {
	if via == "sms" {
		return "sim"
	}
	return via
}

// inOrder puts the messages in the order of time and drops what would lie ahead of now.
func (w *World) inOrder() {
	order := make([]int, len(w.In))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return w.In[x].At.Compare(w.In[y].At) })
	in := make([]In, len(order))
	moved := make([]int, len(order)+1)
	for n, i := range order {
		in[n], moved[i+1] = w.In[i], n+1
	}
	w.In = slices.DeleteFunc(in, func(m In) bool { return m.At.After(w.Now) }) // those are the last ones: the positions stay
	for i := range w.Out {
		w.Out[i].Cause = moved[w.Out[i].Cause]
	}
	w.Out = slices.DeleteFunc(w.Out, func(m Out) bool { return m.At.After(w.Now) })
	slices.SortStableFunc(w.Out, func(x, y Out) int { return x.At.Compare(y.At) })
}
