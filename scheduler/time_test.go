package scheduler_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// Her week turns at her own midnight, whatever the server's clock shows (faults.md D4).
func TestD4WeeksTurnAtHerMidnight(t *testing.T) {
	for zone, hours := range map[string]int{"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9} {
		turn := time.Date(2026, 6, 8, 0, 0, 0, 0, time.UTC).Add(-time.Duration(hours) * time.Hour) // Monday 00:00 hers
		for h := -24; h < 24; h++ {
			at := turn.Add(time.Duration(h) * time.Hour)
			want := "2026-W23"
			if h >= 0 {
				want = "2026-W24"
			}
			if got := prokus.WeekOf(at.In(prokus.Zone(zone))).String(); got != want {
				t.Errorf("%s: %s UTC is in %s, want %s", zone, at.Format("Mon 15:04"), got, want)
			}
		}
	}
	// The question comes at 18:30 in each zone, and names the same week.
	w := newWorld(t, "2026-06-07 12:00")
	for i, area := range []string{"32.10.07", "73.06.01", "94.71.01"} {
		w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), "Ani", area, fmt.Sprintf("+62812345674%02d", i))
	}
	w.until("2026-06-07 19:00")
	var got []string
	for _, m := range w.sim.all() {
		got = append(got, m.At.UTC().Format("15:04")+" "+m.To[len(m.To)-2:])
	}
	if fmt.Sprint(got) != "[09:30 02 10:30 01 11:30 00]" {
		t.Errorf("asked at %v UTC", got)
	}
	if n := one[int](w, `SELECT count(DISTINCT args ->> 'rentang') FROM outbox WHERE kind = 'prompt'`); n != 1 {
		t.Errorf("%d weeks were asked for", n)
	}
}

// The machine's clock jumps back ten minutes over a slot: nothing is said twice, and what follows comes in its time (faults.md D5).
func TestD5ClockJumpsBack(t *testing.T) {
	w := newWorld(t, "2026-06-07 18:00")
	w.cast()
	at := local("2026-06-07 18:25")
	clock, err := scheduler.NewClock(w.ctx, func() time.Time { return at }, fixed{&at, 0})
	w.must(err)
	c := w.Config
	c.Clock = clock
	s, err := scheduler.New(c)
	w.must(err)
	for _, minute := range []int{25, 31, 21, 26, 30, 33, 36} { // NTP sets it back after the question was asked
		at = local("2026-06-07 18:00").Add(time.Duration(minute) * time.Minute)
		w.must(s.Sweep(w.ctx, clock.Now()))
		w.must(s.Drain(w.ctx))
	}
	if n := len(w.sim.all()); n != 1 {
		t.Errorf("%d messages, want the question once", n)
	}
	at = local("2026-06-08 12:31")
	w.must(s.Sweep(w.ctx, clock.Now()))
	w.must(s.Drain(w.ctx))
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE kind = 'reminder' AND state = 'sent'`); n != 1 {
		t.Errorf("%d reminders the next day", n)
	}
}

// Replicas whose machines are minutes apart agree on the time: it is the database's (faults.md C5).
func TestC5ReplicasAgreeOnTheTime(t *testing.T) {
	w := newWorld(t, "2026-06-07 18:29")
	now := time.Now()
	var clocks []*scheduler.Clock
	for _, skew := range []time.Duration{-5 * time.Minute, 0, 5 * time.Minute} {
		c, err := scheduler.NewClock(w.ctx, func() time.Time { return now.Add(skew) }, w.db.Schedule())
		w.must(err)
		clocks = append(clocks, c)
	}
	for _, c := range clocks {
		if d := c.Now().Sub(clocks[0].Now()).Abs(); d > 5*time.Second {
			t.Errorf("two replicas are %s apart", d)
		}
	}
}

// Whatever happens to the staff, each open case has a living owner the next morning: its TKSK, else the coordinator (faults.md D9).
func TestD9EveryCaseHasALivingOwner(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	w := newWorldWith(t, "2026-06-08 05:00", func(c *scheduler.Config) {
		for _, r := range scheduler.DefaultRules() {
			if r.Name == "case.daily" {
				c.Rules = append(c.Rules, r)
			}
		}
	})
	_, dedi := w.cast()
	w.staff("koordinator", "Pak", "Asep", "32.10", "+6281100000008")
	for i := range 12 {
		p := w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), fmt.Sprintf("Ani %d", i), "32.10.07", fmt.Sprintf("+62812000%05d", i))
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at, confidential, escalated_at)
			VALUES ($1, '32.10', 2026, $2, '32.10.07', 'DIAM2', 50, $3, $4, $4, $1 % 4 = 0, CASE WHEN $1 % 3 = 0 THEN $4::timestamptz END)`, i+1, p, dedi, w.Clock.Now())
	}
	for day := range 25 {
		switch rng.IntN(4) {
		case 0: // somebody leaves
			w.exec(`UPDATE staff SET active = false WHERE id = (SELECT id FROM staff WHERE active AND (role = 'tksk' OR (SELECT count(*) FROM staff WHERE active AND role = 'koordinator') > 1) ORDER BY random() LIMIT 1)`)
		case 1: // somebody is appointed
			w.staff([]string{"tksk", "koordinator"}[rng.IntN(2)], "Bu", fmt.Sprintf("Baru %d", day), []string{"32.10.07", "32.10"}[rng.IntN(2)], fmt.Sprintf("+62811000001%02d", day))
		case 2: // an account is taken off a case
			w.exec(`UPDATE cases SET owner_id = NULL WHERE id = (SELECT id FROM cases ORDER BY random() LIMIT 1)`)
		case 3: // somebody goes on leave, with a substitute or without one
			w.exec(`INSERT INTO staff_leave (staff_id, from_day, to_day, substitute) SELECT id, $1::date, $1::date + 3, (SELECT id FROM staff s WHERE s.id <> staff.id AND s.active ORDER BY random() LIMIT 1)
				FROM staff WHERE active ORDER BY random() LIMIT 1 ON CONFLICT DO NOTHING`, w.Clock.Now())
		}
		_, err := w.Advance(w.ctx, local("2026-06-08 06:01").AddDate(0, 0, day))
		w.must(err)
		if n := one[int](w, `SELECT count(*) FROM cases c WHERE status <> 'selesai' AND NOT EXISTS (SELECT 1 FROM staff s WHERE s.id = c.owner_id AND s.active)`); n != 0 {
			t.Fatalf("day %d: %d open cases without a living owner", day, n)
		}
		if n := one[int](w, `SELECT count(*) FROM cases c WHERE status <> 'selesai' AND NOT EXISTS (
			SELECT 1 FROM staff s WHERE s.active AND s.id = acting_for(c.owner_id, c.area_code, $1::date))`, w.Clock.Now()); n != 0 {
			t.Fatalf("day %d: nobody acts for %d cases", day, n)
		}
	}
}
