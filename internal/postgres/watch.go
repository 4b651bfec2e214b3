package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/scheduler"
)

// KeepPhones keeps signs of life, whoever heard them, and notes the outages of phones that are silent for longer: a replica
// that hears nothing of a phone does not make another's knowledge older.
func (s *Schedule) KeepPhones(ctx context.Context, phones []scheduler.Phone, silent time.Duration, now time.Time) error {
	if len(phones) == 0 {
		return nil
	}
	err := s.in(ctx, func(tx *Tx) error {
		for _, p := range phones {
			var seen time.Time
			err := tx.QueryRow(ctx, `
				INSERT INTO gateway_phone AS g (channel, name, numbers, seen_at, battery, charging) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (channel, name) DO UPDATE SET numbers = excluded.numbers,
					battery = CASE WHEN excluded.seen_at > g.seen_at AND excluded.battery >= 0 THEN excluded.battery ELSE g.battery END,
					charging = CASE WHEN excluded.seen_at > g.seen_at AND excluded.battery >= 0 THEN excluded.charging ELSE g.charging END,
					seen_at = greatest(g.seen_at, excluded.seen_at)
				RETURNING seen_at`, p.Channel, p.Name, p.Numbers, p.SeenAt, p.Battery, p.Charging).Scan(&seen)
			if err != nil {
				return err
			}
			if now.Sub(seen) >= silent {
				_, err = tx.Exec(ctx, `
					INSERT INTO outage (channel, unit, reason, numbers, from_at) VALUES ($1, $2, 'silent', $3, $4) ON CONFLICT DO NOTHING`,
					p.Channel, p.Name, p.Numbers, seen)
			} else {
				_, err = tx.Exec(ctx, `
					UPDATE outage SET to_at = $3 WHERE channel = $1 AND unit = $2 AND reason = 'silent' AND to_at IS NULL`, p.Channel, p.Name, seen)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep phones: %w", err)
	}
	return nil
}

// creditLeft is what is left of each sender's prepaid credit, as a table c.
const creditLeft = `(SELECT c.channel, c.at, c.expires, c.amount + c.spent_then - coalesce((SELECT sum(s.cost) FROM spending s
	WHERE s.area = 'ID' AND s.channel = c.channel AND s.day >= (c.at AT TIME ZONE 'Asia/Jakarta')::date), 0)::bigint AS rest FROM credit c) c`

// budgetUse is what each budget has been used up, in percent, as a table b. $1 is now.
const budgetUse = `(SELECT b.area, b.daily, b.monthly, coalesce(a.name, 'nasional') AS name, u.today, u.month FROM budget b LEFT JOIN area a ON a.code = b.area
	CROSS JOIN LATERAL (SELECT coalesce(sum(s.cost) FILTER (WHERE s.day = ($1::timestamptz AT TIME ZONE 'Asia/Jakarta')::date), 0)::bigint AS today,
			coalesce(sum(s.cost), 0)::bigint AS month
		FROM spending s WHERE s.area = b.area AND s.day >= date_trunc('month', $1::timestamptz AT TIME ZONE 'Asia/Jakarta')::date) u) b`

// Troubles are what is wrong now. Each part reads few rows: what is open, what waits, what is in a small table.
func (s *Schedule) Troubles(ctx context.Context, l scheduler.Limits, now time.Time) (all []scheduler.Trouble, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT 'outage:' || channel || ':' || unit || ':' || reason, reason, coalesce(nullif(unit, ''), channel), from_at, 0, 0, 0::bigint, NULL::timestamptz
			FROM outage WHERE to_at IS NULL AND (reason <> 'down' OR from_at <= $1::timestamptz - $2::interval)
			UNION ALL
			SELECT 'battery:' || name, 'battery', name, $1, 0, battery, 0, NULL FROM gateway_phone
			WHERE battery BETWEEN 0 AND $6 AND NOT charging
			UNION ALL
			SELECT 'queue', 'queue', '', min(at), count(*)::int, 0, 0, NULL FROM (
				(SELECT not_before AS at FROM outbox WHERE state = 'queued' AND enqueued_at IS NULL AND awaits = ''
					AND not_before < $1::timestamptz - CASE WHEN lane = 1 THEN $3::interval ELSE $4::interval END AND lane <= 3 ORDER BY not_before LIMIT 1000)
				UNION ALL
				(SELECT enqueued_at FROM outbox WHERE state = 'queued' AND enqueued_at < $1::timestamptz - CASE WHEN lane = 1 THEN $3::interval ELSE $4::interval END
					AND lane <= 3 ORDER BY enqueued_at LIMIT 1000)
			) q HAVING count(*) > 0
			UNION ALL
			SELECT 'sweep', 'sweep', '', at, 0, 0, 0, NULL FROM swept WHERE at < $1::timestamptz - $5::interval
			UNION ALL
			SELECT 'budget:' || b.area || ':' || x.what || ':' || g.percent, 'budget_' || x.what, b.name, $1, 0, least(x.used * 100 / x.cap, 999)::int, 0, NULL
			FROM `+budgetUse+` CROSS JOIN LATERAL (VALUES ('day', b.today, b.daily), ('month', b.month, b.monthly)) x (what, used, cap)
			CROSS JOIN unnest($9::int[]) g (percent) WHERE x.cap IS NOT NULL AND x.used * 100 >= x.cap * g.percent
			UNION ALL
			SELECT 'credit:' || c.channel, 'credit', c.channel, $1, 0, 0, c.rest, NULL FROM `+creditLeft+` WHERE c.rest < $7
			UNION ALL
			SELECT 'expiry:' || c.channel, 'expiry', c.channel, $1, 0, 0, 0, c.expires::timestamp AT TIME ZONE 'Asia/Jakarta' FROM `+creditLeft+`
			WHERE c.expires <= ($1::timestamptz AT TIME ZONE 'Asia/Jakarta')::date + $8::int
			UNION ALL
			SELECT 'filtered:' || b.id, 'filtered', b.id::text, $1, f.failed, f.failed * 100 / f.judged, 0, NULL
			FROM broadcast b CROSS JOIN LATERAL (
				SELECT count(*) FILTER (WHERE o.state = 'failed')::int AS failed, count(*)::int AS judged FROM outbox o
				WHERE o.broadcast_id = b.id AND o.state IN ('failed', 'sent', 'delivered', 'read')) f
			WHERE b.state = 'berjalan' AND f.judged >= $10 AND f.failed * 100 > f.judged * $11
			UNION ALL
			SELECT 'halted:' || b.id, 'halted', b.id::text, $1, (SELECT count(*)::int FROM outbox o WHERE o.broadcast_id = b.id AND o.state = 'failed'), 0, 0, NULL
			FROM broadcast b WHERE b.state = 'dijeda' AND b.halted = 'gagal'`,
			now, l.Down, l.Answers, l.Others, l.Sweep, l.Battery, l.Credit, l.Expiry, l.Budget[:], l.FailedOf, l.FailedRate)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (t scheduler.Trouble, err error) {
			var until *time.Time
			err = row.Scan(&t.Key, &t.Kind, &t.About, &t.Since, &t.N, &t.P, &t.Left, &until)
			t.Until = deref(until)
			return t, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("troubles: %w", err)
	}
	return all, nil
}

// Alarmed begins and ends alarms so that they are these. Money that is spent stays spent: that its day is over is no news.
func (s *Schedule) Alarmed(ctx context.Context, now time.Time, troubles []scheduler.Trouble) error {
	err := s.in(ctx, func(tx *Tx) error {
		keys := make([]string, 0, len(troubles))
		for _, t := range troubles {
			keys = append(keys, t.Key)
			_, err := tx.Exec(ctx, `
				INSERT INTO alarm AS a (key, kind, about, since, figures) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (key) WHERE ended_at IS NULL DO UPDATE SET figures = excluded.figures WHERE a.figures <> excluded.figures`,
				t.Key, t.Kind, t.About, t.Since, map[string]any{"n": t.N, "p": t.P, "left": t.Left, "until": t.Until})
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `
			UPDATE alarm SET ended_at = $1, told_end = kind LIKE 'budget%' OR told_at IS NULL AND kind <> 'sweep' WHERE ended_at IS NULL AND key <> ALL ($2)`, now, keys)
		return err
	})
	if err != nil {
		return fmt.Errorf("alarmed: %w", err)
	}
	return nil
}

// claimFor is how long one replica has for telling what it took.
const claimFor = 5 * time.Minute

// ToTell takes the news that nobody else is telling.
func (s *Schedule) ToTell(ctx context.Context, now time.Time, again time.Duration, limit int) (news []scheduler.News, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			UPDATE alarm a SET claimed = $1 FROM (
				SELECT id FROM alarm WHERE NOT told_end AND (ended_at IS NOT NULL OR told_at IS NULL OR told_at <= $1::timestamptz - $2::interval)
					AND (claimed IS NULL OR claimed < $3) ORDER BY id LIMIT $4 FOR UPDATE SKIP LOCKED
			) x WHERE a.id = x.id
			RETURNING a.id, a.key, a.kind, a.about, a.since, a.ended_at, a.told_at IS NOT NULL, (a.figures->>'n')::int, (a.figures->>'p')::int,
				(a.figures->>'left')::bigint, (a.figures->>'until')::timestamptz`, now, again, now.Add(-claimFor), limit)
		if err != nil {
			return err
		}
		news, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (n scheduler.News, err error) {
			var ended *time.Time
			err = row.Scan(&n.ID, &n.Key, &n.Kind, &n.About, &n.Since, &ended, &n.Again, &n.N, &n.P, &n.Left, &n.Until)
			n.Ended = deref(ended)
			return n, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("alarms to tell: %w", err)
	}
	return news, nil
}

// Told keeps that the operator knows.
func (s *Schedule) Told(ctx context.Context, n scheduler.News, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `UPDATE alarm SET told_at = $2, told_end = $3, claimed = NULL WHERE id = $1`, n.ID, now, !n.Ended.IsZero())
		return err
	})
	if err != nil {
		return fmt.Errorf("alarm told: %w", err)
	}
	return nil
}

// Swept keeps that the clock was swept.
func (s *Schedule) Swept(ctx context.Context, now time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO swept (at) VALUES ($1) ON CONFLICT (one) DO UPDATE SET at = greatest(swept.at, excluded.at)`, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("swept: %w", err)
	}
	return nil
}

// anyDeaf says whether a sender was down at all in the weeks that count: only then is each person asked.
func anyDeaf(ctx context.Context, tx *Tx, since time.Time) (deaf bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM outage WHERE coalesce(to_at, 'infinity') >= $1)`, since).Scan(&deaf)
	return deaf, err
}
