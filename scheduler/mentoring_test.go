package scheduler_test

import (
	"fmt"
	"testing"
)

// The day before, the morning, and what follows an absence (J5-SMS-01, J5-SMS-03).
func TestMentoring(t *testing.T) {
	w := newWorld(t, "2026-06-09 12:00")
	siti, _ := w.cast()
	rina := w.staff("mentor", "Bu", "Rina Marlina", "32.10", "+6281100000009")
	session := func(at, place string) (id int64) {
		return one[int64](w, `INSERT INTO session (starts_at, area_code, place, mentor_id) VALUES ($1, '32.10.07', $2, $3) RETURNING id`, local(at), place, rina)
	}
	wed := session("2026-06-10 10:00", "Balai Desa Cengal")
	session("2026-06-13 09:00", "Kantor Kec. Maja")
	rsvp := map[int64]string{siti: "ya"}
	for i, answer := range []string{"", "mungkin", "tidak"} {
		p := w.person([]string{"173609", "550210", "608471"}[i], []string{"Ani", "Yati", "Euis"}[i], "32.10.07", fmt.Sprintf("+62812345674%d", 18+10*i))
		rsvp[p] = answer
	}
	for p := range rsvp {
		w.report(p, "2026-W22", 500_000)
		w.report(p, "2026-W23", 500_000) // no reminder in the way
	}
	for p := range rsvp {
		w.exec(`INSERT INTO invite (session_id, person_id) VALUES ($1, $2)`, wed, p)
	}
	got := w.until("2026-06-09 16:50")
	if len(got) != 4 || got[0] != "Tue 09 16:30 417: Bu Siti, BESOK Rab 10 Jun jam 10.00 bimbingan usaha di Balai Desa Cengal dgn Bu Rina. Balas 1 Datang 2 Tidak bisa 3 Ganti hari" {
		t.Errorf("the day before: %q", got)
	}
	for p, answer := range rsvp {
		w.exec(`UPDATE invite SET rsvp = $2 WHERE person_id = $1`, p, answer)
	}
	w.until("2026-06-10 07:14")
	w.expect(w.until("2026-06-10 07:20"),
		"Wed 10 07:15 417: Hari ini jam 10.00 bimbingan di Balai Desa Cengal. Bu Rina menunggu. Kalau mendadak tidak bisa, balas 2.",
		"Wed 10 07:15 418: Bu Ani, hari ini jam 10.00 bimbingan di Balai Desa Cengal dgn Bu Rina. Jadi datang? Balas 1 Datang 2 Tidak bisa",
		"Wed 10 07:15 428: Bu Yati, hari ini jam 10.00 bimbingan di Balai Desa Cengal dgn Bu Rina. Jadi datang? Balas 1 Datang 2 Tidak bisa")
	w.exec(`UPDATE invite SET attended = person_id <> $1`, siti)
	w.until("2026-06-11 12:30")
	if n := w.sim.times(one[string](w, `SELECT id::text FROM outbox WHERE key LIKE 'mentoring.missed:%'`)); n != 1 {
		t.Errorf("the absent one was asked %d times", n)
	}
	if s := one[string](w, `SELECT said FROM outbox WHERE key LIKE 'mentoring.missed:%'`); s != "Bu Siti, kemarin belum sempat ikut bimbingan ya? Ada susulan Sab 13 Jun jam 09.00 di Kantor Kec. Maja. Balas 1 Ikut 2 Tidak" {
		t.Error(s)
	}
}

// A session that is called off between the sweep and the send is not announced.
func TestSessionCalledOff(t *testing.T) {
	w := newWorld(t, "2026-06-09 16:00")
	siti, _ := w.cast()
	id := one[int64](w, `INSERT INTO session (starts_at, area_code, place) VALUES ($1, '32.10.07', 'Balai') RETURNING id`, local("2026-06-10 10:00"))
	w.exec(`INSERT INTO invite (session_id, person_id) VALUES ($1, $2)`, id, siti)
	w.until("2026-06-09 16:29")
	w.must(w.Clock.Set(w.ctx, local("2026-06-09 16:30")))
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	w.exec(`UPDATE session SET status = 'batal'`)
	w.must(w.Drain(w.ctx))
	if s := one[string](w, `SELECT state || ' ' || error FROM outbox`); s != "cancelled session_over" {
		t.Error(s)
	}
}
