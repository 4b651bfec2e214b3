package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"

	"github.com/jackc/pgx/v5"
)

// Standings are where all slots stand.
func (s *Schedule) Standings(ctx context.Context) (map[scheduler.SlotKey]scheduler.Standing, error) {
	all := map[scheduler.SlotKey]scheduler.Standing{}
	err := s.in(ctx, func(tx *Tx) error {
		clear(all)
		rows, err := tx.Query(ctx, `SELECT rule, zone, area, version, swept_to, began IS NULL OR swept_to > began FROM rule_slot`)
		if err != nil {
			return err
		}
		var k scheduler.SlotKey
		var at scheduler.Standing
		_, err = pgx.ForEachRow(rows, []any{&k.Rule, &k.Zone, &k.Area, &k.Version, &at.SweptTo, &at.Ran}, func() error { all[k] = at; return nil })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("standings: %w", err)
	}
	return all, nil
}

// StartRule sets the beginning of a slot, once.
func (s *Schedule) StartRule(ctx context.Context, k scheduler.SlotKey, at time.Time) error {
	err := s.in(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO rule_slot (rule, zone, area, version, swept_to, began) VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT DO NOTHING`,
			k.Rule, k.Zone, k.Area, k.Version, at)
		return err
	})
	if err != nil {
		return fmt.Errorf("start rule: %w", err)
	}
	return nil
}

// Skip records slots that an outage made pointless and moves on; a rule that another replica has moved further stays there.
func (s *Schedule) Skip(ctx context.Context, k scheduler.SlotKey, slots []time.Time, now time.Time, why string) error {
	err := s.in(ctx, func(tx *Tx) error {
		var swept time.Time
		err := tx.QueryRow(ctx, `SELECT swept_to FROM rule_slot WHERE rule = $1 AND zone = $2 AND area = $3 AND version = $4 FOR UPDATE`,
			k.Rule, k.Zone, k.Area, k.Version).Scan(&swept)
		if err != nil {
			return err
		}
		last := slots[len(slots)-1]
		if !swept.Before(last) {
			return nil
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO slot_skipped (rule, zone, area, slot, at, why)
			SELECT $1, $2, $7, slot, $4, $5 FROM unnest($3::timestamptz[]) AS slot WHERE slot > $6 ON CONFLICT DO NOTHING`,
			k.Rule, k.Zone, slots, now, why, swept, k.Area)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE rule_slot SET swept_to = $5, slot = NULL, reached = 0 WHERE rule = $1 AND zone = $2 AND area = $3 AND version = $4`,
			k.Rule, k.Zone, k.Area, k.Version, last)
		return err
	})
	if err != nil {
		return fmt.Errorf("skip slots: %w", err)
	}
	return nil
}

// placed narrows a selection to the part of the country that is swept, or rehearsed. column holds the code of a kecamatan; next is the number
// of the first free parameter. A kabupaten is found by its own index.
func placed(sel scheduler.Selection, column string, next int) (sql string, args []any) {
	for _, area := range []string{sel.Area, sel.Within} {
		switch n := next + len(args); {
		case area == "" || area == prokus.National:
			continue
		case len(area) <= 2:
			sql += fmt.Sprintf(` AND left(%s, 2) = $%d`, column, n)
		case len(area) <= 5:
			sql += fmt.Sprintf(` AND left(%s, 5) = $%d`, column, n)
		default:
			sql += fmt.Sprintf(` AND %s = $%d`, column, n)
		}
		args = append(args, area)
	}
	if len(sel.Except) > 0 {
		sql += fmt.Sprintf(` AND NOT in_scope(%s, $%d)`, column, next+len(args))
		args = append(args, sel.Except)
	}
	return sql, args
}
