package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// inviteColumns with inviteFrom read a session as somebody who is invited sees it: s the session, p the person, i her
// invitation, which may be missing.
const inviteColumns = `s.id, s.starts_at, p.zone, s.place, coalesce(a.name, ''), coalesce(m.title, ''), coalesce(m.name, ''), coalesce(m.id, 0), s.topic,
	s.homework, s.status, s.code, coalesce(i.rsvp, ''), coalesce(i.makeup, false), coalesce(i.attended, false), coalesce(i.tries, 0)`

const inviteFrom = ` LEFT JOIN area a ON a.code = s.area_code LEFT JOIN staff m ON m.id = s.mentor_id `

func scanInvite(r pgx.CollectableRow) (i acts.Invite, err error) {
	var zone string
	var mentor prokus.Staff
	err = r.Scan(&i.Session, &i.Starts, &zone, &i.Place, &i.Kecamatan, &mentor.Title, &mentor.Name, &i.MentorID, &i.Topic, &i.Homework, &i.Status, &i.Code,
		&i.RSVP, &i.Makeup, &i.Attended, &i.Tries)
	i.Starts = i.Starts.In(prokus.Zone(zone))
	if i.MentorID != 0 {
		i.Mentor = mentor.Called()
	}
	return i, err
}

func (tx *Tx) invites(ctx context.Context, what, sql string, args ...any) ([]acts.Invite, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	out, err := pgx.CollectRows(rows, scanInvite)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

const invited = `SELECT ` + inviteColumns + ` FROM invite i JOIN session s ON s.id = i.session_id JOIN person p ON p.id = i.person_id ` + inviteFrom

// Invites are the coming sessions of a person, earliest first, at most ten.
func (tx *Tx) Invites(ctx context.Context, person int64, now time.Time) ([]acts.Invite, error) {
	return tx.invites(ctx, "invites", invited+`
		WHERE i.person_id = $1 AND s.status = 'rencana' AND s.starts_at > $2 AND i.rsvp <> 'ganti' ORDER BY s.starts_at, s.id LIMIT 10`, person, now)
}

// NextInvite is the earliest of her coming sessions.
func (tx *Tx) NextInvite(ctx context.Context, person int64, now time.Time) (acts.Invite, bool, error) {
	return first(tx.Invites(ctx, person, now))
}

// InviteTo is her place on the list of a session.
func (tx *Tx) InviteTo(ctx context.Context, person, session int64) (acts.Invite, bool, error) {
	return first(tx.invites(ctx, "invite", invited+`WHERE i.person_id = $1 AND i.session_id = $2`, person, session))
}

// Attending are the sessions of a person for which the code on the board counts (prokus.CheckIn), the newest first.
func (tx *Tx) Attending(ctx context.Context, person int64, now time.Time) ([]acts.Invite, error) {
	all, err := tx.invites(ctx, "attending", invited+`
		WHERE i.person_id = $1 AND s.status <> 'batal' AND s.starts_at BETWEEN $2::timestamptz - interval '2 days' AND $2::timestamptz + interval '1 day'
		ORDER BY s.starts_at DESC, s.id`, person, now)
	var out []acts.Invite
	for _, i := range all {
		if from, until := prokus.CheckIn(i.Starts); !now.Before(from) && now.Before(until) {
			out = append(out, i)
		}
	}
	return out, err
}

func first(all []acts.Invite, err error) (acts.Invite, bool, error) {
	if err != nil || len(all) == 0 {
		return acts.Invite{}, false, err
	}
	return all[0], true, nil
}

// FreeSessions are coming sessions near her with a free seat.
func (tx *Tx) FreeSessions(ctx context.Context, p prokus.Person, after time.Time, n int) ([]acts.Invite, error) {
	return tx.invites(ctx, "free sessions", `
		SELECT `+inviteColumns+` FROM (SELECT id FROM free_sessions($1, $2, $3) LIMIT $4) f
		JOIN session s ON s.id = f.id JOIN person p ON p.id = $1 LEFT JOIN invite i ON i.session_id = s.id AND i.person_id = p.id `+inviteFrom+`
		ORDER BY s.starts_at, s.id`, p.ID, p.Area, after, n)
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

// TakeSeat gives her a seat under the session's lock, so that of two who want the last one only one gets it.
func (tx *Tx) TakeSeat(ctx context.Context, person, session int64, rsvp string, makeup bool, now time.Time) (bool, error) {
	var capacity int
	err := tx.QueryRow(ctx, `SELECT capacity FROM session WHERE id = $1 AND status = 'rencana' AND starts_at > $2 FOR NO KEY UPDATE`, session, now).Scan(&capacity)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("take seat: %w", err)
	}
	// Counted after the lock: what others took before us is seen.
	const take = `
		INSERT INTO invite (session_id, person_id, rsvp, rsvp_at, makeup)
		SELECT $2, $1, $3, $4, $5
		WHERE (SELECT count(*) FROM invite WHERE session_id = $2 AND person_id <> $1 AND rsvp NOT IN ('tidak', 'ganti')) < $6::integer
		ON CONFLICT (session_id, person_id) DO UPDATE SET rsvp = excluded.rsvp, rsvp_at = excluded.rsvp_at, moved_to = NULL`
	tag, err := tx.Exec(ctx, take, person, session, rsvp, now, makeup, capacity)
	if err != nil {
		return false, fmt.Errorf("take seat: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

// Moved frees her old seat and keeps where she went.
func (tx *Tx) Moved(ctx context.Context, person, from, to int64, now time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE invite SET rsvp = 'ganti', rsvp_at = $4, moved_to = $3 WHERE person_id = $1 AND session_id = $2`, person, from, to, now); err != nil {
		return fmt.Errorf("moved: %w", err)
	}
	return nil
}

// SaveAttendance keeps whether she came, and who says so.
func (tx *Tx) SaveAttendance(ctx context.Context, person, session int64, came bool, source string, now time.Time) error {
	const update = `UPDATE invite SET attended = $3, source = $4, attended_at = $5 WHERE person_id = $1 AND session_id = $2`
	if _, err := tx.Exec(ctx, update, person, session, came, source, now); err != nil {
		return fmt.Errorf("attendance: %w", err)
	}
	return nil
}

// WrongCode counts a wrong code.
func (tx *Tx) WrongCode(ctx context.Context, person, session int64) (tries int, err error) {
	err = tx.QueryRow(ctx, `UPDATE invite SET tries = least(tries + 1, 100) WHERE person_id = $1 AND session_id = $2 RETURNING tries`, person, session).Scan(&tries)
	if err != nil {
		return 0, fmt.Errorf("wrong code: %w", err)
	}
	return tries, nil
}

// SaveRating keeps whether a session was useful to her.
func (tx *Tx) SaveRating(ctx context.Context, person, session int64, rating int) error {
	if _, err := tx.Exec(ctx, `UPDATE invite SET rating = $3 WHERE person_id = $1 AND session_id = $2`, person, session, rating); err != nil {
		return fmt.Errorf("rating: %w", err)
	}
	return nil
}

// Attended counts the sessions that she came to and those that she was to come to: what she exchanged or makes up for counts
// once, what was called off not at all.
func (tx *Tx) Attended(ctx context.Context, person int64) (came, planned int, err error) {
	const count = `
		SELECT count(*) FILTER (WHERE i.attended), count(*) FILTER (WHERE i.rsvp <> 'ganti' AND NOT i.makeup)
		FROM invite i JOIN session s ON s.id = i.session_id WHERE i.person_id = $1 AND s.status <> 'batal'`
	if err := tx.QueryRow(ctx, count, person).Scan(&came, &planned); err != nil {
		return 0, 0, fmt.Errorf("attended: %w", err)
	}
	return came, planned, nil
}
