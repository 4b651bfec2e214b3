package scheduler

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Store is what the scheduler needs of the database. Each method is one short transaction; functions that it takes are
// pure and may run again when the database lost a race.
type Store interface {
	ClockStore
	Outbox
	Slots
	Selections
	CaseStore
	Retention
	Watching
	Lost
	Election
	Counting
	// Rehearse runs f on a store whose every effect is undone at the end. within is the area that is rehearsed, empty for all:
	// messages and cases of elsewhere are left alone.
	Rehearse(ctx context.Context, within string, f func(Store) error) error
}

// Outbox is the one door out.
type Outbox interface {
	// Claim takes a queued row, lets prepare judge it on facts read under its lock, and marks it as prepare says. ok is
	// false when the row is not queued (any more).
	Claim(ctx context.Context, id string, now time.Time, prepare func(Facts) Decision) (d Decision, ok bool, err error)
	// MarkSent keeps that a provider took the row, opens the question it asks and takes up statuses that came before.
	MarkSent(ctx context.Context, id string, s channels.Sent, o *Opening, now time.Time) error
	// Return puts a row that was being sent back into the queue until a moment; counted says whether the attempt stands.
	Return(ctx context.Context, id string, until time.Time, counted bool, why Refusal) error
	// Hold lets queued rows wait until a moment, so that what follows a row to the same address does not overtake it. awaits
	// names the sender that they wait for, if it is that.
	Hold(ctx context.Context, ids []string, until time.Time, awaits string) error
	// Reroute puts a row back because this road refused it; it takes another one at once.
	Reroute(ctx context.Context, id string, r Road, why Refusal, now time.Time) error
	// Learn changes a sender's gate by what became of a send, for all replicas: attempts that an outage took are given back,
	// and the outage is noted.
	Learn(ctx context.Context, channel string, change func(Gate) Gate, now time.Time) (Gate, error)
	// Awaited are the senders for which messages wait, and how each stands.
	Awaited(ctx context.Context) ([]Awaited, error)
	// Waiting are the next rows that wait for a sender, in the order in which they should leave.
	Waiting(ctx context.Context, channel string, now time.Time, limit int) ([]WaitingRow, error)
	// Fail ends a row; its address is marked and the TKSK gets a case as the refusal says.
	Fail(ctx context.Context, id string, why Refusal, now time.Time) error
	// Doubtful are rows that have been in sending for longer than a minute, by this clock and by real time.
	Doubtful(ctx context.Context, now time.Time, limit int) ([]Doubt, error)
	// Settled ends a doubt about one attempt: sent again (queued, flagged if it may arrive twice) or left as unknown.
	Settled(ctx context.Context, d Doubt, again, flagged bool, now time.Time) error
	// MakeJobs makes jobs for due rows, and for those whose job was lost.
	MakeJobs(ctx context.Context, now time.Time, limit int) (rows int, err error)
	// DueRows are rows that may leave now, in the order in which they should.
	DueRows(ctx context.Context, now time.Time, limit int) ([]DueRow, error)
	// CausedBy are a turn's rows that are due and still queued, and how many are being sent by somebody.
	CausedBy(ctx context.Context, inbox int64, now time.Time) (queued []DueRow, sending int, err error)
	// Sending counts the rows that somebody is sending now.
	Sending(ctx context.Context) (int, error)
	// KeepStatus keeps a callback and moves its row if it is known and the status ranks higher. A status that proves a send
	// which we had in doubt marks it sent.
	KeepStatus(ctx context.Context, s channels.Status, e StatusEffect, now time.Time) error
	// Forget marks rows without a final status as unknown, and takes away places that have expired.
	Forget(ctx context.Context, now time.Time, receipts []string) error
	// NextOutbox is the earliest moment after a moment at which a queued row may leave.
	NextOutbox(ctx context.Context, after time.Time) (time.Time, bool, error)
	// Planned lists the rows that were written or sent in a rehearsal.
	Planned(ctx context.Context, since, until time.Time) ([]prokus.Due, error)
	// Opened lists the cases that were opened since a moment, in a rehearsal.
	Opened(ctx context.Context, since time.Time) ([]prokus.PlannedCase, error)
}

// Slots remember up to where each rule was swept.
type Slots interface {
	// Zones are the zones in which people live.
	Zones(ctx context.Context) ([]string, error)
	// RuleVersions are all versions of the rules.
	RuleVersions(ctx context.Context) ([]prokus.RuleVersion, error)
	// WriteRule adds a version of a rule.
	WriteRule(ctx context.Context, v prokus.RuleVersion) error
	// Dated are the holidays, pauses and months of Ramadan that are entered, anywhere.
	Dated(ctx context.Context) (Dated, error)
	// Standings are where all slots stand.
	Standings(ctx context.Context) (map[SlotKey]Standing, error)
	// StartRule sets the beginning of a slot, once.
	StartRule(ctx context.Context, k SlotKey, at time.Time) error
	// Skip records slots that an outage made pointless and moves on.
	Skip(ctx context.Context, k SlotKey, slots []time.Time, now time.Time, why string) error
}

// Selection is one slot of a rule in a zone and a part of the country, and the moment of the sweep.
type Selection struct {
	Rule, Zone string
	Area       string    // the part's; empty: the nation
	Except     []string  // areas inside it that are parts of their own
	Within     string    // a rehearsal of one area only: nobody outside it; empty: everybody
	Version    int64     // of the rule's time
	Ramadan    bool      // only on a day of Ramadan, and who keeps it
	Slot       time.Time // in the zone
	Now        time.Time
	Limit      int
	Wait       bool            // wait for another replica that has the rule, instead of leaving it to it
	Book       prokus.Rulebook // the rules that hold at Now
}

// Key is where the selection's slot is kept.
func (s Selection) Key() SlotKey {
	area := s.Area
	if area == "" {
		area = prokus.National
	}
	return SlotKey{s.Rule, s.Zone, area, s.Version}
}

// Selections find who is due. Each call handles the next batch of a slot under the lock of the rule's row, writes what the
// function makes, and moves the slot when nobody is left; done says that the slot is over, or that another replica has it.
type Selections interface {
	Weekly(ctx context.Context, sel Selection, w prokus.Week, make func(Reporter) []prokus.Message) (done bool, err error)
	Uninvited(ctx context.Context, sel Selection, make func(Reporter) []prokus.Message) (done bool, err error)
	Invitees(ctx context.Context, sel Selection, day time.Time, missed bool, make func(Invitee) []prokus.Message) (done bool, err error)
	// Held takes the planned sessions of a day in a zone that have a mentor.
	Held(ctx context.Context, sel Selection, day time.Time, make func(prokus.Session) []prokus.Message) (done bool, err error)
	Worklists(ctx context.Context, sel Selection, make func(Digest) []prokus.Message) (done bool, err error)
	// Assisted takes the TKSK with whom nobody can reach but they, and whose closed week is missing, on the first working day
	// of a week.
	Assisted(ctx context.Context, sel Selection, w prokus.Week, make func(Assisted) []prokus.Message) (done bool, err error)
	// Successors takes people whose kecamatan has another TKSK than the one they know.
	Successors(ctx context.Context, sel Selection, make func(Successor) []prokus.Message) (done bool, err error)
	// Leavers takes people whose batch has ended.
	Leavers(ctx context.Context, sel Selection, make func(Leaver) []prokus.Message) (done bool, err error)
	// Offices takes the coordinators who want the weekly summary, with the week of each of their kabupaten.
	Offices(ctx context.Context, sel Selection, w prokus.Week, make func(Office) []prokus.Message) (done bool, err error)
	// Scores counts the scores of people as of a closed week.
	Scores(ctx context.Context, sel Selection, closed prokus.Week) (done bool, err error)
	Histories(ctx context.Context, sel Selection, closed prokus.Week, find func(History) []Finding) (done bool, err error)
	Daily(ctx context.Context, sel Selection) (done bool, err error)
	// Turnout counts per kecamatan who was to report in a week, and who did.
	Turnout(ctx context.Context, sel Selection, w prokus.Week) (map[string]Turnout, error)
}

// CaseStore moves cases by their own clocks.
type CaseStore interface {
	Remind(ctx context.Context, now time.Time, limit int, make func([]Overdue) []prokus.Message) (n int, err error)
	Escalate(ctx context.Context, now time.Time, limit int, make func([]Overdue) []prokus.Message) (n int, err error)
	// Unanswered closes cases whose closing question nobody has answered for a time (decisions.md: 48 hours).
	Unanswered(ctx context.Context, now time.Time, answer time.Duration, limit int) (n int, err error)
	// NextCase is the earliest moment after a moment at which a case must be looked at; answer as above.
	NextCase(ctx context.Context, after time.Time, answer time.Duration) (time.Time, bool, error)
}
