package postgres

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/areas"
)

// LoadReference brings the areas, holidays, pauses and rules that ship with the program into the database. It is idempotent, safe
// from several processes at once, and costs one query when all is there.
func (db *DB) LoadReference(ctx context.Context) error {
	index, err := areas.Load()
	if err != nil {
		return err
	}
	return db.InTx(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('kabar reference', 0))`); err != nil {
			return fmt.Errorf("load areas: %w", err)
		}
		if err := tx.loadAreas(ctx, index.All()); err != nil {
			return err
		}
		if err := tx.loadCalendar(ctx); err != nil {
			return err
		}
		return tx.loadRules(ctx)
	})
}

func (tx *Tx) loadAreas(ctx context.Context, all []areas.Area) error {
	// A fingerprint on both sides: md5 is a checksum here, no secret hangs on it.
	have := ""
	err := tx.QueryRow(ctx, `SELECT coalesce(md5(string_agg(code || '|' || name || '|' || zone, E'\n' ORDER BY code COLLATE "C")), '') FROM area`).Scan(&have)
	if err != nil {
		return fmt.Errorf("load areas: %w", err)
	}
	sum := md5.New()
	for i, a := range all {
		if i > 0 {
			sum.Write([]byte("\n"))
		}
		sum.Write([]byte(a.Code + "|" + a.Name + "|" + a.Zone))
	}
	if have == hex.EncodeToString(sum.Sum(nil)) {
		return nil
	}
	if _, err := tx.Exec(ctx, `CREATE TEMP TABLE area_new (LIKE area) ON COMMIT DROP`); err != nil {
		return fmt.Errorf("load areas: %w", err)
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"area_new"}, []string{"code", "parent", "level", "name", "zone"},
		pgx.CopyFromSlice(len(all), func(i int) ([]any, error) {
			a := all[i]
			var parent *string
			if a.Parent != "" {
				parent = &a.Parent
			}
			return []any{a.Code, parent, int16(a.Level), a.Name, a.Zone}, nil
		}))
	if err != nil {
		return fmt.Errorf("load areas: %w", err)
	}
	// Areas that a newer list dropped stay: people may live in them.
	if _, err := tx.Exec(ctx, `
		INSERT INTO area (code, parent, level, name, zone)
		SELECT code, parent, level, name, zone FROM area_new ORDER BY level
		ON CONFLICT (code) DO UPDATE SET name = excluded.name, zone = excluded.zone
		WHERE (area.name, area.zone) IS DISTINCT FROM (excluded.name, excluded.zone)`); err != nil {
		return fmt.Errorf("load areas: %w", err)
	}
	return nil
}

// loadCalendar adds the national holidays, pauses and Ramadans of years that have none yet: what an office changed since stays.
func (tx *Tx) loadCalendar(ctx context.Context) error {
	days, err := areas.Holidays()
	if err != nil {
		return err
	}
	breaks, err := areas.Pauses()
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	for _, year := range years(days) {
		b.Queue(`
			INSERT INTO holiday (day, name)
			SELECT day, name FROM unnest($2::date[], $3::text[]) AS n (day, name)
			WHERE NOT EXISTS (SELECT FROM holiday WHERE area_code = 'ID' AND extract(year FROM day) = $1)`, year.year, year.days, year.names)
	}
	for _, p := range breaks {
		b.Queue(`
			INSERT INTO pause (from_day, to_day, name) SELECT $1, $2, $3
			WHERE NOT EXISTS (SELECT FROM pause WHERE area_code = 'ID' AND extract(year FROM from_day) = $4)`, p.From, p.To, p.Name, p.From.Year())
	}
	fasts, err := areas.Ramadans()
	if err != nil {
		return err
	}
	for _, r := range fasts {
		b.Queue(`
			INSERT INTO ramadan (from_day, to_day, name) SELECT $1, $2, $3
			WHERE NOT EXISTS (SELECT FROM ramadan WHERE area_code = 'ID' AND from_day BETWEEN $1::date - 60 AND $1::date + 60)`, r.From, r.To, r.Name)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("load calendar: %w", err)
	}
	return nil
}

type holidayYear struct {
	year  int
	days  []time.Time
	names []string
}

func years(days []areas.Holiday) []holidayYear {
	var out []holidayYear
	for _, d := range days {
		if n := len(out); n == 0 || out[n-1].year != d.Day.Year() {
			out = append(out, holidayYear{year: d.Day.Year()})
		}
		last := &out[len(out)-1]
		last.days, last.names = append(last.days, d.Day), append(last.names, d.Name)
	}
	return out
}
