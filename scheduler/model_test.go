package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// mortal lets transactions that write messages die for real: their connection is cut off in the middle of writing, or at the commit.
func (w *world) mortal() (fate func(p float64)) {
	w.exec(`CREATE TABLE fate (p double precision NOT NULL)`)
	w.exec(`INSERT INTO fate VALUES (0)`)
	w.exec(`CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN IF random() < (SELECT p FROM fate) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$`)
	w.exec(`CREATE TRIGGER dies_writing AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION die()`)
	w.exec(`CREATE CONSTRAINT TRIGGER dies_committing AFTER INSERT ON outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`)
	w.exec(`CREATE CONSTRAINT TRIGGER dies_moving AFTER UPDATE ON rule_slot DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`)
	return func(p float64) { w.exec(`UPDATE fate SET p = $1`, p) }
}

// Weeks of three zones under replicas that sleep at random, disagree about the time, sweep at the same moment, lose their connection
// in the middle of a transaction and die while sending: what was said is exactly what a plain model says, once (faults.md
// R3, R9, D1, D2, C5).
func TestD2WeeksOnTheDatabase(t *testing.T) {
	w := newWorld(t, "2026-01-05 00:00")
	w.staff("tksk", "Pak", "Dedi", "32.10.07", "+6281100000001")
	people := map[string][]int64{}
	zones := map[string]string{"32.10.07": "Asia/Jakarta", "73.06.01": "Asia/Makassar", "94.71.01": "Asia/Jayapura"}
	n := 0
	for area, zone := range zones {
		for range 3 {
			n++
			people[zone] = append(people[zone], w.person(prokus.WithCheckDigit(fmt.Sprint(20000+n)), fmt.Sprintf("Ani %d", n), area, fmt.Sprintf("+62812000%05d", n)))
		}
	}
	rng := rand.New(rand.NewPCG(7, 7))
	base := local("2026-01-05 00:00")
	crash := false
	replica := func(skew time.Duration) *scheduler.Scheduler {
		clock, err := scheduler.NewClock(w.ctx, func() time.Time { return base.Add(skew) }, fixed{&base, skew})
		w.must(err)
		s, err := scheduler.New(scheduler.Config{
			Store: w.db.Schedule(), Clock: clock, Texts: texts(t), Openings: openings, Senders: []channels.Sender{asked{w.sim}}, SMS: "sim",
			At: func(string) {
				if crash && rng.IntN(4) == 0 {
					panic("killed")
				}
			},
		})
		w.must(err)
		return s
	}
	replicas := []*scheduler.Scheduler{replica(0), replica(4 * time.Minute), replica(0)}
	fate, cut := w.mortal(), 0
	// dying sweeps until a sweep comes to its end: the next minute's tick, on whatever replica.
	dying := func(s *scheduler.Scheduler, now time.Time) {
		fate(0.15)
		for s.Sweep(w.ctx, now) != nil {
			if cut++; cut > 10_000 {
				t.Error("no sweep comes to its end")
				break
			}
		}
		fate(0)
	}

	swept := map[string]time.Time{} // the model's own books
	want := map[string]bool{}
	skipped := 0
	rule := scheduler.DefaultRules()[slices.IndexFunc(scheduler.DefaultRules(), func(r scheduler.Rule) bool { return r.Name == "week.prompt" })]
	model := func(now time.Time) {
		for zone, ids := range people {
			if swept[zone].IsZero() {
				swept[zone] = now.Truncate(time.Minute).Add(-time.Second)
			}
			loc := prokus.Zone(zone)
			var due []time.Time
			for week := prokus.WeekOf(swept[zone].In(loc)); !week.At(6, 18, 30, loc).After(now); week++ {
				if at := week.At(6, 18, 30, loc); at.After(swept[zone]) {
					due = append(due, at)
				}
			}
			if len(due) == 0 {
				continue
			}
			newest := due[len(due)-1]
			swept[zone] = newest
			skipped += len(due) - 1
			if now.Sub(newest) >= rule.Late {
				skipped++
				continue
			}
			for _, id := range ids {
				want[fmt.Sprintf("week.prompt:%d:%s", id, prokus.WeekOf(newest.In(loc)))] = true
			}
		}
	}
	for step := 0; base.Before(local("2026-05-17 00:00")); step++ {
		switch rng.IntN(30) {
		case 0:
			base = base.Add(time.Duration(1+rng.IntN(9*24)) * time.Hour) // asleep
		case 1:
			base = base.Add(time.Duration(rng.IntN(26*60)) * time.Minute)
		default: // to the next instant, or a little before or after it
			next, _, err := replicas[0].NextDue(w.ctx, base)
			w.must(err)
			base = next.Add(time.Duration(rng.IntN(5)) * time.Minute)
		}
		s := replicas[rng.IntN(2)]
		now := s.Clock.Now()
		model(now)
		switch step % 3 {
		case 0:
			dying(s, now)
		case 1: // another one at the same moment
			both := make(chan error, 2)
			for _, s := range []*scheduler.Scheduler{s, replicas[2]} {
				go func() { both <- s.Sweep(context.Background(), now) }()
			}
			w.must(errors.Join(<-both, <-both))
		}
		w.must(s.Sweep(w.ctx, now))
		crash = step%2 == 0
		killed(func() { w.must(s.Drain(w.ctx)) })
		crash = false
		w.oldDoubts()
	}
	w.oldDoubts()
	base = local("2026-06-09 12:00") // by day in every zone: what quiet hours held back leaves
	for range 2 {
		model(replicas[1].Clock.Now())
		w.must(replicas[1].Sweep(w.ctx, replicas[1].Clock.Now()))
		w.must(replicas[1].Drain(w.ctx))
		base = base.Add(time.Hour)
	}

	rows, err := w.pool.Query(w.ctx, `SELECT key, id::text, state FROM outbox WHERE key LIKE 'week.prompt:%'`)
	w.must(err)
	got := map[string]bool{}
	for rows.Next() {
		var key, id, state string
		w.must(rows.Scan(&key, &id, &state))
		got[key] = true
		switch times := w.sim.times(id); {
		case times > 1:
			t.Errorf("%s was sent %d times", key, times)
		case (times == 1) != (state == "sent"):
			t.Errorf("%s is %s, the provider has it %d times", key, state, times)
		case state == "queued" || state == "sending":
			t.Errorf("%s is left %s", key, state)
		}
	}
	w.must(rows.Err())
	for key := range want {
		if !got[key] {
			t.Errorf("missing: %s", key)
		}
	}
	for key := range got {
		if !want[key] {
			t.Errorf("too much: %s", key)
		}
	}
	if n := one[int](w, `SELECT count(*) FROM slot_skipped WHERE rule = 'week.prompt'`); n != skipped {
		t.Errorf("%d slots recorded as skipped, the model skipped %d", n, skipped)
	}
	for _, m := range w.sim.all() {
		if w.sim.times(m.ID) > 1 {
			t.Errorf("a %s was sent twice", m.Kind)
		}
	}
	if len(want) < 50 || skipped == 0 {
		t.Errorf("%d prompts and %d skipped slots prove little", len(want), skipped)
	}
	if cut < 50 {
		t.Errorf("only %d transactions were cut off", cut)
	}
	t.Logf("%d prompts, %d skipped slots, %d messages, %d transactions cut off", len(want), skipped, len(w.sim.all()), cut)
}

// fixed is a clock's store that agrees with a replica that is wrong.
type fixed struct {
	base *time.Time
	skew time.Duration
}

func (f fixed) DatabaseTime(context.Context) (time.Time, time.Duration, error) {
	return f.base.Add(f.skew), 0, nil
}
func (f fixed) SaveOffset(context.Context, time.Duration) error { return nil }
