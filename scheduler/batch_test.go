package scheduler_test

import (
	"testing"
)

// The end of a batch: its people are told once and on the day after, the week that has begun is still asked for, and later ones neither are
// nor make a case. Opening it again brings the question back.
func TestTheEndOfABatch(t *testing.T) {
	w := newWorldWith(t, "2026-06-10 08:00", only("batch.closed", "week.prompt", "week.remind1", "week.close"))
	siti, _ := w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567420")
	w.exec(`INSERT INTO batch (name, amount, opened_on) VALUES ('2026', 3500000, '2026-01-01'), ('2025', 3500000, '2025-01-01')`)
	w.exec(`UPDATE person SET batch_id = CASE id WHEN $1 THEN 1 ELSE 2 END`, siti)
	w.report(siti, "2026-W23", 500_000)
	w.report(ani, "2026-W23", 500_000)
	w.exec(`UPDATE batch SET closed_on = '2026-06-10' WHERE id = 1`)
	w.expect(w.until("2026-06-11 09:00"))
	w.expect(w.until("2026-06-14 12:00"),
		"Thu 11 10:00 417: Bu Siti, masa laporan mingguan Ibu selesai, terima kasih. Data dan bantuan Ibu tetap ada. Cek: balas STATUS. Perlu ditolong: TOLONG.")
	if said := w.until("2026-06-14 20:00"); len(said) != 2 {
		t.Errorf("the last question: %v", said)
	}
	w.report(siti, "2026-W24", 500_000)
	w.report(ani, "2026-W24", 500_000)
	for _, m := range w.until("2026-07-09 12:00") {
		if m[13:16] == "417" {
			t.Errorf("after the end: %s", m)
		}
	}
	if n, m := one[int](w, `SELECT count(*) FROM cases WHERE person_id = $1`, siti), one[int](w, `SELECT count(*) FROM cases WHERE person_id = $1`, ani); n != 0 || m != 1 {
		t.Errorf("%d cases of whom nobody asks, %d of whom is silent", n, m)
	}
	w.exec(`UPDATE batch SET closed_on = NULL WHERE id = 1`)
	if said := w.until("2026-07-12 20:00"); len(said) != 2 {
		t.Errorf("opened again: %v", said)
	}
}
