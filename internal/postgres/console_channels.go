package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
)

const outagesShown = 15

// Roads is what the page of channels shows: traffic of the last day, phones, outages, and money of the viewer's areas.
func (c *Console) Roads(ctx context.Context, s console.Scope, now time.Time) (r console.Roads, err error) {
	err = c.read(ctx, "roads", func(tx pgx.Tx) error {
		parts := []func() error{
			func() (err error) {
				r.Traffic, err = collect[console.Traffic](ctx, tx, `
					WITH o AS (
						SELECT channel, count(*) FILTER (WHERE state IN ('sent', 'delivered', 'read', 'unknown'))::int AS sent,
							count(*) FILTER (WHERE state = 'failed')::int AS failed, max(sent_at) AS last,
							count(*) FILTER (WHERE sent_at > $1::timestamptz - interval '1 minute')::int AS minute
						FROM outbox WHERE created_at > $1::timestamptz - interval '1 day' AND channel <> '' GROUP BY channel
					), i AS (SELECT channel, count(*)::int AS n, max(at) AS last FROM inbox WHERE at > $1::timestamptz - interval '1 day' GROUP BY channel),
					w AS (SELECT awaits AS channel, count(*)::int AS n FROM outbox WHERE state = 'queued' AND awaits <> '' GROUP BY awaits),
					g AS (SELECT channel, reason, closed_until FROM channel_gate WHERE pause_ms > 0)
					SELECT n.channel, coalesce(i.n, 0), coalesce(o.sent, 0), coalesce(o.failed, 0), i.last, o.last, coalesce(o.minute, 0), coalesce(w.n, 0),
						coalesce(g.reason, ''), g.closed_until
					FROM (SELECT channel FROM o UNION SELECT channel FROM i UNION SELECT channel FROM w UNION SELECT channel FROM g) n
					LEFT JOIN o USING (channel) LEFT JOIN i USING (channel) LEFT JOIN w USING (channel) LEFT JOIN g USING (channel) ORDER BY 1`,
					func(t *console.Traffic) []any {
						return []any{&t.Channel, &t.In, &t.Out, &t.Failed, &moment{&t.LastIn}, &moment{&t.LastOut}, &t.Minute, &t.Waiting, &t.Gate, &moment{&t.Until}}
					}, now)
				return err
			},
			func() (err error) {
				r.Phones, err = collect[console.GatewayPhone](ctx, tx, `
					SELECT p.channel, p.name, p.seen_at, EXISTS (SELECT FROM outage o WHERE o.channel = p.channel AND o.unit = p.name AND o.to_at IS NULL), p.battery, p.charging
					FROM gateway_phone p ORDER BY 1, 2`,
					func(p *console.GatewayPhone) []any {
						return []any{&p.Channel, &p.Name, &p.SeenAt, &p.Silent, &p.Battery, &p.Charging}
					})
				return err
			},
			func() (err error) {
				r.Outages, err = collect[console.Outage](ctx, tx, `SELECT channel, unit, reason, from_at, to_at FROM outage ORDER BY to_at IS NOT NULL, from_at DESC LIMIT $1`,
					func(o *console.Outage) []any { return []any{&o.Channel, &o.Unit, &o.Reason, &o.From, &moment{&o.To}} }, outagesShown)
				return err
			},
			func() (err error) {
				r.Budgets, err = collect[console.Budget](ctx, tx, `
					WITH u AS (
						SELECT area, coalesce(sum(cost) FILTER (WHERE day = ($1::timestamptz AT TIME ZONE 'Asia/Jakarta')::date), 0)::bigint AS today, sum(cost)::bigint AS month
						FROM spending WHERE day >= date_trunc('month', $1::timestamptz AT TIME ZONE 'Asia/Jakarta')::date GROUP BY area
					)
					SELECT k.area, k.name, coalesce(b.daily, 0), coalesce(b.monthly, 0), coalesce(u.today, 0), coalesce(u.month, 0) FROM (
						SELECT 'ID' AS area, 'Semua kabupaten' AS name WHERE 'ID' = ANY ($2)
						UNION ALL
						SELECT code, name FROM area WHERE level = 2 AND in_scope(code, $2) AND ('ID' <> ALL ($2) OR code IN (SELECT area FROM u UNION SELECT area FROM budget)
							OR EXISTS (SELECT FROM staff_area x WHERE x.area_code = area.code))
					) k LEFT JOIN budget b ON b.area = k.area LEFT JOIN u ON u.area = k.area ORDER BY k.area <> 'ID', k.name LIMIT 600`,
					func(b *console.Budget) []any {
						return []any{&b.Area, &b.Name, &b.Daily, &b.Monthly, &b.Today, &b.Month}
					}, now, s.Areas)
				return err
			},
			func() (err error) {
				r.Credits, err = collect[console.Credit](ctx, tx, `SELECT c.channel, c.rest, c.expires, c.at FROM `+creditLeft+` ORDER BY 1`,
					func(x *console.Credit) []any { return []any{&x.Channel, &x.Left, &moment{&x.Expires}, &x.At} })
				return err
			},
			func() (err error) {
				r.Alarms, err = collect[console.Alarm](ctx, tx, `SELECT kind, about, since FROM alarm WHERE ended_at IS NULL ORDER BY since, id LIMIT 50`,
					func(a *console.Alarm) []any { return []any{&a.Kind, &a.About, &a.Since} })
				return err
			},
		}
		for _, part := range parts {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// collect reads rows into structs.
func collect[T any](ctx context.Context, tx pgx.Tx, sql string, into func(*T) []any, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x T, err error) { return x, row.Scan(into(&x)...) })
}

// SetBudget caps an area of the scope; 0 lifts a cap.
func (c *Console) SetBudget(ctx context.Context, s console.Scope, area string, daily, monthly int64, d console.Doing) error {
	return c.change(ctx, "set budget", func(tx *Tx) error {
		var ours bool
		err := tx.QueryRow(ctx, `SELECT CASE WHEN $1 = 'ID' THEN 'ID' = ANY ($2) ELSE in_scope($1, $2) AND EXISTS (SELECT FROM area WHERE code = $1 AND level = 2) END`,
			area, s.Areas).Scan(&ours)
		if err != nil {
			return err
		}
		if !ours {
			return console.ErrNotFound
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO budget (area, daily, monthly, changed_by, changed_at) VALUES ($1, nullif($2::bigint, 0), nullif($3::bigint, 0), $4, $5)
			ON CONFLICT (area) DO UPDATE SET daily = excluded.daily, monthly = excluded.monthly, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
			area, daily, monthly, d.By.ID, d.Now)
		return errors.Join(err, audit(ctx, tx, d.By.ID, d.What, area, d.Now))
	})
}

// NoteCredit notes prepaid credit, from which what is sent is taken off.
func (c *Console) NoteCredit(ctx context.Context, channel string, amount int64, expires time.Time, d console.Doing) error {
	return c.change(ctx, "note credit", func(tx *Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO credit (channel, amount, expires, noted_by, at, spent_then)
			VALUES ($1, $2, $3::date, $4, $5, coalesce((SELECT sum(cost) FROM spending
				WHERE area = 'ID' AND channel = $1 AND day = ($5::timestamptz AT TIME ZONE 'Asia/Jakarta')::date), 0))
			ON CONFLICT (channel) DO UPDATE SET amount = excluded.amount, expires = excluded.expires, noted_by = excluded.noted_by, at = excluded.at,
				spent_then = excluded.spent_then`, channel, amount, timeOrNil(expires), d.By.ID, d.Now)
		return errors.Join(err, audit(ctx, tx, d.By.ID, d.What, channel, d.Now))
	})
}
