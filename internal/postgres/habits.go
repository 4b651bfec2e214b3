package postgres

import (
	"context"
	"fmt"
	"time"
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
