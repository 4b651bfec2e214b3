package roster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
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

// Table is a list that was opened: its header is known, its rows can be walked any number of times, one at a time.
type Table struct {
	Header    []string
	HeaderRow int // the spreadsheet's number of the header line
	open      func() (source, error)
	close     func() error
}

// source gives the lines of a file from its first to its last, empty ones included. A line that cannot be read is answered
// with errLineTooLong and the next call goes on.
type source interface {
	next() ([]string, error)
	stop() error
}

// Read opens a CSV or XLSX list. The content decides which of the two it is; the name is only for messages.
// A *FileError says in a sentence what is wrong with the file.
func Read(file File, name string) (*Table, error) { return ReadSheet(file, name, "") }

// ReadSheet is Read for one sheet of a workbook that has several.
func ReadSheet(file File, name, sheet string) (*Table, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	head := make([]byte, min(size, 512))
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return nil, &FileError{Problem: "Berkas ini kosong."}
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return readWorkbook(file, size, sheet)
	case foreign(head):
		return nil, &FileError{Problem: "Berkas ini bukan daftar CSV atau XLSX. Buka di Excel, lalu simpan sebagai .xlsx atau .csv."}
	}
	return readText(file, size, name)
}

// foreign recognises what people upload by mistake: old .xls, PDF, a web page, a picture.
func foreign(head []byte) bool {
	for _, magic := range []string{"\xD0\xCF\x11\xE0", "%PDF", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "{\\rtf", "Rar!", "7z\xBC\xAF", "\x1F\x8B"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	start := strings.ToLower(strings.TrimSpace(string(head)))
	return strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<?xml")
}

func readText(file io.ReaderAt, size int64, name string) (*Table, error) {
	text, err := decoded(file, size)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	comma, best := commas[0], -1
	for _, c := range commas {
		first, err := firstLines(textSource{newLines(text(), c)})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if n := worth(first); n > best {
			comma, best = c, n
		}
	}
	return newTable(func() (source, error) { return textSource{newLines(text(), comma)}, nil }, func() error { return nil })
}

// worth says how well a separator fits: columns that we know count most, then how many cells the widest line has.
func worth(first [][]string) int {
	_, found := findHeader(first)
	widest := 0
	for _, cells := range first {
		widest = max(widest, len(cells))
	}
	return found*maxColumns + widest
}

type textSource struct{ *lines }

func (textSource) stop() error { return nil }

func newTable(open func() (source, error), close func() error) (*Table, error) {
	src, err := open()
	if err != nil {
		return nil, err
	}
	first, err := firstLines(src)
	if err = errors.Join(err, src.stop()); err != nil {
		return nil, err
	}
	row, found := findHeader(first)
	if found == 0 {
		row = widest(first) // nothing that we know: the console lets people match the columns by hand
	}
	if len(first) == 0 || row < 0 {
		return nil, &FileError{Problem: "Berkas ini tidak berisi judul kolom."}
	}
	header := trimRight(first[row])
	for i, h := range header {
		header[i] = strings.Join(strings.Fields(h), " ")
	}
	return &Table{Header: header, HeaderRow: row + 1, open: open, close: close}, nil
}

func firstLines(src source) ([][]string, error) {
	var first [][]string
	for len(first) < headerLines {
		cells, err := src.next()
		switch {
		case errors.Is(err, io.EOF):
			return first, nil
		case errors.Is(err, errLineTooLong):
			cells = nil
		case err != nil:
			return nil, err
		}
		first = append(first, cells)
	}
	return first, nil
}

// widest is the first line with the most filled cells, -1 when all are empty.
func widest(first [][]string) int {
	row, most := -1, 0
	for i, cells := range first {
		n := 0
		for _, c := range cells {
			if strings.TrimSpace(c) != "" {
				n++
			}
		}
		if n > most {
			row, most = i, n
		}
	}
	return row
}

func trimRight(cells []string) []string {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// Close frees what an open workbook holds.
func (t *Table) Close() error { return t.close() }

// Rows walks the data rows below the header, without empty ones. A row that cannot be read comes with an error and its
// number; any other error ends the walk.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		src, err := t.open()
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer src.stop()
		for n := 1; ; n++ {
			cells, err := src.next()
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil && !errors.Is(err, errLineTooLong):
				yield(Row{N: n}, err)
				return
			case n <= t.HeaderRow:
				continue
			}
			if cells = trimRight(cells); len(cells) == 0 && err == nil {
				continue
			}
			if !yield(Row{N: n, Cells: cells}, err) {
				return
			}
		}
	}
}

// Sample is the first n data rows, to show beside the header.
func (t *Table) Sample(n int) ([]Row, error) {
	var out []Row
	for row, err := range t.Rows() {
		if err != nil && !errors.Is(err, errLineTooLong) {
			return nil, err
		}
		if len(out) == n {
			break
		}
		out = append(out, row)
	}
	return out, nil
}
