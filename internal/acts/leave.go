package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Leaves are weeks in which she is not asked and her streak does not break (R08).
type Leaves interface {
	SaveLeave(ctx context.Context, person int64, from, to prokus.Week, reason string) error
	// EndLeave ends her leave of a reason after a week; leave that had not begun by then is gone.
	EndLeave(ctx context.Context, person int64, last prokus.Week, reason string) error
}

// Bereaved is the topic of a case and the reason of a leave after a death in the family.
const Bereaved = "bereaved"

// mourning is how many weeks nobody asks for figures after a death, forty days; the TKSK ends it sooner by closing the case.
const mourning = 6

// Mourn opens a case for the TKSK, and nothing is asked until it is closed or the forty days are over.
func Mourn(ctx context.Context, s Store, by By, p prokus.Person, said string) (Opened, error) {
	o, err := OpenCase(ctx, s, by, p, prokus.OtherHelp, prokus.CaseDetail{Topic: Bereaved}, said)
	if err != nil {
		return o, err
	}
	w := prokus.WeekOf(by.Now.In(p.Location()))
	if by.Now.In(p.Location()).Weekday() < 3 && by.Now.In(p.Location()).Weekday() > 0 { // Monday and Tuesday: last week is still asked for
		w--
	}
	if err := s.SaveLeave(ctx, p.ID, w, w+mourning-1, Bereaved); err != nil {
		return o, fmt.Errorf("mourn: %w", err)
	}
	if _, err := s.CancelQueued(ctx, p.ID, true, "berduka"); err != nil {
		return o, fmt.Errorf("mourn: %w", err)
	}
	return o, nil
}

// Rest keeps the weeks of leave that she takes.
func Rest(ctx context.Context, s Store, _ By, p prokus.Person, from, to prokus.Week) error {
	if err := s.SaveLeave(ctx, p.ID, from, to, "cuti"); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// eraseWithin is how long the district has to act on a wish to be forgotten (UU PDP: three times twenty-four hours).
const eraseWithin = 72 * time.Hour

// Erase asks the district to erase her data, and stops all messages at once.
func Erase(ctx context.Context, s Store, by By, p prokus.Person) (Opened, error) {
	o, err := OpenCase(ctx, s, by, p, prokus.EraseData, prokus.CaseDetail{}, "")
	if err != nil {
		return o, err
	}
	if o.Fresh {
		o.Case.Due = by.Now.Add(eraseWithin)
		if err := s.SaveCase(ctx, o.Case, CaseEvent{At: by.Now, What: "told", Note: "72 jam"}); err != nil {
			return o, fmt.Errorf("erase: %w", err)
		}
	}
	return o, Stop(ctx, s, by, p)
}
