package bahasa

import (
	"fmt"
	"strconv"
	"time"
)

// dayNames are the short names of the days, from Sunday.
func dayNames(lang string) [7]string {
	switch lang {
	case "su":
		return [7]string{"Min", "Sen", "Sal", "Reb", "Kem", "Jum", "Sap"}
	case "jv":
		return [7]string{"Min", "Sen", "Sel", "Reb", "Kem", "Jem", "Set"}
	}
	return [7]string{"Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"}
}

func monthName(m time.Month) string {
	return [12]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}[m-1]
}

// Date writes Rab 10 Jun.
func Date(t time.Time) string { return DateIn(t, "id") }

// DateIn writes a day and date with the day's name in a language (id, su, jv);
// the months are the same in all three.
func DateIn(t time.Time, lang string) string {
	return dayNames(lang)[t.Weekday()] + " " + DateShort(t)
}

// DateShort writes 10 Jun.
func DateShort(t time.Time) string { return strconv.Itoa(t.Day()) + " " + monthName(t.Month()) }

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
		return strconv.Itoa(monday.Day()) + "-" + DateShort(end)
	}
	return DateShort(monday) + "-" + DateShort(end)
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
