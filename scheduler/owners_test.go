package scheduler_test

import (
	"fmt"
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Every open case has a live owner by the morning after anything that happens to its owner (faults.md D9): leave with and without a
// substitute, a substitute who is away too, a post that falls vacant, a coordinator who leaves, another who comes.
func TestD9EveryOpenCaseHasALiveOwner(t *testing.T) {
	w := newWorldWith(t, "2026-06-09 22:00", only("case.daily", "digest"))
	siti, dedi := w.cast()
	nani := one[int64](w, `SELECT id FROM staff WHERE role = 'koordinator'`)
	w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES ('32.10.09', '32.10', 3, 'Sukahaji', 'Asia/Jakarta')`)
	lilis := w.staff("tksk", "Bu", "Lilis", "32.10.09", "+6281100000003")
	for i := range 6 {
		p := siti
		if i > 0 {
			p = w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), fmt.Sprintf("Ani %d", i), []string{"32.10.07", "32.10.09"}[i%2], fmt.Sprintf("+62812000%05d", i))
		}
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at)
			SELECT $1, '32.10', 2026, id, area_code, $3, 50, CASE WHEN $3 = 'MACET' THEN coordinator_of(area_code) ELSE owner_for(area_code) END, $4, $4::timestamptz + interval '9 days' FROM person WHERE id = $2`,
			i+1, p, []string{"TURUN", "MACET", "DIAM2"}[i%3], w.Clock.Now())
	}
	second := int64(0)
	for day, c := range []struct {
		what string
		do   func()
	}{
		{"nothing", func() {}},
		{"leave with a substitute", func() {
			w.exec(`INSERT INTO staff_leave (staff_id, from_day, to_day, substitute) VALUES ($1, '2026-06-11', '2026-06-12', $2)`, dedi, lilis)
		}},
		{"the substitute is away too", func() {
			w.exec(`INSERT INTO staff_leave (staff_id, from_day, to_day) VALUES ($1, '2026-06-12', '2026-06-12')`, lilis)
		}},
		{"the TKSK leaves the service", func() { w.exec(`UPDATE staff SET active = false WHERE id = $1`, dedi) }},
		{"a second coordinator comes, the first leaves", func() {
			second = w.staff("koordinator", "Pak", "Yusuf", "32.10", "+6281100000005")
			w.exec(`UPDATE staff SET active = false WHERE id = $1`, nani)
		}},
		{"the other TKSK leaves", func() { w.exec(`UPDATE staff SET active = false WHERE id = $1`, lilis) }},
	} {
		c.do()
		w.jump(local(fmt.Sprintf("2026-06-%02d 08:00", 10+day)))
		if n := one[int](w, `
			SELECT count(*) FROM cases c WHERE status <> 'selesai' AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.active
				AND s.id = acting_for(c.owner_id, c.area_code, $1::date) AND NOT EXISTS (SELECT 1 FROM staff_leave l WHERE l.staff_id = s.id AND $1::date BETWEEN l.from_day AND l.to_day))`,
			fmt.Sprintf("2026-06-%02d", 10+day)); n != 0 {
			t.Errorf("%s: %d open cases that nobody acts on", c.what, n)
		}
	}
	if n := one[int](w, `SELECT count(*) FROM cases WHERE owner_id <> $1`, second); n != 0 {
		t.Errorf("%d cases are not with the coordinator who is left", n)
	}
}
