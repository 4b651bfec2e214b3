package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Opened is a case with what the person is promised.
type Opened struct {
	Case  prokus.Case
	Fresh bool          // false: it was open already
	TKSK  *prokus.Staff // whoever looks after her; nil when the post is vacant
}

// OpenCase opens a case for a person, or finds the one that is open. It goes to her TKSK, or straight to the coordinator
// where its reason says so or nobody holds the post. Urgent reasons are told at once, between 07:00 and 20:00.
func OpenCase(ctx context.Context, s Store, by By, p prokus.Person, reason prokus.Reason, d prokus.CaseDetail, note string) (Opened, error) {
	rules, err := s.Rules(ctx, p.Area, by.Now)
	if err != nil {
		return Opened{}, fmt.Errorf("open case: %w", err)
	}
	rule := rules.Case(reason)
	now := by.Now.In(p.Location())
	holidays, err := s.Holidays(ctx, p.Area, now)
	if err != nil {
		return Opened{}, fmt.Errorf("open case: %w", err)
	}
	cal := prokus.NewCalendar(holidays)
	c := prokus.Case{
		Person: p.ID, Area: p.Area, Reason: reason, Status: prokus.CaseOpen, Priority: rule.Priority, Confidential: rule.Confidential,
		Detail: d, Note: note, Opened: by.Now, Due: cal.AddWorkingDays(now, rules.PromiseDays),
	}
	out := Opened{}
	tksk, ok, err := s.TKSKFor(ctx, p.Area, now)
	if err != nil {
		return Opened{}, fmt.Errorf("open case: %w", err)
	}
	if ok {
		out.TKSK = &tksk
	}
	owner, hasOwner := tksk, ok
	if rule.ToDistrict || !ok {
		if owner, hasOwner, err = s.CoordinatorFor(ctx, p.Area); err != nil {
			return Opened{}, fmt.Errorf("open case: %w", err)
		}
	} else {
		remind := cal.AddWorkingDays(now, rule.RemindDays)
		c.RemindAt = time.Date(remind.Year(), remind.Month(), remind.Day(), 8, 0, 0, 0, remind.Location())
		c.EscalateAt = cal.AddWorkingDays(now, rule.EscalateDays)
	}
	if hasOwner {
		c.Owner = owner.ID
	}
	if out.Case, out.Fresh, err = s.OpenCase(ctx, c); err != nil {
		return Opened{}, fmt.Errorf("open case %s: %w", reason, err)
	}
	if !out.Fresh {
		if out.Case, err = Promise(ctx, s, by, p, out.Case); err != nil {
			return Opened{}, fmt.Errorf("open case %s: %w", reason, err)
		}
	}
	if !out.Fresh && note != "" && note != out.Case.Note { // what she adds to a case that is open is kept with it
		if err := s.SaveCase(ctx, out.Case, CaseEvent{At: by.Now, Staff: by.staff(), What: "told", Note: note}); err != nil {
			return Opened{}, fmt.Errorf("open case %s: %w", reason, err)
		}
	}
	if out.Fresh && rule.Urgent && hasOwner {
		if err := tellUrgent(ctx, s, by, p, out.Case, owner); err != nil {
			return Opened{}, err
		}
		if err := tellDistrict(ctx, s, by, p, out.Case, owner); err != nil {
			return Opened{}, err
		}
	}
	return out, nil
}

// Action is what a TKSK does about a case: the letters of the worklist.
type Action string

// Actions.
const (
	Contacted Action = "contacted" // H
	Visited   Action = "visited"   // K
	Snoozed   Action = "snoozed"   // T
	Done      Action = "closed"    // S
	Watched   Action = "watched"   // P
	Forwarded Action = "forwarded" // E
)

const (
	snoozeDays = 3 // J7-USSD-01 "Tunda 3 hari"; it comes back on the next working day (decisions.md)
	watchDays  = 7
)

// ActOn records an action. Only open cases of the TKSK's own areas reach it: the caller has found the case in the worklist.
// The first action stops the escalation; a closed case stays closed (closed=true says that somebody was faster).
func ActOn(ctx context.Context, s Store, by By, id int64, a Action, p prokus.Person, note string) (c prokus.Case, closed bool, err error) {
	c, ok, err := s.CaseByID(ctx, id)
	if err != nil || !ok {
		return c, false, fmt.Errorf("act on case: found %t: %w", ok, err)
	}
	if c.Status == prokus.CaseClosed {
		return c, true, nil
	}
	now := by.Now.In(p.Location())
	holidays, err := s.Holidays(ctx, p.Area, now)
	if err != nil {
		return c, false, fmt.Errorf("act on case: %w", err)
	}
	cal := prokus.NewCalendar(holidays)
	e := CaseEvent{At: by.Now, Staff: by.staff(), What: string(a), Note: note}
	switch a {
	case Contacted, Visited:
		if c.Acted.IsZero() {
			c.Acted = by.Now
		}
		c.RemindAt, c.EscalateAt = time.Time{}, time.Time{}
		c.Outcome = map[Action]string{Contacted: "dihubungi", Visited: "dikunjungi"}[a]
	case Snoozed:
		c.Status, c.Wake = prokus.CaseSnoozed, morning(cal.NextWorking(now.AddDate(0, 0, snoozeDays)))
		c.RemindAt, c.EscalateAt = time.Time{}, cal.AddWorkingDays(c.Wake, 1)
	case Watched:
		c.Status, c.Wake = prokus.CaseWatched, morning(cal.NextWorking(now.AddDate(0, 0, watchDays)))
		c.RemindAt, c.EscalateAt = time.Time{}, time.Time{}
	case Forwarded:
		coordinator, ok, err := s.CoordinatorFor(ctx, p.Area)
		if err != nil {
			return c, false, fmt.Errorf("forward: %w", err)
		}
		if ok {
			c.Owner = coordinator.ID
		}
		c.Escalated, c.RemindAt, c.EscalateAt = by.Now, time.Time{}, time.Time{}
	case Done:
		if c.Acted.IsZero() {
			c.Acted = by.Now
		}
		if c.Outcome == "" {
			c.Outcome = "selesai"
		}
		c.RemindAt, c.EscalateAt, c.Wake = time.Time{}, time.Time{}, time.Time{}
		if c.Detail.Topic == Bereaved {
			if err := s.EndLeave(ctx, p.ID, prokus.WeekOf(now)-1, Bereaved); err != nil {
				return c, false, fmt.Errorf("act on case: %w", err)
			}
		}
		if prokus.CaseRuleFor(c.Reason).AskHer {
			c.Status = prokus.CaseAsked
			if err := askHer(ctx, s, by, c, p); err != nil {
				return c, false, err
			}
		} else {
			c.Status, c.Closed = prokus.CaseClosed, by.Now
		}
	}
	if err := s.SaveCase(ctx, c, e); err != nil {
		return c, false, fmt.Errorf("act on case: %w", err)
	}
	return c, false, nil
}

// askHer queues the closing question for 17:30, today or, when that has passed, tomorrow (decisions.md).
func askHer(ctx context.Context, s Store, by By, c prokus.Case, p prokus.Person) error {
	now := by.Now.In(p.Location())
	at := time.Date(now.Year(), now.Month(), now.Day(), 17, 30, 0, 0, now.Location())
	if now.After(at) {
		at = at.AddDate(0, 0, 1)
	}
	a := person(p).with(args{"no": fmt.Sprint(c.Ticket)})
	if tksk, ok, err := s.TKSKFor(ctx, p.Area, now); err != nil {
		return fmt.Errorf("ask her: %w", err)
	} else if ok {
		a["tksk"] = tksk.Called()
	}
	_, err := s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("helped:%d:%s", c.ID, at.Format(time.DateOnly)), Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang,
		Text: "case.helped", Args: a.json(), Opens: "case#helped", OpensVars: args{"case": c.ID, "no": fmt.Sprint(c.Ticket)}.json(), Cause: by.Inbox, Case: c.ID, NotBefore: at,
	})
	if err != nil {
		return fmt.Errorf("ask her: %w", err)
	}
	return nil
}

// Helped records what she answered to the closing question. Anything but "yes" reopens the case at the coordinator's, who
// gets it with a date of his own; the TKSK is told that she said no.
func Helped(ctx context.Context, s Store, by By, p prokus.Person, id int64, answer string) (c prokus.Case, err error) {
	c, ok, err := s.CaseByID(ctx, id)
	if err != nil || !ok {
		return c, fmt.Errorf("helped: found %t: %w", ok, err)
	}
	e := CaseEvent{At: by.Now, What: "answered", Note: answer}
	if c.Detail.Answer = ""; answer == "sudah" {
		c.Status, c.Closed = prokus.CaseClosed, by.Now
		return c, s.SaveCase(ctx, c, e)
	}
	now := by.Now.In(p.Location())
	holidays, err := s.Holidays(ctx, p.Area, now)
	if err != nil {
		return c, fmt.Errorf("helped: %w", err)
	}
	c.Status, c.Escalated, c.Closed = prokus.CaseOpen, by.Now, time.Time{}
	rules, err := s.Rules(ctx, p.Area, by.Now)
	if err != nil {
		return c, fmt.Errorf("helped: %w", err)
	}
	c.Due = prokus.NewCalendar(holidays).AddWorkingDays(now, rules.PromiseDays)
	if coordinator, ok, err := s.CoordinatorFor(ctx, p.Area); err != nil {
		return c, fmt.Errorf("helped: %w", err)
	} else if ok {
		c.Owner = coordinator.ID
	}
	c.Detail.Answer, e.What, e.Note = answer, "not_helped", ""
	if answer == PartlyHelped {
		e.What = "partly_helped"
	}
	if err := s.SaveCase(ctx, c, e); err != nil {
		return c, fmt.Errorf("helped: %w", err)
	}
	return c, tellNotHelped(ctx, s, by, p, c)
}

// PartlyHelped is her answer that some of it is still to be done; any other than "sudah" is a no.
const PartlyHelped = "belum_tuntas"

// tellNotHelped tells the TKSK, whose action it was, what she answered and who goes on with it; of what is confidential nobody is told.
func tellNotHelped(ctx context.Context, s Store, by By, p prokus.Person, c prokus.Case) error {
	tksk, ok, err := s.TKSKFor(ctx, p.Area, by.Now.In(p.Location()))
	if err != nil {
		return fmt.Errorf("not helped: %w", err)
	}
	if !ok || c.Confidential {
		return nil
	}
	said, text := "case.answer.no", "officer.not_helped"
	if c.Detail.Answer == PartlyHelped {
		said = "case.answer.partly"
	}
	if c.Owner == tksk.ID { // no coordinator: it is on the TKSK's own list again
		text = "officer.not_helped_yours"
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("not_helped:%d:%s", c.ID, by.Now.In(p.Location()).Format(time.DateOnly)), Staff: tksk.ID, Kind: prokus.KindNotice, Lang: tksk.Lang,
		Text: text, Args: args{"no": fmt.Sprint(c.Ticket), "jawaban": key(said, nil), "orang": called(p), "kode": p.Code, "tgl": date(c.Due.In(p.Location()))}.json(),
		Cause: by.Inbox, Case: c.ID, NotBefore: prokus.AfterQuiet(by.Now.In(tksk.Location())),
	})
	if err != nil {
		return fmt.Errorf("not helped: %w", err)
	}
	return nil
}

// morning is 07:30 of a day, when digests go out.
func morning(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 7, 30, 0, 0, t.Location())
}
