package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Pair are two people of the scope side by side; the second may be the first.
func (c *Console) Pair(ctx context.Context, s console.Scope, keep, duplicate string, d console.Doing) (a, b console.Side, err error) {
	err = c.change(ctx, d.What, func(tx *Tx) error {
		for _, x := range []struct {
			code string
			to   *console.Side
		}{{keep, &a}, {duplicate, &b}} {
			if *x.to, err = side(ctx, tx, s, x.code); err != nil {
				return err
			}
		}
		return audit(ctx, tx, d.By.ID, d.What, keep+" "+duplicate, d.Now)
	})
	return a, b, err
}

func side(ctx context.Context, tx *Tx, s console.Scope, code string) (x console.Side, err error) {
	var id int64
	if err := tx.QueryRow(ctx, `SELECT id FROM person p WHERE code = $1 AND in_scope(p.area_code, $2)`, code, s.Areas).Scan(&id); err != nil {
		return x, err
	}
	if x.Person, _, err = tx.Person(ctx, id); err != nil {
		return x, err
	}
	err = tx.QueryRow(ctx, `SELECT ARRAY(SELECT value FROM address WHERE person_id = $1 AND kind = 'phone' AND status = 'aktif' ORDER BY id),
		(SELECT count(*) FROM report WHERE person_id = $1), (SELECT count(*) FROM cases WHERE person_id = $1 AND (NOT confidential OR $2)),
		(SELECT count(*) FROM grants WHERE person_id = $1), (SELECT count(*) FROM invite WHERE person_id = $1 AND attended)`, id, s.Sees()).
		Scan(&x.Phones, &x.Reports, &x.Cases, &x.Grants, &x.Sessions)
	return x, err
}

// OnPair runs an act on two people of the scope, who are locked in the order of their ids.
func (c *Console) OnPair(ctx context.Context, s console.Scope, keep, duplicate string, d console.Doing, f func(console.ActStore, prokus.Person, prokus.Person) error) error {
	return c.change(ctx, d.What, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `SELECT p.id, p.code FROM person p WHERE p.code IN ($1, $2) AND in_scope(p.area_code, $3) ORDER BY p.id FOR UPDATE`, keep, duplicate, s.Areas)
		if err != nil {
			return err
		}
		ids := map[string]int64{}
		var id int64
		var code string
		if _, err := pgx.ForEachRow(rows, []any{&id, &code}, func() error { ids[code] = id; return nil }); err != nil {
			return err
		}
		if ids[keep] == 0 || ids[duplicate] == 0 {
			return pgx.ErrNoRows
		}
		a, _, err := tx.Person(ctx, ids[keep])
		if err != nil {
			return err
		}
		b, _, err := tx.Person(ctx, ids[duplicate])
		if err != nil {
			return err
		}
		if err := f(tx, a, b); err != nil {
			return err
		}
		return audit(ctx, tx, d.By.ID, d.What, fmt.Sprintf("%s %s", keep, duplicate), d.Now)
	})
}
