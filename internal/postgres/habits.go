package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// NextTip counts a tip as told and returns how many were told before.
func (tx *Tx) NextTip(ctx context.Context, person int64) (told int, err error) {
	const update = `UPDATE person SET tips_told = tips_told + 1 WHERE id = $1 RETURNING tips_told - 1`
	if err := tx.QueryRow(ctx, update, person).Scan(&told); err != nil {
		return 0, fmt.Errorf("next tip: %w", err)
	}
	return told, nil
}

// LastIntent is how her message before an inbound was read, empty when there was none since a moment.
func (tx *Tx) LastIntent(ctx context.Context, person, before int64, since time.Time) (intent string, err error) {
	const find = `
		SELECT coalesce((SELECT intent FROM inbox WHERE person_id = $1 AND at >= $3 AND id < $2 ORDER BY at DESC, id DESC LIMIT 1), '')`
	if err := tx.QueryRow(ctx, find, person, before, since).Scan(&intent); err != nil {
		return "", fmt.Errorf("last intent: %w", err)
	}
	return intent, nil
}

// OfferLang is true the first time: another language is offered once (R23).
func (tx *Tx) OfferLang(ctx context.Context, person int64) (bool, error) {
	tag, err := tx.Exec(ctx, `UPDATE person SET lang_offered = true WHERE id = $1 AND NOT lang_offered`, person)
	if err != nil {
		return false, fmt.Errorf("offer language: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// Thousands is how often a person's bare figure was read as thousands and stood.
func (tx *Tx) Thousands(ctx context.Context, person int64) (n int, err error) {
	if err := tx.QueryRow(ctx, `SELECT thousands FROM person WHERE id = $1`, person).Scan(&n); err != nil {
		return 0, fmt.Errorf("thousands: %w", err)
	}
	return n, nil
}

// CountThousand counts that a bare figure of a week was stored as thousands.
func (tx *Tx) CountThousand(ctx context.Context, person int64, w prokus.Week) error {
	const update = `UPDATE person SET thousands = least(thousands + 1, 100), thousands_week = $2 WHERE id = $1`
	if _, err := tx.Exec(ctx, update, person, w.Date()); err != nil {
		return fmt.Errorf("count thousand: %w", err)
	}
	return nil
}

// DoubtThousand forgets the habit when it is the figure of that week which is changed.
func (tx *Tx) DoubtThousand(ctx context.Context, person int64, w prokus.Week) error {
	const update = `UPDATE person SET thousands = 0, thousands_week = NULL WHERE id = $1 AND thousands_week = $2`
	if _, err := tx.Exec(ctx, update, person, w.Date()); err != nil {
		return fmt.Errorf("doubt thousand: %w", err)
	}
	return nil
}
