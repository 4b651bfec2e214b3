package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// LetterOf is her letter on her first active number when others answer on it too, else empty.
func (tx *Tx) LetterOf(ctx context.Context, person int64) (letter string, err error) {
	const find = `
		SELECT coalesce((
			SELECT CASE WHEN EXISTS (SELECT FROM address b WHERE b.kind = 'phone' AND b.value = a.value AND b.status = 'aktif' AND b.person_id <> a.person_id)
				THEN a.letter ELSE '' END
			FROM address a WHERE a.person_id = $1 AND a.kind = 'phone' AND a.status = 'aktif' ORDER BY a.is_primary DESC, a.id LIMIT 1), '')`
	if err := tx.QueryRow(ctx, find, person).Scan(&letter); err != nil {
		return "", fmt.Errorf("letter: %w", err)
	}
	return letter, nil
}

// OfficerChange is the newest change of her figures that an officer made since a moment, if it still stands.
func (tx *Tx) OfficerChange(ctx context.Context, person int64, since time.Time) (acts.Change, bool, error) {
	const find = `
		SELECT c.id, c.person_id, c.week, c.old, c.new, c.what, c.at, c.channel, c.by_staff
		FROM report_change c
		WHERE c.person_id = $1 AND c.at >= $2 AND c.by_staff IS NOT NULL AND NOT c.undone
			AND NOT EXISTS (SELECT FROM report_change n WHERE n.person_id = c.person_id AND n.at > c.at AND n.week = c.week AND n.what <> 'reason')
		ORDER BY c.at DESC, c.id DESC LIMIT 1`
	var c acts.Change
	var week time.Time
	err := tx.QueryRow(ctx, find, person, since).Scan(&c.ID, &c.Person, &week, &c.Old, &c.New, &c.What, &c.At, &c.Channel, &c.Staff)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("officer's change: %w", err)
	}
	c.Week = prokus.WeekOfDate(week)
	return c, true, nil
}

// TakeBack removes a week's report; the change keeps what it was.
func (tx *Tx) TakeBack(ctx context.Context, c acts.Change) error {
	const remove = `
		WITH gone AS (DELETE FROM report WHERE person_id = $1 AND week = $2 RETURNING person_id)
		INSERT INTO report_change (person_id, week, old, what, at, channel, raw) SELECT person_id, $2, $3, $4, $5, $6, $7 FROM gone`
	if _, err := tx.Exec(ctx, remove, c.Person, c.Week.Date(), c.Old, c.What, c.At, c.Channel, c.Raw); err != nil {
		return fmt.Errorf("take back: %w", err)
	}
	return nil
}

// SetPersonStatus moves somebody out of the programme, or back.
func (tx *Tx) SetPersonStatus(ctx context.Context, person int64, status prokus.PersonStatus) error {
	if _, err := tx.Exec(ctx, `UPDATE person SET status = $2 WHERE id = $1`, person, status); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	return nil
}

// SubstituteFor is a TKSK of another kecamatan of the kabupaten who is there all those days. Kecamatan are numbered side by
// side, so the nearest number is the best guess at a neighbour.
func (tx *Tx) SubstituteFor(ctx context.Context, staff int64, area string, from, to time.Time) (prokus.Staff, bool, error) {
	const near = `
		JOIN staff_area n ON n.staff_id = s.id AND kabupaten(n.area_code) = kabupaten($2) AND n.area_code <> $2
		WHERE s.role = 'tksk' AND s.active AND s.id <> $1
			AND NOT EXISTS (SELECT FROM staff_leave l WHERE l.staff_id = s.id AND l.from_day <= $4::date AND l.to_day >= $3::date)
		ORDER BY abs(replace(n.area_code, '.', '')::bigint - replace($2, '.', '')::bigint), s.id LIMIT 1`
	return tx.oneStaff(ctx, "substitute", near, staff, area, from.Format(time.DateOnly), to.Format(time.DateOnly))
}

// SaveStaffLeave keeps days of leave; leave that begins on the same day is replaced.
func (tx *Tx) SaveStaffLeave(ctx context.Context, staff, substitute int64, from, to time.Time) error {
	const upsert = `
		INSERT INTO staff_leave (staff_id, from_day, to_day, substitute) VALUES ($1, $3::date, $4::date, nullif($2::bigint, 0))
		ON CONFLICT (staff_id, from_day) DO UPDATE SET to_day = excluded.to_day, substitute = excluded.substitute`
	if _, err := tx.Exec(ctx, upsert, staff, substitute, from.Format(time.DateOnly), to.Format(time.DateOnly)); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// SearchPeople finds active people of some kecamatan by a part of their name, and how many there are.
func (tx *Tx) SearchPeople(ctx context.Context, areas []string, name string, limit int) ([]prokus.Person, int, error) {
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(name) + "%"
	const where = ` FROM person p`
	const match = ` WHERE p.area_code = ANY ($1) AND p.status = 'aktif' AND p.name ILIKE $2`
	var n int
	if err := tx.QueryRow(ctx, `SELECT count(*)`+where+match, areas, pattern).Scan(&n); err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	rows, err := tx.Query(ctx, `SELECT `+personFields+where+personJoins+match+` ORDER BY p.name, p.id LIMIT $3`, areas, pattern, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (prokus.Person, error) { return scanPerson(r) })
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	return out, n, nil
}

// AreasOf are the kecamatan that a member of staff looks after on a day: their own, and those of whom they stand in for.
func (tx *Tx) AreasOf(ctx context.Context, staff int64, day time.Time) ([]string, error) {
	const find = `
		SELECT area_code FROM staff_area WHERE staff_id = $1
		UNION SELECT a.area_code FROM staff_leave l JOIN staff_area a ON a.staff_id = l.staff_id
		WHERE l.substitute = $1 AND $2::date BETWEEN l.from_day AND l.to_day`
	rows, err := tx.Query(ctx, find, staff, day.Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("areas: %w", err)
	}
	return out, nil
}

// AreaName is the name of an area, empty if it is not known.
func (tx *Tx) AreaName(ctx context.Context, code string) (name string, err error) {
	if err := tx.QueryRow(ctx, `SELECT coalesce((SELECT name FROM area WHERE code = $1), '')`, code).Scan(&name); err != nil {
		return "", fmt.Errorf("area name: %w", err)
	}
	return name, nil
}

// WorkNumbers is how many numbers a list of today has given.
func (tx *Tx) WorkNumbers(ctx context.Context, staff int64, now time.Time) (n int, err error) {
	day, err := tx.staffDay(ctx, staff, now)
	if err != nil {
		return 0, fmt.Errorf("work numbers: %w", err)
	}
	if err := tx.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM worklist WHERE staff_id = $1 AND day = $2`, staff, day).Scan(&n); err != nil {
		return 0, fmt.Errorf("work numbers: %w", err)
	}
	return n, nil
}

// PlaceOwner is whose open question a message's buttons belong to.
func (tx *Tx) PlaceOwner(ctx context.Context, message string) (owner string, err error) {
	if err := tx.QueryRow(ctx, `SELECT coalesce((SELECT owner FROM place WHERE message = $1::uuid LIMIT 1), '')`, message).Scan(&owner); err != nil {
		return "", fmt.Errorf("place owner: %w", err)
	}
	return owner, nil
}
