package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// sessionColumns read a session with its headcount; s is the session.
const sessionColumns = `s.id, s.starts_at, coalesce(a.zone, ''), s.area_code, coalesce(a.name, ''), s.place, s.topic, s.status, s.code, s.homework, s.capacity,
	coalesce(m.id, 0), coalesce(m.title, ''), coalesce(m.name, ''), coalesce(m.lang, 'id'), c.invited, c.yes, c.maybe, c.no, c.moved, c.silent, c.present`

const sessionFrom = ` FROM session s LEFT JOIN area a ON a.code = s.area_code LEFT JOIN staff m ON m.id = s.mentor_id
	CROSS JOIN LATERAL (SELECT count(*) AS invited, count(*) FILTER (WHERE rsvp = 'ya') AS yes, count(*) FILTER (WHERE rsvp = 'mungkin') AS maybe,
		count(*) FILTER (WHERE rsvp = 'tidak') AS no, count(*) FILTER (WHERE rsvp = 'ganti') AS moved, count(*) FILTER (WHERE rsvp = '') AS silent,
		count(*) FILTER (WHERE attended) AS present FROM invite WHERE session_id = s.id) c `

func scanSession(row pgx.Row) (s prokus.Session, err error) {
	var zone string
	err = row.Scan(&s.ID, &s.Starts, &zone, &s.Area, &s.Kecamatan, &s.Place, &s.Topic, &s.Status, &s.Code, &s.Homework, &s.Capacity,
		&s.Mentor.ID, &s.Mentor.Title, &s.Mentor.Name, &s.Mentor.Lang, &s.Invited, &s.Yes, &s.Maybe, &s.No, &s.Moved, &s.Silent, &s.Present)
	s.Starts, s.Mentor.Zone = s.Starts.In(prokus.Zone(zone)), zone
	return s, err
}

// Session is one session with its headcount, locked.
func (tx *Tx) Session(ctx context.Context, id int64) (prokus.Session, bool, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM session WHERE id = $1 FOR NO KEY UPDATE`, id); err != nil {
		return prokus.Session{}, false, fmt.Errorf("session: %w", err)
	}
	return oneSession(tx.QueryRow(ctx, `SELECT `+sessionColumns+sessionFrom+`WHERE s.id = $1`, id))
}

func oneSession(row pgx.Row) (prokus.Session, bool, error) {
	s, err := scanSession(row)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("session: %w", err)
	}
	return s, true, nil
}

// SessionsOf are a mentor's sessions of a time.
func (tx *Tx) SessionsOf(ctx context.Context, mentor int64, from, to time.Time) ([]prokus.Session, error) {
	rows, err := tx.Query(ctx, `SELECT `+sessionColumns+sessionFrom+`
		WHERE s.mentor_id = $1 AND s.starts_at BETWEEN $2 AND $3 AND s.status <> 'batal' ORDER BY s.starts_at, s.id LIMIT 20`, mentor, from, to)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (prokus.Session, error) { return scanSession(r) })
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return out, nil
}

// SessionAfter is a mentor's next planned session in a kecamatan.
func (tx *Tx) SessionAfter(ctx context.Context, mentor int64, area string, after time.Time) (prokus.Session, bool, error) {
	return oneSession(tx.QueryRow(ctx, `SELECT `+sessionColumns+sessionFrom+`
		WHERE s.area_code = $2 AND s.status = 'rencana' AND s.starts_at > $3 AND s.mentor_id IS NOT DISTINCT FROM nullif($1::bigint, 0)
		ORDER BY s.starts_at, s.id LIMIT 1`, mentor, area, after))
}

// Attendees give everybody on a session's list a number, those who are new after those who have one, and read the list.
func (tx *Tx) Attendees(ctx context.Context, session int64) ([]prokus.Attendee, error) {
	const number = `
		WITH fresh AS (
			SELECT i.person_id, (SELECT coalesce(max(number), 0) FROM invite WHERE session_id = $1) + row_number() OVER (ORDER BY p.name, p.id) AS number
			FROM invite i JOIN person p ON p.id = i.person_id
			WHERE i.session_id = $1 AND i.number IS NULL AND i.rsvp <> 'ganti' AND p.status = 'aktif'
		)
		UPDATE invite i SET number = f.number FROM fresh f WHERE i.session_id = $1 AND i.person_id = f.person_id`
	if _, err := tx.Exec(ctx, number, session); err != nil {
		return nil, fmt.Errorf("attendees: %w", err)
	}
	rows, err := tx.Query(ctx, `
		SELECT p.id, p.code, p.name, p.salutation, p.lang, p.zone, p.status, p.consent, i.number, i.rsvp, i.attended, i.source
		FROM invite i JOIN person p ON p.id = i.person_id
		WHERE i.session_id = $1 AND i.rsvp <> 'ganti' AND p.status = 'aktif' ORDER BY i.number`, session)
	if err != nil {
		return nil, fmt.Errorf("attendees: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (a prokus.Attendee, err error) {
		return a, r.Scan(&a.ID, &a.Code, &a.Name, &a.Salutation, &a.Lang, &a.Zone, &a.Status, &a.Consent, &a.Number, &a.RSVP, &a.Attended, &a.Source)
	})
	if err != nil {
		return nil, fmt.Errorf("attendees: %w", err)
	}
	return out, nil
}

// SaveHomework keeps what people do until the next session.
func (tx *Tx) SaveHomework(ctx context.Context, session int64, homework string) error {
	if _, err := tx.Exec(ctx, `UPDATE session SET homework = $2 WHERE id = $1`, session, homework); err != nil {
		return fmt.Errorf("homework: %w", err)
	}
	return nil
}

// SaveSessionStatus keeps that a session was held or called off.
func (tx *Tx) SaveSessionStatus(ctx context.Context, session int64, status prokus.SessionStatus, why string) error {
	if _, err := tx.Exec(ctx, `UPDATE session SET status = $2, called_off = $3 WHERE id = $1`, session, status, why); err != nil {
		return fmt.Errorf("session status: %w", err)
	}
	return nil
}

// ShiftSession gives a session another time and place. Who had agreed to the old time is asked anew.
func (tx *Tx) ShiftSession(ctx context.Context, session int64, starts time.Time, place string, anew bool) (bool, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE session s SET starts_at = $2, place = $3 WHERE id = $1
			AND NOT EXISTS (SELECT 1 FROM session o WHERE o.starts_at = $2 AND o.area_code = s.area_code AND o.place = $3 AND o.id <> s.id)`, session, starts, place)
	if err != nil {
		return false, fmt.Errorf("shift session: %w", err)
	}
	if tag.RowsAffected() == 0 || !anew {
		return tag.RowsAffected() > 0, nil
	}
	if _, err := tx.Exec(ctx, `UPDATE invite SET rsvp = '', rsvp_at = NULL WHERE session_id = $1 AND rsvp IN ('ya', 'mungkin')`, session); err != nil {
		return false, fmt.Errorf("shift session: %w", err)
	}
	return true, nil
}
