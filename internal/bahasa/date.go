package bahasa

import "time"

// ReadYear reads a year of birth of four digits.
func ReadYear(s string) (year int, ok bool) { return 0, false }

// ReadDate reads a date at the beginning of a text; rest is what follows it.
func ReadDate(s string, now time.Time) (d time.Time, rest string, ok bool) { return d, s, false }

// ReadDateRange reads "15-19 jun".
func ReadDateRange(s string, now time.Time) (from, to time.Time, ok bool) { return from, to, false }

// ReadWeekRef reads "minggu lalu", "1-7 jun", "minggu ini"; monday is the first
// day of that week at midnight in now's zone.
func ReadWeekRef(s string, now time.Time) (monday time.Time, rest string, ok bool) {
	return monday, s, false
}
