package roster

import (
	"errors"
	"io"
	"iter"
)

// File is what a list is read from: *os.File, *bytes.Reader and multipart.File are all one.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// Row is one line of a list. N counts as the spreadsheet does: the first line of the file is 1.
type Row struct {
	N     int
	Cells []string
}

// Table is a list that was opened: its header is known, its rows can be walked any number of times.
type Table struct {
	Header    []string
	HeaderRow int // the spreadsheet's number of the header line
}

// Read opens a CSV or XLSX list. The name only tells the two apart where the content does not.
func Read(file File, name string) (*Table, error) { return ReadSheet(file, name, "") }

// ReadSheet is Read for one sheet of a workbook that has several.
func ReadSheet(file File, name, sheet string) (*Table, error) { return nil, errors.New("roster: read") }

// Close frees what an open workbook holds.
func (t *Table) Close() error { return nil }

// Rows walks the data rows below the header, without empty ones.
func (t *Table) Rows() iter.Seq2[Row, error] { return func(func(Row, error) bool) {} }

// Sample is the first n data rows, to show beside the header.
func (t *Table) Sample(n int) ([]Row, error) { return nil, nil }
