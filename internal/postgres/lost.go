package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// LastSwept is when the clock was swept last.
func (s *Schedule) LastSwept(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.in(ctx, func(tx *Tx) error { return tx.QueryRow(ctx, `SELECT at FROM swept`).Scan(&at) })
	if errors.Is(err, pgx.ErrNoRows) {
		return at, false, nil
	}
	if err != nil {
		return at, false, fmt.Errorf("last swept: %w", err)
	}
	return at, true, nil
}

// LostChats are people who wrote in a chat between two moments and still have it.
func (s *Schedule) LostChats(ctx context.Context, from, to time.Time, after int64, limit int) (out []scheduler.Chatter, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT DISTINCT ON (p.id) p.id, a.value, p.name, p.salutation, p.lang
			FROM address a JOIN person p ON p.id = a.person_id AND p.status = 'aktif'
			WHERE a.kind = 'telegram' AND a.status = 'aktif' AND p.id > $1
				AND EXISTS (SELECT FROM inbox i WHERE i.sender = a.value AND i.at BETWEEN $2 AND $3)
			ORDER BY p.id, a.is_primary DESC LIMIT $4`, after, from, to, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[scheduler.Chatter])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lost chats: %w", err)
	}
	return out, nil
}

// Say queues messages that nobody has queued yet.
func (s *Schedule) Say(ctx context.Context, now time.Time, msgs ...prokus.Message) (n int, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		n = 0
		ids, err := tx.Enqueue(ctx, now, msgs...)
		for _, id := range ids {
			if id != "" {
				n++
			}
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("say: %w", err)
	}
	return n, nil
}

// CountLost keeps how many people were asked after an outage, beside the slots that it swallowed.
func (s *Schedule) CountLost(ctx context.Context, from time.Time, n int, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO slot_skipped (rule, zone, slot, at, why) VALUES ('chat.lost', '', $1, $2, $3) ON CONFLICT DO NOTHING`, from, now, fmt.Sprintf("asked %d", n))
		return err
	})
	if err != nil {
		return fmt.Errorf("count lost: %w", err)
	}
	return nil
}
