package prokus

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Setting is one figure or time of the programme's rules that an office may change. What nobody would change is no setting.
type Setting struct {
	Key      string
	Kind     SettingKind
	Default  string
	Min, Max int64          // of a Number or Rupiah; of a Clock or Cadence minutes of the day
	Days     []time.Weekday // of a Cadence: the days it may fall on; none: it is daily
	Local    bool           // a province or a kabupaten may have its own
	set      func(r *Rules, v value)
}

// SettingKind says how the value of a setting is written.
type SettingKind string

// Kinds of settings, with the form in which their values are kept.
const (
	Number  SettingKind = "angka"   // "3"
	Rupiah  SettingKind = "rupiah"  // "50000000"
	Clock   SettingKind = "jam"     // "20:00"
	Cadence SettingKind = "jadwal"  // "30 18 * * 0": minute, hour, *, *, day of the week or *; local time of each zone
	Switch  SettingKind = "sakelar" // "ya" or "tidak"
)

// value is what was read of a setting's text.
type value struct {
	n    int64 // a number, rupiah, minutes of the day
	on   bool
	text string
}

// Faults of a value. ErrSetting is any of them.
var (
	ErrSetting = errors.New("not a legal value")
	ErrKey     = fmt.Errorf("%w: there is no such setting", ErrSetting)
	ErrForm    = fmt.Errorf("%w: not readable", ErrSetting)
	ErrRange   = fmt.Errorf("%w: outside the range", ErrSetting)
	ErrDay     = fmt.Errorf("%w: not on this day", ErrSetting)
	ErrLevel   = fmt.Errorf("%w: it is the same in the whole country", ErrSetting)
)

// Check says what is wrong with a text as the setting's value in an area ("ID": the nation); nil: nothing.
func (s Setting) Check(text, area string) error {
	if !s.Local && area != National {
		return ErrLevel
	}
	_, err := s.read(text)
	return err
}

func (s Setting) read(text string) (v value, err error) {
	v.text = text
	switch s.Kind {
	case Switch:
		v.on = text == "ya"
		if !v.on && text != "tidak" {
			return v, ErrForm
		}
		return v, nil
	case Clock:
		v.n, err = minutes(text)
	case Cadence:
		var day time.Weekday
		var daily bool
		if v.n, day, daily, err = ReadCadence(text); err == nil && !s.fallsOn(day, daily) {
			return v, ErrDay
		}
	default:
		v.n, err = digits(text, 12)
	}
	if err != nil {
		return v, err
	}
	if v.n < s.Min || v.n > s.Max {
		return v, ErrRange
	}
	return v, nil
}

func (s Setting) fallsOn(day time.Weekday, daily bool) bool {
	if daily || len(s.Days) == 0 {
		return daily && len(s.Days) == 0
	}
	for _, d := range s.Days {
		if d == day {
			return true
		}
	}
	return false
}

// digits reads a plain number without sign, spaces or leading zeros: one value has one form.
func digits(text string, most int) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || len(text) > most || strconv.FormatInt(n, 10) != text {
		return 0, ErrForm
	}
	return n, nil
}

// minutes reads "20:00".
func minutes(text string) (int64, error) {
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != 5 {
		return 0, ErrForm
	}
	return int64(t.Hour()*60 + t.Minute()), nil
}

// ReadCadence reads "30 18 * * 0": once a week, or once a day with * for the day. It is the part of cron's notation that
// has one slot in a week or a day, so that a change can tell whether this week's has been.
func ReadCadence(text string) (minute int64, day time.Weekday, daily bool, err error) {
	f := strings.Split(text, " ")
	if len(f) != 5 || f[2] != "*" || f[3] != "*" {
		return 0, 0, false, ErrForm
	}
	m, err1 := digits(f[0], 2)
	h, err2 := digits(f[1], 2)
	if err1 != nil || err2 != nil || m > 59 || h > 23 {
		return 0, 0, false, ErrForm
	}
	if f[4] == "*" {
		return h*60 + m, 0, true, nil
	}
	d, err := digits(f[4], 1)
	if err != nil || d > 6 {
		return 0, 0, false, ErrForm
	}
	return h*60 + m, time.Weekday(d), false, nil
}

// WriteCadence is the text of a time of day, weekly on a day or daily.
func WriteCadence(minute int64, day time.Weekday, daily bool) string {
	d := "*"
	if !daily {
		d = strconv.Itoa(int(day))
	}
	return fmt.Sprintf("%d %d * * %s", minute%60, minute/60, d)
}

// National is the area code of the whole country.
const National = "ID"

// Above is the area above one, of which it inherits its rules: "32.10.07", "32.10", "32", "ID"; above the nation there is none.
func Above(area string) string {
	switch {
	case area == National || area == "":
		return ""
	case len(area) <= 2:
		return National
	}
	return area[:max(2, strings.LastIndexByte(area, '.'))]
}
