package acts

import (
	"context"
	"fmt"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// historyWeeks is how far back receipts look: streaks are counted up to a year.
const historyWeeks = 52

// Told is what a stored report deserves to hear.
type Told struct {
	Receipt prokus.Receipt
	Percent int64
	Streak  int
	Last    int64 // last week's figure, rupiah; 0 if none
	Report  prokus.Report
}

// closedByReport are the cases whose cause goes with any report, closedBySales those that a positive one ends (journeys.md 4.7).
var (
	closedByReport = []prokus.Reason{prokus.Silent, prokus.NeverBegan, prokus.HelpReport}
	closedBySales  = []prokus.Reason{prokus.TwoZeros}
)

// Report stores a week's figure and says how it compares. what is "report" for a first figure, "replace" or "add" for a
// second one. Cases that the silence opened close themselves.
func Report(ctx context.Context, s Store, by By, p prokus.Person, r prokus.Report, what string) (Told, error) {
	old, had, err := s.ReportOf(ctx, p.ID, r.Week)
	if err != nil {
		return Told{}, fmt.Errorf("report: %w", err)
	}
	past, highest, err := s.PastOf(ctx, p.ID, r.Week, historyWeeks)
	if err != nil {
		return Told{}, fmt.Errorf("report: %w", err)
	}
	r.Person, r.Channel, r.At = p.ID, by.Channel, by.Now
	if r.Source == "" {
		r.Source = prokus.BySelf
	}
	r.Late = !by.Now.Before(r.Week.Closes(p.Location()))
	c := Change{Person: p.ID, Week: r.Week, New: &r.Amount, What: what, At: by.Now, Channel: by.Channel, Staff: by.staff(), Raw: by.Raw}
	if had {
		c.Old = &old.Amount
		r.At, r.Late = old.At, old.Late
	}
	if err := s.SaveReport(ctx, r, c); err != nil {
		return Told{}, fmt.Errorf("report: %w", err)
	}
	if _, err := s.CloseCases(ctx, p.ID, closedByReport, "lapor", by.Now); err != nil {
		return Told{}, fmt.Errorf("report: %w", err)
	}
	if r.Amount > 0 {
		if _, err := s.CloseCases(ctx, p.ID, closedBySales, "lapor", by.Now); err != nil {
			return Told{}, fmt.Errorf("report: %w", err)
		}
	}
	t := Told{Streak: past.Streak(), Report: r}
	if len(past.Weeks) > 0 && past.Weeks[0].Reported {
		t.Last = past.Weeks[0].Amount
	}
	t.Receipt, t.Percent = prokus.ReceiptFor(r.Amount, past, highest)
	return t, nil
}

// Corrected is the outcome of a correction.
type Corrected struct {
	Week     prokus.Week
	Old, New int64
}

// Correct changes a week that has a report (R12: old and new value, who, when, channel). The caller has checked that the
// week is still open to whoever corrects. A case that the old value opened closes "dikoreksi".
func Correct(ctx context.Context, s Store, by By, p prokus.Person, w prokus.Week, amount int64) (Corrected, error) {
	r, ok, err := s.ReportOf(ctx, p.ID, w)
	if err != nil || !ok {
		return Corrected{}, fmt.Errorf("correct %s: had a report %t: %w", w, ok, err)
	}
	out := Corrected{Week: w, Old: r.Amount, New: amount}
	c := Change{Person: p.ID, Week: w, Old: &out.Old, New: &out.New, What: "correct", At: by.Now, Channel: by.Channel, Staff: by.staff(), Raw: by.Raw}
	r.Amount, r.Low, r.High = amount, 0, 0
	if amount > 0 {
		r.Reason = ""
	}
	if err := s.SaveReport(ctx, r, c); err != nil {
		return Corrected{}, fmt.Errorf("correct: %w", err)
	}
	if _, err := s.CloseCases(ctx, p.ID, []prokus.Reason{prokus.Falling, prokus.TwoZeros}, "dikoreksi", by.Now); err != nil {
		return Corrected{}, fmt.Errorf("correct: %w", err)
	}
	return out, nil
}

// Undo takes back her last change if it is younger than 48 hours (BATAL, decisions.md). ok is false when there is nothing to undo.
func Undo(ctx context.Context, s Store, by By, p prokus.Person) (out Corrected, ok bool, err error) {
	c, ok, err := s.LastChange(ctx, p.ID)
	if err != nil || !ok || c.What == "undo" || c.Old == nil || c.New == nil || c.Staff != 0 || by.Now.Sub(c.At) > undoFor {
		return Corrected{}, false, err
	}
	r, had, err := s.ReportOf(ctx, p.ID, c.Week)
	if err != nil || !had {
		return Corrected{}, false, err
	}
	out = Corrected{Week: c.Week, Old: r.Amount, New: *c.Old}
	r.Amount, r.Low, r.High = *c.Old, 0, 0
	back := Change{Person: p.ID, Week: c.Week, Old: &out.Old, New: &out.New, What: "undo", At: by.Now, Channel: by.Channel, Raw: by.Raw}
	if err := s.SaveReport(ctx, r, back); err != nil {
		return Corrected{}, false, fmt.Errorf("undo: %w", err)
	}
	return out, true, s.MarkUndone(ctx, c.ID)
}
