package postgres

import (
	"context"
	"fmt"
)

// CallElection tells River's clients that the post of a leader whose time ran out is free, in the words in which a leader resigns: they
// ask for it at once. It is read by real time, as River's are.
func (s *Schedule) CallElection(ctx context.Context) error {
	err := s.in(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `
			SELECT pg_notify(current_schema() || '.river_leadership', json_build_object('leader_id', leader_id, 'action', 'resigned')::text)
			FROM river_leader WHERE expires_at < now()`)
		return err
	})
	if err != nil {
		return fmt.Errorf("call election: %w", err)
	}
	return nil
}
