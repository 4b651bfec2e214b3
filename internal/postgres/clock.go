package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/scheduler"
)

// DatabaseTime is the database's own time and the offset of a demo's clock from it.
func (s *Schedule) DatabaseTime(ctx context.Context) (now time.Time, offset time.Duration, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		var micros int64
		err := tx.QueryRow(ctx, `SELECT clock_timestamp(), coalesce((SELECT round(offset_seconds * 1e6) FROM clock), 0)::bigint`).Scan(&now, &micros)
		offset = time.Duration(micros) * time.Microsecond
		return err
	})
	if err != nil {
		return now, 0, fmt.Errorf("database time: %w", err)
	}
	return now, offset, nil
}

// SaveOffset keeps the offset of a demo's clock. It only grows: the clock never runs backwards. Two processes measure the
// distance to the database a little differently, so less than a second back is no step back.
func (s *Schedule) SaveOffset(ctx context.Context, offset time.Duration) error {
	err := s.in(ctx, func(tx *Tx) error {
		tag, err := tx.Exec(ctx, `
			INSERT INTO clock (offset_seconds) VALUES ($1)
			ON CONFLICT (only_row) DO UPDATE SET offset_seconds = greatest(clock.offset_seconds, excluded.offset_seconds)
			WHERE clock.offset_seconds - excluded.offset_seconds < 1`,
			offset.Seconds())
		if err == nil && tag.RowsAffected() == 0 {
			return scheduler.ErrBackwards
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("save offset: %w", err)
	}
	return nil
}
