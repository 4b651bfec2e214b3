package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// undoFor is how long BATAL reaches back (decisions.md).
const undoFor = 48 * time.Hour

// Agree records her YA: from now on she is asked each Sunday.
func Agree(ctx context.Context, s Store, by By, p prokus.Person) error {
	if err := s.SetConsent(ctx, p.ID, prokus.Agreed, by.Channel, by.Now); err != nil {
		return fmt.Errorf("agree: %w", err)
	}
	_, err := s.CloseCases(ctx, p.ID, []prokus.Reason{prokus.NeverBegan}, "menjawab", by.Now)
	return err
}

// Stop ends all unsolicited messages to a person, on every channel, those already queued included (faults.md B12). The
// grant is not touched, and she may still ask.
func Stop(ctx context.Context, s Store, by By, p prokus.Person) error {
	if err := s.SetConsent(ctx, p.ID, prokus.Stopped, by.Channel, by.Now); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if _, err := s.CancelQueued(ctx, p.ID, true, "minta berhenti"); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// WrongNumber lets go of a number that answers "salah sambung": it hears nothing more, and the TKSK looks for the right one.
func WrongNumber(ctx context.Context, s Store, by By, p prokus.Person, value string) error {
	if err := s.ReleaseAddress(ctx, p.ID, value, prokus.AddressWrong, by.Now); err != nil {
		return fmt.Errorf("wrong number: %w", err)
	}
	if _, err := s.CancelQueued(ctx, p.ID, false, "salah sambung"); err != nil {
		return fmt.Errorf("wrong number: %w", err)
	}
	_, err := OpenCase(ctx, s, by, p, prokus.WrongNumber, prokus.CaseDetail{}, "")
	return err
}
