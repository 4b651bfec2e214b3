package scheduler_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// memory is a Store without a database: rows of rules under a lock, messages under a unique key, transactions that commit wholly or
// not at all. At every point of a transaction the process may die, or another replica may sweep in between.
type memory struct {
	scheduler.Store // what a sweep of the calendar does not need
	rng             *rand.Rand
	zones           []string
	people          int
	crash           float64 // how likely a death is at each point
	deaths          int
	between         func()          // another replica's sweep, at some points
	rows            map[slotKey]row // committed
	locked          map[slotKey]bool
	said            map[string]int // natural key → how often it was committed
	visits          map[visit]int
	skipped         map[visit]int // person 0
	finished        map[visit]int // person 0: the slot is over
}

type slotKey struct{ rule, zone string }

type row struct {
	swept   time.Time
	slot    time.Time
	reached int
}

type visit struct {
	slotKey
	at     int64
	person int
}

// death ends a process in the middle.
type death struct{ point string }

func (m *memory) point(name string) {
	if m.between != nil && m.rng.IntN(40) == 0 {
		other := m.between
		m.between = nil
		other()
		m.between = other
	}
	if m.rng.Float64() < m.crash {
		m.deaths++
		panic(death{name})
	}
}

func (m *memory) Zones(context.Context) ([]string, error) { return m.zones, nil }

func (m *memory) RuleVersions(context.Context) ([]prokus.RuleVersion, error) { return nil, nil }

func (m *memory) Standings(context.Context) (map[scheduler.SlotKey]scheduler.Standing, error) {
	out := map[scheduler.SlotKey]scheduler.Standing{}
	for k, r := range m.rows {
		out[scheduler.SlotKey{Rule: k.rule, Zone: k.zone, Area: prokus.National}] = scheduler.Standing{SweptTo: r.swept}
	}
	return out, nil
}

func (m *memory) StartRule(_ context.Context, key scheduler.SlotKey, at time.Time) error {
	if _, ok := m.rows[slotKey{key.Rule, key.Zone}]; !ok {
		m.rows[slotKey{key.Rule, key.Zone}] = row{swept: at}
	}
	return nil
}

func (m *memory) Skip(_ context.Context, key scheduler.SlotKey, slots []time.Time, _ time.Time, _ string) error {
	k := slotKey{key.Rule, key.Zone}
	if m.locked[k] { // a second replica would wait here until the first has committed; in this world it finds nothing to do
		return nil
	}
	m.locked[k] = true
	defer delete(m.locked, k)
	last, swept := slots[len(slots)-1], m.rows[k].swept
	if !swept.Before(last) {
		return nil
	}
	m.point("before the commit of a skip")
	for _, s := range slots {
		if s.After(swept) {
			m.skipped[visit{k, s.Unix(), 0}]++
		}
	}
	m.rows[k] = row{swept: last}
	return nil
}

// batchOf is how many people a transaction of this world takes.
const batchOf = 3

// slot is one batch of people: select, write, commit.
func (m *memory) slot(sel scheduler.Selection, say func(person int) []prokus.Message) (done bool, err error) {
	k := slotKey{sel.Rule, sel.Zone}
	if m.locked[k] {
		return true, nil // SKIP LOCKED
	}
	m.locked[k] = true
	defer delete(m.locked, k)
	r := m.rows[k]
	if !r.swept.Before(sel.Slot) {
		return true, nil
	}
	if !r.slot.Equal(sel.Slot) {
		r.reached = 0
	}
	m.point("selected")
	var visits []visit
	var keys []string
	first := r.reached
	for ; r.reached < m.people && r.reached < first+batchOf; r.reached++ {
		visits = append(visits, visit{k, sel.Slot.Unix(), r.reached + 1})
		for _, msg := range say(r.reached + 1) {
			keys = append(keys, msg.Key)
		}
	}
	done = r.reached-first < batchOf
	r.slot = sel.Slot
	if done {
		r = row{swept: sel.Slot}
	}
	m.point("written")
	m.rows[k] = r
	for _, v := range visits {
		m.visits[v]++
	}
	for _, key := range keys {
		m.said[key]++
	}
	if done {
		m.finished[visit{k, sel.Slot.Unix(), 0}]++
	}
	m.point("committed")
	return done, nil
}

func (m *memory) person(zone string, n int) scheduler.Reporter {
	for i, z := range m.zones {
		if z == zone {
			n += 1000 * (i + 1)
		}
	}
	return scheduler.Reporter{Person: prokus.Person{ID: int64(n), Code: fmt.Sprint(n), Name: "Ani", Zone: zone, Lang: prokus.ID, Consent: prokus.Agreed, Status: prokus.Active}}
}

func (m *memory) Weekly(_ context.Context, sel scheduler.Selection, _ prokus.Week, say func(scheduler.Reporter) []prokus.Message) (bool, error) {
	if sel.Ramadan { // no day of it in this world: nobody is taken at its hour
		return m.silent(sel)
	}
	return m.slot(sel, func(n int) []prokus.Message { return say(m.person(sel.Zone, n)) })
}

func (m *memory) Uninvited(_ context.Context, sel scheduler.Selection, _ func(scheduler.Reporter) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Invitees(_ context.Context, sel scheduler.Selection, _ time.Time, _ bool, _ func(scheduler.Invitee) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Held(_ context.Context, sel scheduler.Selection, _ time.Time, _ func(prokus.Session) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Worklists(_ context.Context, sel scheduler.Selection, _ func(scheduler.Digest) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Histories(_ context.Context, sel scheduler.Selection, _ prokus.Week, _ func(scheduler.History) []scheduler.Finding) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Daily(_ context.Context, sel scheduler.Selection) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Assisted(_ context.Context, sel scheduler.Selection, _ prokus.Week, _ func(scheduler.Assisted) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Offices(_ context.Context, sel scheduler.Selection, _ prokus.Week, _ func(scheduler.Office) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Successors(_ context.Context, sel scheduler.Selection, _ func(scheduler.Successor) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Leavers(_ context.Context, sel scheduler.Selection, _ func(scheduler.Leaver) []prokus.Message) (bool, error) {
	return m.silent(sel)
}

func (m *memory) Scores(_ context.Context, sel scheduler.Selection, _ prokus.Week) (bool, error) {
	return m.silent(sel)
}

// silent is a slot whose words are of no interest: whom it takes counts.
func (m *memory) silent(sel scheduler.Selection) (bool, error) {
	return m.slot(sel, func(int) []prokus.Message { return nil })
}

func (m *memory) Turnout(context.Context, scheduler.Selection, prokus.Week) (map[string]scheduler.Turnout, error) {
	return nil, nil
}

type (
	late   = func([]scheduler.Overdue) []prokus.Message
	closed = context.Context
)

func (m *memory) Remind(context.Context, time.Time, int, late) (int, error)     { return 0, nil }
func (m *memory) Escalate(context.Context, time.Time, int, late) (int, error)   { return 0, nil }
func (m *memory) Unanswered(closed, time.Time, time.Duration, int) (int, error) { return 0, nil }
func (m *memory) Doubtful(closed, time.Time, int) ([]scheduler.Doubt, error)    { return nil, nil }
func (m *memory) Swept(closed, time.Time) error                                 { return nil }
func (m *memory) LastSwept(closed) (at time.Time, ok bool, err error)           { return }
func (m *memory) Forget(closed, time.Time, []string) error                      { return nil }
func (m *memory) MakeJobs(closed, time.Time, int) (int, error)                  { return 0, nil }
