package scheduler_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

func TestClockRunsOnAndNeverBack(t *testing.T) {
	w := newWorld(t, "2026-06-07 18:29")
	if err := w.Clock.Set(w.ctx, local("2026-06-07 18:28")); !errors.Is(err, scheduler.ErrBackwards) {
		t.Errorf("backwards: %v", err)
	}
	if _, err := w.Advance(w.ctx, local("2026-06-07 18:28")); !errors.Is(err, scheduler.ErrBackwards) {
		t.Errorf("advance backwards: %v", err)
	}
	w.must(w.Clock.Set(w.ctx, local("2026-06-07 18:30")))
	if !w.Clock.Now().Equal(local("2026-06-07 18:30")) {
		t.Errorf("now %s", w.Clock.Now())
	}
	// Another process joins the database and finds the same time, running.
	now := time.Now()
	other, err := scheduler.NewClock(w.ctx, func() time.Time { return now }, w.db.Schedule())
	w.must(err)
	if d := other.Now().Sub(local("2026-06-07 18:30")); d < 0 || d > time.Minute {
		t.Errorf("the other process is %s apart", d)
	}
	before := other.Now()
	now = now.Add(time.Hour)
	if d := other.Now().Sub(before); d != time.Hour {
		t.Errorf("an hour takes %s", d)
	}
}

// What would go out is what goes out, and looking changes nothing.
func TestDueIsARehearsal(t *testing.T) {
	w := newWorld(t, "2026-06-07 12:00")
	siti, _ := w.cast()
	w.person("173609", "Ani", "94.71.01", "+6281234567418")
	w.report(siti, "2026-W21", 500_000)
	count := func() string {
		return one[string](w, `SELECT (SELECT count(*) FROM outbox) || ' ' || (SELECT count(*) FROM cases) || ' ' || (SELECT count(*) FROM rule_slot) || ' ' ||
			(SELECT count(*) FROM river_job) || ' ' || (SELECT count(*) FROM worklist)`)
	}
	before := count()
	looker, err := scheduler.New(scheduler.Config{Store: w.db.Schedule(), Clock: w.Clock, Texts: texts(t), Openings: openings, SMS: "sim"}) // it has no senders
	w.must(err)
	items, err := looker.Due(w.ctx, w.Clock.Now(), 7, "")
	w.must(err)
	if after := count(); after != before {
		t.Errorf("it left traces: %s, before %s", after, before)
	}
	if len(w.sim.all()) != 0 {
		t.Fatal("it sent something")
	}
	var planned []string
	for _, i := range items {
		planned = append(planned, i.At.In(prokus.Zone("")).Format("Mon 02 15:04")+" "+i.To+" "+i.Rule+" "+i.Text)
	}
	w.until("2026-06-14 12:00")
	var real []string
	rows, err := w.pool.Query(w.ctx, `
		SELECT o.sent_at, coalesce(p.name, s.name), split_part(o.key, ':', 1), o.said FROM outbox o LEFT JOIN person p ON p.id = o.person_id LEFT JOIN staff s ON s.id = o.staff_id
		ORDER BY o.sent_at, o.lane, o.seq`)
	w.must(err)
	for rows.Next() {
		var at time.Time
		var name, rule, said string
		w.must(rows.Scan(&at, &name, &rule, &said))
		real = append(real, at.In(prokus.Zone("")).Format("Mon 02 15:04")+" "+name+" "+rule+" "+said)
	}
	w.must(rows.Err())
	if fmt.Sprint(planned) != fmt.Sprint(real) || len(real) < 10 {
		t.Errorf("planned %d, real %d", len(planned), len(real))
		w.expect(planned, real...)
	}
}

// A jump over a month goes through every instant, in order, and ends at its goal.
func TestAdvanceGoesThroughEveryInstant(t *testing.T) {
	w := newWorld(t, "2026-06-01 00:00")
	w.cast()
	w.until("2026-07-01 00:00")
	last := time.Time{}
	for _, m := range w.sim.all() {
		if m.At.Before(last) {
			t.Fatalf("%s after %s", m.At, last)
		}
		last = m.At
	}
	if got := one[int](w, `SELECT count(*) FROM outbox WHERE kind IN ('prompt', 'reminder') AND state = 'sent'`); got != 4+5+5 {
		t.Errorf("%d questions and reminders in June", got)
	}
	if !w.Clock.Now().Equal(local("2026-07-01 00:00")) {
		t.Errorf("it is %s", w.Clock.Now())
	}
	if n := one[int](w, `SELECT count(*) FROM slot_skipped`); n != 0 {
		t.Errorf("%d slots skipped without an outage", n)
	}
}

// Settle returns when what a turn caused has left.
func TestSettle(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	inbox := one[int64](w, `INSERT INTO inbox (channel, provider_id, via, sender, kind, at) VALUES ('sim', '1', 'sms', '+6281234567417', 'text', now()) RETURNING id`)
	var ids []string
	for range 3 {
		ids = append(ids, w.enqueue(prokus.Message{Person: siti, Channel: "sim", Via: "sms", To: "+6281234567417", Kind: prokus.KindReply, Text: "button.stale", Cause: inbox}))
	}
	later := w.enqueue(prokus.Message{Person: siti, Kind: prokus.KindNotice, Text: "button.stale", Cause: inbox, NotBefore: local("2026-06-08 14:00")})
	w.must(w.Settle(w.ctx, inbox))
	for i, m := range w.sim.all() {
		if m.ID != ids[i] {
			t.Errorf("message %d out of order", i)
		}
	}
	if len(w.sim.all()) != 3 || w.state(later) != "queued" {
		t.Errorf("%d sent, the later one is %s", len(w.sim.all()), w.state(later))
	}
}
