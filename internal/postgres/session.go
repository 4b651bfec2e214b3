package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Invites are the coming sessions that a person is invited to, earliest first, at most ten.
func (tx *Tx) Invites(ctx context.Context, person int64, now time.Time) ([]acts.Invite, error) {
	const find = `
		SELECT s.id, s.starts_at, p.zone, s.place, coalesce(m.title, ''), coalesce(m.name, ''), coalesce(m.id, 0), s.topic, i.rsvp
		FROM invite i
		JOIN session s ON s.id = i.session_id
		JOIN person p ON p.id = i.person_id
		LEFT JOIN staff m ON m.id = s.mentor_id
		WHERE i.person_id = $1 AND s.status = 'rencana' AND s.starts_at > $2
		ORDER BY s.starts_at, s.id LIMIT 10`
	rows, err := tx.Query(ctx, find, person, now)
	if err != nil {
		return nil, fmt.Errorf("invites: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (i acts.Invite, err error) {
		var zone string
		var mentor prokus.Staff
		err = r.Scan(&i.Session, &i.Starts, &zone, &i.Place, &mentor.Title, &mentor.Name, &i.MentorID, &i.Topic, &i.RSVP)
		i.Starts = i.Starts.In(prokus.Zone(zone))
		if i.MentorID != 0 {
			i.Mentor = mentor.Called()
		}
		return i, err
	})
	if err != nil {
		return nil, fmt.Errorf("invites: %w", err)
	}
	return out, nil
}

// NextInvite is the earliest of her coming sessions.
func (tx *Tx) NextInvite(ctx context.Context, person int64, now time.Time) (acts.Invite, bool, error) {
	all, err := tx.Invites(ctx, person, now)
	if err != nil || len(all) == 0 {
		return acts.Invite{}, false, err
	}
	return all[0], true, nil
}

// SaveRSVP keeps her answer to an invitation.
func (tx *Tx) SaveRSVP(ctx context.Context, person, session int64, rsvp, reason string, now time.Time) error {
	const update = `
		UPDATE invite SET rsvp = $3, reason = CASE WHEN $4 = '' THEN reason ELSE $4 END, rsvp_at = $5 WHERE person_id = $1 AND session_id = $2`
	if _, err := tx.Exec(ctx, update, person, session, rsvp, reason, now); err != nil {
		return fmt.Errorf("rsvp: %w", err)
	}
	return nil
}
