package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const staffColumns = `
	s.id, s.role, s.name, s.title, s.institution, s.email, s.active, s.lang,
	ARRAY(SELECT area_code FROM staff_area a WHERE a.staff_id = s.id ORDER BY area_code),
	coalesce((SELECT r.zone FROM staff_area a JOIN area r ON r.code = a.area_code WHERE a.staff_id = s.id ORDER BY r.code LIMIT 1), '')`

func scanStaff(row pgx.Row) (s prokus.Staff, err error) {
	err = row.Scan(&s.ID, &s.Role, &s.Name, &s.Title, &s.Institution, &s.Email, &s.Active, &s.Lang, &s.Areas, &s.Zone)
	return s, err
}

func (tx *Tx) oneStaff(ctx context.Context, what, where string, args ...any) (prokus.Staff, bool, error) {
	s, err := scanStaff(tx.QueryRow(ctx, `SELECT `+staffColumns+` FROM staff s `+where, args...))
	if errors.Is(err, pgx.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("%s: %w", what, err)
	}
	return s, true, nil
}

// StaffByID is one member of staff.
func (tx *Tx) StaffByID(ctx context.Context, id int64) (prokus.Staff, bool, error) {
	return tx.oneStaff(ctx, "staff", `WHERE s.id = $1`, id)
}

// FindStaff finds active staff by e-mail address, phone number or the beginning of their name, at most ten.
func (db *DB) FindStaff(ctx context.Context, who string) ([]prokus.Staff, error) {
	const find = `SELECT ` + staffColumns + ` FROM staff s
		WHERE s.active AND ($1 <> '') AND (lower(s.email) = lower($1) OR starts_with(lower(s.name), lower($1)) OR starts_with(lower(s.title || ' ' || s.name), lower($1))
			OR EXISTS (SELECT 1 FROM address a WHERE a.staff_id = s.id AND a.kind = 'phone' AND a.value = $1))
		ORDER BY s.id LIMIT 10`
	rows, err := db.pool.Query(ctx, find, who)
	if err != nil {
		return nil, fmt.Errorf("find staff: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (prokus.Staff, error) { return scanStaff(r) })
	if err != nil {
		return nil, fmt.Errorf("find staff: %w", err)
	}
	return out, nil
}

// TKSKFor is who looks after a kecamatan on a day: the holder of the post, or the substitute while the holder is on leave.
// Of several holders the one who has been there longest counts.
func (tx *Tx) TKSKFor(ctx context.Context, area string, day time.Time) (prokus.Staff, bool, error) {
	const holder = `
		JOIN (
			SELECT coalesce(l.substitute, h.id) AS id, (l.staff_id IS NOT NULL AND l.substitute IS NULL) AS away, h.id AS post
			FROM staff h
			JOIN staff_area a ON a.staff_id = h.id AND a.area_code = $1
			LEFT JOIN staff_leave l ON l.staff_id = h.id AND $2::date BETWEEN l.from_day AND l.to_day
			WHERE h.role = 'tksk' AND h.active
		) post ON post.id = s.id
		WHERE s.active ORDER BY post.away, post.post LIMIT 1`
	return tx.oneStaff(ctx, "tksk", holder, area, day.Format(time.DateOnly))
}

// CoordinatorFor is a coordinator of the kabupaten in which an area lies.
func (tx *Tx) CoordinatorFor(ctx context.Context, area string) (prokus.Staff, bool, error) {
	return tx.oneStaff(ctx, "coordinator", `
		JOIN staff_area a ON a.staff_id = s.id AND a.area_code = kabupaten($1)
		WHERE s.role = 'koordinator' AND s.active ORDER BY s.id LIMIT 1`, area)
}

// Holidays of the nation and of the area's kabupaten, from a year before to a year after a day.
func (tx *Tx) Holidays(ctx context.Context, area string, around time.Time) ([]time.Time, error) {
	const find = `
		SELECT day FROM holiday
		WHERE area_code IN ('ID', kabupaten($1)) AND day BETWEEN $2::date - 366 AND $2::date + 366 ORDER BY day`
	rows, err := tx.Query(ctx, find, area, around.Format(time.DateOnly))
	if err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	days, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	return days, nil
}
