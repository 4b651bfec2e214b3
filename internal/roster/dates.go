package roster

import (
	"strconv"
	"strings"
	"time"
)

// readDay reads a date as spreadsheets hold them: 2026-06-17, 17/06/2026, 17-6-26, "17 Jun 2026", "Rab 17 Juni 2026", or the
// serial number of a date cell. The day comes first, as everywhere in Indonesia.
func readDay(cell string) (time.Time, bool) {
	s := strings.TrimSpace(cell)
	if serial, err := strconv.ParseFloat(s, 64); err == nil {
		if serial < 20000 || serial > 80000 { // 1954 to 2119
			return time.Time{}, false
		}
		return time.Date(1899, 12, 30+int(serial), 0, 0, 0, 0, time.UTC), true
	}
	parts := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune("/-. ,", r) })
	if len(parts) > 3 && strings.Contains(parts[len(parts)-1], ":") {
		parts = parts[:len(parts)-1] // a time of day
	}
	if len(parts) == 4 && weekdays[parts[0]] {
		parts = parts[1:]
	}
	if len(parts) != 3 {
		return time.Time{}, false
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	if at, _, ok := strings.Cut(parts[0], "t"); ok {
		parts[0] = at // 2026-06-17T00:00:00
	}
	day, err := strconv.Atoi(parts[0])
	if err != nil {
		return time.Time{}, false
	}
	year, err := strconv.Atoi(parts[2])
	if err != nil || len(parts[2]) != 4 && len(parts[2]) != 2 {
		return time.Time{}, false
	}
	if year < 100 {
		year += 2000
	}
	return realDay(year, monthOf(parts[1]), day)
}

// readShortDay is readDay for a date that may lack its year: "17 Jul" is the one nearest to now.
func readShortDay(s string, now time.Time) (time.Time, bool) {
	if d, ok := readDay(s); ok {
		return d, true
	}
	parts := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune("/ ,.", r) })
	if len(parts) != 2 {
		return time.Time{}, false
	}
	day, err := strconv.Atoi(parts[0])
	if err != nil {
		return time.Time{}, false
	}
	d, ok := realDay(now.Year(), monthOf(parts[1]), day)
	switch half := 183 * 24 * time.Hour; {
	case ok && d.Sub(now) > half:
		d = d.AddDate(-1, 0, 0)
	case ok && now.Sub(d) > half:
		d = d.AddDate(1, 0, 0)
	}
	return d, ok
}

func realDay(year, month, day int) (time.Time, bool) {
	if year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 {
		return time.Time{}, false
	}
	d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return d, d.Day() == day
}

var weekdays = map[string]bool{"sen": true, "senin": true, "sel": true, "selasa": true, "rab": true, "rabu": true, "kam": true, "kamis": true,
	"jum": true, "jumat": true, "sab": true, "sabtu": true, "min": true, "minggu": true, "ahad": true}

// monthOf is a month's number, 0 for what is none: "6", "Jun", "Juni", "June".
func monthOf(s string) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if len(s) < 3 {
		return 0
	}
	switch s[:3] {
	case "jan":
		return 1
	case "feb", "peb":
		return 2
	case "mar":
		return 3
	case "apr":
		return 4
	case "mei", "may":
		return 5
	case "jun":
		return 6
	case "jul":
		return 7
	case "agu", "aug", "ags":
		return 8
	case "sep":
		return 9
	case "okt", "oct":
		return 10
	case "nov", "nop":
		return 11
	case "des", "dec":
		return 12
	}
	return 0
}

// readHour reads "10.00", "10:00", "10", "jam 10.00 WIB" or the fraction of a time cell, as minutes since midnight.
func readHour(cell string) (int, bool) {
	s := strings.TrimSpace(strings.ToLower(cell))
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1 {
		return int(f*24*60 + 0.5), true
	}
	for _, w := range []string{"jam", "pukul", "wita", "wit", "wib"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, w), w))
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ':' })
	if len(parts) == 0 || len(parts) > 3 {
		return 0, false
	}
	hour, err := strconv.Atoi(parts[0])
	if err != nil || hour < 0 || hour > 23 {
		return 0, false
	}
	minute := 0
	if len(parts) > 1 {
		if minute, err = strconv.Atoi(parts[1]); err != nil || len(parts[1]) != 2 || minute > 59 || minute < 0 {
			return 0, false
		}
	}
	return hour*60 + minute, true
}

// readMoney reads whole rupiah: "3500000", "3.500.000", "Rp3.500.000,00", "Rp 3.500.000,-".
func readMoney(cell string) (int64, bool) {
	s := strings.TrimSpace(strings.ToLower(cell))
	s = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(s, "rp"), "."))
	for _, tail := range []string{",-", ",00", ".00"} {
		s = strings.TrimSuffix(s, tail)
	}
	if groups := strings.Split(strings.ReplaceAll(s, ",", "."), "."); len(groups) > 1 {
		for i, g := range groups {
			if i > 0 && len(g) != 3 || len(g) == 0 || len(g) > 3 {
				return 0, false
			}
		}
		s = strings.Join(groups, "")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > 1_000_000_000_000 || s[0] == '+' {
		return 0, false
	}
	return n, true
}
