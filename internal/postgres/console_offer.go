package postgres

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// saveOffer keeps what a broadcast offers, or that it offers nothing. Seats are taken only after it was sent, when its words
// do not change any more.
func saveOffer(ctx context.Context, tx *Tx, broadcast int64, o *console.Offer) error {
	if o == nil {
		_, err := tx.Exec(ctx, `DELETE FROM broadcast_offer WHERE broadcast_id = $1`, broadcast)
		return err
	}
	last := o.LastDay
	if last.IsZero() { // a draft that is not finished
		last = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO broadcast_offer (broadcast_id, event, place, seats, last_day) VALUES ($1, $2, $3, least(greatest($4::integer, 0), 9999), $5)
		ON CONFLICT (broadcast_id) DO UPDATE SET event = excluded.event, place = excluded.place, seats = excluded.seats, last_day = excluded.last_day`,
		broadcast, o.Event, o.Place, o.Seats, last)
	return err
}

// Takers are those with a seat by number, then those who wait.
func (c *Console) Takers(ctx context.Context, s console.Scope, broadcast int64, limit int) ([]console.Taker, error) {
	var out []console.Taker
	err := c.read(ctx, "takers", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT p.id, p.code, p.name, coalesce(k.name, ''), x.channel, coalesce(x.number, 0), x.at
			FROM broadcast_seat x JOIN broadcast b ON b.id = x.broadcast_id JOIN person p ON p.id = x.person_id LEFT JOIN area k ON k.code = p.area_code
			WHERE b.id = $1 AND in_scope(b.area_code, $2) AND (x.number IS NOT NULL OR x.waiting)
			ORDER BY x.number NULLS LAST, x.turn LIMIT $3`, broadcast, s.Areas, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (t console.Taker, err error) {
			err = r.Scan(&t.Person, &t.Code, &t.Name, &t.Kecamatan, &t.Via, &t.Number, &t.At)
			return t, err
		})
		return err
	})
	return out, err
}

// WithdrawTaker takes somebody off the list.
func (c *Console) WithdrawTaker(ctx context.Context, s console.Scope, broadcast, person int64, by prokus.Staff, now time.Time) error {
	return c.change(ctx, "withdraw", func(tx *Tx) error {
		var seen bool
		if err := tx.QueryRow(ctx, `SELECT true FROM broadcast WHERE id = $1 AND in_scope(area_code, $2)`, broadcast, s.Areas).Scan(&seen); err != nil {
			return err
		}
		ok, err := acts.Withdraw(ctx, tx, acts.By{Now: now, Channel: "console", Staff: &by}, broadcast, person)
		if err != nil {
			return err
		}
		if !ok {
			return console.ErrState
		}
		return audit(ctx, tx, by.ID, "siaran mundur", strconv.FormatInt(broadcast, 10)+" "+strconv.FormatInt(person, 10), now)
	})
}
