package roster

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// ExportOptions are which rows leave and as what.
type ExportOptions struct {
	Area     string    // "" or "ID": the whole country
	From, To time.Time // days, To included; zero: open
	Now      time.Time // cases: when they are ranked; zero: as they were opened
	XLSX     bool      // else CSV with ";" and a byte order mark, as Excel writes it here
}

// Exports are the lists that can be written.
func Exports() []string { return []string{"people", "reports", "messages", "cases"} }

// exportHeaders are the columns of each list. People's can be imported again. Numbers of phones are written 08..., which no
// spreadsheet takes for a formula; confidential cases and what people wrote never leave this way.
var exportHeaders = map[string][]string{
	"people": {string(Code), string(Name), string(Salutation), string(Phone), string(Kabupaten), string(Kecamatan), string(Village), string(RT), string(Business),
		string(Cluster), string(Language), string(Batch), string(Incubator), string(BirthYear), string(Disability), "Akhiran NIK", "Status", string(Agreed), "Tahap", "Terakhir terlihat", "Nilai", "Kelas", "Arah jualan"},
	"reports":  {string(Code), string(Name), string(Kabupaten), string(Kecamatan), "Minggu", "Senin", "Jumlah", "Dari", "Sampai", "Alasan", "Sumber", "Kanal", "Terlambat", "Diterima"},
	"messages": {"Waktu", "Arah", "Jenis", "Kanal", string(Code), string(Kabupaten), string(Kecamatan), "Teks", "SMS", "Biaya", "Keadaan"},
	"cases":    {"Tiket", "Tahun", string(Kabupaten), string(Kecamatan), string(Code), string(Name), "Perkara", "Keadaan", "Prioritas", "Petugas", "Dibuka", "Batas", "Ditangani", "Diteruskan", "Ditutup", "Hasil"},
}

// Export streams a list. Every cell is safe to open in a spreadsheet (ASVS 1.2.10). n is the number of rows.
func Export(ctx context.Context, store ExportStore, what string, o ExportOptions, w io.Writer) (n int, err error) {
	header, ok := exportHeaders[what]
	if !ok {
		return 0, fmt.Errorf("export: no list %q, only %s", what, strings.Join(Exports(), ", "))
	}
	out, err := newSheetWriter(w, o.XLSX)
	if err != nil {
		return 0, err
	}
	first := make([]any, len(header))
	for i, h := range header {
		first[i] = h
	}
	if err := out.row(first); err != nil {
		return 0, err
	}
	err = store.ExportRows(ctx, what, o, func(cells []any) error {
		n++
		return out.row(cells)
	})
	if err != nil {
		return n, fmt.Errorf("export %s: %w", what, err)
	}
	if err := out.end(); err != nil {
		return n, fmt.Errorf("export %s: %w", what, err)
	}
	return n, nil
}

// sheetWriter writes rows of text, whole numbers and moments.
type sheetWriter interface {
	row(cells []any) error
	end() error
}

func newSheetWriter(w io.Writer, xlsx bool) (sheetWriter, error) {
	if !xlsx {
		out := &csvWriter{w: bufio.NewWriterSize(w, 64<<10)}
		_, err := out.w.Write(bomUTF8)
		return out, err
	}
	book := excelize.NewFile()
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return &xlsxWriter{w: w, book: book, stream: stream}, nil
}

type csvWriter struct{ w *bufio.Writer }

func (c *csvWriter) row(cells []any) error {
	for i, cell := range cells {
		if i > 0 {
			c.w.WriteByte(';')
		}
		s := Harmless(cellText(cell))
		if strings.ContainsAny(s, ";\"\n\r") || s != strings.TrimSpace(s) {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		c.w.WriteString(s)
	}
	_, err := c.w.WriteString("\r\n") // a bufio.Writer keeps its first error
	return err
}

func (c *csvWriter) end() error { return c.w.Flush() }

type xlsxWriter struct {
	w      io.Writer
	book   *excelize.File
	stream *excelize.StreamWriter
	n      int
}

func (x *xlsxWriter) row(cells []any) error {
	x.n++
	if x.n > excelize.TotalRows {
		return fmt.Errorf("more than %d rows do not fit into XLSX, use CSV", excelize.TotalRows)
	}
	out := make([]any, len(cells))
	for i, cell := range cells {
		switch v := cell.(type) {
		case int64:
			out[i] = v
		default:
			out[i] = Harmless(cellText(cell))
		}
	}
	return x.stream.SetRow("A"+strconv.Itoa(x.n), out)
}

func (x *xlsxWriter) end() error {
	if err := x.stream.Flush(); err != nil {
		return err
	}
	if err := x.book.Write(x.w); err != nil {
		return err
	}
	return x.book.Close()
}

func cellText(cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		return clean(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return yesNo(v)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		if v.Location() == time.UTC {
			return v.Format(time.DateOnly) // dates of the database
		}
		return v.Format("2006-01-02 15:04")
	}
	return fmt.Sprint(cell)
}

// Harmless keeps a spreadsheet from taking a text for a formula: what begins like one gets an apostrophe, which reading
// takes off again. Negative numbers are numbers.
func Harmless(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '@', '\t', '\r', '-':
		if s[0] == '-' && len(s) > 1 && onlyDigits(s[1:]) == s[1:] {
			return s
		}
		return "'" + s
	}
	if strings.HasPrefix(s, "＝") || strings.HasPrefix(s, "＋") || strings.HasPrefix(s, "－") || strings.HasPrefix(s, "＠") {
		return "'" + s // full-width forms, which some spreadsheets read alike
	}
	return s
}
