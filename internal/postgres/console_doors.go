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
