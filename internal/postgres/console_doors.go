package postgres

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// PersonLink makes a one-time link to the chat for somebody of the scope.
func (c *Console) PersonLink(ctx context.Context, s console.Scope, code string, by int64, now time.Time) (token string, p prokus.Person, err error) {
	err = c.change(ctx, "person link", func(tx *Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, `SELECT id FROM person WHERE code = $1 AND status = 'aktif' AND in_scope(area_code, $2)`, code, s.Areas).Scan(&id); err != nil {
			return err
		}
		if p, _, err = tx.Person(ctx, id); err != nil {
			return err
		}
		if token, err = tx.NewLink(ctx, id, 0, now); err != nil {
			return err
		}
		return audit(ctx, tx, by, "tautan telegram", code, now)
	})
	return token, p, err
}

// StaffLink makes one for the chat of a member of staff.
func (c *Console) StaffLink(ctx context.Context, staff int64, now time.Time) (token string, err error) {
	err = c.change(ctx, "staff link", func(tx *Tx) error {
		if token, err = tx.NewLink(ctx, 0, staff, now); err != nil {
			return err
		}
		return audit(ctx, tx, staff, "tautan telegram sendiri", "", now)
	})
	return token, err
}

// Vouch keeps that a number of somebody in the scope is certain. A number that is not hers changes nothing.
func (c *Console) Vouch(ctx context.Context, s console.Scope, code, number string, by int64, now time.Time) error {
	return c.change(ctx, "vouch", func(tx *Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, `SELECT id FROM person WHERE code = $1 AND in_scope(area_code, $2)`, code, s.Areas).Scan(&id); err != nil {
			return err
		}
		if err := tx.VouchNumber(ctx, id, number, now); err != nil {
			return err
		}
		return audit(ctx, tx, by, "pastikan nomor", code, now)
	})
}

// KeepHours keeps whether somebody in the scope is asked at the usual hours in Ramadan too. What is so already changes nothing.
func (c *Console) KeepHours(ctx context.Context, s console.Scope, code string, usual bool, by int64, now time.Time) error {
	return c.change(ctx, "hours", func(tx *Tx) error {
		var id int64
		var was bool
		err := tx.QueryRow(ctx, `SELECT id, usual_hours FROM person WHERE code = $1 AND in_scope(area_code, $2) FOR NO KEY UPDATE`, code, s.Areas).Scan(&id, &was)
		if err != nil || was == usual {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE person SET usual_hours = $2 WHERE id = $1`, id, usual); err != nil {
			return err
		}
		what := "jam Ramadan: biasa"
		if !usual {
			what = "jam Ramadan: menurut wilayah"
		}
		return audit(ctx, tx, by, what, code, now)
	})
}
