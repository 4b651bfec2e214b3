package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// AllKecamatan are those of the scope, with and without people.
func (c *Console) AllKecamatan(ctx context.Context, s console.Scope) (out []console.Area, err error) {
	err = c.read(ctx, "kecamatan", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT a.code, a.name, coalesce(b.name, '') FROM area a LEFT JOIN area b ON b.code = a.parent
			WHERE a.level = 3 AND in_scope(a.code, $1) ORDER BY b.name, a.name LIMIT 8000`, s.Areas)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (a console.Area, err error) { return a, r.Scan(&a.Code, &a.Name, &a.Parent) })
		return err
	})
	return out, err
}

// Posts are the kecamatan with people, with who looks after each.
func (c *Console) Posts(ctx context.Context, s console.Scope, now time.Time) (out []console.Post, err error) {
	err = c.read(ctx, "posts", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT k.code, k.name, coalesce(k.parent, ''), coalesce(b.name, ''), coalesce(t.id, 0), coalesce(t.title, ''), coalesce(t.name, ''), l.to_day, i.title, i.name, n.people,
				(SELECT count(*) FROM cases c WHERE c.area_code = k.code AND c.status <> 'selesai' AND NOT c.confidential)
			FROM (SELECT area_code, count(*) AS people FROM person WHERE status = 'aktif' AND in_scope(area_code, $1) GROUP BY 1) n
			JOIN area k ON k.code = n.area_code LEFT JOIN area b ON b.code = k.parent
			LEFT JOIN LATERAL (SELECT st.id, st.title, st.name FROM staff_area sa JOIN staff st ON st.id = sa.staff_id
				WHERE sa.area_code = k.code AND st.role = 'tksk' AND st.active ORDER BY st.id LIMIT 1) t ON true
			LEFT JOIN staff_leave l ON l.staff_id = t.id AND $2::date BETWEEN l.from_day AND l.to_day
			LEFT JOIN staff i ON i.id = l.substitute
			ORDER BY b.name, k.name LIMIT 1000`, s.Areas, prokus.Day(now))
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (p console.Post, err error) {
			var title, name string
			var standTitle, stand *string
			var away *time.Time
			err = r.Scan(&p.Code, &p.Area.Name, &p.Parent, &p.Kabupaten, &p.Staff, &title, &name, &away, &standTitle, &stand, &p.People, &p.Open)
			if p.Staff != 0 {
				p.Name = prokus.Staff{Title: title, Name: name}.Called()
			}
			p.Away, p.StandIn = deref(away), called(standTitle, stand)
			return p, err
		})
		return err
	})
	return out, err
}

// Companions are the active TKSK of the kabupaten of the scope, and those who have no area.
func (c *Console) Companions(ctx context.Context, s console.Scope) (out []prokus.Staff, err error) {
	err = c.read(ctx, "companions", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT s.id, s.name, s.title, ARRAY(SELECT k.name FROM staff_area x JOIN area k ON k.code = x.area_code WHERE x.staff_id = s.id ORDER BY 1)
			FROM staff s WHERE s.role = 'tksk' AND s.active AND (NOT EXISTS (SELECT 1 FROM staff_area x WHERE x.staff_id = s.id)
				OR EXISTS (SELECT 1 FROM staff_area x WHERE x.staff_id = s.id AND in_scope(x.area_code, $1)))
			ORDER BY s.name, s.id LIMIT 500`, s.Areas)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (x prokus.Staff, err error) {
			x.Role = prokus.TKSK
			return x, r.Scan(&x.ID, &x.Name, &x.Title, &x.Areas)
		})
		return err
	})
	return out, err
}

// AllBatches with what is in them, the newest first.
func (c *Console) AllBatches(ctx context.Context) (out []console.BatchRow, err error) {
	err = c.read(ctx, "batches", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT b.id, b.name, b.amount, b.opened_on, b.closed_on, (SELECT count(*) FROM person p WHERE p.batch_id = b.id), (SELECT count(*) FROM grants g WHERE g.batch_id = b.id)
			FROM batch b ORDER BY b.opened_on DESC, b.id DESC LIMIT 200`)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (b console.BatchRow, err error) {
			var closed *time.Time
			err = r.Scan(&b.ID, &b.Name, &b.Amount, &b.Opened, &closed, &b.People, &b.Grants)
			b.Closed = deref(closed)
			return b, err
		})
		return err
	})
	return out, err
}

// OpenBatch makes a batch with the default set of stages.
func (c *Console) OpenBatch(ctx context.Context, name string, amount int64, d console.Doing) error {
	return c.change(ctx, "open batch", func(tx *Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `INSERT INTO batch (name, amount, opened_on) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING RETURNING id`, name, amount, prokus.Day(d.Now)).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return acts.ErrBatchThere
		}
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		for _, s := range prokus.DefaultStages() {
			b.Queue(`INSERT INTO batch_stage (batch_id, code, step, norm_days, stuck_days) VALUES ($1, $2, $3, $4, $5)`, id, s.Code, s.Step, s.Norm, s.Stuck)
		}
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		return audit(ctx, tx, d.By.ID, d.What, fmt.Sprintf("%s %d", name, amount), d.Now)
	})
}

// CloseBatch ends a batch, or opens it again.
func (c *Console) CloseBatch(ctx context.Context, id int64, open bool, d console.Doing) error {
	return c.change(ctx, "close batch", func(tx *Tx) error {
		var name string
		err := tx.QueryRow(ctx, `UPDATE batch SET closed_on = CASE WHEN $2 THEN NULL ELSE coalesce(closed_on, greatest(opened_on, $3::date)) END WHERE id = $1 RETURNING name`,
			id, open, prokus.Day(d.Now)).Scan(&name)
		if err != nil {
			return err
		}
		return audit(ctx, tx, d.By.ID, d.What, name, d.Now)
	})
}
