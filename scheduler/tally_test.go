package scheduler_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// What is summed for many people is what the rehearsal of the same people comes to, message by message: by hour, rule, area, road and cost.
func TestSumsAreTheRehearsal(t *testing.T) {
	w := newWorldWith(t, "2026-06-10 12:00", func(c *scheduler.Config) {
		c.Terms = []scheduler.Terms{{Channel: "sim", Via: "sms", Price: 350, Prices: map[prokus.Operator]int64{prokus.Indosat: 410}}, {Channel: "telegram", Via: "telegram"}}
	})
	siti, dedi := w.cast()
	lilis := w.staff("tksk", "Bu", "Lilis", "73.06.01", "+6281100000003")
	rina := w.staff("mentor", "Bu", "Rina", "32.10.07", "+6285611000004")
	w.exec(`INSERT INTO holiday (day, name) VALUES ('2026-06-16', '1 Muharam')`)
	var people []int64
	for i := range 12 {
		area := []string{"32.10.07", "73.06.01", "94.71.01"}[i%3]
		people = append(people, w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), "Ani", area, fmt.Sprintf("+62%d000%04d", 812+40*(i%2), i)))
	}
	w.exec(`UPDATE address SET kind = 'telegram', value = '77' || id WHERE person_id = ANY ($1)`, people[:3])
	w.exec(`UPDATE person SET consent = 'berhenti' WHERE id = $1`, people[3])
	w.exec(`DELETE FROM address WHERE person_id = $1`, people[4])
	w.exec(`INSERT INTO leave (person_id, from_week, to_week) VALUES ($1, '2026-06-08', '2026-06-15')`, people[5])
	w.exec(`UPDATE person SET consent = 'diundang', invited_at = '2026-06-09 09:00+07', last_seen = NULL WHERE id = $1`, people[6])
	w.exec(`UPDATE address SET linked_at = '2026-01-01' WHERE person_id = $1`, people[7])
	w.exec(`UPDATE person SET last_seen = '2026-03-01', invited_at = '2026-01-01' WHERE id = $1`, people[7]) // a stranger may have the number by now
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at, provisional) VALUES ($1, '2026-06-08', 400000, 'sms', now(), now(), true)`, people[8])
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, '2026-06-08', 400000, 'sms', now(), now())`, people[9])
	w.exec(`INSERT INTO session (starts_at, area_code, place, mentor_id) VALUES ('2026-06-12 10:00+07', '32.10.07', 'Balai', $1)`, rina)
	w.exec(`INSERT INTO invite (session_id, person_id, rsvp) VALUES (1, $1, 'ya'), (1, $2, ''), (1, $3, 'tidak')`, siti, people[0], people[9])
	for i, of := range []struct {
		person, owner int64
		area          string
	}{{siti, dedi, "32.10.07"}, {people[1], lilis, "73.06.01"}} {
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at, remind_at, escalate_at)
			VALUES ($1, left($3, 5), 2026, $2, $3, 'DIAM2', 50, $4, '2026-06-10 06:00+07', '2026-06-15 16:00+07', '2026-06-12 08:00+07', '2026-06-15 16:00+07')`, 9001+i, of.person, of.area, of.owner)
	}
	w.enqueue(prokus.Message{Person: siti, Kind: prokus.KindNotice, Text: "button.stale", Key: "test:1", NotBefore: local("2026-06-11 09:20")})
	// Enough others to be only counted, in a kecamatan of their own; nobody has invited them yet.
	w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES ('32.09', '32', 2, 'Cirebon', 'Asia/Jakarta'), ('32.09.01', '32.09', 3, 'Waled', 'Asia/Jakarta')`)
	w.exec(`INSERT INTO person (code, name, area_code, zone, consent, created_at) SELECT 'x' || i, 'Orang', '32.09.01', 'Asia/Jakarta', 'belum', '2026-01-01' FROM generate_series(1, 1001) i`)
	w.must(w.Sweep(w.ctx, w.Clock.Now()))

	now := w.Clock.Now()
	all, err := w.Outlook(w.ctx, now, 7, "")
	w.must(err)
	if !all.Summed || len(all.Messages) > 0 {
		t.Fatalf("summed %v, %d messages", all.Summed, len(all.Messages))
	}
	if _, err := w.Due(w.ctx, now, 7, ""); err == nil {
		t.Error("a thousand and more people were named")
	}
	var named []prokus.DueCount
	for _, area := range []string{"32.10", "73.06.01", "94.71.01"} {
		o, err := w.Outlook(w.ctx, now, 7, area)
		w.must(err)
		if o.Summed {
			t.Fatalf("%s was only summed", area)
		}
		named = append(named, o.Counts...)
	}
	line := func(d prokus.DueCount) string {
		return fmt.Sprintf("%s %s %s %s %s: %d Rp%d", d.At.Format("Mon 02 15 MST"), d.Kind, d.Rule, d.Area, d.Via, d.N, d.Cost)
	}
	in := func(lines []prokus.DueCount, d prokus.DueCount) bool {
		return slices.ContainsFunc(lines, func(x prokus.DueCount) bool { return line(x) == line(d) })
	}
	named = prokus.SumDue(named)
	for _, d := range all.Counts {
		if !in(named, d) {
			t.Errorf("only in the sums: %s", line(d))
		}
	}
	for _, d := range named {
		if !in(all.Counts, d) {
			t.Errorf("not in the sums: %s", line(d))
		}
	}
	if len(named) < 20 {
		t.Errorf("%d lines prove little", len(named))
	}
	// Nothing of it is left.
	if n := one[int](w, `SELECT count(*) FROM outbox`); n != 1 {
		t.Errorf("%d rows in the outbox", n)
	}
	if at := one[time.Time](w, `SELECT max(swept_to) FROM rule_slot`); at.After(now) {
		t.Errorf("a rule was swept to %s", at)
	}
}

// A change for the whole nation is previewed in sums: what leaves at another hour is counted.
func TestAPreviewOfManyIsSummed(t *testing.T) {
	w := newWorld(t, "2026-06-10 12:00")
	w.nation(1500)
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	p, err := w.Preview(w.ctx, prokus.RuleVersion{Area: prokus.National, Key: "week.prompt.at", Value: "0 19 * * 0", From: w.Clock.Now()}, w.Clock.Now(), 7)
	w.must(err)
	n, first := p.Shifted()
	if !p.Before.Summed || n != 150 || first.Format("Mon 15:04") != "Sun 18:00" {
		t.Errorf("%d messages are shifted from %s on", n, first)
	}
}
