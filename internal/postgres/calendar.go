package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// dayTables are where dated rows of a kind are kept.
var dayTables = map[string]string{console.Holiday: "holiday", console.Pause: "pause", console.Fast: "ramadan"}

// Days are the dated rows of the areas of a scope and of those above, from a date on.
func (c *Console) Days(ctx context.Context, s console.Scope, from time.Time) (out []console.CalendarDay, err error) {
	err = c.read(ctx, "calendar", func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT d.what, d.from_day, d.to_day, d.name, d.area_code, coalesce(a.name, 'nasional'), in_scope(d.area_code, $1)
			FROM (
				SELECT 'libur' AS what, day AS from_day, day AS to_day, name, area_code FROM holiday
				UNION ALL SELECT 'jeda', from_day, to_day, name, area_code FROM pause
				UNION ALL SELECT 'ramadan', from_day, to_day, name, area_code FROM ramadan
			) d LEFT JOIN area a ON a.code = d.area_code
			WHERE d.to_day >= $2 AND (in_scope(d.area_code, $1) OR d.area_code = 'ID' OR EXISTS (SELECT 1 FROM unnest($1) x WHERE in_scope(x, ARRAY[d.area_code])))
			ORDER BY d.from_day, d.what, d.area_code LIMIT 500`, s.Areas, from)
		if err != nil {
			return err
		}
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[console.CalendarDay])
		return err
	})
	return out, err
}

// DayEffect says what a row would move; nothing is kept.
func (c *Console) DayEffect(ctx context.Context, s console.Scope, d console.CalendarDay, gone bool, now time.Time) (e console.DayEffect, err error) {
	err = c.change(ctx, "calendar", func(tx *Tx) error {
		if e, err = saveDay(ctx, tx, s, d, gone, now); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return e, nil
	}
	return e, err
}

// SaveDay adds a row, or takes one that lies ahead away, and moves the dates of open cases with it (R16).
func (c *Console) SaveDay(ctx context.Context, s console.Scope, by int64, d console.CalendarDay, gone bool, now time.Time) (e console.DayEffect, err error) {
	err = c.change(ctx, "calendar", func(tx *Tx) error {
		if e, err = saveDay(ctx, tx, s, d, gone, now); err != nil {
			return err
		}
		what := "kalender"
		if gone {
			what = "kalender hapus"
		}
		return audit(ctx, tx, by, what, d.Area+" "+d.What+" "+d.From.Format(time.DateOnly), now)
	})
	return e, err
}

func saveDay(ctx context.Context, tx *Tx, s console.Scope, d console.CalendarDay, gone bool, now time.Time) (e console.DayEffect, err error) {
	areas, err := ruleAreas(ctx, tx, s)
	if err != nil {
		return e, err
	}
	table, ok := dayTables[d.What]
	if !ok || !slices.ContainsFunc(areas, func(a console.Area) bool { return a.Code == d.Area }) {
		return e, pgx.ErrNoRows
	}
	if err := writeDay(ctx, tx, table, d, gone); err != nil {
		return e, err
	}
	if d.What != console.Holiday {
		return e, tx.QueryRow(ctx, `SELECT count(*) FROM person p WHERE p.status = 'aktif' AND p.consent = 'ya' AND in_scope(p.area_code, ARRAY[$1])`, d.Area).Scan(&e.People)
	}
	err = tx.QueryRow(ctx, `
		SELECT count(DISTINCT s.id) FROM staff s JOIN staff_area x ON x.staff_id = s.id
		WHERE s.role = 'tksk' AND s.active AND in_scope(x.area_code, ARRAY[$1]) AND extract(isodow FROM $2::date) < 6`, d.Area, d.From).Scan(&e.Digests)
	if err != nil {
		return e, err
	}
	return e, moveDates(ctx, tx, d, gone, now, &e)
}

func writeDay(ctx context.Context, tx *Tx, table string, d console.CalendarDay, gone bool) error {
	first, cols, vals := "from_day", "from_day, area_code, name, to_day", "$1, $2, $3, $4"
	args := []any{d.From, d.Area, d.Name, d.To}
	if table == "holiday" {
		first, cols, vals, args = "day", "day, area_code, name", "$1, $2, $3", args[:3]
	}
	if gone {
		tag, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE `+first+` = $1 AND area_code = $2`, d.From, d.Area)
		if err == nil && tag.RowsAffected() == 0 {
			return pgx.ErrNoRows
		}
		return err
	}
	tag, err := tx.Exec(ctx, `INSERT INTO `+table+` (`+cols+`) VALUES (`+vals+`) ON CONFLICT DO NOTHING`, args...)
	if err == nil && tag.RowsAffected() == 0 {
		return console.ErrKnown
	}
	return err
}

// movedAtOnce is how many cases a holiday moves in one statement.
const movedAtOnce = 1000

// moveDates moves what was counted in working days over a new holiday: a date on or after it becomes the next working day, at
// the same hour, and goes back when the holiday is taken away. A day that was none before moves nothing.
func moveDates(ctx context.Context, tx *Tx, d console.CalendarDay, gone bool, now time.Time, e *console.DayEffect) error {
	if wd := d.From.Weekday(); wd == time.Saturday || wd == time.Sunday {
		return nil
	}
	for after := int64(0); ; {
		rows, err := tx.Query(ctx, `
			SELECT c.id, c.area_code, a.zone, c.due_at, c.remind_at, c.escalate_at FROM cases c JOIN area a ON a.code = c.area_code
			WHERE c.id > $1 AND c.status <> 'selesai' AND in_scope(c.area_code, ARRAY[$2]) AND (c.opened_at AT TIME ZONE a.zone)::date < $3
				AND (greatest(c.due_at, c.remind_at, c.escalate_at) AT TIME ZONE a.zone)::date >= $3
				AND c.reason <> 'HAPUS_DATA' -- the law's 72 hours do not move
				AND NOT EXISTS (SELECT 1 FROM holiday h WHERE h.day = $3 AND h.area_code <> $2 AND h.area_code IN ('ID', left(c.area_code, 2), left(c.area_code, 5), c.area_code))
			ORDER BY c.id LIMIT $4 FOR UPDATE OF c`, after, d.Area, d.From, movedAtOnce)
		if err != nil {
			return err
		}
		type dated struct {
			id               int64
			area, zone       string
			due              time.Time
			remind, escalate *time.Time
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x dated, err error) {
			return x, row.Scan(&x.id, &x.area, &x.zone, &x.due, &x.remind, &x.escalate)
		})
		if err != nil {
			return fmt.Errorf("dates of cases: %w", err)
		}
		people := map[int64]casePerson{}
		for i, x := range found {
			people[int64(i)] = casePerson{area: x.area}
		}
		calendars, err := calendarsOf(ctx, tx, people, d.From)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		for _, x := range found {
			after = x.id
			loc := prokus.Zone(x.zone)
			move := func(t *time.Time) bool {
				if t == nil || prokus.Day(t.In(loc)).Before(d.From) || t.Before(now) || gone && prokus.Day(t.In(loc)).Equal(d.From) {
					return false
				}
				if e.First.IsZero() || t.Before(e.First) {
					e.First = *t
				}
				*t = shift(t.In(loc), d.From, calendars[x.area], gone)
				return true
			}
			promised := move(&x.due)
			if r, s := move(x.remind), move(x.escalate); !promised && !r && !s {
				continue
			}
			e.Cases++
			if promised {
				e.Promised++
			}
			b.Queue(`UPDATE cases SET due_at = $2, remind_at = $3, escalate_at = $4 WHERE id = $1`, x.id, x.due, x.remind, x.escalate)
			b.Queue(`INSERT INTO case_event (case_id, at, what, note) VALUES ($1, $2, 'moved', $3)`, x.id, now, d.Name)
		}
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return fmt.Errorf("dates of cases: %w", err)
		}
		if len(found) < movedAtOnce {
			return nil
		}
	}
}

// shift is the next working day at the same hour, or the one before when the holiday is gone.
func shift(t, holiday time.Time, cal prokus.Calendar, back bool) time.Time {
	step := 1
	if back {
		step = -1
	}
	for t = t.AddDate(0, 0, step); !cal.Working(t); t = t.AddDate(0, 0, step) {
		if back && !prokus.Day(t).After(holiday) {
			return t
		}
	}
	return t
}
