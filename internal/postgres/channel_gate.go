package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/scheduler"
)

// gateRow is a gate as PostgreSQL writes it into JSON.
type gateRow struct {
	Channel  string     `json:"channel"`
	Failures int        `json:"failures"`
	First    *time.Time `json:"first_at"`
	Failed   []string   `json:"failed"`
	Reason   string     `json:"reason"`
	Since    *time.Time `json:"since"`
	Closed   *time.Time `json:"closed_until"`
	Pause    int64      `json:"pause_ms"`
	Probe    *time.Time `json:"probe_at"`
}

func (r gateRow) gate() scheduler.Gate {
	return scheduler.Gate{
		Channel: r.Channel, Failures: r.Failures, First: deref(r.First), Failed: r.Failed, Reason: r.Reason, Since: deref(r.Since),
		Closed: deref(r.Closed), Pause: time.Duration(r.Pause) * time.Millisecond, Probe: deref(r.Probe),
	}
}

func readGates(b []byte) (map[string]scheduler.Gate, error) {
	if len(b) == 0 {
		return nil, nil
	}
	var rows []gateRow
	if err := json.Unmarshal(b, &rows); err != nil {
		return nil, fmt.Errorf("gates: %w", err)
	}
	gates := make(map[string]scheduler.Gate, len(rows))
	for _, r := range rows {
		gates[r.Channel] = r.gate()
	}
	return gates, nil
}

// Learn changes a sender's gate under its lock. When it closes because the sender is down, the attempts that this took are
// given back; an outage begins and ends with it. A gate that is open again is forgotten.
func (s *Schedule) Learn(ctx context.Context, channel string, change func(scheduler.Gate) scheduler.Gate, now time.Time) (g scheduler.Gate, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		// The row is made first, so that two replicas that learn at once take turns.
		if _, err := tx.Exec(ctx, `INSERT INTO channel_gate (channel) VALUES ($1) ON CONFLICT DO NOTHING`, channel); err != nil {
			return err
		}
		var raw []byte
		err := tx.QueryRow(ctx, `SELECT to_jsonb(g) FROM (SELECT * FROM channel_gate WHERE channel = $1 FOR UPDATE) g`, channel).Scan(&raw)
		if errors.Is(err, pgx.ErrNoRows) {
			raw = []byte(`{}`) // somebody forgot it in between: it is open
		} else if err != nil {
			return err
		}
		var r gateRow
		if err := json.Unmarshal(raw, &r); err != nil {
			return err
		}
		before := r.gate()
		before.Channel = channel
		g = change(before)
		if g.Clean() {
			if _, err := tx.Exec(ctx, `DELETE FROM channel_gate WHERE channel = $1`, channel); err != nil {
				return err
			}
		} else if err := saveGate(ctx, tx, g); err != nil {
			return err
		}
		return gateMoved(ctx, tx, before, g, now)
	})
	if err != nil {
		return g, fmt.Errorf("learn about %s: %w", channel, err)
	}
	return g, nil
}

func saveGate(ctx context.Context, tx *Tx, g scheduler.Gate) error {
	failed := g.Failed
	if failed == nil {
		failed = []string{}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO channel_gate (channel, failures, first_at, failed, reason, since, closed_until, pause_ms, probe_at)
		VALUES ($1, $2, $3, $4::uuid[], $5, $6, $7, $8, $9)
		ON CONFLICT (channel) DO UPDATE SET failures = excluded.failures, first_at = excluded.first_at, failed = excluded.failed, reason = excluded.reason,
			since = excluded.since, closed_until = excluded.closed_until, pause_ms = excluded.pause_ms, probe_at = excluded.probe_at`,
		g.Channel, g.Failures, timeOrNil(g.First), failed, g.Reason, timeOrNil(g.Since), timeOrNil(g.Closed), g.Pause.Milliseconds(), timeOrNil(g.Probe))
	return err
}

// gateMoved notes what a change of a gate means: an outage begins or ends, attempts are given back.
func gateMoved(ctx context.Context, tx *Tx, before, after scheduler.Gate, now time.Time) error {
	lasting := func(g scheduler.Gate) string {
		if g.Pause > 0 && g.Reason != scheduler.GateThrottled {
			return g.Reason
		}
		return ""
	}
	was, is := lasting(before), lasting(after)
	if was == is {
		return nil
	}
	if was != "" {
		if _, err := tx.Exec(ctx, `UPDATE outage SET to_at = $3 WHERE channel = $1 AND unit = '' AND reason = $2 AND to_at IS NULL`, after.Channel, was, now); err != nil {
			return err
		}
	}
	if is == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO outage (channel, reason, from_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, after.Channel, is, now)
	if err != nil || is != scheduler.GateDown || len(after.Failed) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE outbox SET attempts = attempts - 1 WHERE id = ANY ($1::uuid[]) AND state = 'queued' AND error_kind = 'temporary' AND attempts > 0`, after.Failed)
	return err
}
