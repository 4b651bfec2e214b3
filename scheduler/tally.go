package scheduler

import (
	"context"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Counting counts whom the selections would take, set by set, and moves their slots as if they had been taken. It is for rehearsals of
// more people than can be played one by one.
type Counting interface {
	// People counts active people of an area (empty: of all), up to a limit.
	People(ctx context.Context, within string, limit int) (int, error)
	// CountWeekly counts whom Weekly takes; held says whether with those whose figure waits for an addition.
	CountWeekly(ctx context.Context, sel Selection, w prokus.Week, held bool) ([]Headcount, error)
	// CountUninvited counts whom Uninvited takes on the first day on which it may.
	CountUninvited(ctx context.Context, sel Selection) ([]Headcount, error)
	// CountInvitees counts the people of a day's planned sessions who have not said no.
	CountInvitees(ctx context.Context, sel Selection, day time.Time) ([]Headcount, error)
	// CountWorklists counts TKSK with something to do on the day, and on a Monday those with nothing.
	CountWorklists(ctx context.Context, sel Selection) ([]Headcount, error)
	// CountQueued counts what waits in the outbox already, and may leave until a moment.
	CountQueued(ctx context.Context, from, until time.Time) ([]prokus.DueCount, error)
	// Pass moves a slot on without looking at anybody.
	Pass(ctx context.Context, sel Selection) error
	// Whereabouts are where people and staff live or work, and how they are reached.
	Whereabouts(ctx context.Context, people, staff []int64) (ofPeople, ofStaff map[int64]Headcount, err error)
}

// Headcount is a number of people of a kecamatan who are reached in the same way.
type Headcount struct {
	Area string
	Via  string
	// Number begins as theirs do, far enough to know the operator; empty in a chat.
	Number string
	N      int
	Zone   string `db:"-"` // of Whereabouts
}

// tally is a Store on which a sweep counts instead of writing. Cases are moved and closed as they fall due, none is opened by
// the end of a week: that takes everybody's history.
type tally struct {
	Store
	cost   func(Headcount) int64
	counts []prokus.DueCount
	loose  []loose
}

// loose is a message that was made for one recipient.
type loose struct {
	at            time.Time
	kind          prokus.Kind
	rule          string
	person, staff int64
}

func (t *tally) add(sel Selection, kind prokus.Kind, all []Headcount, err error) (bool, error) {
	for _, h := range all {
		t.counts = append(t.counts, prokus.DueCount{At: sel.Slot, Kind: kind, Rule: saidAs(sel.Rule), Area: h.Area, Via: h.Via, N: h.N, Cost: t.cost(h)})
	}
	return true, err
}

// note keeps messages that would have been written.
func (t *tally) note(at time.Time, msgs []prokus.Message) []prokus.Message {
	for _, m := range msgs {
		if m.NotBefore.After(at) {
			at = m.NotBefore
		}
		rule, _, _ := strings.Cut(m.Key, ":")
		t.loose = append(t.loose, loose{at, m.Kind, rule, m.Person, m.Staff})
	}
	return nil
}

func (t *tally) Weekly(ctx context.Context, sel Selection, w prokus.Week, _ func(Reporter) []prokus.Message) (bool, error) {
	kind, ask := prokus.KindReminder, saidAs(sel.Rule) == ruleWeek
	if ask {
		kind = prokus.KindPrompt
	}
	all, err := t.CountWeekly(ctx, sel, w, ask)
	return t.add(sel, kind, all, err)
}

func (t *tally) Uninvited(ctx context.Context, sel Selection, _ func(Reporter) []prokus.Message) (bool, error) {
	all, err := t.CountUninvited(ctx, sel)
	return t.add(sel, prokus.KindInvitation, all, err)
}

func (t *tally) Invitees(ctx context.Context, sel Selection, day time.Time, missed bool, say func(Invitee) []prokus.Message) (bool, error) {
	if missed {
		return t.Store.Invitees(ctx, sel, day, missed, func(i Invitee) []prokus.Message { return t.note(sel.Slot, say(i)) })
	}
	all, err := t.CountInvitees(ctx, sel, day)
	return t.add(sel, prokus.KindMentoring, all, err)
}

func (t *tally) Worklists(ctx context.Context, sel Selection, _ func(Digest) []prokus.Message) (bool, error) {
	all, err := t.CountWorklists(ctx, sel)
	return t.add(sel, prokus.KindDigest, all, err)
}

func (t *tally) Held(ctx context.Context, sel Selection, day time.Time, say func(prokus.Session) []prokus.Message) (bool, error) {
	return t.Store.Held(ctx, sel, day, func(x prokus.Session) []prokus.Message { return t.note(sel.Slot, say(x)) })
}

func (t *tally) Assisted(ctx context.Context, sel Selection, w prokus.Week, say func(Assisted) []prokus.Message) (bool, error) {
	return t.Store.Assisted(ctx, sel, w, func(x Assisted) []prokus.Message { return t.note(sel.Slot, say(x)) })
}

func (t *tally) Successors(ctx context.Context, sel Selection, say func(Successor) []prokus.Message) (bool, error) {
	return t.Store.Successors(ctx, sel, func(x Successor) []prokus.Message { return t.note(sel.Slot, say(x)) })
}

func (t *tally) Leavers(ctx context.Context, sel Selection, say func(Leaver) []prokus.Message) (bool, error) {
	return t.Store.Leavers(ctx, sel, func(x Leaver) []prokus.Message { return t.note(sel.Slot, say(x)) })
}

func (t *tally) Offices(ctx context.Context, sel Selection, w prokus.Week, say func(Office) []prokus.Message) (bool, error) {
	return t.Store.Offices(ctx, sel, w, func(x Office) []prokus.Message { return t.note(sel.Slot, say(x)) })
}

func (t *tally) Scores(ctx context.Context, sel Selection, _ prokus.Week) (bool, error) {
	return true, t.Pass(ctx, sel)
}

func (t *tally) Histories(ctx context.Context, sel Selection, _ prokus.Week, _ func(History) []Finding) (bool, error) {
	return true, t.Pass(ctx, sel)
}

func (t *tally) Turnout(context.Context, Selection, prokus.Week) (map[string]Turnout, error) {
	return nil, nil
}

func (t *tally) Remind(ctx context.Context, now time.Time, limit int, say func([]Overdue) []prokus.Message) (int, error) {
	return t.Store.Remind(ctx, now, limit, func(o []Overdue) []prokus.Message { return t.note(now, say(o)) })
}

func (t *tally) Escalate(ctx context.Context, now time.Time, limit int, say func([]Overdue) []prokus.Message) (int, error) {
	return t.Store.Escalate(ctx, now, limit, func(o []Overdue) []prokus.Message { return t.note(now, say(o)) })
}

// What waits in the outbox is counted at once, not taken row by row.

func (t *tally) DueRows(context.Context, time.Time, int) ([]DueRow, error) { return nil, nil }

func (t *tally) NextOutbox(context.Context, time.Time) (at time.Time, ok bool, err error) {
	return at, false, nil
}

// sums are all that was counted until a moment.
func (t *tally) sums(ctx context.Context, from, until time.Time) ([]prokus.DueCount, error) {
	queued, err := t.CountQueued(ctx, from, until)
	if err != nil {
		return nil, err
	}
	for i := range queued {
		queued[i].Cost = t.cost(Headcount{Via: queued[i].Via, N: queued[i].N})
	}
	var people, staff []int64
	for _, l := range t.loose {
		if l.person != 0 {
			people = append(people, l.person)
		} else {
			staff = append(staff, l.staff)
		}
	}
	ofPeople, ofStaff, err := t.Whereabouts(ctx, people, staff)
	if err != nil {
		return nil, err
	}
	all := append(t.counts, queued...)
	for _, l := range t.loose {
		h, ok := ofPeople[l.person]
		if l.person == 0 {
			h, ok = ofStaff[l.staff]
		}
		if ok && l.at.Before(until) {
			all = append(all, prokus.DueCount{At: l.at.In(prokus.Zone(h.Zone)), Kind: l.kind, Rule: l.rule, Area: h.Area, Via: h.Via, N: 1, Cost: t.cost(h)})
		}
	}
	return prokus.SumDue(all), nil
}

// priced is what a message of one segment costs each of some people, by the road that would be tried first.
func (s *Scheduler) priced(h Headcount) int64 {
	op := prokus.OperatorOf(prokus.Phone(h.Number))
	offers := s.offers(Road{Via: h.Via, Operator: op})
	if len(offers) == 0 {
		return 0
	}
	return int64(h.N) * offers[0].price(op)
}
