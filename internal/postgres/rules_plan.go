package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Planned lists what was sent in a rehearsal, in order.
func (s *Schedule) Planned(ctx context.Context, since, until time.Time) (items []prokus.Due, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT o.sent_at, o.kind, coalesce(p.name, s.name, ''), coalesce(p.code, ''), coalesce(split_part(o.key, ':', 1), ''), o.said,
				coalesce(p.zone, w.zone, ''), coalesce(p.area_code, w.area_code, ''), o.via, o.segments, o.cost, coalesce(o.key, o.id::text), coalesce(o.opens_vars, '{}')
			FROM outbox o LEFT JOIN person p ON p.id = o.person_id LEFT JOIN staff s ON s.id = o.staff_id
			LEFT JOIN LATERAL (SELECT x.area_code, a.zone FROM staff_area x LEFT JOIN area a ON a.code = x.area_code WHERE x.staff_id = s.id ORDER BY x.area_code LIMIT 1) w ON true
			WHERE o.state = 'sent' AND o.sent_at >= $1 AND o.sent_at <= $2 ORDER BY o.sent_at, o.lane, o.seq`, since, until)
		if err != nil {
			return err
		}
		items, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (d prokus.Due, err error) {
			var zone string
			var vars []byte
			err = row.Scan(&d.At, &d.Kind, &d.To, &d.Code, &d.Rule, &d.Text, &zone, &d.Area, &d.Via, &d.Segments, &d.Cost, &d.Key, &vars)
			var of struct {
				Week string `json:"week"`
			}
			_ = json.Unmarshal(vars, &of) // variables of other flows may be anything
			d.At, d.Week = d.At.In(prokus.Zone(zone)), of.Week
			return d, err
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("planned: %w", err)
	}
	return items, nil
}

// Opened lists the cases that were opened since a moment, in a rehearsal.
func (s *Schedule) Opened(ctx context.Context, since time.Time) (all []prokus.PlannedCase, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT c.opened_at, c.reason, c.area_code, coalesce(p.code, '') FROM cases c LEFT JOIN person p ON p.id = c.person_id
			WHERE c.opened_at >= $1 AND NOT c.confidential ORDER BY c.opened_at, c.id`, since)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, pgx.RowToStructByPos[prokus.PlannedCase])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("opened: %w", err)
	}
	return all, nil
}

// WriteRule adds a version of a rule.
func (s *Schedule) WriteRule(ctx context.Context, v prokus.RuleVersion) error {
	return s.in(ctx, func(tx *Tx) error { return tx.writeRule(ctx, v, v.From) })
}

func (tx *Tx) writeRule(ctx context.Context, v prokus.RuleVersion, now time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO rule_version (area_code, key, value, follows, valid_from, author_id, note, at) VALUES ($1, $2, $3, $4, $5, nullif($6::bigint, 0), $7, $8)`,
		v.Area, v.Key, v.Value, v.Follows, v.From, v.Author, v.Note, now)
	if err != nil {
		return fmt.Errorf("write a rule: %w", err)
	}
	return nil
}

// Dated are the holidays, pauses and months of Ramadan that are entered, anywhere.
func (s *Schedule) Dated(ctx context.Context) (all scheduler.Dated, err error) {
	err = s.in(ctx, func(tx *Tx) error {
		for table, into := range map[string]*[]scheduler.Span{
			`SELECT day, day, area_code FROM holiday`: &all.Holidays, `SELECT from_day, to_day, area_code FROM pause`: &all.Pauses,
			`SELECT from_day, to_day, area_code FROM ramadan`: &all.Fasts,
		} {
			rows, err := tx.Query(ctx, table)
			if err != nil {
				return err
			}
			if *into, err = pgx.CollectRows(rows, pgx.RowToStructByPos[scheduler.Span]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return all, fmt.Errorf("dated rows: %w", err)
	}
	return all, nil
}
