package roster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// chunk is how many rows are looked up and saved together: enough for few statements, little enough for flat memory.
const chunk = 2000

// errKeepNothing ends a transaction whose result is wanted and whose effects are not.
var errKeepNothing = errors.New("roster: nothing is kept")

// ImportPeople reads a list of beneficiaries. Valid rows are saved in one transaction, faulty ones are listed; reading the
// same list again changes nothing.
func ImportPeople(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	s, err := openSheet(t, People, o)
	if err != nil {
		return Result{}, err
	}
	if _, ok := s.columns[NIK]; ok && len(o.NIKKey) == 0 {
		return Result{}, errors.New("import people: no key for the NIK")
	}
	return s.run(ctx, store, func(ctx context.Context, tx Tx, res *Result) error {
		f := newPeople(s) // anew for every try of the transaction
		return s.inChunks(res, func(rows []chunkRow) error { return f.take(ctx, tx, rows, res) })
	})
}

// run is one import: a transaction under the district's lock that is undone when nothing shall be kept.
func (s *sheet) run(ctx context.Context, store Store, f func(context.Context, Tx, *Result) error) (Result, error) {
	var res Result
	err := store.Import(ctx, s.o.Area, s.o.NoWait, func(tx Tx) error {
		res = Result{Errors: []RowError{}}
		if err := f(ctx, tx, &res); err != nil {
			return err
		}
		slices.SortStableFunc(res.Errors, func(a, b RowError) int { return a.Row - b.Row })
		if s.o.DryRun || s.o.Strict && len(res.Errors) > 0 {
			return errKeepNothing
		}
		return nil
	})
	switch {
	case errors.Is(err, errKeepNothing):
		return res, nil
	case err != nil:
		return Result{}, err
	}
	res.Saved = res.New+res.Changed+res.Unchanged > 0
	return res, nil
}

// chunkRow is a row as it was read, or why it was not.
type chunkRow struct {
	Row
	err error
}

// inChunks walks the table and hands its rows on, some thousands at a time.
func (s *sheet) inChunks(res *Result, f func([]chunkRow) error) error {
	rows := make([]chunkRow, 0, chunk)
	count := 0
	for row, err := range s.Rows() {
		if err != nil && !errors.Is(err, errLineTooLong) {
			return err
		}
		if count++; s.o.MaxRows > 0 && count > s.o.MaxRows {
			return &FileError{Problem: fmt.Sprintf("Berkas ini berisi lebih dari %s baris. Bagi menjadi beberapa berkas.", grouped(s.o.MaxRows))}
		}
		if rows = append(rows, chunkRow{row, err}); len(rows) == chunk {
			if err := f(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return f(rows)
}

// take judges a chunk of rows and saves what is good.
func (f *people) take(ctx context.Context, tx Tx, rows []chunkRow, res *Result) error {
	read := make([]*personCells, len(rows))
	var keys PeopleKeys
	var phones []prokus.Phone
	for i, row := range rows {
		p := f.readPerson(row.Row, row.err)
		read[i] = p
		if len(p.Problems) > 0 {
			continue
		}
		if p.NIK != nil {
			keys.NIK = append(keys.NIK, p.NIK)
		}
		if p.Code != "" {
			keys.Codes = append(keys.Codes, p.Code)
		}
		keys.Names, keys.Areas = append(keys.Names, words(p.PersonRow.Name)), append(keys.Areas, p.Area)
		if p.Phone != "" {
			phones = append(phones, p.Phone)
		}
	}
	list, err := tx.KnownPeople(ctx, keys)
	if err != nil {
		return err
	}
	holders, err := tx.PhoneHolders(ctx, phones)
	if err != nil {
		return err
	}
	k := newKnown(list, holders)
	var keep []PersonRow
	for _, p := range read {
		row := f.judge(p, k)
		res.add(p.RowResult)
		if p.Verdict != Faulty && p.Phone != "" {
			if _, ok := f.phones[p.Phone]; !ok {
				f.phones[p.Phone] = seen{p.Row, p.PersonRow.Name}
			}
		}
		if row != nil {
			keep = append(keep, *row)
		}
	}
	if f.o.DryRun || len(keep) == 0 {
		return nil
	}
	return f.save(ctx, tx, keep)
}

func (f *people) save(ctx context.Context, tx Tx, keep []PersonRow) error {
	if err := giveCodes(ctx, tx, keep); err != nil {
		return err
	}
	ids, err := tx.SavePeople(ctx, f.o.Now, f.o.By, keep)
	if err != nil {
		return err
	}
	return f.tell(ctx, tx, keep, ids)
}
