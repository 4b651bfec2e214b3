package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Two weeks of silence: case, digest, reminder, escalation, hand-back (J7-SMS-01, J7-SMS-03).
func TestSilence(t *testing.T) {
	w := newWorld(t, "2026-06-07 19:00")
	_, _ = w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567418")
	siti := one[int64](w, `SELECT id FROM person WHERE code = '482919'`)
	for _, week := range []string{"2026-W19", "2026-W20", "2026-W21"} {
		w.report(ani, week, 500_000)
		w.report(siti, week, 500_000)
	}
	w.report(siti, "2026-W22", 500_000)
	w.report(siti, "2026-W23", 500_000)
	w.exec(`UPDATE person SET birth_year = 1963 WHERE id = $1`, ani)
	w.until("2026-06-09 23:59") // R1 and R2 of W23 to Ani
	if n := one[int](w, `SELECT count(*) FROM cases`); n != 0 {
		t.Fatalf("%d cases before the week is closed", n)
	}
	w.expect(w.until("2026-06-11 08:00"),
		"Wed 10 07:30 001: KABAR Rab 10 Jun: 1 perlu dibantu. 1 Ani 2mg diam. Balas nomornya",
		"Thu 11 07:30 001: KABAR Kam 11 Jun: 1 perlu dibantu. 1 Ani 2mg diam. Balas nomornya")
	w.expect(w.until("2026-06-12 08:00"),
		"Fri 12 07:30 001: KABAR Jum 12 Jun: 1 perlu dibantu. 1 Ani 2mg diam. Balas nomornya",
		"Fri 12 08:00 001: Pak Dedi, Ani (1) belum ditangani 2 hari. Batas besok kerja: Sen 15 Jun. Balas H1 hubungi, K1 kunjung, T1 tunda, E1 teruskan.")
	w.exec(`DELETE FROM outbox_event`)
	var mon []string
	for _, s := range w.until("2026-06-15 16:00") {
		if !strings.Contains(s, "uang jualan") && !strings.Contains(s, "belum masuk") {
			mon = append(mon, s)
		}
	}
	w.expect(mon,
		"Mon 15 07:30 001: KABAR Sen 15 Jun: 1 perlu dibantu. 1 Ani 2mg diam. Balas nomornya",
		"Mon 15 16:00 001: Kasus Ani diteruskan ke Bu Nani (Dinsos) karena lewat batas. Pak Dedi masih bisa menangani, balas K1 atau H1.",
		"Mon 15 16:00 002: KABAR: 1 kasus lewat batas di Kec. Maja: Ani 173609, 2 minggu diam, 3 hari kerja. Rincian di halaman Kasus.")
	if s := one[string](w, `SELECT string_agg(what, ' ' ORDER BY id) FROM case_event`); s != "opened reminded escalated" {
		t.Errorf("its history: %s", s)
	}
	// The third week of silence raises the case; a report closes it.
	w.until("2026-06-17 08:00")
	if n := one[int](w, `SELECT (detail ->> 'weeks')::int FROM cases`); n != 3 {
		t.Errorf("%d weeks of silence", n)
	}
	w.report(ani, "2026-W24", 500_000)
	w.until("2026-06-18 07:00")
	if s := one[string](w, `SELECT status || ' ' || outcome FROM cases`); s != "selesai pulih" {
		t.Errorf("after her report: %s", s)
	}
}

// Leave, a pause, a question that was never asked: no silence.
func TestNoSilenceWithoutAQuestion(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	siti, _ := w.cast()
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567418")
	yati := w.person("550210", "Yati", "32.10.07", "+6281234567419")
	euis := w.person("608471", "Euis", "94.71.01", "+6281234567420")
	for _, p := range []int64{siti, ani, yati, euis} {
		w.report(p, "2026-W21", 500_000)
	}
	w.exec(`INSERT INTO leave (person_id, from_week, to_week) VALUES ($1, '2026-06-01', '2026-06-01')`, siti)
	w.exec(`UPDATE person SET consent_at = '2026-06-01 09:00+07' WHERE id = $1`, ani)
	w.exec(`INSERT INTO slot_skipped (rule, zone, slot, at, why) VALUES ('week.prompt', 'Asia/Jayapura', '2026-06-07 18:30+09', now(), 'too late')`)
	w.until("2026-06-10 07:00")
	if got := one[string](w, `SELECT coalesce(string_agg(p.name, ' '), '') FROM cases c JOIN person p ON p.id = c.person_id`); got != "Yati" {
		t.Errorf("silent: %q, want Yati alone", got)
	}
}

// Who owns a case: the TKSK, the coordinator when the post is vacant, the substitute during leave (faults.md D9).
func TestD9Owners(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	_, dedi := w.cast()
	nani := one[int64](w, `SELECT id FROM staff WHERE role = 'koordinator'`)
	w.until("2026-06-10 01:00")
	if got := one[int64](w, `SELECT owner_id FROM cases`); got != dedi {
		t.Errorf("owner %d, want the TKSK %d", got, dedi)
	}
	// Leave: the substitute gets the list, the TKSK none.
	lilis := w.staff("tksk", "Bu", "Lilis", "73.06.01", "+6281100000003")
	w.person("310557", "Siti Maryam", "73.06.01", "+6281234567430")
	w.exec(`INSERT INTO staff_leave (staff_id, from_day, to_day, substitute) VALUES ($1, '2026-06-10', '2026-06-10', $2)`, dedi, lilis)
	w.expect(w.until("2026-06-10 08:00"), "Wed 10 06:30 003: KABAR Rab 10 Jun: 1 perlu dibantu. 1 Siti 9mg diam. Balas nomornya")
	// The TKSK has left: the next morning the coordinator owns it.
	w.exec(`UPDATE staff SET active = false WHERE id = $1`, dedi)
	w.until("2026-06-11 07:00")
	if got := one[int64](w, `SELECT owner_id FROM cases`); got != nani {
		t.Errorf("owner %d, want the coordinator %d", got, nani)
	}
	if n := one[int](w, `SELECT count(*) FROM cases c WHERE status <> 'selesai' AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.id = c.owner_id AND s.active)`); n != 0 {
		t.Errorf("%d open cases without a live owner", n)
	}
}

// Tickets are counted per kabupaten and year, and a person has one open case of a reason.
func TestTicketsAreCounted(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	w.cast()
	for i := range 25 {
		w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), fmt.Sprintf("Ani %d", i), "32.10.07", fmt.Sprintf("+62812000%05d", i))
	}
	w.person("550210", "Yati", "73.06.01", "+6281234567419")
	w.exec(`INSERT INTO ticket_counter (kabupaten, year, last) VALUES ('32.10', 2026, 3106)`)
	w.until("2026-06-10 06:30")
	if got := one[string](w, `SELECT min(ticket) || '-' || max(ticket) || ' ' || count(DISTINCT ticket) FROM cases WHERE kabupaten = '32.10'`); got != "3107-3132 26" {
		t.Errorf("tickets %s", got)
	}
	if got := one[int](w, `SELECT ticket FROM cases WHERE kabupaten = '73.06'`); got != 1 {
		t.Errorf("first ticket of Gowa: %d", got)
	}
	if got := one[int](w, `SELECT count(*) FROM case_event WHERE what = 'opened'`); got != 27 {
		t.Errorf("%d opened", got)
	}
}

// The numbers of a list stand all day; what comes later takes the next free one (decisions.md).
func TestWorklistNumbersStand(t *testing.T) {
	w := newWorld(t, "2026-06-11 07:00")
	siti, dedi := w.cast()
	add := func(person int64, reason prokus.Reason, opened string) (id int64) {
		return one[int64](w, `
			INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at)
			VALUES ((SELECT count(*) FROM cases) + 1, '32.10', 2026, $1, '32.10.07', $2, $3, $4, $5, $5::timestamptz + interval '3 days') RETURNING id`,
			person, reason, prokus.CaseRuleFor(reason).Priority, dedi, local(opened))
	}
	ani := w.person("173609", "Ani", "32.10.07", "+6281234567418")
	yati := w.person("550210", "Yati", "32.10.07", "+6281234567419")
	euis := w.person("608471", "Euis", "32.10.07", "+6281234567420")
	w.exec(`UPDATE person SET birth_year = 1963 WHERE id = $1`, ani)
	add(euis, prokus.DeadNumber, "2026-06-09 06:00")
	add(yati, prokus.Falling, "2026-06-10 00:00")
	w.exec(`UPDATE cases SET detail = '{"percent": 45}' WHERE person_id = $1`, yati)
	add(ani, prokus.Silent, "2026-06-03 00:00")
	visit := add(siti, prokus.Visit, "2026-06-10 09:40")
	// The very digest of J7-SMS-01.
	w.expect(w.until("2026-06-11 07:30"), "Thu 11 07:30 001: KABAR Kam 11 Jun: 4 perlu dibantu. 1 Siti minta kunjung. 2 Ani 2mg diam. 3 Yati turun 45%. 4 Euis HP mati. Balas nomornya")
	list := func() (s string) {
		w.must(w.db.InTx(w.ctx, func(tx *postgres.Tx) error {
			items, err := tx.Worklist(w.ctx, dedi, w.Clock.Now())
			s = ""
			for _, i := range items {
				s += fmt.Sprintf("%d %s %s %s. ", i.N, i.Person.First(), i.Phone.Tail(), i.Person.Kecamatan)
			}
			return err
		}))
		return s
	}
	w.exec(`UPDATE cases SET status = 'selesai' WHERE id = $1`, visit)
	add(siti, prokus.Disaster, "2026-06-11 07:29")
	if got := list(); got != "2 Ani ...418 Maja. 3 Yati ...419 Maja. 4 Euis ...420 Maja. 5 Siti ...417 Maja. " {
		t.Errorf("later on the day: %s", got)
	}
	w.must(w.Clock.Set(w.ctx, local("2026-06-12 06:00")))
	if got := list(); !strings.HasPrefix(got, "1 Siti ...417 Maja. 2 Ani") {
		t.Errorf("the next day: %s", got)
	}
}

// A digest names three of many, and fits one SMS whatever the names.
func TestDigestOfMany(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	w.staff("tksk", "Pak", "Dedi", "32.10.07", "+6281100000001")
	for i := range 12 {
		w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), fmt.Sprintf("Nurhalizahwati Wulandari %d", i), "32.10.07", fmt.Sprintf("+62812000%05d", i))
	}
	w.exec(`UPDATE person SET consent_at = '2026-05-25 09:00+07'`)
	w.expect(w.until("2026-06-10 07:30"),
		"Wed 10 07:30 001: KABAR Rab 10 Jun: 12 perlu dibantu. 1 Nurhaliz 2mg diam. 2 Nurhaliz 2mg diam. 3 Nurhaliz 2mg diam. Balas nomornya, atau LAGI untuk 9 lainnya.")
	if got := one[string](w, `SELECT vars ->> 'from' FROM place`); got != "3" {
		t.Errorf("LAGI goes on from %s", got)
	}
}

// Days off: no digest, and due times jump over them (1 Muharam, Tue 16 Jun 2026).
func TestD7Holidays(t *testing.T) {
	w := newWorld(t, "2026-06-12 09:00")
	siti, dedi := w.cast()
	w.exec(`UPDATE person SET consent_at = $1, consent = 'belum'`, w.Clock.Now())
	w.exec(`INSERT INTO holiday (day, name) VALUES ('2026-06-16', '1 Muharam')`)
	w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, status, opened_at, due_at, wake_at)
		VALUES (1, '32.10', 2026, $1, '32.10.07', 'MANGKIR', 40, $2, 'tunda', $3, $3, '2026-06-13 10:00+07')`, siti, dedi, w.Clock.Now())
	w.expect(w.until("2026-06-17 08:00"),
		"Mon 15 07:30 001: KABAR Sen 15 Jun: 1 perlu dibantu. 1 Siti 2x mangkir. Balas nomornya",
		"Wed 17 07:30 001: KABAR Rab 17 Jun: 1 perlu dibantu. 1 Siti 2x mangkir. Balas nomornya")
}

// The closing question stays without an answer for two days.
func TestUnansweredClosingQuestion(t *testing.T) {
	w := newWorld(t, "2026-06-12 10:00")
	siti, dedi := w.cast()
	id := one[int64](w, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, status, opened_at, due_at, acted_at)
		VALUES (3107, '32.10', 2026, $1, '32.10.07', 'KUNJUNG', 100, $2, 'ditanya', $3, $3, $3) RETURNING id`, siti, dedi, w.Clock.Now())
	m := notice(siti)
	m.Key, m.Case, m.NotBefore = fmt.Sprintf("helped:%d:2026-06-12", id), id, local("2026-06-12 17:30")
	w.enqueue(m)
	w.until("2026-06-14 17:29")
	if s := one[string](w, `SELECT status FROM cases`); s != "ditanya" {
		t.Fatalf("too early: %s", s)
	}
	if next, _, err := w.NextDue(w.ctx, w.Clock.Now()); err != nil || !next.Before(local("2026-06-14 17:31")) {
		t.Errorf("next due at %s, %v", next, err)
	}
	w.until("2026-06-14 17:31")
	if s := one[string](w, `SELECT status || ' ' || outcome FROM cases`); s != "selesai tanpa jawaban" {
		t.Errorf("two days later: %s", s)
	}
}

// Escalation against an action in the same instant, a thousand times behind a barrier: whichever locks the case first counts, and the
// other sees it. An action that came first is never followed by an escalation; an escalation is told once (faults.md D8).
func TestD8EscalationAgainstAction(t *testing.T) {
	const rounds, atOnce, officers = 25, 40, 4
	w := newWorldWith(t, "2026-06-15 15:59", func(c *scheduler.Config) { c.Rules = []scheduler.Rule{} })
	_, dedi := w.cast()
	w.exec(`INSERT INTO person (code, name, area_code, zone, created_at) SELECT 'c' || k, 'Ani ' || k, '32.10.07', 'Asia/Jakarta', now() FROM generate_series(1, $1::int) k`, atOnce)
	officer := prokus.Staff{ID: dedi, Role: prokus.TKSK}
	act := func(id, person int64) error {
		return w.db.InTx(context.Background(), func(tx *postgres.Tx) error {
			p, _, err := tx.Person(context.Background(), person)
			if err != nil {
				return err
			}
			_, _, err = acts.ActOn(context.Background(), tx, acts.By{Now: w.Clock.Now().In(prokus.Zone("")), Staff: &officer}, id, acts.Contacted, p, "")
			return err
		})
	}
	for round := range rounds {
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at, escalate_at)
			SELECT $2 + id, '32.10', 2026, id, '32.10.07', 'DIAM2', 50, $1, $3::timestamptz - interval '5 days', $3, $3 FROM person WHERE code LIKE 'c%'`,
			dedi, round*1000, w.Clock.Now())
		rows, err := w.pool.Query(w.ctx, `SELECT id, person_id FROM cases WHERE status = 'buka' ORDER BY random()`)
		w.must(err)
		cases, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ ID, Person int64 }])
		w.must(err)
		barrier, done := make(chan struct{}), make(chan error, officers+2)
		for range 2 {
			go func() { <-barrier; done <- w.Sweep(context.Background(), w.Clock.Now()) }()
		}
		for i := range officers {
			go func() {
				<-barrier
				var err error
				for _, c := range cases[i*len(cases)/officers : (i+1)*len(cases)/officers] {
					err = errors.Join(err, act(c.ID, c.Person))
				}
				done <- err
			}()
		}
		close(barrier)
		for range officers + 2 {
			w.must(<-done)
		}
		w.must(w.Sweep(w.ctx, w.Clock.Now()))
		w.exec(`UPDATE cases SET status = 'selesai', closed_at = $1`, w.Clock.Now())
	}
	history := func(what string) int {
		return one[int](w, `SELECT count(*) FROM (SELECT string_agg(what, ' ' ORDER BY id) AS h FROM case_event GROUP BY case_id) x WHERE h = $1`, what)
	}
	acted, escalated := history("contacted"), history("escalated contacted")
	if acted+escalated != rounds*atOnce {
		t.Errorf("%d acted on in time and %d escalated first, of %d", acted, escalated, rounds*atOnce)
	}
	if n := one[int](w, `SELECT count(*) FROM cases WHERE escalated_at IS NOT NULL`); n != escalated {
		t.Errorf("%d cases say that they were escalated, %d were", n, escalated)
	}
	if acted == 0 || escalated == 0 {
		t.Errorf("no race: %d acted, %d escalated", acted, escalated)
	}
	t.Logf("%d acted on first, %d escalated first", acted, escalated)
}
