package prokus

import "time"

// Day is a calendar date, midnight UTC, the key of holidays and pauses.
func Day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Calendar knows the working days of a district: Monday to Friday without its holidays. Holidays are dated rows, never
// computed (Hijri dates are decreed).
type Calendar struct{ holidays map[time.Time]bool }

// NewCalendar takes holiday dates; only their calendar date counts.
func NewCalendar(holidays []time.Time) Calendar {
	c := Calendar{holidays: make(map[time.Time]bool, len(holidays))}
	for _, h := range holidays {
		c.holidays[Day(h)] = true
	}
	return c
}

// Working says whether t's date is a working day.
func (c Calendar) Working(t time.Time) bool {
	wd := t.Weekday()
	return wd != time.Saturday && wd != time.Sunday && !c.holidays[Day(t)]
}

// officeEnd is the hour at which a working day ends for due times: "n working days ends at 16:00 of the n-th working day after".
const officeEnd = 16

// AddWorkingDays is 16:00 of the n-th working day after t, in t's location (R16).
func (c Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	day := time.Date(y, m, d, officeEnd, 0, 0, 0, t.Location())
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if c.Working(day) {
			n--
		}
	}
	return day
}

// NextWorking is the same clock time on t's day if it is a working day, else on the next one.
func (c Calendar) NextWorking(t time.Time) time.Time {
	for !c.Working(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// WorkingDaysBetween counts working days after from's date up to and including to's date.
func (c Calendar) WorkingDaysBetween(from, to time.Time) int {
	n := 0
	for d := Day(from).AddDate(0, 0, 1); !d.After(Day(to)); d = d.AddDate(0, 0, 1) {
		if c.Working(d) {
			n++
		}
	}
	return n
}
