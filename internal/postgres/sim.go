package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/channels/sim"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Sim is the database as the simulator's phones show it.
type Sim struct{ db *DB }

var _ sim.Store = (*Sim)(nil)

// Sim opens that view.
func (db *DB) Sim() *Sim { return &Sim{db: db} }

// phoneLimit bounds what one phone shows: years of a busy one.
const phoneLimit = 5000

// left are the states of a message that a phone has got.
const left = `('sent', 'delivered', 'read')`

// zoneOf finds the zone of whoever has an address; $1 is its kind, $2 its value.
const zoneOf = `
	SELECT coalesce(
		(SELECT p.zone FROM address a JOIN person p ON p.id = a.person_id
			WHERE a.kind = $1 AND a.value = $2 ORDER BY a.status <> 'aktif', a.letter, a.id LIMIT 1),
		(SELECT r.zone FROM address a JOIN staff_area sa ON sa.staff_id = a.staff_id JOIN area r ON r.code = sa.area_code
			WHERE a.kind = $1 AND a.value = $2 ORDER BY a.status <> 'aktif', r.code LIMIT 1),
		'')`

func (s *Sim) zone(ctx context.Context, kind, value string) (*time.Location, error) {
	var name string
	if err := s.db.pool.QueryRow(ctx, zoneOf, kind, value).Scan(&name); err != nil {
		return nil, fmt.Errorf("zone: %w", err)
	}
	return prokus.Zone(name), nil
}

// Phone is every SMS of a number, oldest first.
func (s *Sim) Phone(ctx context.Context, number string) ([]sim.Message, error) {
	loc, err := s.zone(ctx, "phone", number)
	if err != nil {
		return nil, fmt.Errorf("phone: %w", err)
	}
	const find = `
		SELECT direction, text, at, segments, kind FROM (
			SELECT * FROM (
				SELECT 'in' AS direction, text, at, 0 AS segments, 'reply' AS kind, id AS n
				FROM inbox WHERE sender = $1 AND via = 'sms' ORDER BY at DESC, id DESC LIMIT $2) i
			UNION ALL
			SELECT * FROM (
				SELECT 'out', said, sent_at, segments, kind, seq
				FROM outbox WHERE recipient = $1 AND via = 'sms' AND state IN ` + left + ` ORDER BY seq DESC LIMIT $2) o
		) m ORDER BY at, direction, n`
	rows, err := s.db.pool.Query(ctx, find, number, phoneLimit)
	if err != nil {
		return nil, fmt.Errorf("phone: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (m sim.Message, err error) {
		err = r.Scan(&m.Direction, &m.Text, &m.At, &m.Segments, &m.Kind)
		m.At = m.At.In(loc)
		if m.Direction == sim.In {
			m.Segments = sim.Segments(m.Text)
		}
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("phone: %w", err)
	}
	return out, nil
}

// sentColumns describe a message that left, with whom it went to and the zone of that person.
const sentColumns = `
	o.id, o.recipient, o.said, o.sent_at, o.segments, o.via, o.kind, coalesce(p.name, s.name, ''),
	CASE WHEN p.id IS NOT NULL THEN 'penerima' ELSE coalesce(s.role, '') END,
	coalesce(p.zone,
		(SELECT r.zone FROM staff_area a JOIN area r ON r.code = a.area_code WHERE a.staff_id = s.id ORDER BY r.code LIMIT 1),
		(SELECT w.zone FROM address a JOIN person w ON w.id = a.person_id WHERE a.value = o.recipient ORDER BY a.status <> 'aktif', a.id LIMIT 1), '')`

const sentFrom = `outbox o LEFT JOIN person p ON p.id = o.person_id LEFT JOIN staff s ON s.id = o.staff_id`

func scanSent(r pgx.CollectableRow) (m sim.Sent, err error) {
	var zone string
	err = r.Scan(&m.ID, &m.To, &m.Text, &m.At, &m.Segments, &m.Via, &m.Kind, &m.Who, &m.Role, &zone)
	m.At = m.At.In(prokus.Zone(zone))
	m.To = strings.TrimPrefix(m.To, "sim:")
	return m, err
}

// Caused are the messages that a turn caused and that left at once. What it caused for later is the clock's doing: so a
// repeat is answered as the first was.
func (s *Sim) Caused(ctx context.Context, inbox int64) ([]sim.Sent, error) {
	rows, err := s.db.pool.Query(ctx, `SELECT `+sentColumns+` FROM `+sentFrom+`
		WHERE o.cause = $1 AND o.state IN `+left+` AND o.not_before <= o.created_at ORDER BY o.seq`, inbox)
	if err != nil {
		return nil, fmt.Errorf("caused: %w", err)
	}
	out, err := pgx.CollectRows(rows, scanSent)
	if err != nil {
		return nil, fmt.Errorf("caused: %w", err)
	}
	return out, nil
}

// Log is what was sent last, newest first.
func (s *Sim) Log(ctx context.Context, limit int) ([]sim.Sent, error) {
	rows, err := s.db.pool.Query(ctx, `
		SELECT `+sentColumns+` FROM (SELECT id AS event, outbox_id FROM outbox_event WHERE what = 'sent' ORDER BY id DESC LIMIT $1) e
		JOIN (`+sentFrom+`) ON o.id = e.outbox_id WHERE o.state IN `+left+` ORDER BY e.event DESC`, limit)
	if err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	out, err := pgx.CollectRows(rows, scanSent)
	if err != nil {
		return nil, fmt.Errorf("log: %w", err)
	}
	return out, nil
}

// Mark changes when anything was written, sent or edited.
func (s *Sim) Mark(ctx context.Context) (mark string, err error) {
	err = s.db.pool.QueryRow(ctx, `
		SELECT concat_ws('-', (SELECT max(id) FROM outbox_event), (SELECT max(id) FROM inbox),
			(SELECT extract(epoch FROM max(edited_at)) FROM sim_card WHERE edited_at IS NOT NULL))`).Scan(&mark)
	if err != nil {
		return "", fmt.Errorf("mark: %w", err)
	}
	return mark, nil
}

// People are those who have a phone: staff by role, then beneficiaries as they came.
func (s *Sim) People(ctx context.Context, find string, limit int) ([]sim.Owner, error) {
	const list = `
		WITH owner AS (
			(SELECT a.value, s.name, s.role, coalesce(r.name, '') AS area, '' AS code, '' AS consent, s.lang, s.id, NULL::bigint AS person, s.id AS staff,
				array_position(ARRAY['tksk', 'mentor', 'koordinator', 'kementerian'], s.role) AS rank
			FROM address a JOIN staff s ON s.id = a.staff_id AND s.active
			LEFT JOIN LATERAL (SELECT r.name FROM staff_area sa JOIN area r ON r.code = sa.area_code WHERE sa.staff_id = s.id ORDER BY r.code LIMIT 1) r ON true
			WHERE a.kind = 'phone' AND a.status = 'aktif' AND ($1 = '' OR strpos(lower(s.name), lower($1)) > 0 OR ($2 <> '' AND strpos(a.value, $2) > 0))
			ORDER BY rank, s.id LIMIT greatest($3 / 3, 1))
			UNION ALL
			(SELECT a.value, p.name, 'penerima', r.name, p.code, p.consent, p.lang, p.id, p.id, NULL, 9
			FROM address a JOIN person p ON p.id = a.person_id AND p.status = 'aktif' JOIN area r ON r.code = p.area_code
			WHERE a.kind = 'phone' AND a.status = 'aktif'
				AND ($1 = '' OR strpos(lower(p.name), lower($1)) > 0 OR p.code = $1 OR ($2 <> '' AND strpos(a.value, $2) > 0))
			ORDER BY p.id LIMIT $3)
		)
		SELECT o.value, o.name, o.role, o.area, o.code, o.consent, o.lang, c.id IS NOT NULL, coalesce(c.is_primary, false)
		FROM owner o
		LEFT JOIN address c ON c.kind = 'telegram' AND c.value = 'sim:' || o.value AND c.status = 'aktif'
			AND (c.person_id = o.person OR c.staff_id = o.staff)
		ORDER BY o.rank, o.id LIMIT $3`
	digits := strings.TrimPrefix(strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, find), "0")
	if len(digits) < 3 { // too little to be meant as a number
		digits = ""
	}
	rows, err := s.db.pool.Query(ctx, list, find, digits, limit)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sim.Owner])
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return out, nil
}
