package monthly

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gomutex/godocx"
	"github.com/gomutex/godocx/docx"
	"github.com/gomutex/godocx/wml/ctypes"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

func example() Report {
	wib := prokus.Zone("Asia/Jakarta")
	at := func(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 20, 0, 0, wib) }
	return Report{
		Month: at(1, 0), Kecamatan: "Maja", Kabupaten: "Kab. Majalengka", TKSK: "Pak Dedi Kurnia", Made: at(30, 16), People: 1240, Visits: 3, Calls: 12, Proxies: 4, Opened: 9, Closed: 7, StillOpen: 2,
		Deeds:      []Deed{{at(11, 8), "visited", `Siti <b>"Aminah"</b> & Co`, "Pak Dedi", "kompor dipinjami bumdes\x01 ]]>"}},
		Cases:      []Case{{3107, "Siti Aminah", "482919", prokus.Visit, at(10, 9), at(11, 17), "dikunjungi"}, {3108, "Ani", "173609", prokus.Silent, at(12, 9), time.Time{}, ""}},
		Weeks:      []Week{{prokus.WeekOf(at(1, 0)), prokus.Indicators{Due: 70, OnTime: 62, Final: 65, Zero: 3, Sellers: 62, Median: 640_000}}, {prokus.WeekOf(at(8, 0)), prokus.Indicators{Due: 8, OnTime: 5, Final: 6, Zero: 1, Sellers: 5, Median: 750_000}}},
		ActionWord: func(code string) string { return map[string]string{"visited": "Dikunjungi"}[code] }, ReasonWord: func(r prokus.Reason) string { return string(r) },
	}
}

// read opens a document with a reader that is not ours and gives its paragraphs and rows.
func read(t *testing.T, doc []byte) (lines []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "laporan.docx")
	if err := os.WriteFile(file, doc, 0o600); err != nil {
		t.Fatal(err)
	}
	root, err := godocx.OpenDocument(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range root.Document.Body.Children {
		lines = append(lines, of(c)...)
	}
	return lines
}

func of(c docx.DocumentChild) (lines []string) {
	if c.Para != nil {
		return []string{said(c.Para.GetCT())}
	}
	if c.Table == nil {
		return nil
	}
	for _, r := range c.Table.GetCT().RowContents {
		var cells []string
		for _, k := range r.Row.Contents {
			for _, b := range k.Cell.Contents {
				if b.Paragraph != nil {
					cells = append(cells, said(b.Paragraph))
				}
			}
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	return lines
}

func said(p *ctypes.Paragraph) string {
	var b strings.Builder
	for _, c := range p.Children {
		if c.Run == nil {
			continue
		}
		for _, x := range c.Run.Children {
			if x.Text != nil {
				b.WriteString(x.Text.Text)
			}
		}
	}
	return b.String()
}

// The document says all that the report holds, in Indonesian forms, and another program reads it.
func TestTheDocumentIsRead(t *testing.T) {
	var doc bytes.Buffer
	if err := Write(&doc, example()); err != nil {
		t.Fatal(err)
	}
	lines := read(t, doc.Bytes())
	for _, want := range []string{
		"LAPORAN BULANAN PENDAMPING (TKSK)", "Program Kewirausahaan Sosial (ProKUS), Juni 2026", "Pendamping: Pak Dedi Kurnia", "Wilayah: Kecamatan Maja, Kab. Majalengka",
		"Dampingan aktif: 1.240 orang", "Jumlah kunjungan: 3", "Kasus dibuka: 9, ditutup: 7, masih terbuka di akhir bulan: 2",
		`Kam 11 Jun 08.20 | Dikunjungi | Siti <b>"Aminah"</b> & Co | Pak Dedi | kompor dipinjami bumdes` + "\uFFFD ]]>",
		"3107 | Siti Aminah 482919 | KUNJUNG | Rab 10 Jun | Kam 11 Jun | dikunjungi", "3108 | Ani 173609 | DIAM2 | Jum 12 Jun | masih terbuka | ",
		"1-7 Jun | 70 | 62 (88,6%) | 65 (92,9%) | 3 | Rp640.000", "8-14 Jun | 8 | 5 (62,5%) | 6 (75,0%) | 1 | kurang dari 8 orang",
		"Mengetahui, | Maja, 30 Juni 2026", "(........................) | Pak Dedi Kurnia",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("the document lacks %q", want)
		}
	}
	if t.Failed() {
		t.Log(strings.Join(lines, "\n"))
	}
}

// A month in which nothing happened, of a vacant post, is a document too.
func TestAnEmptyMonth(t *testing.T) {
	r := example()
	r.TKSK, r.Deeds, r.Cases, r.Weeks = "", nil, nil, nil
	var doc bytes.Buffer
	if err := Write(&doc, r); err != nil {
		t.Fatal(err)
	}
	lines := read(t, doc.Bytes())
	for _, want := range []string{"Pendamping: kosong", "Tidak ada kegiatan tercatat bulan ini.", "Tidak ada kasus bulan ini.", "Belum ada minggu yang ditutup."} {
		if !slices.Contains(lines, want) {
			t.Errorf("the document lacks %q: %q", want, lines)
		}
	}
}
