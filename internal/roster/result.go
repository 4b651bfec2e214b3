package roster

import (
	"errors"
	"time"
)

// Verdict is what becomes of one row.
type Verdict string

// Verdicts, as the console names its tabs.
const (
	New       Verdict = "baru"
	Changed   Verdict = "berubah"
	Unchanged Verdict = "tidak berubah"
	Faulty    Verdict = "salah"
)

// Options are how a list is imported.
type Options struct {
	Area    string    // the importer's area: "" or "ID" for the country, a province, a kabupaten or a kecamatan
	Invite  bool      // send new people the invitation (J1-SMS-01)
	DryRun  bool      // judge everything, save nothing
	Strict  bool      // save nothing if any row is faulty
	NoWait  bool      // ErrBusy instead of waiting for another import of the same district
	Now     time.Time // the programme's clock
	NIKKey  []byte    // key of the HMAC under which a NIK is kept
	By      int64     // the member of staff who imports; 0 for the command line
	MaxRows int       // more data rows than this are refused with a sentence; 0: any number
	Mapping Mapping   // which column is which field; nil: guessed from the headers
}

// Result is what an import did, or would do when dry. Its JSON is the contract of `kabar import --json`.
type Result struct {
	New       int         `json:"new"`
	Changed   int         `json:"changed"`
	Unchanged int         `json:"unchanged"`
	Errors    []RowError  `json:"errors"`
	Rows      []RowResult `json:"-"` // data rows in the file's order: all of a list of the console's size, of a longer one those with something to say
	seen      int
	Saved     bool `json:"-"` // false when dry, when strict and faulty, or when nothing was left to save
}

// RowError is a fault of one row. Row counts as the spreadsheet does: the first line of the file is 1.
type RowError struct {
	Row     int    `json:"row"`
	Field   string `json:"field"`
	Problem string `json:"problem"`
}

// RowResult is the verdict on one row and all there is to say about it.
type RowResult struct {
	Row      int
	Name     string // whom or what the row is about, tidied
	Verdict  Verdict
	Problems []RowError // set when Faulty
	Warnings []string
	Fixes    []string // what was repaired
	Changes  []Change // old and new values when Changed
	Suggest  *Change  // a value that would mend a field, when there is one near ("Maja" for "Majaa")
}

// Change is one value that differs from what is kept, in words.
type Change struct{ Field, Old, New string }

// Faulty counts the rows that were not taken; a row may have several errors.
func (r Result) Faulty() int {
	n, last := 0, 0
	for _, e := range r.Errors {
		if e.Row != last {
			n, last = n+1, e.Row
		}
	}
	return n
}

// add counts a verdict.
func (r *Result) add(row RowResult) {
	switch row.Verdict {
	case New:
		r.New++
	case Changed:
		r.Changed++
	case Unchanged:
		r.Unchanged++
	case Faulty:
		r.Errors = append(r.Errors, row.Problems...)
	}
	if r.seen++; r.seen <= everyRow || len(row.Problems)+len(row.Warnings)+len(row.Fixes)+len(row.Changes) > 0 {
		r.Rows = append(r.Rows, row)
	}
}

// everyRow is the longest list of which every row is kept; the console takes no longer ones.
const everyRow = 25_000

// ErrBusy says that another import of the same district is running (Options.NoWait).
var ErrBusy = errors.New("roster: another import of this district is running")

// FileError is a fault of the whole file, in a sentence for the person who chose it.
type FileError struct {
	Problem string
	Sheets  []string // set when the workbook has several sheets and one must be chosen
	Missing []string // set when required columns are missing
	cause   error
}

func (e *FileError) Error() string { return e.Problem }

func (e *FileError) Unwrap() error { return e.cause }
