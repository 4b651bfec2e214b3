package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Promise makes a new promise for a case that she asks about after the promised time has passed (R16): the next working
// days from now, kept with the case. What nobody has handed on yet goes to the coordinator with the next sweep.
func Promise(ctx context.Context, s Store, by By, p prokus.Person, c prokus.Case) (prokus.Case, error) {
	if !by.Now.After(c.Due) || c.Reason == prokus.EraseData || c.Status == prokus.CaseClosed { // the law's 72 hours do not move
		return c, nil
	}
	now := by.Now.In(p.Location())
	holidays, err := s.Holidays(ctx, p.Area, now)
	if err != nil {
		return c, fmt.Errorf("promise: %w", err)
	}
	e := CaseEvent{At: by.Now, Staff: by.staff(), What: "promised", Note: c.Due.In(now.Location()).Format(time.DateOnly)}
	rules, err := s.Rules(ctx, p.Area, by.Now)
	if err != nil {
		return c, fmt.Errorf("promise: %w", err)
	}
	c.Due = prokus.NewCalendar(holidays).AddWorkingDays(now, rules.PromiseDays)
	c.Status, c.Wake, c.RemindAt = prokus.CaseOpen, time.Time{}, time.Time{}
	coordinator, ok, err := s.CoordinatorFor(ctx, p.Area)
	if err != nil {
		return c, fmt.Errorf("promise: %w", err)
	}
	further := ok && c.Owner != coordinator.ID && c.Escalated.IsZero()
	if further && c.Acted.IsZero() { // the clock tells both the TKSK and the coordinator
		c.EscalateAt = by.Now
	} else if further {
		c.Escalated = by.Now
	}
	if err := s.SaveCase(ctx, c, e); err != nil {
		return c, fmt.Errorf("promise: %w", err)
	}
	if further && !c.Acted.IsZero() {
		if err := s.SaveCase(ctx, c, CaseEvent{At: by.Now, What: "escalated"}); err != nil {
			return c, fmt.Errorf("promise: %w", err)
		}
	}
	return c, nil
}
