package bahasa

import (
	"fmt"
	"time"
)

var (
	dayShort   = map[string][7]string{"id": {"Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"}}
	monthShort = map[string][12]string{"id": {"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}}
)

// Date writes Rab 10 Jun.
func Date(t time.Time) string { return DateIn(t, "id") }

// DateShort writes 10 Jun.
func DateShort(t time.Time) string {
	return fmt.Sprintf("%d %s", t.Day(), monthShort["id"][t.Month()-1])
}

// DateLong writes Rab 10 Jun 2026 14.30 WIB (R30).
func DateLong(t time.Time) string {
	return fmt.Sprintf("%s %d %s %s", Date(t), t.Year(), Clock(t), zoneName(t))
}

// Clock writes 14.30.
func Clock(t time.Time) string { return fmt.Sprintf("%02d.%02d", t.Hour(), t.Minute()) }

// Range writes the week that begins on monday: 1-7 Jun, 29 Jun-5 Jul.
func Range(monday time.Time) string {
	end := monday.AddDate(0, 0, 6)
	if end.Month() == monday.Month() {
		return fmt.Sprintf("%d-%s", monday.Day(), DateShort(end))
	}
	return DateShort(monday) + "-" + DateShort(end)
}

// DateIn writes a day and date in a language (id, su, jv).
func DateIn(t time.Time, lang string) string {
	days, ok := dayShort[lang]
	if !ok {
		days = dayShort["id"]
	}
	return days[t.Weekday()] + " " + DateShort(t)
}

// zoneName names the three Indonesian zones by their offset, since loaded zones
// may carry other abbreviations.
func zoneName(t time.Time) string {
	name, off := t.Zone()
	switch off {
	case 7 * 3600:
		return "WIB"
	case 8 * 3600:
		return "WITA"
	case 9 * 3600:
		return "WIT"
	}
	return name
}
