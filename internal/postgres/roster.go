package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/roster"
)

var _ roster.Store = (*DB)(nil)

// importTx is a transaction of one import.
type importTx struct{ *Tx }

// Import runs f in one transaction under the lock of its district. A race with another district for the same NIK is run
// again once: the second time it finds the person.
func (db *DB) Import(ctx context.Context, area string, noWait bool, f func(roster.Tx) error) error {
	try := func() error {
		return db.InTx(ctx, func(tx *Tx) error {
			// A list may be long; the console's limit on statements is not for it.
			if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
				return fmt.Errorf("import: %w", err)
			}
			if err := tx.lockDistrict(ctx, area, noWait); err != nil {
				return err
			}
			return f(importTx{tx})
		})
	}
	err := try()
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		err = try()
	}
	return err
}

// lockDistrict takes the lock of a kabupaten, or of the whole country for whoever imports into more than one: two imports
// of one district never interleave, two districts do not wait for each other.
func (tx *Tx) lockDistrict(ctx context.Context, area string, noWait bool) error {
	const country = `hashtextextended('kabar import', 0)`
	const district = `hashtextextended('kabar import ' || $1, 0)`
	kabupaten := ""
	if area != areas.Country && len(area) >= 5 {
		kabupaten = area[:5]
	}
	if !noWait {
		lock := `SELECT pg_advisory_xact_lock(` + country + `)`
		args := []any{}
		if kabupaten != "" {
			lock = `SELECT pg_advisory_xact_lock_shared(` + country + `), pg_advisory_xact_lock(` + district + `)`
			args = append(args, kabupaten)
		}
		if _, err := tx.Exec(ctx, lock, args...); err != nil {
			return fmt.Errorf("import: lock: %w", err)
		}
		return nil
	}
	try := `SELECT pg_try_advisory_xact_lock(` + country + `)`
	args := []any{}
	if kabupaten != "" {
		try = `SELECT pg_try_advisory_xact_lock_shared(` + country + `) AND pg_try_advisory_xact_lock(` + district + `)`
		args = append(args, kabupaten)
	}
	got := false
	if err := tx.QueryRow(ctx, try, args...).Scan(&got); err != nil {
		return fmt.Errorf("import: lock: %w", err)
	}
	if !got {
		return roster.ErrBusy
	}
	return nil
}
