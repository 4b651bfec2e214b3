package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// OnPerson runs an act on a person of the scope, who is locked as in a turn of hers.
func (c *Console) OnPerson(ctx context.Context, s console.Scope, code string, d console.Doing, f func(acts.Store, prokus.Person) error) error {
	return c.change(ctx, d.What, func(tx *Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `SELECT id FROM person p WHERE p.code = $1 AND in_scope(p.area_code, $2) FOR NO KEY UPDATE`, code, s.Areas).Scan(&id)
		if err != nil {
			return err
		}
		p, _, err := tx.Person(ctx, id)
		if err != nil {
			return err
		}
		if err := f(tx, p); err != nil {
			return err
		}
		return audit(ctx, tx, d.By.ID, d.What, code, d.Now)
	})
}

// OnCase runs an act on a case of the scope; the row is locked, so of two who act at once the second sees what the first did.
func (c *Console) OnCase(ctx context.Context, s console.Scope, id int64, seen int, d console.Doing, f func(acts.Store, prokus.Case, prokus.Person) error) error {
	return c.change(ctx, d.What, func(tx *Tx) error {
		var person int64
		err := tx.QueryRow(ctx, `SELECT coalesce(c.person_id, 0) FROM cases c LEFT JOIN person p ON p.id = c.person_id
			WHERE c.id = $3 AND`+caseScope+`FOR NO KEY UPDATE OF c`, s.Areas, s.Sees(), id).Scan(&person)
		if err != nil {
			return err
		}
		var events int
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM case_event WHERE case_id = $1`, id).Scan(&events); err != nil {
			return err
		}
		if seen >= 0 && seen != events {
			return console.ErrStale
		}
		k, ok, err := tx.CaseByID(ctx, id)
		if err != nil || !ok {
			return fmt.Errorf("case: found %t: %w", ok, err)
		}
		p, _, err := tx.Person(ctx, person)
		if err != nil {
			return err
		}
		if person == 0 {
			p.Area = k.Area
		}
		if err := f(tx, k, p); err != nil {
			return err
		}
		return audit(ctx, tx, d.By.ID, d.What, fmt.Sprintf("%s/%d/%d", k.Area, k.Opened.Year(), k.Ticket), d.Now)
	})
}

// OnSession runs an act on a session of the scope, or of the mentor's own.
func (c *Console) OnSession(ctx context.Context, s console.Scope, id int64, d console.Doing, f func(acts.Store, prokus.Session) error) error {
	return c.change(ctx, d.What, func(tx *Tx) error {
		var found int64
		err := tx.QueryRow(ctx, `SELECT s.id FROM session s WHERE s.id = $1 AND`+sessionScope+`FOR NO KEY UPDATE`, id, s.Areas, s.Role, d.By.ID).Scan(&found)
		if err != nil {
			return err
		}
		x, _, err := tx.Session(ctx, found)
		if err != nil {
			return err
		}
		if err := f(tx, x); err != nil {
			return err
		}
		return audit(ctx, tx, d.By.ID, d.What, fmt.Sprintf("sesi %d", id), d.Now)
	})
}

// sessionScope limits sessions s to the areas $2; a mentor ($3 the role, $4 the person) sees those that are theirs.
const sessionScope = ` CASE WHEN $3 = 'mentor' THEN s.mentor_id = $4 ELSE in_scope(s.area_code, $2) END `

// ClassMoves count who went from one class to another since a moment.
func (c *Console) ClassMoves(ctx context.Context, s console.Scope, since time.Time) (moves []console.ClassMove, err error) {
	err = c.read(ctx, "class moves", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT x.from_class, x.to_class, count(DISTINCT x.person_id) FROM class_change x JOIN person p ON p.id = x.person_id
			WHERE x.at >= $2 AND in_scope(p.area_code, $1) GROUP BY 1, 2
			ORDER BY array_position(ARRAY['pemula', 'berkembang', 'maju'], x.from_class), array_position(ARRAY['pemula', 'berkembang', 'maju'], x.to_class)`, s.Areas, since)
		if err != nil {
			return err
		}
		moves, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (m console.ClassMove, err error) { return m, r.Scan(&m.From, &m.To, &m.N) })
		return err
	})
	return moves, err
}

// Classes count who is where.
func (c *Console) Classes(ctx context.Context, s console.Scope) (map[prokus.Class]int, error) {
	out := map[prokus.Class]int{}
	err := c.read(ctx, "classes", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT x.class, count(*) FROM score x JOIN person p ON p.id = x.person_id
			WHERE p.status = 'aktif' AND in_scope(p.area_code, $1) GROUP BY 1`, s.Areas)
		if err != nil {
			return err
		}
		var class prokus.Class
		var n int
		_, err = pgx.ForEachRow(rows, []any{&class, &n}, func() error { out[class] = n; return nil })
		return err
	})
	return out, err
}

// classMoves are the moves of one person, newest first.
func classMoves(ctx context.Context, tx pgx.Tx, person int64) ([]console.ClassMove, error) {
	rows, err := tx.Query(ctx, `SELECT from_class, to_class, total, at FROM class_change WHERE person_id = $1 ORDER BY at DESC, id DESC LIMIT 20`, person)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (m console.ClassMove, err error) {
		return m, r.Scan(&m.From, &m.To, &m.Total, &m.At)
	})
}
