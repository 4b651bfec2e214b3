package postgres

import (
	"context"

	"github.com/kabar-prokus/kabar/internal/roster"
)

var _ roster.Store = (*DB)(nil)

// Import runs f in a transaction that holds the lock of a district.
func (db *DB) Import(ctx context.Context, area string, noWait bool, f func(roster.Tx) error) error {
	return db.InTx(ctx, func(tx *Tx) error { return f(tx) })
}
