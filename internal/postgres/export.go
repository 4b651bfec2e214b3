package postgres

import (
	"context"

	"github.com/kabar-prokus/kabar/internal/roster"
)

var _ roster.ExportStore = (*DB)(nil)

// ExportRows streams the rows of a list.
func (db *DB) ExportRows(ctx context.Context, what string, o roster.ExportOptions, row func([]any) error) error {
	return nil
}
