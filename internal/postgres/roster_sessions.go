package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// KnownSessions are the sessions between two moments.
func (tx importTx) KnownSessions(ctx context.Context, from, to time.Time) ([]roster.KnownSession, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, starts_at, area_code, place, coalesce(mentor_id, 0), topic, capacity, status = 'batal' FROM session
		WHERE starts_at BETWEEN $1 AND $2 ORDER BY id`, from, to)
	if err != nil {
		return nil, fmt.Errorf("known sessions: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (s roster.KnownSession, err error) {
		return s, row.Scan(&s.ID, &s.At, &s.Area, &s.Place, &s.Mentor, &s.Topic, &s.Capacity, &s.Cancelled)
	})
}

// SaveSessions writes sessions and fills new ones: people of the kecamatan who agreed and have no other session of the same
// topic before them, those who attended least first.
func (tx importTx) SaveSessions(ctx context.Context, now time.Time, sessions []roster.SessionRow) error {
	var known, fresh []roster.SessionRow
	for _, s := range sessions {
		if s.ID == 0 {
			fresh = append(fresh, s)
		} else {
			known = append(known, s)
		}
	}
	b := &pgx.Batch{}
	for _, s := range known {
		if s.CallOff != "" || s.Moved {
			continue
		}
		b.Queue(`UPDATE session SET mentor_id = $2, topic = $3, capacity = $4 WHERE id = $1`, s.ID, idOrNil(s.Mentor), s.Topic, s.Capacity)
	}
	ids, err := tx.nextIDs(ctx, "session", len(fresh))
	if err != nil {
		return err
	}
	for i, s := range fresh {
		b.Queue(`
			INSERT INTO session (id, starts_at, area_code, place, mentor_id, topic, capacity, code) OVERRIDING SYSTEM VALUE
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, ids[i], s.At, s.Area, s.Place, idOrNil(s.Mentor), s.Topic, s.Capacity, s.Code)
		b.Queue(`
			INSERT INTO invite (session_id, person_id)
			SELECT $1, p.id FROM person p
			LEFT JOIN LATERAL (SELECT count(*) n FROM invite i WHERE i.person_id = p.id AND i.attended) had ON true
			WHERE p.area_code = $2 AND p.status = 'aktif' AND p.consent = 'ya'
				AND NOT EXISTS (SELECT FROM invite i JOIN session o ON o.id = i.session_id
					WHERE i.person_id = p.id AND o.status = 'rencana' AND o.starts_at > $5 AND o.topic = $3 AND o.topic <> '')
			ORDER BY had.n, p.id LIMIT $4`, ids[i], s.Area, s.Topic, s.Capacity, now)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("save sessions: %w", err)
	}
	return tx.changeSessions(ctx, now, known)
}

// changeSessions calls off and moves sessions as their mentors would: everybody on their lists is told. New sessions of the
// same list stand already, so that they can replace what is called off.
func (tx importTx) changeSessions(ctx context.Context, now time.Time, sessions []roster.SessionRow) error {
	by := acts.By{Now: now, Channel: "import"}
	for _, s := range sessions {
		var err error
		switch {
		case s.CallOff != "":
			_, err = acts.CallOff(ctx, tx.Tx, by, s.ID, s.CallOff)
		case s.Moved:
			_, _, err = acts.Shift(ctx, tx.Tx, by, s.ID, s.At, s.Place)
		}
		if err != nil {
			return fmt.Errorf("change session: %w", err)
		}
	}
	return nil
}
