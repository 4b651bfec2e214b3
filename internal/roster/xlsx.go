package roster

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits of a workbook, against files that unpack to much more than they seem (faults.md I7).
const (
	maxUnpacked  = 1 << 30  // bytes of all parts
	easyUnpacked = 32 << 20 // below this any ratio is harmless
	maxRatio     = 100      // unpacked to packed; real lists reach about 30
	maxParts     = 2000
	inMemory     = 16 << 20 // larger parts go to a temporary file
)

var errTooBig = &FileError{Problem: "Berkas ini mengembang terlalu besar saat dibuka. Simpan lembar daftarnya saja sebagai berkas baru."}

func readWorkbook(file io.ReaderAt, size int64, sheet string) (*Table, error) {
	if err := boundedZip(file, size); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(io.NewSectionReader(file, 0, size),
		excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: inMemory})
	if err != nil {
		return nil, damaged(err)
	}
	sheet, err = chooseSheet(book, sheet)
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	t, err := newTable(func() (source, error) {
		rows, err := book.Rows(sheet)
		if err != nil {
			return nil, damaged(err)
		}
		return &sheetSource{rows}, nil
	}, book.Close)
	if err != nil {
		return nil, errors.Join(err, book.Close())
	}
	return t, nil
}

func damaged(err error) error {
	return &FileError{Problem: "Berkas Excel ini rusak atau terkunci. Buka di Excel, lalu simpan ulang tanpa kata sandi.", cause: err}
}

// boundedZip refuses bombs by what the archive says of itself; while unpacking, archive/zip holds it to its word.
func boundedZip(file io.ReaderAt, size int64) error {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return damaged(err)
	}
	if len(z.File) > maxParts {
		return errTooBig
	}
	var total uint64
	for _, f := range z.File {
		if total += f.UncompressedSize64; f.UncompressedSize64 > maxUnpacked || total > maxUnpacked {
			return errTooBig
		}
	}
	if total > easyUnpacked && total > maxRatio*uint64(size) {
		return errTooBig
	}
	return nil
}

// chooseSheet finds the one sheet that holds something. With several the person must say which.
func chooseSheet(book *excelize.File, want string) (string, error) {
	var filled []string
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		if strings.EqualFold(name, want) {
			return name, nil
		}
		has, err := holdsRows(book, name)
		if err != nil {
			return "", damaged(err)
		}
		if has {
			filled = append(filled, name)
		}
	}
	switch {
	case want != "":
		return "", &FileError{Problem: fmt.Sprintf("Lembar '%s' tidak ada di berkas ini.", want), Sheets: filled}
	case len(filled) == 0:
		return "", &FileError{Problem: "Berkas ini kosong."}
	case len(filled) > 1:
		return "", &FileError{Problem: fmt.Sprintf("Berkas ini punya %d lembar: %s. Pilih satu.", len(filled), strings.Join(filled, ", ")), Sheets: filled}
	}
	return filled[0], nil
}

func holdsRows(book *excelize.File, sheet string) (bool, error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return false, err
	}
	src := &sheetSource{rows}
	first, err := firstLines(src)
	return widest(first) >= 0, errors.Join(err, src.stop())
}

type sheetSource struct{ rows *excelize.Rows }

func (s *sheetSource) next() ([]string, error) {
	if !s.rows.Next() {
		if err := s.rows.Error(); err != nil {
			return nil, damaged(err)
		}
		return nil, io.EOF
	}
	cells, err := s.rows.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, damaged(err)
	}
	if len(cells) > maxColumns {
		cells = cells[:maxColumns]
	}
	for i, c := range cells {
		cells[i] = clean(c)
	}
	return cells, nil
}

func (s *sheetSource) stop() error { return s.rows.Close() }
