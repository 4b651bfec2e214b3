package scheduler_test

import (
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Several cases of one TKSK that are late at the same time make one message, not one each (J7-SMS-03).
func TestSeveralLateCasesMakeOneMessage(t *testing.T) {
	w := newWorld(t, "2026-06-12 07:45")
	siti, dedi := w.cast()
	nani := one[int64](w, `SELECT id FROM staff WHERE role = 'koordinator'`)
	w.exec(`UPDATE person SET consent_at = $1`, w.Clock.Now())
	for i, p := range []int64{
		siti, w.person("173609", "Ani", "32.10.07", "+6281234567418"), w.person("550210", "Yati", "32.10.07", "+6281234567419"),
	} {
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at, remind_at, escalate_at)
			VALUES ($1, '32.10', 2026, $2, '32.10.07', 'NOL2', $3, $4, $5, $7, $6, $7)`,
			i+1, p, prokus.CaseRuleFor(prokus.TwoZeros).Priority-i, dedi, local("2026-06-10 00:00"), local("2026-06-12 08:00"), local("2026-06-15 16:00"))
	}
	w.expect(w.until("2026-06-12 08:00"),
		"Fri 12 08:00 001: Pak Dedi, 3 orang belum ditangani: 1 Siti 2 Ani 3 Yati. Batas Sen 15 Jun. Balas nomornya.")
	if n := one[int](w, `SELECT count(*) FROM case_event WHERE what = 'reminded'`); n != 3 {
		t.Errorf("%d reminded, want 3", n)
	}
	w.until("2026-06-15 15:59")
	w.expect(w.until("2026-06-15 16:00"),
		"Mon 15 16:00 001: 3 kasus diteruskan ke Bu Nani (Dinsos) karena lewat batas: 1 Siti 2 Ani 3 Yati. Masih bisa ditangani, balas nomornya.",
		"Mon 15 16:00 002: KABAR: 3 kasus lewat batas di Kec. Maja: Siti 482919, 2mg libur, 3 hari kerja; Ani 173609, 2mg libur, 3 hari kerja, dan 1 lagi. Rincian di halaman Kasus.")
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE staff_id = $1 AND kind = 'escalation'`, nani); n != 1 {
		t.Errorf("%d to the coordinator, want 1", n)
	}
}

// Eight long names are cut until they fit.
func TestManyLateCasesFitOneSMS(t *testing.T) {
	w := newWorld(t, "2026-06-12 07:45")
	_, dedi := w.cast()
	w.exec(`UPDATE person SET consent_at = $1`, w.Clock.Now())
	for i, code := range []string{"200014", "200022", "200030", "200048", "200055", "200063", "200071", "200089"} {
		p := w.person(prokus.WithCheckDigit(code[:5]), "Nurhalizahwati", "32.10.07", "+62812345680"+code[3:5])
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at, remind_at, escalate_at)
			VALUES ($1, '32.10', 2026, $2, '32.10.07', 'NOL2', 70, $3, $4, $6, $5, $6)`,
			i+1, p, dedi, local("2026-06-10 00:00"), local("2026-06-12 08:00"), local("2026-06-15 16:00"))
	}
	w.expect(w.until("2026-06-12 08:00"),
		"Fri 12 08:00 001: Pak Dedi, 8 orang belum ditangani: 1 Nurhaliz 2 Nurhaliz 3 Nurhaliz 4 Nurhaliz 5 Nurhaliz 6 Nurhaliz 7 Nurhaliz 8 Nurhaliz. Batas Sen 15 Jun. Balas nomornya.")
}
