package scheduler_test

import "testing"

// The TKSK is told each week who has no phone and has not reported, on the first working day, once, and how to write it down.
func TestPeopleWithoutAPhone(t *testing.T) {
	w := newWorldWith(t, "2026-06-07 20:00", only("assisted.weekly"))
	siti, dedi := w.cast()
	none := func(code, name string) int64 {
		id := w.person(code, name, "32.10.07", "+62812000"+code)
		w.exec(`DELETE FROM address WHERE person_id = $1`, id)
		return id
	}
	again := func() {
		w.exec(`UPDATE rule_slot SET swept_to = swept_to - interval '1 day' WHERE rule = 'assisted.weekly'`)
	}
	// Everybody has a phone, whether they reported or not: nothing.
	w.expect(w.until("2026-06-08 09:00"))

	mak := none("123455", "Icah Suryati")
	yati := none("234566", "Yati")
	w.exec(`UPDATE address SET status = 'mati' WHERE person_id = $1`, siti)
	w.report(yati, "2026-W24", 300000)
	left := none("345677", "Euis")
	w.exec(`UPDATE person SET consent = 'berhenti' WHERE id = $1`, left)
	w.expect(w.until("2026-06-14 23:00")) // not in the middle of a week
	// Monday the 15th is a holiday in the district: Tuesday. Whose number is dead is reached by nobody either; whoever stopped is left alone.
	w.exec(`INSERT INTO holiday (day, name, area_code) VALUES ('2026-06-15', 'Hari jadi', '32.10')`)
	w.expect(w.until("2026-06-15 20:00"))
	w.expect(w.until("2026-06-16 09:00"), "Tue 16 08:00 001: KABAR Maja 8-14 Jun: 2 orang tanpa HP belum lapor. Icah 123455, Siti 482919. Balas LAPOR kode jumlah.")
	again()
	w.expect(w.until("2026-06-16 09:05")) // a second sweep of the slot
	w.expect(w.until("2026-06-21 23:00"))

	// More than one SMS holds: as many as fit, the others in the console. The colleague who stands in gets the list of a leave.
	w.staff("tksk", "Bu", "Rina", "73.06.01", "+6281100000003")
	w.exec(`INSERT INTO staff_leave (staff_id, from_day, to_day, substitute) SELECT $1, '2026-06-20', '2026-06-24', id FROM staff WHERE name = 'Rina'`, dedi)
	for i, name := range []string{"Aminah", "Badriah", "Cucu Nurhalizah", "Dedeh", "Ecin", "Fatimah", "Gita"} {
		none([]string{"100008", "100016", "100024", "100032", "100040", "100058", "100066"}[i], name)
	}
	w.exec(`INSERT INTO leave (person_id, from_week, to_week, reason) VALUES ($1, '2026-06-15', '2026-06-15', 'sakit')`, mak)
	w.expect(w.until("2026-06-22 09:00"), "Mon 22 08:00 003: KABAR Maja 15-21 Jun: 9 tanpa HP belum lapor. Aminah 100008, Badriah 100016, Cucu 100024, Dedeh 100032, Ecin 100040, 4 lagi di konsol. Balas LAPOR kode jumlah.")
}
