package roster

import (
	"context"
)

// Store is what imports need of the database.
type Store interface {
	// Import runs f in one transaction that holds the district's lock; an error of f undoes everything.
	Import(ctx context.Context, area string, noWait bool, f func(Tx) error) error
}

// Tx is one import's transaction.
type Tx interface{}

// ExportStore is what exports need of the database: the rows of a list, in order, one at a time.
type ExportStore interface {
	ExportRows(ctx context.Context, what string, o ExportOptions, row func([]any) error) error
}
