package scheduler_test

import (
	"testing"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Lebaran: in a pause nobody is asked and nobody is silent; around Idul Fitri nothing at all is said but alerts (R07, R08).
func TestD7Lebaran(t *testing.T) {
	w := newWorld(t, "2026-03-13 12:00")
	siti, _ := w.cast()
	for _, week := range []string{"2026-W08", "2026-W09", "2026-W10"} {
		w.report(siti, week, 500_000)
	}
	w.exec(`INSERT INTO holiday (day, name) VALUES ('2026-03-20', 'Hari Raya Idul Fitri 1447 H'), ('2026-03-21', 'Hari Raya Idul Fitri 1447 H'),
		('2026-03-18', 'Cuti bersama Idul Fitri'), ('2026-03-23', 'Cuti bersama Idul Fitri')`)
	w.exec(`INSERT INTO pause (from_day, to_day, name) VALUES ('2026-03-13', '2026-03-27', 'Lebaran')`)
	w.until("2026-03-19 09:00")
	m := notice(siti)
	m.NotBefore = local("2026-03-19 12:00")
	w.enqueue(m)
	m.NotBefore, m.Kind = local("2026-03-20 12:00"), prokus.KindAlert
	w.enqueue(m)
	said, err := texts(t).Render("button.stale", "id", nil, text.Route{Via: "sms"})
	w.must(err)
	w.expect(w.until("2026-03-29 12:00"), "Fri 20 12:00 417: "+said.Text, "Mon 23 07:00 417: "+said.Text)
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE kind IN ('prompt', 'reminder')`); n != 0 {
		t.Errorf("%d questions in the pause", n)
	}
	w.until("2026-04-01 07:00")
	if n := one[int](w, `SELECT count(*) FROM cases WHERE reason = 'DIAM2'`); n != 0 {
		t.Error("silent in weeks in which she was not asked")
	}
}
