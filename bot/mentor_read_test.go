package bot

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

func TestReadList(t *testing.T) {
	for said, want := range map[string]string{
		"1 3 5": "1 3 5", "1,3 dan 5": "1 3 5", "1-3": "1 2 3", "1 - 3, 7": "1 2 3 7", "1 sampai 3": "1 2 3", "no 2": "2",
		"semua": "1 2 3 4 5 6 7 8", "SEMUA kecuali 2 4": "1 3 5 6 7 8", "semua selain 1-6": "7 8", "semua hadir": "1 2 3 4 5 6 7 8",
		"": "?", "kemarin 10 orang": "?", "kecuali 2": "?", "semua 3": "?", "3-1": "?", "0": "?", "1-999": "?", "banyak": "?", "jam 10": "?",
	} {
		came, _, ok := readList(said)
		got := "?"
		if ok {
			var in []string
			for n := 1; n <= 8; n++ {
				if came(n) {
					in = append(in, fmt.Sprint(n))
				}
			}
			got = strings.Join(in, " ")
		}
		if got != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

func TestReadShift(t *testing.T) {
	wib := prokus.Zone("")
	starts, now := time.Date(2026, 6, 10, 10, 0, 0, 0, wib), time.Date(2026, 6, 9, 12, 0, 0, 0, wib)
	for said, want := range map[string]string{
		"13.00":                          "06-10 13:00 ",
		"jam 13":                         "06-10 13:00 ",
		"ke jam 13:30":                   "06-10 13:30 ",
		"17 jun":                         "06-17 10:00 ",
		"besok lusa":                     "06-10 10:00 lusa",
		"17 Jun 13.00":                   "06-17 13:00 ",
		"ke Rumah Bu RT 03 Cengal":       "06-10 10:00 Rumah Bu RT 03 Cengal",
		"Rumah Bu RT 03 jam 9":           "06-10 09:00 Rumah Bu RT 03",
		"jumat 9.30 di Kantor Kec. Maja": "06-12 09:30 Kantor Kec. Maja",
		"di Balai RW 5":                  "06-10 10:00 Balai RW 5",
	} {
		at, place := readShift(said, starts, now)
		if got := at.Format("01-02 15:04 ") + place; got != want {
			t.Errorf("%q: %s, want %s", said, got, want)
		}
	}
}

// What mentors write never breaks the reading, and a list never holds more numbers than a session has people.
func FuzzMentor(f *testing.F) {
	for _, s := range []string{"1 3 5", "semua kecuali 2", "17 jun 13.00 Balai", "1-200 201-400", "jam 25", "99999999999999999999-1", "ke ke ke di", "\xff\xfe", "٣ 1"} {
		f.Add(s)
	}
	wib := prokus.Zone("")
	starts := time.Date(2026, 6, 10, 10, 0, 0, 0, wib)
	f.Fuzz(func(t *testing.T, s string) {
		if _, named, ok := readList(s); ok && (slices.ContainsFunc(named, func(n int) bool { return n < 1 || n > 1000 })) {
			t.Errorf("%q names %v", s, named)
		}
		at, place := readShift(s, starts, starts.AddDate(0, 0, -1))
		if at.IsZero() || len(place) > len(s)+1 {
			t.Errorf("%q: %s %q", s, at, place)
		}
		_ = reasonOf(s)
		_, _ = checkInCode(s)
	})
}
