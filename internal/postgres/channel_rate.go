package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/scheduler"
)

// whilePumped are the reasons of waiting that only the pump ends: it knows when the sender is free.
const whilePumped = `('channel_down', 'rate')`

// mayLeave is the last question before a row is marked as being sent: is it the one that tries a half-open gate, and is
// there a token for it? If not, the decision becomes a wait. The bucket's row is locked until the transaction ends, so that
// all replicas count alike.
func mayLeave(ctx context.Context, tx *Tx, d *scheduler.Decision, now time.Time) error {
	wait := func(until time.Time, why string) {
		*d = scheduler.Decision{Verdict: scheduler.Wait, Until: until, Awaits: d.Road.Channel, Why: why}
	}
	if d.Probe {
		tag, err := tx.Exec(ctx, `UPDATE channel_gate SET probe_at = $2 WHERE channel = $1 AND pause_ms > 0 AND closed_until <= $2
			AND probe_at IS NOT DISTINCT FROM $3`, d.Road.Channel, now, timeOrNil(d.Gate.Probe))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 { // somebody was faster
			wait(now.Add(2*time.Second), "channel_down")
			return nil
		}
	}
	r := d.Rate
	if !r.Limited() {
		return nil
	}
	var tokens float64
	var queue time.Time
	var granted bool
	// One statement locks the bucket, fills it up and says what is in it.
	err := tx.QueryRow(ctx, `
		INSERT INTO channel_rate AS r (channel, tokens, at, queue_to) VALUES ($1, $3, $2, $2)
		ON CONFLICT (channel) DO UPDATE SET at = greatest(r.at, $2),
			tokens = least($3, r.tokens + $4 * greatest(extract(epoch FROM $2 - r.at)::float8, 0))
		RETURNING tokens, queue_to`, d.Road.Channel, now, r.Size(), r.PerSecond).Scan(&tokens, &queue)
	if err != nil {
		return err
	}
	if r.PerChat > 0 {
		var last *time.Time
		err := tx.QueryRow(ctx, `
			SELECT max(sending_at) FROM (SELECT sending_at, channel FROM outbox WHERE recipient = $1 ORDER BY seq DESC LIMIT 20) o
			WHERE channel = $2 AND sending_at > $3`, d.Road.To, d.Road.Channel, now.Add(-r.PerChat)).Scan(&last)
		if err != nil {
			return err
		}
		if last != nil {
			wait(last.Add(r.PerChat), "chat")
			return nil
		}
	}
	if r.PerSecond <= 0 {
		return nil
	}
	granted = tokens-1 >= r.Keep(d.Lane)-1e-9
	if granted {
		_, err = tx.Exec(ctx, `UPDATE channel_rate SET tokens = tokens - 1 WHERE channel = $1`, d.Road.Channel)
		return err
	}
	step := time.Duration(float64(time.Second) / r.PerSecond)
	if d.Lane <= 2 { // an answer does not queue behind a broadcast
		wait(now.Add(step), "rate")
		return nil
	}
	if queue.Before(now) {
		queue = now
	}
	queue = queue.Add(step)
	_, err = tx.Exec(ctx, `UPDATE channel_rate SET queue_to = $2 WHERE channel = $1`, d.Road.Channel, queue)
	wait(queue, "rate")
	return err
}

// Awaited are the senders for which messages wait, found by leaping over the index.
func (s *Schedule) Awaited(ctx context.Context) (all []scheduler.Awaited, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			WITH RECURSIVE w AS (
				(SELECT awaits FROM outbox WHERE state = 'queued' AND awaits <> '' ORDER BY awaits LIMIT 1)
				UNION ALL
				SELECT (SELECT o.awaits FROM outbox o WHERE o.state = 'queued' AND o.awaits <> '' AND o.awaits > w.awaits ORDER BY o.awaits LIMIT 1)
				FROM w WHERE w.awaits IS NOT NULL
			)
			SELECT w.awaits, coalesce(r.tokens, 0), r.at, (SELECT jsonb_agg(g) FROM channel_gate g WHERE g.channel = w.awaits)
			FROM w LEFT JOIN channel_rate r ON r.channel = w.awaits WHERE w.awaits IS NOT NULL`)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (a scheduler.Awaited, err error) {
			var channel string
			var at *time.Time
			var raw []byte
			if err := row.Scan(&channel, &a.Tokens, &at, &raw); err != nil {
				return a, err
			}
			gates, err := readGates(raw)
			a.Gate, a.At = gates[channel], deref(at)
			a.Channel = channel
			return a, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("awaited: %w", err)
	}
	return all, nil
}

// Waiting are the next rows that wait for a sender, in the order in which they should leave.
func (s *Schedule) Waiting(ctx context.Context, channel string, now time.Time, limit int) (out []scheduler.WaitingRow, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT id, `+addressOf+`, coalesce(nullif(via, ''), CASE $1 WHEN 'telegram' THEN 'telegram' ELSE 'sms' END), lane FROM outbox
			WHERE state = 'queued' AND awaits = $1 AND awaits <> '' AND (not_before <= $2 OR error IN `+whilePumped+`)
			ORDER BY lane, seq LIMIT $3`, channel, now, limit)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[scheduler.WaitingRow])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("waiting: %w", err)
	}
	return out, nil
}

// spend adds what a message cost to the day's sums of its kabupaten and of all.
func spend(ctx context.Context, tx *Tx, r sentRow, segments int, cost int64, now time.Time) error {
	if cost == 0 || tx.rehearsed {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO spending (area, day, channel, segments, cost)
		SELECT a.area, ($5::timestamptz AT TIME ZONE w.zone)::date, $2, $3, $4
		FROM (SELECT coalesce((SELECT zone FROM person WHERE id = $1), 'Asia/Jakarta') AS zone,
			coalesce((SELECT left(area_code, 5) FROM person WHERE id = $1),
				(SELECT left(area_code, 5) FROM staff_area WHERE staff_id = $6 AND area_code <> 'ID' ORDER BY area_code LIMIT 1), '-') AS kabupaten) w
		CROSS JOIN LATERAL (VALUES (w.kabupaten), ('ID')) a (area) ORDER BY a.area
		ON CONFLICT (area, day, channel) DO UPDATE SET segments = spending.segments + excluded.segments, cost = spending.cost + excluded.cost`,
		r.person, r.channel, segments, cost, now, r.staff)
	return err
}

// leftFor is what broadcasts may still cost in an area's kabupaten and in all, and when the tightest cap begins anew;
// negative: no cap.
func leftFor(ctx context.Context, tx *Tx, area string, local time.Time) (left int64, fresh time.Time, err error) {
	left = -1
	y, m, d := local.Date()
	day, month := time.Date(y, m, d, 0, 0, 0, 0, time.UTC), time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	rows, err := tx.Query(ctx, `
		SELECT b.daily, b.monthly, coalesce(sum(s.cost) FILTER (WHERE s.day = $2), 0)::bigint, coalesce(sum(s.cost), 0)::bigint
		FROM budget b LEFT JOIN spending s ON s.area = b.area AND s.day BETWEEN $3 AND $2
		WHERE b.area IN ('ID', left($1, 5)) GROUP BY b.area, b.daily, b.monthly`, area, day, month)
	if err != nil {
		return left, fresh, err
	}
	var daily, monthly *int64
	var today, since int64
	take := func(n int64, at time.Time) {
		if n = max(n, 0); left < 0 || n < left || n == left && at.After(fresh) {
			left, fresh = n, at
		}
	}
	_, err = pgx.ForEachRow(rows, []any{&daily, &monthly, &today, &since}, func() error {
		if daily != nil {
			take(*daily-today, time.Date(y, m, d+1, 0, 0, 0, 0, local.Location()))
		}
		if monthly != nil {
			take(*monthly-since, time.Date(y, m+1, 1, 0, 0, 0, 0, local.Location()))
		}
		return nil
	})
	return left, fresh, err
}
