package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

// meetingForm is a session on Saturday morning, typed as people do.
func meetingForm(more ...string) url.Values {
	f := url.Values{"kecamatan": {"32.10.07"}, "tanggal": {"13-06-2026"}, "jam": {"9.00"}, "tempat": {"Balai Desa Cengal"}, "topik": {"menghitung modal"}, "kursi": {"2"}, "mentor": {"0"}}
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

// A coordinator makes a session: the group by cluster and kecamatan is invited up to the seats, the mentor is told, a second
// click finds the first.
func TestASessionIsMade(t *testing.T) {
	w := newWorld(t)
	w.exec(`INSERT INTO address (staff_id, kind, value, is_primary, linked_at) VALUES ($1, 'phone', '+6281100000009', true, now())`, w.staff["rina"])
	for i, cluster := range []string{"Kuliner", "Kuliner", "Kuliner", "Kriya"} {
		w.exec(`UPDATE person SET cluster = $2 WHERE id = $1`, w.person(someone{code: code(i), name: fmt.Sprint("Orang ", i), phone: fmt.Sprintf("+62812999900%02d", i)}), cluster)
	}
	w.exec(`UPDATE person SET cluster = 'Kuliner' WHERE id = $1`, w.person(someone{code: code(9), name: "Orang Lain", area: "32.10.09", phone: "+6281299990099"}))
	nani := w.as("nani")
	f := meetingForm("mentor", fmt.Sprint(w.staff["rina"]), "klaster", "kuliner")
	for range 2 {
		if got := nani.post("/bimbingan", f); got.status != 303 || got.header.Get("Location") == "" {
			t.Fatal(got.status, got.body)
		}
	}
	if n := w.count(`SELECT count(*) FROM session`); n != 1 {
		t.Errorf("%d sessions", n)
	}
	if n := w.count(`SELECT count(*) FROM invite i JOIN person p ON p.id = i.person_id WHERE p.cluster = 'Kuliner' AND p.area_code = '32.10.07'`); n != 2 || w.count(`SELECT count(*) FROM invite`) != 2 {
		t.Errorf("%d of the group are invited, want the two seats", n)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE staff_id = $1 AND text_key = 'mentor.office_new'`, w.staff["rina"]); n != 1 {
		t.Errorf("the mentor is told %d times", n)
	}
	if at := w.count(`SELECT count(*) FROM session WHERE starts_at = '2026-06-13 09:00+07' AND capacity = 2`); at != 1 {
		t.Error("the session stands at another time")
	}
	for _, page := range []string{"/bimbingan?bulan=2026-06", "/bimbingan/1"} {
		if body := nani.get(page).body; !strings.Contains(body, "Balai Desa Cengal") && !strings.Contains(body, "09.00 Maja") {
			t.Errorf("%s does not show it", page)
		}
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what = 'bimbingan dibuat'`); n != 2 {
		t.Errorf("%d audit rows", n)
	}
	for name, change := range map[string][]string{
		"Tanggal atau jam tidak terbaca": {"jam", "pagi"}, "Waktunya sudah lewat": {"tanggal", "09-06-2026"}, "Isi tempatnya": {"tempat", " "}, "Jumlah kursi": {"kursi", "0"},
		"Mentor yang dipilih": {"mentor", "999"}, "Pilih kecamatan": {"kecamatan", "32.17.01"},
	} {
		got := nani.post("/bimbingan", meetingForm(change...))
		if got.status != 422 || !strings.Contains(got.body, name) || !strings.Contains(got.body, "<title>Kesalahan: ") || !strings.Contains(got.body, `value="menghitung modal"`) {
			t.Errorf("%v: %d without %q", change, got.status, name)
		}
	}
}

// A session is moved and called off with the notices of the mentor's own way; seats and numbers stay; twice says nothing twice.
func TestASessionIsMovedAndCalledOff(t *testing.T) {
	w := newWorld(t)
	people := w.crowd(3, "32.10.07")
	w.exec(`INSERT INTO session (starts_at, area_code, place, mentor_id, code) VALUES ('2026-06-13 09:00+07', '32.10.07', 'Balai', $1, '731')`, w.staff["rina"])
	for i, rsvp := range []string{"ya", "tidak", ""} {
		w.exec(`INSERT INTO invite (session_id, person_id, rsvp) VALUES (1, $1, $2)`, people[i], rsvp)
	}
	told := func(key string) int { return w.count(`SELECT count(*) FROM outbox WHERE text_key LIKE $1`, key) }
	nani, rina := w.as("nani"), w.as("rina")
	move := url.Values{"tanggal": {"14-06-2026"}, "jam": {"10.30"}, "tempat": {"Rumah Bu RT"}}
	for range 2 {
		if got := nani.post("/bimbingan/1/pindah", move); got.status != 303 {
			t.Fatal(got.status, got.body)
		}
	}
	if told("session.moved") != 3 || told("mentor.office_moved") != 1 {
		t.Errorf("%d and the mentor %d are told of the move", told("session.moved"), told("mentor.office_moved"))
	}
	if n := w.count(`SELECT count(*) FROM invite WHERE rsvp = ''`); n != 2 {
		t.Errorf("%d are asked anew, want who had said yes besides who had not answered", n)
	}
	if got := rina.post("/bimbingan/1/batal", url.Values{"sebab": {"sakit"}}); got.status != 422 || !strings.Contains(got.body, "Centang dulu") {
		t.Errorf("called off without being sure: %d", got.status)
	}
	for range 2 {
		if got := rina.post("/bimbingan/1/batal", url.Values{"sebab": {"sakit"}, "yakin": {"1"}}); got.status != 303 {
			t.Fatal(got.status, got.body)
		}
	}
	if told("session.off%") != 3 || told("mentor.office_off") != 0 {
		t.Errorf("%d are told that it is off, the mentor herself %d times", told("session.off%"), told("mentor.office_off"))
	}
	if got := nani.post("/bimbingan/1/pindah", move); got.status != 409 {
		t.Errorf("moved after it was called off: %d", got.status)
	}
	if body := nani.get("/bimbingan/1").body; !strings.Contains(body, "mentor sakit") || strings.Contains(body, "/batal") {
		t.Error("the page does not say that it is off")
	}
}

// Who came, homework, and what became of it: the figures of D23.
func TestWhoCame(t *testing.T) {
	w := newWorld(t)
	people := w.crowd(4, "32.10.07")
	w.exec(`INSERT INTO session (starts_at, area_code, place, mentor_id) VALUES ('2026-06-10 10:00+07', '32.10.07', 'Balai', $1), ('2026-06-20 10:00+07', '32.10.07', 'Balai', NULL)`, w.staff["rina"])
	for i, rsvp := range []string{"ya", "ya", "", "ganti"} {
		w.exec(`INSERT INTO invite (session_id, person_id, rsvp) VALUES (1, $1, $2)`, people[i], rsvp)
	}
	rina := w.as("rina")
	if body := rina.get("/").body; !strings.Contains(body, "/bimbingan/1") || strings.Contains(body, "/bimbingan/2") || strings.Contains(body, "/orang") {
		t.Error("a mentor sees other sessions than their own")
	}
	if got := rina.get("/bimbingan/2"); got.status != 404 {
		t.Errorf("somebody else's session: %d", got.status)
	}
	page := rina.get("/bimbingan/1").body
	if strings.Count(page, `name="hadir"`) != 3 {
		t.Errorf("%d boxes, want one each of those who stayed on the list", strings.Count(page, `name="hadir"`))
	}
	for range 2 {
		if got := rina.post("/bimbingan/1/hadir", url.Values{"hadir": {"1"}}); got.status != 303 {
			t.Fatal(got.status, got.body)
		}
	}
	if got := rina.post("/bimbingan/1/tugas", url.Values{"tugas": {"catat modal tiap hari"}}); got.status != 303 {
		t.Fatal(got.status, got.body)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE text_key = 'mentoring.present'`); n != 1 {
		t.Errorf("%d are told that they came", n)
	}
	w.exec(`UPDATE invite SET rating = 1 WHERE attended`)
	body := w.as("nani").get("/bimbingan").body
	for _, s := range []string{"33,3%", "1 dari 3, 1 bimbingan", ">50,0%<", "biasa 0, tidak 0"} {
		if !strings.Contains(body, s) {
			t.Errorf("the month lacks %q", s)
		}
	}
	if homework := w.count(`SELECT count(*) FROM session WHERE homework = 'catat modal tiap hari' AND status = 'selesai'`); homework != 1 {
		t.Error("no homework")
	}
	if got := rina.post("/bimbingan/1/hadir", url.Values{"hadir": {"9"}}); got.status != 409 {
		t.Errorf("a number that the list does not have: %d", got.status)
	}
	w.set(time.Date(2026, 6, 10, 9, 0, 0, 0, wib))
	if got := rina.post("/bimbingan/1/hadir", url.Values{"hadir": {"1"}}); got.status != 409 {
		t.Errorf("attendance before it begins: %d", got.status)
	}
}
