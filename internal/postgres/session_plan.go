package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
)

// MakeSession writes a session, or finds the one that is there; one that was called off is planned anew.
func (tx *Tx) MakeSession(ctx context.Context, p acts.Plan) (id int64, fresh bool, err error) {
	const insert = `
		INSERT INTO session (starts_at, area_code, place, mentor_id, topic, capacity) VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, $6)
		ON CONFLICT (starts_at, area_code, place) DO UPDATE SET status = 'rencana', called_off = '', mentor_id = excluded.mentor_id, topic = excluded.topic,
			capacity = excluded.capacity WHERE session.status = 'batal'
		RETURNING id`
	err = tx.QueryRow(ctx, insert, p.Starts, p.Area, p.Place, p.Mentor, p.Topic, p.Capacity).Scan(&id)
	if err == nil {
		return id, true, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return 0, false, fmt.Errorf("make session: %w", err)
	}
	err = tx.QueryRow(ctx, `SELECT id FROM session WHERE starts_at = $1 AND area_code = $2 AND place = $3`, p.Starts, p.Area, p.Place).Scan(&id)
	if err != nil {
		return 0, false, fmt.Errorf("make session: %w", err)
	}
	return id, false, nil
}

// InviteGroup fills the free seats of a planned session under its lock.
func (tx *Tx) InviteGroup(ctx context.Context, session int64, cluster string, now time.Time) (int, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM session WHERE id = $1 FOR NO KEY UPDATE`, session); err != nil {
		return 0, fmt.Errorf("invite group: %w", err)
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO invite (session_id, person_id)
		SELECT s.id, p.id FROM session s JOIN person p ON p.area_code = s.area_code AND p.status = 'aktif' AND p.consent = 'ya'
		LEFT JOIN LATERAL (SELECT count(*) n FROM invite i WHERE i.person_id = p.id AND i.attended) had ON true
		WHERE s.id = $1 AND s.status = 'rencana' AND ($2 = '' OR strpos(lower(p.cluster), lower($2)) > 0)
			AND NOT EXISTS (SELECT FROM invite i WHERE i.session_id = s.id AND i.person_id = p.id)
			AND NOT EXISTS (SELECT FROM invite i JOIN session o ON o.id = i.session_id WHERE i.person_id = p.id AND o.id <> s.id AND o.status = 'rencana'
				AND o.starts_at > $3 AND o.topic = s.topic AND o.topic <> '' AND i.rsvp NOT IN ('tidak', 'ganti'))
		ORDER BY had.n, p.id
		LIMIT (SELECT greatest(0, c.capacity - (SELECT count(*) FROM invite i WHERE i.session_id = c.id AND i.rsvp NOT IN ('tidak', 'ganti'))) FROM session c WHERE c.id = $1)
		ON CONFLICT DO NOTHING`, session, cluster, now)
	if err != nil {
		return 0, fmt.Errorf("invite group: %w", err)
	}
	return int(tag.RowsAffected()), nil
}
