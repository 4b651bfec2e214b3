package prokus

import (
	"testing"
	"time"
)

func TestCodesOfTheTranscripts(t *testing.T) {
	for _, c := range []string{"482919", "173609", "550210", "608471", "310557"} {
		if !ValidCode(c) {
			t.Errorf("%s is a valid code in the transcripts", c)
		}
		if WithCheckDigit(c[:5]) != c {
			t.Errorf("check digit of %s: got %s", c, WithCheckDigit(c[:5]))
		}
	}
	for _, c := range []string{"482991", "123455", "1901", "", "48291a", "4829190000"} {
		if ValidCode(c) {
			t.Errorf("%s must not be valid", c)
		}
	}
}

func TestWeekOfTheTranscripts(t *testing.T) {
	wib := Zone("Asia/Jakarta")
	w := WeekOf(time.Date(2026, 6, 7, 18, 30, 0, 0, wib))
	if w.String() != "2026-W23" || w.Date().Format("2006-01-02") != "2026-06-01" {
		t.Fatalf("got %s, %s", w, w.Date())
	}
	if got := w.Closes(wib).Format("2006-01-02 15:04"); got != "2026-06-10 00:00" {
		t.Errorf("closes %s", got)
	}
	if got := w.CorrectableUntil(wib).Format("2006-01-02"); got != "2026-06-21" {
		t.Errorf("correctable until %s", got)
	}
	if got := w.AcceptedUntil(wib).Format("2006-01-02"); got != "2026-06-29" {
		t.Errorf("accepted until %s", got)
	}
	for d := time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() < 2040; d = d.AddDate(0, 0, 1) {
		w := WeekOf(d)
		back, err := ParseWeek(w.String())
		if err != nil || back != w || d.Before(w.Date()) || !d.Before(w.Date().AddDate(0, 0, 7)) {
			t.Fatalf("%s: week %s, parsed %v %v", d, w, back, err)
		}
	}
}
