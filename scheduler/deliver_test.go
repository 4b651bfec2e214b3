package scheduler_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

func notice(person int64) prokus.Message {
	return prokus.Message{Person: person, Kind: prokus.KindNotice, Text: "button.stale"}
}

// What follows each kind of refusal: state, attempts counted, and how long the row waits.
func TestB8B9Refusals(t *testing.T) {
	for _, c := range []struct {
		kind     channels.ErrorKind
		state    string
		attempts int
		wait     time.Duration
	}{
		{channels.Temporary, "queued", 1, 30 * time.Second},
		{channels.Throttled, "queued", 0, time.Second},
		{channels.Misconfig, "queued", 0, time.Minute},
		{channels.OutOfReach, "queued", 1, time.Hour},
		{channels.Invalid, "failed", 1, 0},
		{channels.BlockedBy, "failed", 1, 0},
		{channels.Ambiguous, "sending", 1, 0},
	} {
		w := newWorld(t, "2026-06-08 12:00")
		siti, _ := w.cast()
		w.sim.fail = func(channels.Outbound) error { return refuse(c.kind) }
		id := w.enqueue(notice(siti))
		w.must(w.Deliver(w.ctx, []string{id}))
		wait := one[time.Time](w, `SELECT not_before FROM outbox WHERE id = $1`, id).Sub(w.Clock.Now()).Round(time.Second)
		if s, n := w.state(id), one[int](w, `SELECT attempts FROM outbox WHERE id = $1`, id); s != c.state || n != c.attempts || wait != c.wait {
			t.Errorf("%s: %s after %d attempts, waits %s", c.kind, s, n, wait)
		}
	}
}

// A handset that is off: +1 h, +6 h, +24 h, then no more (faults.md B10).
func TestB10OutOfReach(t *testing.T) {
	w := newWorld(t, "2026-06-08 08:00")
	siti, _ := w.cast()
	var at []string
	w.sim.fail = func(m channels.Outbound) error {
		at = append(at, m.At.In(prokus.Zone("")).Format("02 15:04"))
		return refuse(channels.OutOfReach)
	}
	w.exec(`UPDATE person SET consent = 'belum'`)
	id := w.enqueue(notice(siti))
	w.until("2026-06-12 08:00")
	if got := fmt.Sprint(at); got != "[08 08:00 08 09:00 08 15:00 09 15:00]" || w.state(id) != "failed" {
		t.Errorf("tried at %s, then %s", got, w.state(id))
	}
}

// A provider that is down for an hour: no attempt is burnt on the way, everything leaves once it is back, nothing that has
// expired does (faults.md B4).
func TestB4OneAddressKeepsItsOrder(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	w.exec(`UPDATE person SET consent = 'belum'`)
	back := local("2026-06-08 13:00")
	calls := 0
	w.sim.fail = func(m channels.Outbound) error {
		if calls++; m.At.Before(back) {
			return refuse(channels.Temporary)
		}
		return nil
	}
	var ids []string
	for range 40 {
		ids = append(ids, w.enqueue(notice(siti)))
	}
	late := notice(siti)
	late.NotAfter = local("2026-06-08 12:40")
	expired := w.enqueue(late)
	got := w.until("2026-06-08 13:30")
	if len(got) != 40 || w.state(expired) != "skipped" {
		t.Errorf("%d sent, the expired one is %s", len(got), w.state(expired))
	}
	if calls > 40+45 {
		t.Errorf("%d calls in an outage of an hour: the gate does not hold", calls)
	}
	for i, m := range w.sim.all() {
		if m.ID != ids[i] {
			t.Fatalf("message %d overtook another to the same address", i)
		}
	}
}

// What a send whose outcome nobody knows becomes, by class (decisions.md, Sending).
func TestB2AmbiguousByClass(t *testing.T) {
	for _, c := range []struct {
		kind  prokus.Kind
		times int // that the provider sees it in the end
		state string
		flag  bool
	}{
		{prokus.KindReply, 2, "sent", false},
		{prokus.KindPrompt, 1, "unknown", false},
		{prokus.KindReminder, 1, "unknown", false},
		{prokus.KindBroadcast, 1, "unknown", false},
		{prokus.KindNotice, 2, "sent", true},
		{prokus.KindAlert, 2, "sent", true},
	} {
		w := newWorld(t, "2026-06-08 12:00")
		siti, _ := w.cast()
		calls := 0
		w.sim.fail = func(channels.Outbound) error {
			if calls++; calls == 1 {
				return refuse(channels.Ambiguous)
			}
			return nil
		}
		m := notice(siti)
		m.Kind = c.kind
		id := w.enqueue(m)
		w.must(w.Deliver(w.ctx, []string{id}))
		w.oldDoubts()
		w.until("2026-06-08 12:05")
		if s, f := w.state(id), one[bool](w, `SELECT maybe_twice FROM outbox WHERE id = $1`, id); s != c.state || f != c.flag || calls != c.times {
			t.Errorf("%s: %s, flagged %t, %d calls", c.kind, s, f, calls)
		}
		// A notice is repeated once, never again.
		if c.flag {
			w.exec(`UPDATE outbox SET state = 'sending', sending_at = $2 WHERE id = $1`, id, w.Clock.Now())
			w.oldDoubts()
			w.until("2026-06-08 12:10")
			if s := w.state(id); s != "unknown" || calls != 2 {
				t.Errorf("%s a second time: %s, %d calls", c.kind, s, calls)
			}
		}
	}
}

// oldDoubts makes what is in sending old enough by real time.
func (w *world) oldDoubts() {
	w.exec(`UPDATE outbox SET claimed_at = claimed_at - interval '2 minutes', sending_at = sending_at - interval '2 minutes' WHERE state = 'sending'`)
}

// A provider that can be asked settles the doubt, whatever the class: nothing missing, nothing twice.
func TestB2AskedAboutADoubt(t *testing.T) {
	for _, taken := range []bool{true, false} {
		w := newWorld(t, "2026-06-08 12:00")
		s, err := scheduler.New(scheduler.Config{
			Store: w.db.Schedule(), Clock: w.Clock, Texts: texts(t), Openings: openings, Senders: []channels.Sender{asked{w.sim}}, SMS: "sim",
			At: func(point string) {
				if point == map[bool]string{true: "after_send", false: "before_send"}[taken] && len(w.sim.all()) <= 1 {
					panic("killed")
				}
			},
		})
		w.must(err)
		siti, _ := w.cast()
		m := notice(siti)
		m.Kind, m.Opens = prokus.KindPrompt, "report#ask"
		id := w.enqueue(m)
		killed(func() { w.must(s.Deliver(w.ctx, []string{id})) })
		s.At = nil
		w.oldDoubts()
		w.must(w.Clock.Set(w.ctx, local("2026-06-08 12:02")))
		w.must(s.Sweep(w.ctx, w.Clock.Now()))
		w.must(s.Drain(w.ctx))
		if w.state(id) != "sent" || w.sim.times(id) != 1 {
			t.Errorf("taken %t: %s, seen %d times", taken, w.state(id), w.sim.times(id))
		}
		if n := one[int](w, `SELECT count(*) FROM place`); n != 1 {
			t.Errorf("taken %t: %d open questions", taken, n)
		}
	}
}

func killed(f func()) {
	defer func() { _ = recover() }()
	f()
}

// A blocked chat gives way to the phone; when nothing is left the TKSK hears of it.
func TestE4ABlockedChat(t *testing.T) {
	w := newWorldWith(t, "2026-06-08 12:00", nil)
	tg := &provider{name: "telegram", fail: func(channels.Outbound) error { return refuse(channels.BlockedBy) }}
	s, err := scheduler.New(scheduler.Config{
		Store: w.db.Schedule(), Clock: w.Clock, Texts: texts(t), Openings: openings, Senders: []channels.Sender{w.sim, tg}, SMS: "sim",
	})
	w.must(err)
	siti, _ := w.cast()
	w.exec(`UPDATE address SET is_primary = false WHERE person_id = $1`, siti)
	w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'telegram', '4711', true, now())`, siti)
	id := w.enqueue(notice(siti))
	w.must(s.Drain(w.ctx))
	if w.state(id) != "sent" || w.sim.times(id) != 1 {
		t.Fatalf("%s, sms %d", w.state(id), w.sim.times(id))
	}
	w.sim.fail = tg.fail
	id = w.enqueue(notice(siti))
	w.must(s.Drain(w.ctx))
	if got := w.state(id) + " " + one[string](w, `SELECT reason FROM cases`); got != "failed NOMOR_MATI" {
		t.Error(got)
	}
	id = w.enqueue(notice(siti))
	w.must(s.Drain(w.ctx))
	if got := w.state(id) + " " + one[string](w, `SELECT error FROM outbox WHERE id = $1`, id); got != "skipped no_address" {
		t.Error(got)
	}
}

// The number is answered by the sender through which it last wrote.
func TestRoadOfTheLastWord(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	gate := &provider{name: "smsgate"}
	s, err := scheduler.New(scheduler.Config{
		Store: w.db.Schedule(), Clock: w.Clock, Texts: texts(t), Openings: openings, Senders: []channels.Sender{w.sim, gate}, SMS: "sim",
	})
	w.must(err)
	siti, _ := w.cast()
	w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, at) VALUES
		('smsgate', 'a', 'sms', '+6281234567417', 'text', now()), ('gone', 'b', 'sms', '+6281234567418', 'text', now())`)
	a := w.enqueue(notice(siti))
	b := w.enqueue(prokus.Message{Via: "sms", To: "+6281234567418", Kind: prokus.KindReceipt, Text: "button.stale"})
	w.must(s.Drain(w.ctx))
	if gate.times(a) != 1 || w.sim.times(b) != 1 {
		t.Errorf("by smsgate %d, by the default %d", gate.times(a), w.sim.times(b))
	}
}

// Whatever River says twice is harmless: a hundred workers, one send.
func TestB18OneRowManyWorkers(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	id := w.enqueue(notice(siti))
	done := make(chan error)
	for range 50 {
		go func() { done <- w.Deliver(w.ctx, []string{id}) }()
	}
	for range 50 {
		w.must(<-done)
	}
	if w.sim.times(id) != 1 {
		t.Errorf("sent %d times", w.sim.times(id))
	}
}

// A job that River gave up is made again; one that only waits for its turn is not doubled.
func TestLostJobs(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	w.enqueue(notice(siti))
	jobs := func() int { return one[int](w, `SELECT count(*) FROM river_job`) }
	sweep := func(minutes int) {
		w.must(w.Clock.Set(w.ctx, w.Clock.Now().Add(time.Duration(minutes)*time.Minute)))
		w.must(w.Sweep(w.ctx, w.Clock.Now()))
	}
	sweep(5)
	if jobs() != 1 {
		t.Fatalf("%d jobs: a waiting one was doubled", jobs())
	}
	w.exec(`DELETE FROM river_job`)
	sweep(1)
	if jobs() != 0 {
		t.Fatal("too early")
	}
	sweep(5)
	if jobs() != 1 {
		t.Fatalf("%d jobs: the lost one was not made again", jobs())
	}
}

// A callback with our own id proves a send that was in doubt.
func TestA4B2StatusProvesASend(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	w.sim.fail = func(channels.Outbound) error { return refuse(channels.Ambiguous) }
	m := notice(siti)
	m.Opens = "report#ask"
	id := w.enqueue(m)
	w.must(w.Deliver(w.ctx, []string{id}))
	w.must(w.HandleStatus(w.ctx, channels.Status{Channel: "sim", Message: id, ProviderID: "SM1", State: channels.Accepted}))
	if w.state(id) != "sent" || one[int](w, `SELECT count(*) FROM place`) != 1 {
		t.Errorf("%s", w.state(id))
	}
	w.must(w.HandleStatus(w.ctx, channels.Status{Channel: "sim", ProviderID: "nobody", State: channels.Delivered}))
	if n := one[int](w, `SELECT count(*) FROM outbox_event WHERE outbox_id IS NULL`); n != 1 {
		t.Errorf("%d orphans kept, want 1", n)
	}
}

// A question that takes a choice leaves the open amount alone (R03).
func TestPlacesOfTwoKinds(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	siti, _ := w.cast()
	w.exec(`UPDATE person SET consent = 'belum'`)
	ask := func(opens string) {
		m := notice(siti)
		m.Opens = opens
		w.enqueue(m)
		w.must(w.Drain(w.ctx))
		w.must(w.Clock.Set(w.ctx, w.Clock.Now().Add(time.Hour)))
	}
	places := func() string {
		return one[string](w, `SELECT coalesce(string_agg(ref || ':' || choice || ':' || typed, ' ' ORDER BY id), '') FROM place`)
	}
	ask("report#ask")
	ask("mentoring#rsvp")
	if got := places(); got != "report#ask:false:amount mentoring#rsvp:true:" {
		t.Error(got)
	}
	ask("case#helped")
	if got := places(); got != "report#ask:false:amount case#helped:true:" {
		t.Error(got)
	}
	ask("report#ask")
	if got := places(); got != "report#ask:true:amount" {
		t.Error(got)
	}
	w.until("2026-06-11 12:00")
	if got := places(); got != "" {
		t.Errorf("two days later: %s", got)
	}
}
