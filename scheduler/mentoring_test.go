package scheduler_test

import (
	"fmt"
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
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
	code := one[string](w, `SELECT code FROM session WHERE id = $1`, wed)
	w.expect(w.until("2026-06-10 07:20"),
		"Wed 10 07:15 417: Hari ini jam 10.00 bimbingan di Balai Desa Cengal. Bu Rina menunggu. Kalau mendadak tidak bisa, balas 2.",
		"Wed 10 07:15 418: Bu Ani, hari ini jam 10.00 bimbingan di Balai Desa Cengal dgn Bu Rina. Jadi datang? Balas 1 Datang 2 Tidak bisa",
		"Wed 10 07:15 428: Bu Yati, hari ini jam 10.00 bimbingan di Balai Desa Cengal dgn Bu Rina. Jadi datang? Balas 1 Datang 2 Tidak bisa",
		"Wed 10 07:15 009: Hari ini jam 10.00 bimbingan di Balai Desa Cengal. Datang 1, mungkin 1, belum jawab 1. Tulis kode HADIR di papan: "+code)
	// She said yes and stayed away; the one who had declined is not asked why.
	w.exec(`UPDATE invite SET attended = person_id <> $1 AND rsvp <> 'tidak'`, siti)
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

// The mentor hears of the session on the evening before, on its morning and after it.
func TestMentor(t *testing.T) {
	w := newWorld(t, "2026-06-09 12:00")
	siti, _ := w.cast()
	rina := w.staff("mentor", "Bu", "Rina Marlina", "32.10", "+6281100000009")
	before := one[int64](w, `INSERT INTO session (starts_at, area_code, place, mentor_id, homework, status) VALUES ($1, '32.10.07', 'Balai', $2, 'catat modal tiap hari', 'selesai') RETURNING id`,
		local("2026-06-03 10:00"), rina)
	wed := one[int64](w, `INSERT INTO session (starts_at, area_code, place, mentor_id, code) VALUES ($1, '32.10.07', 'Balai Desa Cengal', $2, '731') RETURNING id`, local("2026-06-10 10:00"), rina)
	w.exec(`INSERT INTO invite (session_id, person_id, rsvp, attended) VALUES ($1, $2, 'ya', true)`, before, siti)
	w.exec(`INSERT INTO invite (session_id, person_id, rsvp) VALUES ($1, $2, 'ya')`, wed, siti)
	for i, answer := range []string{"", "", "tidak", "ganti"} {
		p := w.person([]string{"173609", "550210", "608471", "719203"}[i], []string{"Ani", "Yati", "Euis", "Nur"}[i], "32.10.07", fmt.Sprintf("+62812345675%d", 18+10*i))
		w.exec(`INSERT INTO invite (session_id, person_id, rsvp) VALUES ($1, $2, $3)`, wed, p, answer)
	}
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) SELECT id, '2026-06-01', 1, 'sms', now(), now() FROM person`)
	w.until("2026-06-09 19:59")
	w.expect(w.until("2026-06-09 20:00"),
		"Tue 09 20:00 009: Sesi Rab 10 Jun 10.00 Balai Desa Cengal. Diundang 5: datang 1, tidak 1, ganti 1, belum jawab 2. Balas DAFTAR, INGATKAN, UBAH atau BATAL")
	if got := one[string](w, `SELECT opens || ' ' || (opens_vars ->> 'session' = $1::text)::text FROM outbox WHERE key LIKE 'mentor.eve:%'`, fmt.Sprint(wed)); got != "mentor#eve true" {
		t.Error(got)
	}
	w.expect(w.until("2026-06-10 07:16"),
		"Wed 10 07:15 417: Hari ini jam 10.00 bimbingan di Balai Desa Cengal. Bu Rina menunggu. Tugas: catat modal tiap hari. Kalau mendadak tidak bisa, balas 2.",
		"Wed 10 07:15 518: Bu Ani, hari ini jam 10.00 bimbingan di Balai Desa Cengal dgn Bu Rina. Jadi datang? Balas 1 Datang 2 Tidak bisa",
		"Wed 10 07:15 528: Bu Yati, hari ini jam 10.00 bimbingan di Balai Desa Cengal dgn Bu Rina. Jadi datang? Balas 1 Datang 2 Tidak bisa",
		"Wed 10 07:15 009: Hari ini jam 10.00 bimbingan di Balai Desa Cengal. Datang 1, mungkin 0, belum jawab 2. Tulis kode HADIR di papan: 731")
	w.until("2026-06-10 17:59")
	w.exec(`UPDATE invite SET attended = true, source = 'sendiri' WHERE session_id = $1 AND person_id = $2`, wed, siti)
	w.expect(w.until("2026-06-10 18:00"),
		"Wed 10 18:00 009: Sesi Rab 10 Jun 10.00 Balai Desa Cengal: 1 dari 5 sudah HADIR dgn kode. Balas DAFTAR untuk nomornya, lalu HADIR 1 3 5 atau SEMUA")
}

// A mentor who has sent the list is not asked for it, and nobody is told of a session that is not theirs any more.
func TestMentorIsNotAskedTwice(t *testing.T) {
	w := newWorld(t, "2026-06-10 12:00")
	siti, _ := w.cast()
	rina := w.staff("mentor", "Bu", "Rina Marlina", "32.10", "+6281100000009")
	id := one[int64](w, `INSERT INTO session (starts_at, area_code, place, mentor_id, status) VALUES ($1, '32.10.07', 'Balai', $2, 'selesai') RETURNING id`, local("2026-06-10 10:00"), rina)
	w.exec(`INSERT INTO invite (session_id, person_id, rsvp, attended) VALUES ($1, $2, 'ya', true)`, id, siti)
	w.expect(w.until("2026-06-10 18:30"))
}

// Two absences in a row are work for the TKSK and no further SMS; one that was announced is none (J5-SMS-03).
func TestAbsences(t *testing.T) {
	w := newWorld(t, "2026-06-11 05:00")
	w.cast()
	session := func(at string) int64 {
		return one[int64](w, `INSERT INTO session (starts_at, area_code, place, status) VALUES ($1, '32.10.07', 'Balai', 'selesai') RETURNING id`, local(at))
	}
	first, second := session("2026-06-03 10:00"), session("2026-06-10 10:00")
	var after []func()
	for i, c := range []struct {
		name, rsvp1, rsvp2 string
		came1              bool
		asked, cases       int
	}{
		{"Ani", "ya", "ya", false, 0, 1}, {"Yati", "ya", "", true, 1, 0}, {"Euis", "ya", "tidak", false, 0, 0}, {"Nur", "tidak", "", false, 1, 0},
	} {
		p := w.person([]string{"173609", "550210", "608471", "719203"}[i], c.name, "32.10.07", fmt.Sprintf("+62812345676%d", 18+10*i))
		w.exec(`INSERT INTO invite (session_id, person_id, rsvp, attended) VALUES ($1, $3, $4, $5), ($2, $3, $6, false)`, first, second, p, c.rsvp1, c.came1, c.rsvp2)
		after = append(after, func() {
			if n := one[int](w, `SELECT count(*)::int FROM cases WHERE person_id = $1 AND reason = 'MANGKIR'`, p); n != c.cases {
				t.Errorf("%s: %d cases", c.name, n)
			}
			if n := one[int](w, `SELECT count(*)::int FROM outbox WHERE person_id = $1 AND key LIKE 'mentoring.missed:%'`, p); n != c.asked {
				t.Errorf("%s: asked %d times", c.name, n)
			}
		})
	}
	w.until("2026-06-11 12:31")
	for _, check := range after {
		check()
	}
	if s := one[string](w, `SELECT min(said) FROM outbox WHERE key LIKE 'mentoring.missed:%' AND said LIKE '%Yati%'`); s != "Bu Yati, kemarin belum sempat ikut bimbingan ya? Kalau ada susulan kami kabari. Keliru? Balas TELEPON" {
		t.Error(s)
	}
}

// News about a session within twelve hours leaves at night too; about a later one it waits for the morning (programme.md 1.3).
func TestChangeOfASessionAtNight(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	siti, _ := w.cast()
	for i, start := range []string{"2026-06-10 09:00", "2026-06-10 11:00"} {
		w.enqueue(prokus.Message{
			Key: fmt.Sprintf("session.off:%d:%d", i, siti), Person: siti, Kind: prokus.KindNotice, Text: "session.off_plain",
			Args: []byte(`{"tgl":{"date":"2026-06-10"},"sebab":"` + start[11:] + `"}`), NotAfter: local(start),
		})
	}
	w.expect(w.until("2026-06-09 22:10"), "Tue 09 22:00 417: MAAF, bimbingan Rab 10 Jun DIBATALKAN karena 09:00. Begitu ada hari pengganti, kami kabari.")
	w.expect(w.until("2026-06-10 07:01"), "Wed 10 07:00 417: MAAF, bimbingan Rab 10 Jun DIBATALKAN karena 11:00. Begitu ada hari pengganti, kami kabari.")
}
