package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// meetingRows is how many sessions a page shows at most.
const meetingRows = 300

const meetingColumns = sessionColumns + `, coalesce(m.institution, ''), s.called_off, r.came, r.useful, r.middling, r.useless`

const meetingFrom = sessionFrom + `
	CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE rsvp = 'ya' AND attended) AS came, count(*) FILTER (WHERE rating = 1) AS useful,
		count(*) FILTER (WHERE rating = 2) AS middling, count(*) FILTER (WHERE rating = 3) AS useless FROM invite WHERE session_id = s.id) r `

// meeting reads a session and what stands besides it; the columns of scanSession come first.
func scanMeeting(row pgx.CollectableRow) (m console.Meeting, err error) {
	m.Session, err = scanSession(besides{row, []any{&m.Institution, &m.CalledOff, &m.YesPresent, &m.Ratings[0], &m.Ratings[1], &m.Ratings[2]}})
	return m, err
}

// besides is a row whose last columns go elsewhere.
type besides struct {
	pgx.Row
	more []any
}

// Scan gives the first columns to whoever scans.
func (b besides) Scan(to ...any) error { return b.Row.Scan(append(to, b.more...)...) }

// Meetings are the sessions of a time: of the areas, or the mentor's own.
func (c *Console) Meetings(ctx context.Context, s console.Scope, staff int64, from, to time.Time) (out []console.Meeting, err error) {
	err = c.read(ctx, "meetings", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+meetingColumns+meetingFrom+`
			WHERE s.starts_at >= $1 AND s.starts_at < $5 AND`+sessionScope+`ORDER BY s.starts_at, s.id LIMIT $6`, from, s.Areas, s.Role, staff, to, meetingRows)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, scanMeeting)
		return err
	})
	return out, err
}

// Meeting is one session with its list.
func (c *Console) Meeting(ctx context.Context, s console.Scope, staff, id int64) (p console.MeetingPage, err error) {
	err = c.change(ctx, "meeting", func(tx *Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+meetingColumns+meetingFrom+`WHERE s.id = $1 AND`+sessionScope, id, s.Areas, s.Role, staff)
		if err != nil {
			return err
		}
		if p.Meeting, err = pgx.CollectExactlyOneRow(rows, scanMeeting); err != nil {
			return err
		}
		// The list gets its numbers, which stay: the form of who came names people by them.
		if _, err := tx.Attendees(ctx, id); err != nil {
			return err
		}
		rows, err = tx.Query(ctx, `
			SELECT p.code, p.name, p.salutation, p.village, coalesce(i.number, 0), i.rsvp, i.reason, i.attended, i.source, coalesce(i.rating, 0), coalesce(i.moved_to, 0)
			FROM invite i JOIN person p ON p.id = i.person_id WHERE i.session_id = $1 AND (p.status = 'aktif' OR i.attended)
			ORDER BY i.number NULLS LAST, p.name LIMIT 500`, id)
		if err != nil {
			return err
		}
		p.People, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (x console.MeetingPerson, err error) {
			var salutation string
			err = r.Scan(&x.Code, &x.Name, &salutation, &x.Village, &x.Number, &x.RSVP, &x.Reason, &x.Attended, &x.Source, &x.Rating, &x.MovedTo)
			x.Title = prokus.Title(salutation)
			return x, err
		})
		return err
	})
	return p, err
}

// SessionMentors are the active mentors whose areas touch the scope.
func (c *Console) SessionMentors(ctx context.Context, s console.Scope) (out []prokus.Staff, err error) {
	err = c.read(ctx, "mentors", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT m.id, m.name, m.title, m.institution FROM staff m WHERE m.role = 'mentor' AND m.active
				AND EXISTS (SELECT 1 FROM staff_area a WHERE a.staff_id = m.id AND (in_scope(a.area_code, $1) OR EXISTS (SELECT 1 FROM unnest($1) x WHERE in_scope(x, ARRAY[a.area_code]))))
			ORDER BY m.institution, m.name LIMIT 500`, s.Areas)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (m prokus.Staff, err error) {
			m.Role = prokus.Mentor
			return m, r.Scan(&m.ID, &m.Name, &m.Title, &m.Institution)
		})
		return err
	})
	return out, err
}

// OnArea runs an act in a kecamatan of the scope; f is told its zone.
func (c *Console) OnArea(ctx context.Context, s console.Scope, area string, d console.Doing, f func(console.ActStore, prokus.Staff) error) error {
	return c.change(ctx, d.What, func(tx *Tx) error {
		where := d.By
		if err := tx.QueryRow(ctx, `SELECT zone FROM area WHERE code = $1 AND level = 3 AND in_scope(code, $2)`, area, s.Areas).Scan(&where.Zone); err != nil {
			return err
		}
		if err := f(tx, where); err != nil {
			return err
		}
		return audit(ctx, tx, d.By.ID, d.What, area, d.Now)
	})
}
