package roster_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/roster"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

func rowsOf(t testing.TB, content []byte, name string) (header []string, rows []roster.Row) {
	t.Helper()
	tab, err := roster.Read(bytes.NewReader(content), name)
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	for row, err := range tab.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return tab.Header, rows
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The same small list in every dress that offices send it in.
func TestEveryDressOfAList(t *testing.T) {
	const plain = "Nama;No HP;Kecamatan\nJosé Siti;081234567417;Maja\nAni;0812-3456;Maja\n"
	replace := func(old, new string) []byte { return []byte(strings.ReplaceAll(plain, old, new)) }
	utf16 := func(e unicode.Endianness, b unicode.BOMPolicy) []byte {
		return must(unicode.UTF16(e, b).NewEncoder().Bytes([]byte(plain)))
	}
	for name, c := range map[string]struct {
		content []byte
		first   int // the spreadsheet's number of the first data row
	}{
		"plain":               {[]byte(plain), 2},
		"byte order mark":     {[]byte("\xEF\xBB\xBF" + plain), 2},
		"comma":               {replace(";", ","), 2},
		"tab":                 {replace(";", "\t"), 2},
		"pipe":                {replace(";", "|"), 2},
		"CRLF":                {replace("\n", "\r\n"), 2},
		"lone CR":             {replace("\n", "\r"), 2},
		"Windows-1252":        {must(charmap.Windows1252.NewEncoder().Bytes([]byte(plain))), 2},
		"UTF-16 little":       {utf16(unicode.LittleEndian, unicode.UseBOM), 2},
		"UTF-16 big":          {utf16(unicode.BigEndian, unicode.UseBOM), 2},
		"UTF-16 without mark": {utf16(unicode.LittleEndian, unicode.IgnoreBOM), 2},
		"title above":         {[]byte("Daftar KPM Kabupaten Majalengka;;\n;;\n" + plain), 4},
		"empty rows after":    {[]byte(plain + ";;\n\n;;\n"), 2},
		"no last line end":    {[]byte(strings.TrimSuffix(plain, "\n")), 2},
		"quotes":              {replace("José Siti", `"José Siti"`), 2},
		"separator line":      {[]byte("sep=;\n" + plain), 3},
		"nulls":               {replace("Ani", "A\x00ni"), 2},
	} {
		header, rows := rowsOf(t, c.content, name)
		if fmt.Sprint(header) != "[Nama No HP Kecamatan]" {
			t.Errorf("%s: header %q", name, header)
		}
		want := []roster.Row{{N: c.first, Cells: []string{"José Siti", "081234567417", "Maja"}}, {N: c.first + 1, Cells: []string{"Ani", "0812-3456", "Maja"}}}
		if fmt.Sprint(rows) != fmt.Sprint(want) {
			t.Errorf("%s: rows %v, want %v", name, rows, want)
		}
	}
}

// A foreign letter that comes late decides as well as an early one.
func TestALateForeignLetter(t *testing.T) {
	var b strings.Builder
	b.WriteString("Nama;Kecamatan\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "Orang %d;Maja\n", i)
	}
	b.WriteString("Élis;Maja\n")
	for name, content := range map[string][]byte{"UTF-8": []byte(b.String()), "Windows-1252": must(charmap.Windows1252.NewEncoder().Bytes([]byte(b.String())))} {
		if _, rows := rowsOf(t, content, name); rows[3000].Cells[0] != "Élis" {
			t.Errorf("%s: %q", name, rows[3000].Cells[0])
		}
	}
}

func TestQuotedCells(t *testing.T) {
	_, rows := rowsOf(t, []byte("Nama;Desa;Kecamatan\n\"Siti \"\"Iti\"\"; Aminah\";\"dua\nbaris\";Maja\nAni;x;Maja\n"), "q.csv")
	if len(rows) != 2 || rows[0].Cells[0] != `Siti "Iti"; Aminah` || rows[0].Cells[1] != "dua baris" || rows[1].N != 3 {
		t.Errorf("%v", rows)
	}
	// A quote that is never closed costs its own line, not the rest of the file.
	content := "Nama;Kecamatan\n\"Siti;Maja\n" + strings.Repeat("Ani;Maja\n", 60_000)
	tab, err := roster.Read(strings.NewReader(content), "open.csv")
	if err != nil {
		t.Fatal(err)
	}
	good, bad := 0, 0
	for _, err := range tab.Rows() {
		if err != nil {
			bad++
		} else {
			good++
		}
	}
	if bad != 1 || good < 20_000 {
		t.Errorf("%d good rows, %d bad", good, bad)
	}
}

func workbook(t testing.TB, build func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	build(f)
	var b bytes.Buffer
	if err := errors.Join(f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(f *excelize.File, sheet string, cells map[string]any) {
	for at, v := range cells {
		must(0, f.SetCellValue(sheet, at, v))
	}
}

func TestWorkbook(t *testing.T) {
	content := workbook(t, func(f *excelize.File) {
		set(f, "Sheet1", map[string]any{"A1": "Daftar KPM", "A3": "Nama", "B3": "No. HP", "C3": "Kecamatan", "D3": "NIK",
			"A4": "Siti", "B4": 81234567417, "C4": "Maja", "D4": "3210134506680001",
			"A6": "Ani", "B6": "0812", "C6": "Maja", "D6": 3210134708850002.0})
		must(0, f.MergeCell("Sheet1", "A1", "D1"))
		must(0, f.SetColVisible("Sheet1", "C", false)) // hidden columns are read like others
		must(0, f.SetCellFormula("Sheet1", "A7", `=HYPERLINK("http://x","klik")`))
		must(f.NewSheet("Sheet2")) // an empty sheet asks nothing
	})
	header, rows := rowsOf(t, content, "a.xlsx")
	if fmt.Sprint(header) != "[Nama No. HP Kecamatan NIK]" || len(rows) < 2 || rows[0].N != 4 || rows[1].N != 6 {
		t.Fatalf("header %q, rows %+v", header, rows)
	}
	if fmt.Sprint(rows[0].Cells) != "[Siti 81234567417 Maja 3210134506680001]" || rows[1].Cells[0] != "Ani" {
		t.Errorf("rows %v", rows)
	}
	for _, r := range rows {
		if strings.Contains(fmt.Sprint(r.Cells), "HYPERLINK") {
			t.Errorf("a formula was read: %q", r.Cells)
		}
	}
}

func fileError(t *testing.T, content []byte) *roster.FileError {
	t.Helper()
	tab, err := roster.Read(bytes.NewReader(content), "x")
	var fe *roster.FileError
	if !errors.As(err, &fe) {
		t.Fatalf("got %v, %v; want a sentence", tab, err)
	}
	return fe
}

func TestSeveralSheetsMustBeChosen(t *testing.T) {
	content := workbook(t, func(f *excelize.File) {
		set(f, "Sheet1", map[string]any{"A1": "Nama", "B1": "Kecamatan", "A2": "Siti", "B2": "Maja"})
		must(f.NewSheet("Lama"))
		set(f, "Lama", map[string]any{"A1": "Nama", "B1": "Kecamatan", "A2": "Ani", "B2": "Maja"})
	})
	fe := fileError(t, content)
	if fe.Problem != "Berkas ini punya 2 lembar: Sheet1, Lama. Pilih satu." || fmt.Sprint(fe.Sheets) != "[Sheet1 Lama]" {
		t.Errorf("%q %q", fe.Problem, fe.Sheets)
	}
	tab, err := roster.ReadSheet(bytes.NewReader(content), "x", "lama")
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	if rows := must(tab.Sample(5)); len(rows) != 1 || rows[0].Cells[0] != "Ani" {
		t.Errorf("%v", rows)
	}
}

// bomb is a workbook whose sheet unpacks to a few hundred megabytes of nothing.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	in := must(zip.NewReader(bytes.NewReader(workbook(t, func(*excelize.File) {})), int64(len(workbook(t, func(*excelize.File) {})))))
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		part := must(w.Create(f.Name))
		if f.Name != "xl/worksheets/sheet1.xml" {
			r := must(f.Open())
			var b bytes.Buffer
			must(b.ReadFrom(r))
			must(part.Write(b.Bytes()))
			continue
		}
		zeros := bytes.Repeat([]byte(" "), 1<<20)
		for range 300 {
			must(part.Write(zeros))
		}
	}
	must(0, w.Close())
	return out.Bytes()
}

func TestWhatIsNoListIsRefusedWithASentence(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"empty":     {nil, "kosong"},
		"blank":     {[]byte("\n \n"), "kosong"},
		"old Excel": {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..."), "bukan daftar"},
		"PDF":       {[]byte("%PDF-1.7"), "bukan daftar"},
		"web page":  {[]byte("<!DOCTYPE html><html>"), "bukan daftar"},
		"not a zip": {[]byte("PK\x03\x04 nothing else"), "rusak"},
		"bomb":      {bomb(t), "mengembang"},
	} {
		if fe := fileError(t, c.content); !strings.Contains(fe.Problem, c.says) {
			t.Errorf("%s: %q", name, fe.Problem)
		}
	}
}

func TestHeadersAreMatchedByTheirSynonyms(t *testing.T) {
	m := roster.Guess(roster.People, []string{"No.", "Nama KPM", "HP/WA", "Kab/Kota", "KECAMATAN", "Desa/Kelurahan", "Nomor Telepon", "N I K (16 angka)", "Th. Lahir"})
	want := roster.Mapping{roster.Name: 1, roster.Phone: 2, roster.Kabupaten: 3, roster.Kecamatan: 4, roster.Village: 5, roster.NIK: 7, roster.BirthYear: 8}
	if fmt.Sprint(m) != fmt.Sprint(want) {
		t.Errorf("%v\nwant %v", m, want)
	}
	if m := roster.Guess(roster.Staff, []string{"Peran", "Nama", "Lembaga Inkubasi"}); m[roster.Agency] != 2 {
		t.Errorf("staff: %v", m)
	}
}

// What is written as a cell is read as that cell, in every dress.
func TestReadingGivesBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]string{";", ",", "\t"}).Draw(t, "comma")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "end")
		cell := rapid.StringMatching(`[A-Za-z0-9é";,'=+@ -]{0,12}`)
		var want [][]string
		var b strings.Builder
		b.WriteString("Nama" + comma + "Desa" + comma + "Kecamatan" + end)
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			row := []string{cell.Draw(t, "a"), cell.Draw(t, "b"), "Maja"}
			want = append(want, row)
			for i, c := range row {
				if i > 0 {
					b.WriteString(comma)
				}
				b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
			}
			b.WriteString(end)
		}
		tab, err := roster.Read(strings.NewReader(b.String()), "p.csv")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for row, err := range tab.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprintf("%q", row.Cells) != fmt.Sprintf("%q", want[n]) || row.N != n+2 {
				t.Fatalf("row %d: %q, want %q", row.N, row.Cells, want[n])
			}
			n++
		}
		if n != len(want) {
			t.Fatalf("%d rows, want %d", n, len(want))
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Nama;Kecamatan\nSiti;Maja\n"))
	f.Add([]byte("\xFF\xFEN\x00a\x00m\x00a\x00"))
	f.Add([]byte("Nama,\"Kec\namatan\r\n\"\"\",;\x00"))
	f.Add(workbook(f, func(x *excelize.File) {
		set(x, "Sheet1", map[string]any{"A1": "Nama", "B1": "Kecamatan", "A2": "Siti"})
	}))
	f.Fuzz(func(t *testing.T, content []byte) {
		tab, err := roster.Read(bytes.NewReader(content), "fuzz")
		if err != nil {
			return
		}
		defer tab.Close()
		last := tab.HeaderRow
		for row, err := range tab.Rows() {
			if err != nil {
				continue
			}
			if row.N <= last || len(row.Cells) == 0 || len(row.Cells) > 256 {
				t.Fatalf("row %d of %d cells after %d", row.N, len(row.Cells), last)
			}
			for _, c := range row.Cells {
				if strings.ContainsAny(c, "\x00\n\r") || strings.ToValidUTF8(c, "") != c {
					t.Fatalf("cell %q", c)
				}
			}
			last = row.N
		}
	})
}
