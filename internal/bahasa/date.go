package bahasa

import (
	"strconv"
	"strings"
	"time"
)

// ReadYear reads a year of birth of four digits, also after "tahun" or "lahir".
// Our example 1901 is nobody's year (R31).
func ReadYear(s string) (year int, ok bool) {
	found := 0
	for _, w := range splitWords(Normalise(s)) {
		if onlyDigits(w) {
			if len(w) != 4 || found > 0 {
				return 0, false
			}
			found, _ = strconv.Atoi(w)
		}
	}
	return found, found >= 1902 && found <= 2099
}

// dated is a date with how it was written.
type dated struct {
	d     time.Time
	month bool // a month was said
	year  bool
	next  int // the word after it
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// dateAt reads a date that begins at word i.
func dateAt(w []dateWord, i int, now time.Time) (dated, bool) {
	today := midnight(now)
	at := func(k int) string {
		if k < len(w) {
			return w[k].text
		}
		return ""
	}
	for at(i) == "tanggal" || at(i) == "tgl" || at(i) == "." || dayOf(at(i+1)) >= 0 && dayNoun(at(i)) {
		i++
	}
	if i >= len(w) {
		return dated{}, false
	}
	switch w[i].text + " " + at(i+1) {
	case "hari ini", "dinten ieu", "poe ieu", "dinten niki", "dina iki", "dino iki":
		return dated{d: today, month: true, year: true, next: i + 2}, true
	}
	switch w[i].text {
	case "besok", "sesuk", "isukan", "enjing", "benjing", "mbenjing":
		return dated{d: today.AddDate(0, 0, 1), month: true, year: true, next: i + 1}, true
	case "lusa", "pageto", "emben":
		return dated{d: today.AddDate(0, 0, 2), month: true, year: true, next: i + 1}, true
	case "kemarin", "wingi", "kamari":
		return dated{d: today.AddDate(0, 0, -1), month: true, year: true, next: i + 1}, true
	}
	if day := dayOf(w[i].text); day >= 0 {
		// "Rab 10 Jun": the date decides
		if i+1 < len(w) && w[i+1].number >= 1 {
			if d, ok := dateAt(w, i+1, now); ok {
				return d, true
			}
		}
		if nextWeek(at(i + 1)) {
			if day == time.Sunday {
				return dated{}, false // "minggu depan" is a week
			}
			return dated{d: Monday(today).AddDate(0, 0, 6+int(day)), month: true, year: true, next: i + 2}, true
		}
		ahead := (int(day) - int(today.Weekday()) + 7) % 7
		return dated{d: today.AddDate(0, 0, ahead), month: true, year: true, next: i + 1}, true
	}
	n := w[i].number
	if n >= 1900 && n < 2100 && (at(i+1) == "-" || at(i+1) == "/") && i+4 < len(w) && at(i+3) == at(i+1) { // 2026-06-10
		d, ok := makeDate(n, w[i+2].number, w[i+4].number, today)
		return dated{d: d, month: true, year: true, next: i + 5}, ok
	}
	if n < 1 || n > 31 || len(w[i].text) > 2 {
		return dated{}, false
	}
	if m := monthOf(at(i + 1)); m > 0 {
		if y, ok := yearAt(w, i+2, w[i+1].to); ok {
			d, ok := makeDate(y, int(m), n, today)
			return dated{d: d, month: true, year: true, next: i + 3}, ok
		}
		d, ok := nearest(int(m), n, today)
		return dated{d: d, month: true, next: i + 2}, ok
	}
	if sep := at(i + 1); (sep == "/" || sep == "-" || sep == ".") && i+2 < len(w) && w[i+2].number >= 1 && w[i+2].number <= 12 {
		if at(i+3) == sep && i+4 < len(w) && w[i+4].number >= 0 {
			y := w[i+4].number
			if len(w[i+4].text) == 2 {
				y += 2000
			}
			if y >= 1900 && y < 2100 {
				d, ok := makeDate(y, w[i+2].number, n, today)
				return dated{d: d, month: true, year: true, next: i + 5}, ok
			}
			return dated{}, false
		}
		if sep == "/" {
			d, ok := nearest(w[i+2].number, n, today)
			return dated{d: d, month: true, next: i + 3}, ok
		}
	}
	d, ok := makeDate(today.Year(), int(today.Month()), n, today)
	return dated{d: d, next: i + 1}, ok
}

// dayNoun are the words before a day's name: hari senin, suk senen.
func dayNoun(w string) bool {
	switch w {
	case "hari", "dinten", "dina", "dino", "poe", "suk", "mbesuk":
		return true
	}
	return false
}

// yearAt reads a year of four digits that follows a month directly.
func yearAt(w []dateWord, i, after int) (int, bool) {
	if i < len(w) && len(w[i].text) == 4 && w[i].number >= 1900 && w[i].number < 2100 && w[i].from-after <= 2 {
		return w[i].number, true
	}
	return 0, false
}

// makeDate refuses days that the month does not have.
func makeDate(y, m, d int, today time.Time) (time.Time, bool) {
	if m < 1 || m > 12 || d < 1 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, today.Location())
	return t, t.Day() == d
}

// nearest gives a day and month the year that brings it closest to today.
func nearest(m, d int, today time.Time) (time.Time, bool) {
	var best time.Time
	for y := today.Year() - 1; y <= today.Year()+1; y++ {
		t, ok := makeDate(y, m, d, today)
		if ok && (best.IsZero() || t.Sub(today).Abs() < best.Sub(today).Abs()) {
			best = t
		}
	}
	return best, !best.IsZero()
}

// ReadDate reads a date at the beginning of a text: 17 jun, 17/6/2026, besok,
// rabu. rest is what follows, in the writer's own letters. Without a year it is
// the date nearest to now, a day's name is the next such day (today included),
// a day alone counts only after "tgl".
func ReadDate(s string, now time.Time) (d time.Time, rest string, ok bool) {
	w := dateWords(s)
	if len(w) == 0 {
		return d, s, false
	}
	at, found := dateAt(w, 0, now)
	if !found || !at.month && w[0].text != "tanggal" && w[0].text != "tgl" {
		return d, s, false
	}
	return at.d, restFrom(s, w, at.next), true
}

func restFrom(s string, w []dateWord, next int) string {
	if next >= len(w) {
		return strings.Trim(s[w[len(w)-1].to:], " \t\r\n,.:;)")
	}
	return strings.Trim(s[w[next-1].to:], " \t\r\n,.:;")
}

// ReadDateRange reads "15-19 jun", "29 jun - 5 jul 2026", "15/6 s/d 19/6"; a
// single date is a range of one day. Both ends are midnight in now's zone.
func ReadDateRange(s string, now time.Time) (from, to time.Time, ok bool) {
	w := dateWords(s)
	from, to, _, ok = rangeAt(w, 0, now)
	return from, to, ok
}

func joinsDays(w string) bool {
	switch w {
	case "-", "sampai", "hingga", "sd", "nepi", "dugi", "tekan", "nganti", "dumugi", "ke":
		return true
	}
	return false
}

// rangeAt reads a range of days that begins at word i.
func rangeAt(w []dateWord, i int, now time.Time) (from, to time.Time, next int, ok bool) {
	for i < len(w) && (w[i].text == "dari" || w[i].text == "mulai" || w[i].text == "ti" || w[i].text == "saking") {
		i++
	}
	if i >= len(w) {
		return from, to, i, false
	}
	// 15-19 jun: the first day has no month, and 15-6 would be one
	if w[i].number >= 1 && w[i].number <= 31 && i+3 < len(w) && joinsDays(w[i+1].text) && w[i+2].number >= 1 && w[i+2].number <= 31 && monthOf(w[i+3].text) > 0 {
		end, found := dateAt(w, i+2, now)
		if !found {
			return from, to, i, false
		}
		start, valid := makeDate(end.d.Year(), int(end.d.Month()), w[i].number, end.d)
		if !valid || start.After(end.d) {
			return from, to, i, false
		}
		return start, end.d, end.next, true
	}
	a, found := dateAt(w, i, now)
	if !found {
		return from, to, i, false
	}
	k := a.next
	if k < len(w) && joinsDays(w[k].text) {
		k++
		if k < len(w) && w[k].text == "ka" {
			k++
		}
		if b, second := dateAt(w, k, now); second {
			if !b.month && a.month { // 15 jun - 19
				if d, valid := makeDate(a.d.Year(), int(a.d.Month()), b.d.Day(), a.d); valid {
					b.d = d
				}
			}
			if !a.month && !b.month && b.d.Before(midnight(now)) { // 15-19, in a month to come
				a.d, b.d = a.d.AddDate(0, 1, 0), b.d.AddDate(0, 1, 0)
			}
			if b.d.Before(a.d) && !b.year { // 29 des - 4 jan
				b.d = b.d.AddDate(1, 0, 0)
			}
			if b.year && !a.year && a.month {
				if d, valid := makeDate(b.d.Year(), int(a.d.Month()), a.d.Day(), a.d); valid && !d.After(b.d) {
					a.d = d
				}
			}
			if b.d.Before(a.d) || b.d.Sub(a.d) > 366*24*time.Hour {
				return from, to, i, false
			}
			return a.d, b.d, b.next, true
		}
	}
	if !a.month {
		return from, to, i, false
	}
	return a.d, a.d, a.next, true
}

// Monday is the first day of a date's week at midnight.
func Monday(t time.Time) time.Time {
	t = midnight(t)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

// ReadWeekRef finds a week in a text: "minggu lalu", "minggu ini", "2 minggu
// lalu", "1-7 jun". monday is its first day at midnight in now's zone, rest the
// text without it, in the writer's own letters.
func ReadWeekRef(s string, now time.Time) (monday time.Time, rest string, ok bool) {
	w := dateWords(s)
	text := func(k int) string {
		if k < len(w) {
			return w[k].text
		}
		return ""
	}
	cut := func(from, next int) string {
		left, right := strings.TrimSpace(s[:w[from].from]), ""
		if next < len(w) {
			right = strings.TrimSpace(s[w[next-1].to:])
		} else {
			right = strings.Trim(s[w[next-1].to:], " .,:;)")
		}
		return strings.Trim(strings.TrimSpace(left+" "+right), " ,.:;")
	}
	for i := range w {
		if text(i) == "minggu" || text(i) == "pekan" {
			back, at := -1, i+1
			switch text(at) {
			case "yang", "nu", "sing", "ingkang", "anu":
				at++ // minggu nu kamari
			}
			switch text(at) {
			case "ini", "ieu", "iki", "niki":
				back = 0
			case "lalu", "kemarin", "kamari", "wingi", "kepungkur", "kapengker", "tadi", "sebelumnya", "tukang", "pengker", "kapungkur":
				back = 1
			}
			if back < 0 {
				continue
			}
			from := i
			if back == 1 && i > 0 {
				if n, isNum := countOf(w[i-1]); isNum && n >= 1 && n <= 8 {
					back, from = n, i-1
				}
			}
			return Monday(now).AddDate(0, 0, -7*back), cut(from, at+1), true
		}
	}
	for i := range w {
		if w[i].number < 1 || w[i].number > 31 || i > 0 && (w[i-1].text == "." || w[i-1].text == "/") {
			continue
		}
		a, b, next, found := rangeAt(w, i, now)
		if found && !a.Equal(b) && Monday(a).Equal(Monday(b)) {
			from := i
			for from > 0 && (w[from-1].text == "tanggal" || w[from-1].text == "tgl") {
				from--
			}
			return Monday(a), cut(from, next), true
		}
	}
	return monday, s, false
}

// countOf reads a small count in digits or words.
func countOf(w dateWord) (int, bool) {
	if w.number > 0 {
		return w.number, true
	}
	if n, ok := numberWords()[w.text]; ok && n.kind == nDigit {
		return int(n.value), true
	}
	return 0, false
}
