package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// batch is how many people one transaction of a sweep handles.
const batch = 1000

// Sweep does everything that fell due up to now: the slots of the rules, the clocks of cases, sends in doubt, jobs for due
// messages. It may run at any time, anywhere, any number of times. An error of one rule does not stop the others.
func (s *Scheduler) Sweep(ctx context.Context, now time.Time) error { return s.sweep(ctx, now, false) }

// sweep is Sweep; wait says whether to wait for a rule that another replica is sweeping.
func (s *Scheduler) sweep(ctx context.Context, now time.Time, wait bool) error {
	zones, err := s.Store.Zones(ctx)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	book, err := s.readRules(ctx, now)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	known, err := s.Store.Standings(ctx)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	var errs []error
	for _, r := range s.Rules {
		if err := s.sweepRule(ctx, r, book, known, zones, now, wait); err != nil {
			errs = append(errs, fmt.Errorf("sweep %s: %w", r.Name, err))
		}
	}
	if err := s.sweepCases(ctx, now, book.For(prokus.National).AnswerTime); err != nil {
		errs = append(errs, fmt.Errorf("sweep cases: %w", err))
	}
	if !s.dry {
		if err := s.reconcile(ctx, now); err != nil {
			errs = append(errs, fmt.Errorf("sweep: %w", err))
		}
		if err := s.fanOut(ctx, now); err != nil {
			errs = append(errs, err)
		}
		if err := s.Store.Forget(ctx, now, s.Receipts); err != nil {
			errs = append(errs, fmt.Errorf("sweep: forget: %w", err))
		}
		if err := s.makeJobs(ctx, now); err != nil {
			errs = append(errs, err)
		}
		if err := s.askAgain(ctx, now); err != nil {
			errs = append(errs, err)
		} else if err := s.Store.Swept(ctx, now); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// fanOut writes the messages of broadcasts that are due.
func (s *Scheduler) fanOut(ctx context.Context, now time.Time) error {
	for more := s.FanOut != nil; more; {
		var err error
		if _, more, err = s.FanOut(ctx, now, batch); err != nil {
			return fmt.Errorf("sweep: broadcasts: %w", err)
		}
	}
	return nil
}

// makeJobs hands what is due to River, a bounded number a sweep.
func (s *Scheduler) makeJobs(ctx context.Context, now time.Time) error {
	for range 50 {
		n, err := s.Store.MakeJobs(ctx, now, batch)
		if err != nil {
			return fmt.Errorf("sweep: jobs: %w", err)
		}
		if n < batch {
			return nil
		}
	}
	return nil
}

// sweepRule runs the slots of one rule in every zone and part of the country.
func (s *Scheduler) sweepRule(ctx context.Context, r Rule, book prokus.Rulebook, known map[SlotKey]Standing, zones []string, now time.Time, wait bool) error {
	for _, p := range r.parts(book) {
		for _, zone := range zones {
			if err := s.sweepPart(ctx, p, book, known, zone, now, wait); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Scheduler) sweepPart(ctx context.Context, p part, book prokus.Rulebook, known map[SlotKey]Standing, zone string, now time.Time, wait bool) error {
	if !meet(p.Area, s.within) {
		return nil
	}
	from := known[p.key(zone)].SweptTo
	if from.IsZero() {
		from = p.begin(zone, known, now)
		if err := s.Store.StartRule(ctx, p.key(zone), from); err != nil {
			return err
		}
	}
	run, skip, err := p.Slots(zone, from, now)
	if err != nil {
		return err
	}
	if len(skip) > 0 {
		why := "too late"
		if len(run) > 0 {
			why = "a later one stands for it"
		}
		if err := s.Store.Skip(ctx, p.key(zone), skip, now, why); err != nil {
			return err
		}
		s.Log.Warn("slots were missed", "rule", p.Name, "zone", zone, "area", p.Area, "count", len(skip), "newest", skip[len(skip)-1])
	}
	for _, slot := range run {
		sel := Selection{Rule: p.Name, Zone: zone, Area: p.Area, Except: p.Except, Within: s.within, Version: p.Version, Ramadan: p.Ramadan,
			Slot: slot, Now: now, Limit: batch, Wait: wait, Book: book}
		if err := s.runSlot(ctx, p.Rule, sel); err != nil {
			return err
		}
	}
	return nil
}

// runSlot takes a slot's people in batches until nobody is left.
func (s *Scheduler) runSlot(ctx context.Context, r Rule, sel Selection) error {
	step, err := s.selection(ctx, r, sel)
	if err != nil {
		return err
	}
	for done := false; !done; {
		if done, err = step(); err != nil {
			return err
		}
	}
	return nil
}

// selection is one batch of a rule's slot.
func (s *Scheduler) selection(ctx context.Context, r Rule, sel Selection) (func() (bool, error), error) {
	day := prokus.Day(sel.Slot)
	switch r.Name {
	case ruleWeek, ruleFastWeek:
		w := prokus.WeekOf(sel.Slot)
		return func() (bool, error) {
			return s.Store.Weekly(ctx, sel, w, func(p Reporter) []prokus.Message { return s.prompt(sel, w, p) })
		}, nil
	case ruleFirst, ruleSecond, ruleFastSecond:
		w := prokus.WeekOf(sel.Slot) - 1
		turnout, err := s.Store.Turnout(ctx, sel, w)
		if err != nil {
			return nil, err
		}
		return func() (bool, error) {
			return s.Store.Weekly(ctx, sel, w, func(p Reporter) []prokus.Message { return s.remind(sel, w, p, turnout[p.Area]) })
		}, nil
	case ruleInvite:
		return func() (bool, error) {
			return s.Store.Uninvited(ctx, sel, func(p Reporter) []prokus.Message { return s.inviteAgain(sel, p) })
		}, nil
	case ruleEve:
		return s.invitees(ctx, sel, day.AddDate(0, 0, 1), false, s.eve), nil
	case ruleMorning:
		return s.invitees(ctx, sel, day, false, s.morning), nil
	case ruleMissed:
		return s.invitees(ctx, sel, day.AddDate(0, 0, -1), true, s.missed), nil
	case ruleCount:
		return s.held(ctx, sel, day.AddDate(0, 0, 1), s.headcount), nil
	case ruleTable:
		return s.held(ctx, sel, day, s.board), nil
	case ruleList:
		return s.held(ctx, sel, day, s.whoCame), nil
	case ruleDigest:
		return func() (bool, error) {
			return s.Store.Worklists(ctx, sel, func(d Digest) []prokus.Message { return s.digest(sel, d) })
		}, nil
	case ruleScore:
		w := prokus.WeekOf(sel.Slot) - 1
		return func() (bool, error) { return s.Store.Scores(ctx, sel, w) }, nil
	case ruleAssist:
		w := prokus.WeekOf(sel.Slot) - 1
		return func() (bool, error) {
			return s.Store.Assisted(ctx, sel, w, func(a Assisted) []prokus.Message { return s.assisted(sel, a) })
		}, nil
	case ruleOfficer:
		return func() (bool, error) {
			return s.Store.Successors(ctx, sel, func(p Successor) []prokus.Message { return s.successor(sel, p) })
		}, nil
	case ruleBatch:
		return func() (bool, error) {
			return s.Store.Leavers(ctx, sel, func(l Leaver) []prokus.Message { return s.farewell(sel, l) })
		}, nil
	case ruleOffice:
		w := prokus.WeekOf(sel.Slot) - 1
		return func() (bool, error) {
			return s.Store.Offices(ctx, sel, w, func(o Office) []prokus.Message { return s.office(sel, o) })
		}, nil
	case ruleClose:
		w, book := prokus.WeekOf(sel.Slot)-1, sel.Book
		return func() (bool, error) {
			return s.Store.Histories(ctx, sel, w, func(h History) []Finding { return Findings(h, book.For(h.Area)) })
		}, nil
	case ruleDaily:
		return func() (bool, error) { return s.Store.Daily(ctx, sel) }, nil
	}
	return nil, fmt.Errorf("rule %s is not known", r.Name)
}

func (s *Scheduler) invitees(ctx context.Context, sel Selection, day time.Time, missed bool, say func(Selection, Invitee) []prokus.Message) func() (bool, error) {
	return func() (bool, error) {
		return s.Store.Invitees(ctx, sel, day, missed, func(i Invitee) []prokus.Message { return say(sel, i) })
	}
}

// sweepCases runs what the clocks of cases say.
func (s *Scheduler) sweepCases(ctx context.Context, now time.Time, answer time.Duration) error {
	steps := []func() (int, error){
		func() (int, error) {
			return s.Store.Remind(ctx, now, batch, s.remindTKSK)
		},
		func() (int, error) {
			return s.Store.Escalate(ctx, now, batch, s.escalate)
		},
		func() (int, error) { return s.Store.Unanswered(ctx, now, answer, batch) },
	}
	for _, step := range steps {
		for {
			n, err := step()
			if err != nil {
				return err
			}
			if n < batch {
				break
			}
		}
	}
	return nil
}
