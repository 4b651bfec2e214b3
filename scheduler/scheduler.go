package scheduler

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Texts renders what is said.
type Texts interface {
	Render(key, lang string, args text.Args, r text.Route) (text.Rendered, error)
	LabelOn(key, lang, via string, args text.Args) string
	// Has says whether a text exists: a number that several people share has wordings of its own.
	Has(key string) bool
	Values(names []string, key, lang string, args text.Args, r text.Route) ([]string, error)
}

// Approved is a text that a provider lets through at any time: its id there, and the placeholders of ours that fill it, in order.
type Approved struct {
	ID   string
	Fill []string
}

// Opening is what a step of a flow waits for, as main reads it from the flows.
type Opening struct {
	Choice  bool            // takes a choice
	Typed   string          // takes a typed answer of this type
	Options json.RawMessage // the options as the place keeps them
	TTL     time.Duration   // zero: 48 hours (R03)
}

// Refs are the steps that scheduled messages open.
type Refs struct {
	Ask      string // the weekly question and its reminders
	Bracket  string // … to somebody who answers by bracket (R24)
	Addition string // Sunday, when the week has a provisional figure: the addition or PAS
	Invited  string // the second invitation
	RSVP     string // the day before a session
	Morning  string // the morning of a session
	Missed   string // the day after a session that she missed
	Worklist string // the TKSK's digest
	// The mentor's: the head-count of the evening before, and who came.
	Headcount, Attendance string
}

// DefaultRefs are the steps by their usual names.
func DefaultRefs() Refs {
	return Refs{
		Ask: "report#ask", Bracket: "report#bracket", Addition: "report#addition", Invited: "invite#asked", RSVP: "mentoring#rsvp", Morning: "mentoring#morning",
		Missed: "mentoring#missed", Worklist: "worklist#listed",
		Headcount: "mentor#eve", Attendance: "mentor#began",
	}
}

// Config is what a Scheduler is made of. Store, Clock, Texts and Openings are required.
type Config struct {
	Store    Store
	Clock    *Clock
	Texts    Texts
	Openings func(ref string) (Opening, bool)
	Draw     func(picture []byte) (png []byte, err error) // makes the picture that a row describes; nil: rows are said in words only
	Senders  []channels.Sender
	// SMS names the sender of text messages to numbers that never wrote to us; WhatsApp that of WhatsApp.
	SMS, WhatsApp string
	// Approved finds the template of a text in a language for a channel; nil: there are none. A broadcast's own words are
	// asked for as "broadcast".
	Approved func(channel, key, lang string) (Approved, bool)
	// Terms of the senders: price, rate, whom they serve. None: SMS, WhatsApp and "telegram" at the usual price.
	Terms []Terms
	// Routes says how a sender's texts are written; absent: full money style, one segment.
	Routes map[string]text.Route
	// Receipts names the senders that report delivery: a message of theirs without a final status after 72 hours is unknown.
	Receipts []string
	// KindOfCode classes a provider's error code in a status callback; ok is false for codes that it does not know.
	KindOfCode func(channel, code string) (kind channels.ErrorKind, ok bool)
	// FanOut writes the next messages of a broadcast that is due, for at most limit people (postgres.Console has it); nil: none.
	FanOut func(ctx context.Context, now time.Time, limit int) (n int, more bool, err error)
	// PublicURL is where staff open the console, without a slash at its end; empty: no key leads there.
	PublicURL string
	Refs      Refs   // zero: DefaultRefs
	Rules     []Rule // nil: DefaultRules
	Price     int64  // of one SMS segment, rupiah; 0: prokus.SegmentPrice
	Log       *slog.Logger
	// Phones are those of gateways, as this process heard of them; nil: there are none.
	Phones func() []Phone
	// Lines are those of this process at a moment; nil: there are none.
	Lines func(now time.Time) []Line
	// Tell tells the operator; nil: alarms are only shown. It does not go through the door, which may be what is broken.
	Tell   func(ctx context.Context, words string) error
	Limits Limits // zero: DefaultLimits
	// At is told where a delivery stands ("before_send", "after_send"); tests of crashes stop the process there.
	At func(point string)
}

// Scheduler sweeps and delivers. It is safe for concurrent use; any number of them share a database.
type Scheduler struct {
	Config
	senders map[string]channels.Sender
	pumping chan struct{} // places of the pump
	wake    chan struct{} // something began to wait for its sender
	sent    atomic.Int64  // messages that this process handed over
	dry     bool          // a rehearsal: see Due
	within  string        // the area that is rehearsed; empty: everywhere
	jumping sync.Mutex    // one jump of the clock at a time
	book    atomic.Pointer[readBook]
}

// New makes a Scheduler.
func New(c Config) (*Scheduler, error) {
	if c.Store == nil || c.Clock == nil || c.Texts == nil || c.Openings == nil {
		return nil, errors.New("scheduler: Store, Clock, Texts and Openings are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Refs == (Refs{}) {
		c.Refs = DefaultRefs()
	}
	if c.Rules == nil {
		c.Rules = DefaultRules()
	}
	s := &Scheduler{Config: c, senders: map[string]channels.Sender{}, pumping: make(chan struct{}, pumpPlaces), wake: make(chan struct{}, 1)}
	if s.Terms == nil {
		s.Terms = s.defaultTerms()
	}
	for _, sender := range c.Senders {
		s.senders[sender.Name()] = sender
	}
	for i := range s.Rules {
		if _, err := s.Rules[i].schedule(prokus.Zone("").String()); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *Scheduler) at(point string) {
	if s.At != nil {
		s.At(point)
	}
}
