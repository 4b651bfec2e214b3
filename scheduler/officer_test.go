package scheduler_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/roster"
)

// named puts a message that named a TKSK into somebody's past.
func (w *world) named(person int64, tksk string) {
	w.t.Helper()
	w.exec(`INSERT INTO outbox (person_id, kind, lane, text_key, args, not_before, created_at, sent_at, state)
		VALUES ($1, 'prompt', 5, 'prompt.week', $2, $3, $3, $3, 'delivered')`, person, json.RawMessage(fmt.Sprintf(`{"tksk": {"name": %q}}`, tksk)), local("2026-06-07 18:30"))
}

// assign gives the post in the console's way.
func (w *world) assign(area string, staff int64) {
	w.t.Helper()
	w.must(w.db.InTx(w.ctx, func(tx *postgres.Tx) error {
		_, err := acts.Assign(w.ctx, tx, acts.By{Now: w.Clock.Now()}, area, staff)
		return err
	}))
	w.exec(`UPDATE outbox SET state = 'cancelled' WHERE text_key = 'officer.assigned'`)
}

// A change of the TKSK is told once to each of their people (R17), whether the console or a list brought it: not the first holder,
// not leave, not a vacancy, not those who never heard of a TKSK, know only the new one or heard the name when they moved.
func TestTheSuccessorIsTold(t *testing.T) {
	w := newWorldWith(t, "2026-06-10 08:00", only("officer.changed"))
	siti, dedi := w.cast()
	other := w.person("550210", "Yati", "73.06.01", "+6281234567419")
	w.staff("tksk", "Bu", "Wati", "73.06.01", "+6281100000003")
	fresh := w.person("173609", "Ani Baru", "32.10.07", "+6281234567420")
	came := w.person("240714", "Iis Pindah", "32.10.07", "+6281234567421")
	lilis := w.person("310208", "Euis Kenal Rina", "32.10.07", "+6281234567422")
	stopped := w.person("666014", "Oom Berhenti", "32.10.07", "+6281234567423")
	for p, name := range map[int64]string{siti: "Pak Dedi", other: "Bu Wati", came: "Pak Asep", lilis: "Bu Rina", stopped: "Pak Dedi"} {
		w.named(p, name)
	}
	w.exec(`UPDATE person SET consent = 'berhenti' WHERE id = $1`, stopped)
	w.expect(w.until("2026-06-10 12:00"))
	w.exec(`INSERT INTO staff_leave (staff_id, from_day, to_day) VALUES ($1, '2026-06-10', '2026-06-12')`, dedi)
	w.expect(w.until("2026-06-11 12:00"))
	w.assign("32.10.07", 0)
	w.expect(w.until("2026-06-12 12:00"))
	w.assign("32.10.07", dedi)
	w.expect(w.until("2026-06-12 22:00")) // the same one again is no news

	rina := w.staff("tksk", "Bu", "Rina", "32.10.07", "+6281100000004")
	w.assign("32.10.07", rina)
	w.assign("32.10.07", rina)
	w.exec(`INSERT INTO outbox (person_id, kind, lane, text_key, args, not_before, created_at, state)
		SELECT $1, 'notice', 5, 'move.told', '{"tksk": {"name": "Bu Rina"}}', $2, $2, 'delivered'`, came, w.Clock.Now())
	w.expect(w.until("2026-06-15 12:00"), "Sat 13 10:00 417: Bu Siti, pendamping Ibu sekarang Bu Rina. Bantuan dan laporan tetap seperti biasa. Perlu ditolong? Balas TOLONG.")

	w.exec(`DELETE FROM outbox WHERE person_id = ANY($1)`, []int64{fresh, came, lilis})
	w.exec(`UPDATE staff SET active = false WHERE id = $1`, rina)
	list, err := roster.Read(bytes.NewReader([]byte("Peran;Nama;No HP;Kabupaten;Kecamatan\nTKSK;Bu Lilis Marlina;081190000004;Majalengka;Majalengka\n")), "tksk.csv")
	w.must(err)
	defer list.Close()
	res, err := roster.ImportStaff(w.ctx, w.db, list, roster.Options{Area: "32.10", Now: w.Clock.Now(), NIKKey: []byte("k")})
	w.must(err)
	if res.New != 1 || len(res.Errors) != 0 {
		t.Fatalf("the list: %+v", res)
	}
	w.expect(w.until("2026-06-18 12:00"), "Tue 16 10:00 417: Bu Siti, pendamping Ibu sekarang Bu Lilis. Bantuan dan laporan tetap seperti biasa. Perlu ditolong? Balas TOLONG.")

	// A second sweep of the same slot says nothing twice.
	w.exec(`UPDATE rule_slot SET swept_to = '2026-06-15 10:00+07' WHERE rule = 'officer.changed'`)
	w.expect(w.until("2026-06-18 12:01"))
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE text_key LIKE 'companion.%' AND person_id <> $1`, siti); n != 0 {
		t.Errorf("%d messages to people whom it does not concern", n)
	}
}

// Who is told goes by pages of people, and somebody who comes back to a slot says nothing twice.
func TestSuccessorsInPages(t *testing.T) {
	w := newWorldWith(t, "2026-06-10 08:00", only("officer.changed"))
	w.cast()
	w.exec(`INSERT INTO person (code, name, area_code, zone, consent, created_at) SELECT 'x' || i, 'Orang', '32.10.07', 'Asia/Jakarta', 'ya', '2026-01-01' FROM generate_series(1, 1099) i`)
	w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+6281' || 200000000 + id, true, now() FROM person WHERE code LIKE 'x%'`)
	w.exec(`INSERT INTO outbox (person_id, kind, lane, args, not_before, created_at, state) SELECT id, 'prompt', 5, '{"tksk": "Pak Dedi"}', $1, $1, 'sent' FROM person`, local("2026-06-07 18:30"))
	w.must(w.Sweep(w.ctx, local("2026-06-10 08:00")))
	w.must(w.Sweep(w.ctx, local("2026-06-10 10:05")))
	w.assign("32.10.07", 0)
	w.assign("32.10.07", w.staff("tksk", "Bu", "Rina", "32.10.08", "+6281100000004"))
	told := func(want int) {
		t.Helper()
		if n := one[int](w, `SELECT count(*) FROM outbox WHERE text_key = 'companion.new'`); n != want {
			t.Errorf("%d are told, not %d", n, want)
		}
	}
	told(0)
	w.must(w.Sweep(w.ctx, local("2026-06-11 10:05")))
	told(1100)
	w.must(w.Sweep(w.ctx, local("2026-06-12 10:05")))
	told(1100)
}

// A list may give the post and its number to somebody of another name: that is a successor too. A name that is only written better is none.
func TestARenamedTKSKIsASuccessor(t *testing.T) {
	w := newWorldWith(t, "2026-06-10 08:00", only("officer.changed"))
	siti, _ := w.cast()
	w.named(siti, "Pak Dedi")
	w.expect(w.until("2026-06-10 12:00"))
	change := func(name string) {
		t.Helper()
		list, err := roster.Read(bytes.NewReader([]byte("Peran;Nama;No HP;Kabupaten;Kecamatan\nTKSK;"+name+";081100000001;Majalengka;Maja\n")), "tksk.csv")
		w.must(err)
		defer list.Close()
		res, err := roster.ImportStaff(w.ctx, w.db, list, roster.Options{Area: "32.10", Now: w.Clock.Now(), NIKKey: []byte("k")})
		w.must(err)
		if res.Changed != 1 || len(res.Errors) != 0 {
			t.Fatalf("the list: %+v", res)
		}
	}
	change("Pak Dedi Kurniawan Kurnia")
	w.expect(w.until("2026-06-11 12:00"))
	change("Bu Rina Marlina")
	w.expect(w.until("2026-06-13 12:00"), "Fri 12 10:00 417: Bu Siti, pendamping Ibu sekarang Bu Rina. Bantuan dan laporan tetap seperti biasa. Perlu ditolong? Balas TOLONG.")
}
