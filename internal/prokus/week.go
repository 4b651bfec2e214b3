package prokus

import (
	"fmt"
	"time"
)

// Week is a reporting week, Monday 00:00 to Sunday 23:59 in the person's own zone (R06). The number counts Mondays since
// 5 January 1970, so weeks compare and subtract as integers and know nothing of zones.
type Week int

const weekEpoch = 4 // days from 1 January 1970 to the first Monday

// WeekOf is the week in which t falls, on the calendar of t's own location.
func WeekOf(t time.Time) Week {
	y, m, d := t.Date()
	days := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400) - weekEpoch
	if days < 0 {
		days -= 6
	}
	return Week(days / 7)
}

// WeekOfDate is the week of a calendar date, whatever its location says.
func WeekOfDate(date time.Time) Week { return WeekOf(date) }

// Date is the week's Monday as a calendar date (midnight UTC): the form the database keeps.
func (w Week) Date() time.Time {
	return time.Unix(int64(int(w)*7+weekEpoch)*86400, 0).UTC()
}

// Starts is Monday 00:00 in loc.
func (w Week) Starts(loc *time.Location) time.Time {
	y, m, d := w.Date().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, loc)
}

// Ends is the first moment after the week, the next Monday 00:00 in loc.
func (w Week) Ends(loc *time.Location) time.Time { return (w + 1).Starts(loc) }

// At is a clock time on a day of the week (0 = Monday … 6 = Sunday; 7 and more run into the next week) in loc.
func (w Week) At(day, hour, minute int, loc *time.Location) time.Time {
	y, m, d := w.Date().Date()
	return time.Date(y, m, d+day, hour, minute, 0, 0, loc)
}

// Closes is when the week stops being on time: Tuesday 24:00 after it (R06).
func (w Week) Closes(loc *time.Location) time.Time { return w.At(9, 0, 0, loc) }

// AcceptedUntil is when late reports stop: day 21 after the week's end (R06).
func (w Week) AcceptedUntil(loc *time.Location) time.Time { return w.At(6+21+1, 0, 0, loc) }

// CorrectableUntil is the last day on which she may correct the week herself, day 14 after its end (R06): the date shown
// to her is this day, and the right ends at its midnight.
func (w Week) CorrectableUntil(loc *time.Location) time.Time { return w.At(6+14, 0, 0, loc) }

// String is the ISO form, "2026-W23".
func (w Week) String() string {
	y, n := w.Date().ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, n)
}

// ParseWeek reads the ISO form.
func ParseWeek(s string) (Week, error) {
	var y, n int
	if _, err := fmt.Sscanf(s, "%4d-W%2d", &y, &n); err != nil || n < 1 || n > 53 {
		return 0, fmt.Errorf("week %q is not of the form 2026-W23", s)
	}
	// 4 January always lies in week 1.
	w := WeekOf(time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC)) + Week(n-1)
	if w.String() != s {
		return 0, fmt.Errorf("week %q does not exist", s)
	}
	return w, nil
}
