package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Kecamatan are the kecamatan of a scope in which somebody is in the programme.
func (c *Console) Kecamatan(ctx context.Context, s console.Scope) ([]console.Area, error) {
	var out []console.Area
	err := c.read(ctx, "kecamatan", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT k.code, k.name, coalesce(b.name, '') FROM area k LEFT JOIN area b ON b.code = k.parent
			WHERE k.code IN (SELECT area_code FROM person) AND in_scope(k.code, $1)
			ORDER BY b.name, k.name LIMIT 1000`, s.Areas)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (a console.Area, err error) {
			err = r.Scan(&a.Code, &a.Name, &a.Parent)
			return a, err
		})
		return err
	})
	return out, err
}

// People is one page of the list, by name. Silent is everybody active without a report in the last two closed weeks.
func (c *Console) People(ctx context.Context, s console.Scope, f console.PeopleFilter) (rows []console.PersonRow, total int, err error) {
	err = c.read(ctx, "people", func(tx pgx.Tx) error {
		res, err := tx.Query(ctx, `
			WITH found AS (
				SELECT p.* FROM person p
				WHERE in_scope(p.area_code, $1) AND p.status <> 'ganda'
					AND ($2 = '' OR p.area_code = $2)
					AND ($3 = '' OR strpos(lower(p.name), lower($3)) > 0 OR p.code = $3)
					AND ($4 = '' OR (p.status = 'aktif' AND ($4 = 'aktif') = EXISTS (SELECT 1 FROM report r
						WHERE r.person_id = p.id AND r.week BETWEEN $5::date - 7 AND $5::date AND NOT r.disputed)))
			), page AS (
				SELECT * FROM found ORDER BY lower(name), id LIMIT $6 OFFSET $7
			)
			SELECT (SELECT count(*) FROM found), p.code, p.name, p.salutation, k.name, p.village, p.business, p.status, p.consent,
				coalesce(g.stage, ''), r.week, coalesce(r.amount, 0),
				(SELECT count(*) FROM cases c WHERE c.person_id = p.id AND c.status <> 'selesai' AND (NOT c.confidential OR $8))
			FROM page p JOIN area k ON k.code = p.area_code
			LEFT JOIN LATERAL (SELECT stage FROM grants g WHERE g.person_id = p.id ORDER BY g.batch_id DESC LIMIT 1) g ON true
			LEFT JOIN LATERAL (SELECT week, amount FROM report r WHERE r.person_id = p.id AND NOT r.disputed ORDER BY week DESC LIMIT 1) r ON true
			ORDER BY lower(p.name), p.id`,
			s.Areas, f.Area, f.Search, f.Activity, weekDate(f.Week), f.Limit, f.Offset, s.Sees())
		if err != nil {
			return err
		}
		rows, err = pgx.CollectRows(res, func(r pgx.CollectableRow) (p console.PersonRow, err error) {
			var salutation string
			var week *time.Time
			err = r.Scan(&total, &p.Code, &p.Name, &salutation, &p.Kecamatan, &p.Village, &p.Business, &p.Status, &p.Consent,
				&p.Stage, &week, &p.LastAmount, &p.OpenCases)
			p.Title = prokus.Title(salutation)
			if week != nil {
				p.LastWeek, p.HasReport = prokus.WeekOfDate(*week), true
			}
			return p, err
		})
		return err
	})
	return rows, total, err
}
