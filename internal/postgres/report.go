package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

const reportColumns = `
	person_id, week, amount, coalesce(low, 0), coalesce(high, 0), reason, coalesce(profit, 0), source, channel, provisional, late, at`

func scanReport(row pgx.Row) (r prokus.Report, err error) {
	var week time.Time
	err = row.Scan(&r.Person, &week, &r.Amount, &r.Low, &r.High, &r.Reason, &r.Profit, &r.Source, &r.Channel, &r.Provisional, &r.Late, &r.At)
	r.Week = prokus.WeekOfDate(week)
	return r, err
}

// ReportOf is her report of a week.
func (tx *Tx) ReportOf(ctx context.Context, person int64, w prokus.Week) (prokus.Report, bool, error) {
	r, err := scanReport(tx.QueryRow(ctx, `SELECT `+reportColumns+` FROM report WHERE person_id = $1 AND week = $2`, person, w.Date()))
	if errors.Is(err, pgx.ErrNoRows) {
		return r, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("report: %w", err)
	}
	return r, true, nil
}

// PastOf is her history of n weeks before a week, newest first with its gaps, and the highest figure that she ever reported
// before it. Weeks of leave, of a programme pause that
// touches them, and after the end of her batch are exempt.
func (tx *Tx) PastOf(ctx context.Context, person int64, before prokus.Week, n int) (prokus.Past, int64, error) {
	const history = `
		SELECT w::date, r.amount IS NOT NULL, coalesce(r.amount, 0),
			exempt_week($1, (SELECT p.area_code FROM person p WHERE p.id = $1), w::date)
		FROM generate_series($2::date - 7 * $3::int, $2::date - 7, interval '7 days') w
		LEFT JOIN report r ON r.person_id = $1 AND r.week = w::date AND NOT r.disputed
		ORDER BY w DESC`
	var past prokus.Past
	rows, err := tx.Query(ctx, history, person, before.Date(), n)
	if err != nil {
		return past, 0, fmt.Errorf("history: %w", err)
	}
	past.Weeks, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (w prokus.PastWeek, err error) {
		var monday time.Time
		err = r.Scan(&monday, &w.Reported, &w.Amount, &w.Exempt)
		w.Week = prokus.WeekOfDate(monday)
		return w, err
	})
	if err != nil {
		return past, 0, fmt.Errorf("history: %w", err)
	}
	var highest int64
	const ever = `SELECT count(*), coalesce(max(amount), 0) FROM report WHERE person_id = $1 AND week < $2`
	if err := tx.QueryRow(ctx, ever, person, before.Date()).Scan(&past.Count, &highest); err != nil {
		return past, 0, fmt.Errorf("history: %w", err)
	}
	return past, highest, nil
}

// SaveReport keeps a week's figure and the change that made it.
func (tx *Tx) SaveReport(ctx context.Context, r prokus.Report, c acts.Change) error {
	const upsert = `
		INSERT INTO report (person_id, week, amount, low, high, reason, profit, source, channel, provisional, late, at, changed_at)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), nullif($5::bigint, 0), $6, nullif($7::bigint, 0), $8, $9, $10, $11, $12, $13)
		ON CONFLICT (person_id, week) DO UPDATE SET amount = excluded.amount, low = excluded.low, high = excluded.high, reason = excluded.reason,
			profit = coalesce(excluded.profit, report.profit), source = excluded.source, channel = excluded.channel,
			provisional = excluded.provisional, late = excluded.late, disputed = false, changed_at = excluded.changed_at`
	// A bracket without a lower bound is [0, high]: low stays null and high says that it is a range.
	if _, err := tx.Exec(ctx, upsert, r.Person, r.Week.Date(), r.Amount, r.Low, r.High, r.Reason, r.Profit, r.Source, r.Channel, r.Provisional, r.Late,
		r.At, c.At); err != nil {
		return fmt.Errorf("save report: %w", err)
	}
	const change = `
		INSERT INTO report_change (person_id, week, old, new, what, at, channel, by_staff, raw)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8::bigint, 0), $9)`
	if _, err := tx.Exec(ctx, change, c.Person, c.Week.Date(), c.Old, c.New, c.What, c.At, c.Channel, c.Staff, c.Raw); err != nil {
		return fmt.Errorf("save change: %w", err)
	}
	return nil
}

// LastChange is her newest change of a figure that was not taken back.
func (tx *Tx) LastChange(ctx context.Context, person int64) (acts.Change, bool, error) {
	const find = `
		SELECT id, person_id, week, old, new, what, at, channel, coalesce(by_staff, 0)
		FROM report_change WHERE person_id = $1 AND what <> 'reason' AND NOT undone ORDER BY at DESC, id DESC LIMIT 1`
	var c acts.Change
	var week time.Time
	err := tx.QueryRow(ctx, find, person).Scan(&c.ID, &c.Person, &week, &c.Old, &c.New, &c.What, &c.At, &c.Channel, &c.Staff)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("last change: %w", err)
	}
	c.Week = prokus.WeekOfDate(week)
	return c, true, nil
}

// MarkUndone says that a change was taken back.
func (tx *Tx) MarkUndone(ctx context.Context, change int64) error {
	if _, err := tx.Exec(ctx, `UPDATE report_change SET undone = true WHERE id = $1`, change); err != nil {
		return fmt.Errorf("mark undone: %w", err)
	}
	return nil
}

// Latest are her newest n reports.
func (tx *Tx) Latest(ctx context.Context, person int64, n int) ([]prokus.Report, error) {
	rows, err := tx.Query(ctx, `SELECT `+reportColumns+` FROM report WHERE person_id = $1 ORDER BY week DESC LIMIT $2`, person, n)
	if err != nil {
		return nil, fmt.Errorf("latest reports: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (prokus.Report, error) { return scanReport(r) })
	if err != nil {
		return nil, fmt.Errorf("latest reports: %w", err)
	}
	return out, nil
}

// ReportedIn counts who was to report in a week in some kecamatan, and who did.
func (tx *Tx) ReportedIn(ctx context.Context, areas []string, w prokus.Week) (reported, due int, err error) {
	const count = `
		SELECT count(r.person_id), count(*) FROM person p
		LEFT JOIN report r ON r.person_id = p.id AND r.week = $2
		WHERE p.area_code = ANY ($1) AND p.status = 'aktif' AND p.consent = 'ya'`
	if err := tx.QueryRow(ctx, count, areas, w.Date()).Scan(&reported, &due); err != nil {
		return 0, 0, fmt.Errorf("reported: %w", err)
	}
	return reported, due, nil
}
