package bahasa

import (
	"testing"
	"time"
)

// wib is fixed so that the tests need no zone database.
var wib = time.FixedZone("WIB", 7*3600)

func at(y int, m time.Month, d, h, min int) time.Time { return time.Date(y, m, d, h, min, 0, 0, wib) }

func TestReadDate(t *testing.T) {
	now := at(2026, 6, 10, 14, 30) // a Wednesday
	for _, c := range []struct{ in, date, rest string }{
		{"17 jun", "2026-06-17", ""},
		{"17 Juni 2026 350rb", "2026-06-17", "350rb"},
		{"17/6", "2026-06-17", ""},
		{"17-06-2026", "2026-06-17", ""},
		{"17.6.26 Nota", "2026-06-17", "Nota"},
		{"2026-06-17", "2026-06-17", ""},
		{"hari ini", "2026-06-10", ""},
		{"besok jam 9", "2026-06-11", "jam 9"},
		{"kemarin", "2026-06-09", ""},
		{"lusa", "2026-06-12", ""},
		{"rabu", "2026-06-10", ""},
		{"Senin", "2026-06-15", ""},
		{"Rab 10 Jun 14.30", "2026-06-10", "14.30"},
		{"tgl 17", "2026-06-17", ""},
		{"28 des", "2025-12-28", ""},
		{"2 jan", "2026-01-02", ""},
		{"sesuk", "2026-06-11", ""},
		{"dina rebo", "2026-06-10", ""},
		{"poe kemis", "2026-06-11", ""},
		{"suk senen", "2026-06-15", ""},
		{"jum'at", "2026-06-12", ""},
		{"kamis depan", "2026-06-18", ""},
		{"senen hareup", "2026-06-15", ""},
	} {
		d, rest, ok := ReadDate(c.in, now)
		if !ok || d.Format(time.DateOnly) != c.date || rest != c.rest || d.Location() != wib {
			t.Errorf("ReadDate(%q) = %v %q %v, want %s %q", c.in, d, rest, ok, c.date, c.rest)
		}
	}
	for _, in := range []string{"", "500rb", "31 feb", "32 jun", "17", "17/13", "0/6", "minggu lalu 5rb", "12.500", "minggu depan", "minggu ngarep"} {
		if d, _, ok := ReadDate(in, now); ok && in != "minggu lalu 5rb" {
			t.Errorf("ReadDate(%q) = %v, want none", in, d)
		}
	}
}

func TestReadDateRange(t *testing.T) {
	now := at(2026, 6, 10, 14, 30)
	for in, want := range map[string]string{
		"15-19 jun":                 "2026-06-15 2026-06-19",
		"15 - 19 Juni 2026":         "2026-06-15 2026-06-19",
		"29 jun-5 jul":              "2026-06-29 2026-07-05",
		"15 s/d 19 juni":            "2026-06-15 2026-06-19",
		"15 jun sampai 19 jun":      "2026-06-15 2026-06-19",
		"15/6-19/6":                 "2026-06-15 2026-06-19",
		"15/6/2026 sd 19/6/2026":    "2026-06-15 2026-06-19",
		"dari 15 jun sampai 19 jun": "2026-06-15 2026-06-19",
		"15 jun":                    "2026-06-15 2026-06-15",
		"besok":                     "2026-06-11 2026-06-11",
		"besok sampai jumat":        "2026-06-11 2026-06-12",
		"15-19":                     "2026-06-15 2026-06-19",
		"1-5":                       "2026-07-01 2026-07-05",
		"29 des 2026 - 4 jan 2027":  "2026-12-29 2027-01-04",
		"29 des - 4 jan":            "2025-12-29 2026-01-04",
		"15–19 jun":                 "2026-06-15 2026-06-19",
	} {
		from, to, ok := ReadDateRange(in, now)
		if got := from.Format(time.DateOnly) + " " + to.Format(time.DateOnly); !ok || got != want {
			t.Errorf("ReadDateRange(%q) = %s %v, want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "ke bandung", "19-15 jun", "30-31 feb", "15"} {
		if from, to, ok := ReadDateRange(in, now); ok {
			t.Errorf("ReadDateRange(%q) = %v %v, want none", in, from, to)
		}
	}
}

func TestReadWeekRef(t *testing.T) {
	now := at(2026, 6, 10, 14, 30) // week of 8 June
	for _, c := range []struct{ in, monday, rest string }{
		{"minggu lalu", "2026-06-01", ""},
		{"Minggu lalu 400rb", "2026-06-01", "400rb"},
		{"400rb minggu kemarin", "2026-06-01", "400rb"},
		{"mgg ini 500rb", "2026-06-08", "500rb"},
		{"2 minggu lalu 500rb", "2026-05-25", "500rb"},
		{"dua minggu lalu", "2026-05-25", ""},
		{"1-7 jun 500rb", "2026-06-01", "500rb"},
		{"ubah 1-7 Jun 500rb", "2026-06-01", "ubah 500rb"},
		{"29 jun-5 jul 500rb", "2026-06-29", "500rb"},
		{"minggu kamari 350rb", "2026-06-01", "350rb"},
		{"minggu wingi", "2026-06-01", ""},
		{"minggu nu kamari", "2026-06-01", ""},
		{"minggu sing wingi 350rb", "2026-06-01", "350rb"},
		{"minggu sebelumnya", "2026-06-01", ""},
		{"minggu niki 350rb", "2026-06-08", "350rb"},
		{"tgl 1-7 jun 500rb", "2026-06-01", "500rb"},
		{"25-31 mei", "2026-05-25", ""},
	} {
		m, rest, ok := ReadWeekRef(c.in, now)
		if !ok || m.Format(time.DateOnly) != c.monday || rest != c.rest {
			t.Errorf("ReadWeekRef(%q) = %v %q %v, want %s %q", c.in, m.Format(time.DateOnly), rest, ok, c.monday, c.rest)
		}
	}
	for _, in := range []string{"", "500rb", "minggu", "500-600rb", "1.250.000", "hari minggu 500rb", "5-20 jun"} {
		if m, rest, ok := ReadWeekRef(in, now); ok || rest != in {
			t.Errorf("ReadWeekRef(%q) = %v %q, want none", in, m, rest)
		}
	}
}

func TestWritingDates(t *testing.T) {
	d := at(2026, 6, 10, 14, 30)
	for got, want := range map[string]string{
		Date(d): "Rab 10 Jun", DateShort(d): "10 Jun", DateLong(d): "Rab 10 Jun 2026 14.30 WIB", Clock(at(2026, 6, 1, 9, 5)): "09.05",
		Range(at(2026, 6, 1, 0, 0)): "1-7 Jun", Range(at(2026, 6, 29, 0, 0)): "29 Jun-5 Jul", DateIn(d, "su"): "Reb 10 Jun", DateIn(at(2026, 6, 12, 0, 0), "jv"): "Jem 12 Jun",
		DateLong(d.In(time.FixedZone("", 8*3600))): "Rab 10 Jun 2026 15.30 WITA", DateLong(d.In(time.FixedZone("", 9*3600))): "Rab 10 Jun 2026 16.30 WIT",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestReadYearAndCode(t *testing.T) {
	for in, want := range map[string]int{"1968": 1968, " tahun 1985.": 1985, "th 1968 bu": 1968, "1901": 0, "68": 0, "196": 0, "19688": 0, "1968 1970": 0, "": 0} {
		if y, ok := ReadYear(in); ok != (want > 0) || ok && y != want {
			t.Errorf("ReadYear(%q) = %d %v", in, y, ok)
		}
	}
	for in, want := range map[string]struct {
		code string
		v    Verdict
	}{
		"482919": {"482919", Value}, "173609": {"173609", Value}, "550210": {"550210", Value}, "608471": {"608471", Value}, "482 919": {"482919", Value},
		"kode 482919.": {"482919", Value}, "482991": {"482991", Invalid}, "123455": {"123455", Invalid}, "48291": {"", Ask}, "4829191234": {"", Ask},
		"500rb": {"", Ask}, "": {"", Ask},
	} {
		if code, v := ReadCode(in); code != want.code || v != want.v {
			t.Errorf("ReadCode(%q) = %q %v, want %q %v", in, code, v, want.code, want.v)
		}
	}
}
