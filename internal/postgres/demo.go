package postgres

import (
	"context"

	"github.com/kabar-prokus/kabar/internal/demo"
)

var _ demo.Store = (*DB)(nil)

// DemoBuilt says whether there are people already.
func (db *DB) DemoBuilt(ctx context.Context) (bool, error) {
	var any bool
	err := db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM person)`).Scan(&any)
	return any, err
}
