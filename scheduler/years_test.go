package scheduler_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// plain is a rule as the papers put it: a day of the week or every day, a time of day, and how late it is still worth saying.
// It knows nothing of cron.
type plain struct {
	day          int // 0 Sunday … 6, -1 every day
	hour, minute int
	late         time.Duration // 0: always
}

var plainRules = map[string]plain{
	"week.close": {3, 0, 0, 0}, "score.weekly": {3, 2, 0, 0}, "case.daily": {-1, 6, 0, 0},
	"mentoring.morning": {-1, 7, 15, 12 * time.Hour}, "mentor.morning": {-1, 7, 15, 12 * time.Hour},
	"digest": {-1, 7, 30, 10 * time.Hour}, "assisted.weekly": {-1, 8, 0, 10 * time.Hour}, "office.weekly": {3, 8, 0, 36 * time.Hour}, "week.prompt": {0, 18, 30, 24 * time.Hour}, "invite.second": {-1, 12, 30, 24 * time.Hour},
	"week.remind1": {1, 12, 30, 24 * time.Hour}, "mentoring.missed": {-1, 12, 30, 24 * time.Hour}, "mentoring.eve": {-1, 16, 30, 14 * time.Hour},
	"week.remind2": {2, 17, 0, 7 * time.Hour}, "officer.changed": {-1, 10, 0, 0}, "batch.closed": {-1, 10, 0, 0}, "ramadan.prompt": {0, 16, 30, 24 * time.Hour}, "ramadan.remind2": {2, 16, 30, 7 * time.Hour}, "mentor.list": {-1, 18, 0, 14 * time.Hour}, "mentor.eve": {-1, 20, 0, 2 * time.Hour},
}

// newest is the last slot at or before a moment.
func (p plain) newest(loc *time.Location, now time.Time) time.Time {
	l := now.In(loc)
	at := time.Date(l.Year(), l.Month(), l.Day(), p.hour, p.minute, 0, 0, loc)
	for at.After(now) || p.day >= 0 && int(at.Weekday()) != p.day {
		at = time.Date(at.Year(), at.Month(), at.Day()-1, p.hour, p.minute, 0, 0, loc)
	}
	return at
}

// model is what must and what may be said, told by a calendar and the moments at which somebody swept.
type model struct {
	began   map[slotKey]time.Time
	horizon time.Time // the latest moment at which anybody swept
	owed    map[visit]bool
	may     map[visit]bool
}

func (m *model) each(zones []string, f func(k slotKey, p plain, loc *time.Location)) {
	for name, p := range plainRules {
		for _, z := range zones {
			f(slotKey{name, z}, p, prokus.Zone(z))
		}
	}
}

// swept takes note of a sweep at a moment; whole says that it came to its end with nobody else in between.
func (m *model) swept(zones []string, now time.Time, whole bool) {
	if now.After(m.horizon) {
		m.horizon = now
	}
	m.each(zones, func(k slotKey, p plain, loc *time.Location) {
		if _, ok := m.began[k]; !ok {
			m.began[k] = now.Truncate(time.Minute).Add(-time.Second)
		}
		slot := p.newest(loc, now)
		if !slot.After(m.began[k]) || p.late > 0 && now.Sub(slot) >= p.late {
			return
		}
		v := visit{k, slot.Unix(), 0}
		m.may[v] = true
		// Whoever swept with a clock that is ahead may have found it too late already.
		if whole && p.newest(loc, m.horizon).Equal(slot) && (p.late == 0 || m.horizon.Sub(slot) < p.late) {
			m.owed[v] = true
		}
	})
}

// Nine years in three zones, two replicas whose clocks are ten minutes apart, sleeps of up to nine days and a thousand deaths in the
// middle of transactions: what was done is what a plain calendar says, once (faults.md D1, D2, D3, D5, R9).
func TestD2NineYears(t *testing.T) {
	const deaths = 1000
	rng := rand.New(rand.NewPCG(2024, 2032))
	m := &memory{
		rng: rng, zones: []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}, people: 7, crash: 0.0075,
		rows: map[slotKey]row{}, locked: map[slotKey]bool{}, said: map[string]int{}, visits: map[visit]int{}, skipped: map[visit]int{}, finished: map[visit]int{},
	}
	base := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	words := texts(t)
	replica := func(skew time.Duration) *scheduler.Scheduler {
		clock, err := scheduler.NewClock(t.Context(), func() time.Time { return base.Add(skew) }, fixed{&base, skew})
		if err != nil {
			t.Fatal(err)
		}
		s, err := scheduler.New(scheduler.Config{Store: m, Clock: clock, Texts: words, Openings: openings, SMS: "sim"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	replicas := []*scheduler.Scheduler{replica(-5 * time.Minute), replica(5 * time.Minute)}
	for _, r := range replicas[0].Rules {
		if _, ok := plainRules[r.Name]; !ok {
			t.Fatalf("the model does not know when %s is due: write it down in plainRules", r.Name)
		}
	}
	want := &model{began: map[slotKey]time.Time{}, owed: map[visit]bool{}, may: map[visit]bool{}}
	sweeps := 0
	sweep := func(s *scheduler.Scheduler) (died bool) {
		defer func() {
			switch r := recover().(type) {
			case nil:
			case death:
				died = true
			default:
				panic(r)
			}
		}()
		sweeps++
		now := s.Clock.Now()
		want.swept(m.zones, now, false)
		if err := s.Sweep(context.Background(), now); err != nil {
			t.Fatal(err)
		}
		return false
	}
	for base.Year() < 2033 {
		switch x := rng.IntN(100); {
		case x < 2:
			base = base.Add(time.Duration(rng.IntN(9*24*60)) * time.Minute) // asleep
		case x < 8:
			base = base.Add(time.Duration(rng.IntN(26*60)) * time.Minute)
		default:
			base = base.Add(time.Duration(1+rng.IntN(150)) * time.Minute)
		}
		i := rng.IntN(2)
		m.between = func() { sweep(replicas[1-i]) }
		if m.deaths >= deaths {
			m.crash = 0
		}
		died := sweep(replicas[i])
		m.between = nil
		if died && rng.IntN(3) > 0 { // mostly the other one takes over with the next minute, sometimes nobody does for long
			died = sweep(replicas[1-i])
			i = 1 - i
		}
		if !died && !overlapped(m) {
			want.swept(m.zones, replicas[i].Clock.Now(), true)
		}
	}
	m.crash, m.between = 0, nil
	for _, s := range replicas {
		sweep(s)
		want.swept(m.zones, s.Clock.Now(), true)
	}
	judge(t, m, want)
	if m.deaths < deaths {
		t.Errorf("only %d deaths", m.deaths)
	}
	t.Logf("%d sweeps, %d deaths, %d slots run, %d skipped, %d people taken, %d messages", sweeps, m.deaths, len(m.finished), len(m.skipped), len(m.visits), len(m.said))
}

func overlapped(m *memory) bool { return len(m.locked) > 0 }

// judge compares what was done with what the model says.
func judge(t *testing.T, m *memory, want *model) {
	t.Helper()
	faults := 0
	fault := func(format string, a ...any) {
		if faults++; faults <= 10 {
			t.Errorf(format, a...)
		}
	}
	at := func(v visit) string {
		return v.rule + " " + time.Unix(v.at, 0).In(prokus.Zone(v.zone)).Format("2006-01-02 15:04 MST")
	}
	for v := range want.owed {
		for person := 1; person <= m.people; person++ {
			if m.visits[visit{v.slotKey, v.at, person}] == 0 {
				fault("missed: %s, person %d", at(v), person)
			}
		}
	}
	for v, n := range m.visits {
		if n != 1 {
			fault("%s: person %d was taken %d times", at(v), v.person, n)
		}
		if !want.may[visit{v.slotKey, v.at, 0}] {
			fault("not due: %s", at(v))
		}
	}
	for key, n := range m.said {
		if n != 1 {
			fault("%s was written %d times", key, n)
		}
	}
	// Every slot of the calendar was run or is recorded as skipped, never both.
	want.each(m.zones, func(k slotKey, p plain, loc *time.Location) {
		for s := p.newest(loc, m.rows[k].swept); s.After(want.began[k]); s = p.newest(loc, s.Add(-time.Minute)) {
			v := visit{k, s.Unix(), 0}
			if m.finished[v]+m.skipped[v] != 1 {
				fault("%s: run %d times, skipped %d times", at(v), m.finished[v], m.skipped[v])
			}
		}
	})
	if len(want.owed) < 10_000 || len(m.skipped) < 1000 {
		t.Errorf("%d slots owed and %d skipped prove little", len(want.owed), len(m.skipped))
	}
	if faults > 0 {
		t.Errorf("%d faults in all", faults)
	}
}
