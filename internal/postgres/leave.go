package postgres

import (
	"context"
	"fmt"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// SaveLeave keeps weeks of leave; leave that begins in the same week is replaced.
func (tx *Tx) SaveLeave(ctx context.Context, person int64, from, to prokus.Week, reason string) error {
	const upsert = `
		INSERT INTO leave (person_id, from_week, to_week, reason) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, from_week) DO UPDATE SET to_week = greatest(leave.to_week, excluded.to_week), reason = excluded.reason`
	if _, err := tx.Exec(ctx, upsert, person, from.Date(), to.Date(), reason); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// EndLeave ends leave of a reason after a week.
func (tx *Tx) EndLeave(ctx context.Context, person int64, last prokus.Week, reason string) error {
	const gone = `DELETE FROM leave WHERE person_id = $1 AND reason = $3 AND from_week > $2`
	const shorter = `UPDATE leave SET to_week = $2 WHERE person_id = $1 AND reason = $3 AND to_week > $2`
	for _, sql := range []string{gone, shorter} {
		if _, err := tx.Exec(ctx, sql, person, last.Date(), reason); err != nil {
			return fmt.Errorf("end leave: %w", err)
		}
	}
	return nil
}
