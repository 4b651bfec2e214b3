package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/scheduler"
)

// KeepLines keeps when lines worked, whoever holds them, and notes the outages of those that have not for longer. What a
// line suffers from is as its first witness says.
func (s *Schedule) KeepLines(ctx context.Context, lines []scheduler.Line, silent time.Duration, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		for _, l := range lines {
			var seen time.Time
			err := tx.QueryRow(ctx, `
				INSERT INTO channel_line AS c (channel, seen_at) VALUES ($1, $2)
				ON CONFLICT (channel) DO UPDATE SET seen_at = greatest(c.seen_at, excluded.seen_at) RETURNING seen_at`, l.Channel, l.SeenAt).Scan(&seen)
			if err != nil {
				return err
			}
			if now.Sub(seen) < silent {
				_, err = tx.Exec(ctx, `UPDATE outage SET to_at = $2 WHERE channel = $1 AND unit = '' AND reason = ANY ($3) AND to_at IS NULL`,
					l.Channel, seen, scheduler.LineTroubles())
			} else if l.Why != "" {
				_, err = tx.Exec(ctx, `
					INSERT INTO outage (channel, reason, from_at) SELECT $1, $2, $3
					WHERE NOT EXISTS (SELECT FROM outage WHERE channel = $1 AND unit = '' AND reason = ANY ($4) AND to_at IS NULL) ON CONFLICT DO NOTHING`,
					l.Channel, l.Why, seen, scheduler.LineTroubles())
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep lines: %w", err)
	}
	return nil
}
