package scheduler_test

import (
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The Sunday of Ramadan 1447 H, 22 Feb 2026: the question at 16.30 for those who keep it, at 18.30 for whoever has the usual
// hours and where an area keeps no Ramadan; the last reminder inside the window; on the Sunday before and after the fast the
// usual hour (R32).
func TestD7Ramadan(t *testing.T) {
	w := newWorldWith(t, "2026-02-15 12:00", only("week.prompt", "ramadan.prompt", "week.remind2", "ramadan.remind2"))
	siti, _ := w.cast()
	maria := w.person("173609", "Maria", "32.10.07", "+6281234567418")
	yohana := w.person("550210", "Yohana", "94.71.01", "+6281234567419") // Jayapura, two hours ahead
	agnes := w.person("608471", "Agnes", "32.10.07", "+6281234567420")
	w.exec(`UPDATE person SET usual_hours = true WHERE id = $1`, maria)
	w.exec(`INSERT INTO batch (name, amount, opened_on, usual_hours) VALUES ('GKP', 1000000, '2026-01-01', true)`)
	w.exec(`UPDATE person SET batch_id = (SELECT id FROM batch) WHERE id = $1`, agnes)
	w.change("94.71", "ramadan.kept", "tidak")
	w.exec(`INSERT INTO ramadan (from_day, to_day, name) VALUES ('2026-02-19', '2026-03-20', 'Ramadan 1447 H')`)
	w.jump(local("2026-02-24 21:00"))
	for _, c := range []struct {
		who         int64
		w7, w8      string
		lastPrompts string // of R2 in the fast
	}{
		{siti, "Sun 18:30", "Sun 16:30", "Tue 16:30"}, {maria, "Sun 18:30", "Sun 18:30", "Tue 17:00"},
		{yohana, "Sun 16:30", "Sun 16:30", "Tue 15:00"}, {agnes, "Sun 18:30", "Sun 18:30", "Tue 17:00"},
	} {
		if a, b := w.asked(c.who, "2026-W07"), w.asked(c.who, "2026-W08"); a != c.w7 || b != c.w8 {
			t.Errorf("%d asked %s before the fast and %s in it, want %s and %s", c.who, a, b, c.w7, c.w8)
		}
		if got := one[string](w, `SELECT to_char(not_before AT TIME ZONE 'Asia/Jakarta', 'Dy HH24:MI') FROM outbox WHERE key = 'week.remind2:' || $1::bigint || ':2026-W08'`, c.who); got != c.lastPrompts {
			t.Errorf("%d reminded for the last time on %s, want %s", c.who, got, c.lastPrompts)
		}
	}
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE key LIKE 'week.prompt:%:2026-W08'`); n != 4 {
		t.Errorf("%d questions in the week of the fast, want 4", n)
	}
}

// The transcript of a Sunday in the fast, as the phone shows it; and the window: what comes up in the evening waits for nine.
func TestRamadanOnThePhone(t *testing.T) {
	w := newWorld(t, "2026-02-22 12:00")
	siti, _ := w.cast()
	w.exec(`UPDATE person SET consent_at = '2026-02-17'`)
	w.exec(`INSERT INTO ramadan (from_day, to_day, name) VALUES ('2026-02-19', '2026-03-20', 'Ramadan 1447 H')`)
	w.expect(w.until("2026-02-22 20:30"),
		"Sun 22 16:30 417: Bu Siti, total uang jualan 16-22 Feb berapa? Belum dipotong modal. Balas angka saja, misal 87rb. Libur balas 0. Gratis. -Pak Dedi, TKSK")
	m := notice(siti)
	m.NotBefore = local("2026-02-23 07:30")
	w.enqueue(m)
	w.exec(`DELETE FROM place`)
	said := w.until("2026-02-23 12:00")
	if len(said) != 2 || said[0][:10] != "Mon 23 07:" || said[1][:13] != "Mon 23 09:00 " { // the TKSK's Monday, and hers when the window opens
		t.Errorf("Monday: %q", said)
	}
	// The evening: a notice of 18.00 waits for the morning, safety does not.
	m.NotBefore = local("2026-02-23 18:45")
	w.enqueue(m)
	m.Kind = prokus.KindAlert
	w.enqueue(m)
	w.report(siti, "2026-W08", 500_000)
	said = w.until("2026-02-24 12:00")
	if len(said) != 2 || said[0][:13] != "Mon 23 18:45 " || said[1][:13] != "Tue 24 09:00 " {
		t.Errorf("the evening and the morning: %q", said)
	}
}
