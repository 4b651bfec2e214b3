package postgres

import (
	"context"
	"fmt"
	"time"
)

// StartClock starts a demo's clock at a moment, once; started is false when it runs already.
func (db *DB) StartClock(ctx context.Context, at time.Time) (started bool, err error) {
	const insert = `
		INSERT INTO clock (offset_seconds) VALUES (extract(epoch FROM $1::timestamptz - clock_timestamp()))
		ON CONFLICT (only_row) DO NOTHING`
	tag, err := db.pool.Exec(ctx, insert, at)
	if err != nil {
		return false, fmt.Errorf("start clock: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
