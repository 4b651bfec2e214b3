package scheduler_test

import "testing"

// The week's scores are counted on Wednesday, kept, and a change of class is history (D29); the first count is none.
func TestTheScoresOfTheWeek(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	siti, dedi := w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567418")
	for _, week := range []string{"2026-W19", "2026-W20", "2026-W21", "2026-W22", "2026-W23"} {
		w.report(siti, week, 600_000)
	}
	w.exec(`INSERT INTO leave (person_id, from_week, to_week) VALUES ($1, '2026-06-08', '2026-06-08')`, siti)
	w.until("2026-06-10 02:00")
	score := func(person int64) string {
		return one[string](w, `SELECT week || ' ' || total || ' ' || class FROM score WHERE person_id = $1`, person)
	}
	if got := score(siti); got != "2026-06-01 10 pemula" { // five weeks of twelve
		t.Errorf("Siti %s", got)
	}
	if got := score(ani); got != "2026-06-01 0 pemula" {
		t.Errorf("Ani %s", got)
	}
	if n := one[int](w, `SELECT count(*) FROM class_change`); n != 0 {
		t.Errorf("%d changes before anybody had a class", n)
	}
	w.exec(`INSERT INTO batch (name, amount, opened_on) VALUES ('2026', 3500000, '2026-01-01')`)
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent) VALUES ($1, 1, 'selesai', '2026-03-01', '2026-03-01', 3500000, 0)`, siti)
	w.exec(`INSERT INTO observation (person_id, what, seen, at, by_staff, channel) SELECT $1, x, true, now(), $2, 'console' FROM unnest(ARRAY['buku', 'tabungan']) x`, siti, dedi)
	w.until("2026-06-17 02:00")
	if got := score(siti); got != "2026-06-08 45 berkembang" { // the leave freezes the streak (R08)
		t.Errorf("Siti a week later: %s", got)
	}
	if got := one[string](w, `SELECT from_class || ' ' || to_class || ' ' || total FROM class_change`); got != "pemula berkembang 45" {
		t.Errorf("the change: %s", got)
	}
}
