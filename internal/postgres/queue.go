package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Lane is how much waits in one lane of delivery, and how old the oldest of it is.
type Lane struct {
	Due    int
	Oldest time.Duration
}

// Queue counts, by lane, what is due and has not left. It looks at queued rows only, by their indexes.
func (db *DB) Queue(ctx context.Context, now time.Time) (map[string]Lane, error) {
	const count = `
		SELECT lane::text, count(*), $1::timestamptz - min(not_before)
		FROM outbox WHERE state IN ('queued', 'sending') AND not_before <= $1 GROUP BY lane`
	rows, err := db.pool.Query(ctx, count, now)
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	out := map[string]Lane{"1": {}, "2": {}, "3": {}, "4": {}}
	var lane string
	var l Lane
	_, err = pgx.ForEachRow(rows, []any{&lane, &l.Due, &l.Oldest}, func() error {
		out[lane] = l
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	return out, nil
}

// RoadFigures count what waits for each sender, and the outages that last by sender and reason.
func (db *DB) RoadFigures(ctx context.Context) (waiting map[string]int, outages map[[2]string]int, err error) {
	waiting, outages = map[string]int{}, map[[2]string]int{}
	rows, err := db.pool.Query(ctx, `
		SELECT awaits, '', count(*) FROM outbox WHERE state = 'queued' AND awaits <> '' GROUP BY awaits
		UNION ALL
		SELECT channel, reason, count(*) FROM outage WHERE to_at IS NULL GROUP BY channel, reason`)
	if err != nil {
		return nil, nil, fmt.Errorf("road figures: %w", err)
	}
	var channel, reason string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&channel, &reason, &n}, func() error {
		if reason == "" {
			waiting[channel] = n
		} else {
			outages[[2]string{channel, reason}] = n
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("road figures: %w", err)
	}
	return waiting, outages, nil
}
