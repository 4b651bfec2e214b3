package scheduler_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// change writes a version of a rule that holds from now on; an empty value goes back to the area above.
func (w *world) change(area, key, value string) {
	w.t.Helper()
	author := one[int64](w, `SELECT coalesce((SELECT min(id) FROM staff), 0)`)
	if author == 0 {
		author = w.staff("kementerian", "Bu", "Ratna", "ID", "+6281100000099")
	}
	w.exec(`INSERT INTO rule_version (area_code, key, value, follows, valid_from, author_id, at) VALUES ($1, $2, $3, $3 = '', $4, $5, $4)`,
		area, key, value, w.Clock.Now(), author)
}

// only leaves some rules.
func only(names ...string) func(*scheduler.Config) {
	return func(c *scheduler.Config) {
		for _, r := range scheduler.DefaultRules() {
			if slices.Contains(names, r.Name) {
				c.Rules = append(c.Rules, r)
			}
		}
	}
}

// jump sweeps at every instant up to a moment; what is written does not leave.
func (w *world) jump(to time.Time) {
	w.t.Helper()
	for now := w.Clock.Now(); ; {
		w.must(w.Sweep(w.ctx, now))
		w.exec(`UPDATE outbox SET state = 'skipped' WHERE state = 'queued'`) // what was written is all that is looked at
		w.exec(`DELETE FROM river_job`)
		if !now.Before(to) {
			return
		}
		next, ok, err := w.NextDue(w.ctx, now)
		w.must(err)
		if !ok || next.After(to) {
			next = to
		}
		w.must(w.Clock.Set(w.ctx, next))
		now = next
	}
}

// asked is when somebody's question of a week is due, "" if there is none.
func (w *world) asked(person int64, week string) string {
	w.t.Helper()
	return one[string](w, `SELECT coalesce((SELECT to_char(not_before AT TIME ZONE 'Asia/Jakarta', 'Dy HH24:MI') FROM outbox WHERE key = $1), '')`,
		fmt.Sprintf("week.prompt:%d:%s", person, week))
}

// One kabupaten has its own hour; the change comes before, between and after the hours of the week in which it is made.
func TestRuleOfOneKabupaten(t *testing.T) {
	const old, early, late = "30 18 * * 0", "0 9 * * 6", "30 19 * * 0"
	for _, c := range []struct {
		what, at, value string
		siti, wulan     string // when the two kabupaten are asked in the week of the change
		next            string // and the one that changed, the week after
	}{
		{"long before", "2026-06-03 10:00", late, "Sun 19:30", "Sun 18:30", "Sun 19:30"},
		{"to an hour that has passed", "2026-06-07 12:00", early, "Sun 12:00", "Sun 18:30", "Sat 09:00"},
		{"between the hours", "2026-06-07 19:00", late, "Sun 18:30", "Sun 18:30", "Sun 19:30"},
		{"just before its old hour", "2026-06-07 18:29", late, "Sun 19:30", "Sun 18:30", "Sun 19:30"},
		{"after both", "2026-06-07 20:00", early, "Sun 18:30", "Sun 18:30", "Sat 09:00"},
		{"with a slot just run, to an hour that has passed", "2026-06-07 18:31", early, "Sun 18:30", "Sun 18:30", "Sat 09:00"},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := newWorldWith(t, "2026-05-28 10:00", only("week.prompt"))
			w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES ('32.17', '32', 2, 'Bandung Barat', 'Asia/Jakarta'), ('32.17.01', '32.17', 3, 'Lembang', 'Asia/Jakarta')`)
			siti, _ := w.cast()
			wulan := w.person("550210", "Wulan", "32.17.01", "+6281234567499")
			w.jump(local(c.at))
			w.change("32.10", "week.prompt.at", c.value)
			w.jump(local("2026-06-15 06:00"))
			if a, b := w.asked(siti, "2026-W23"), w.asked(wulan, "2026-W23"); a != c.siti || b != c.wulan {
				t.Errorf("asked %s and %s, want %s and %s", a, b, c.siti, c.wulan)
			}
			if a, b := w.asked(siti, "2026-W24"), w.asked(wulan, "2026-W24"); a != c.next || b != "Sun 18:30" {
				t.Errorf("the week after: %s and %s, want %s and Sun 18:30", a, b, c.next)
			}
			if n := one[int](w, `SELECT count(*) FROM slot_skipped`); n != 0 {
				t.Errorf("%d slots skipped", n)
			}
		})
	}
}

// Twelve weeks in which offices change their minds at any moment: everybody is asked once each week, whatever they change.
func TestRulesChangeAtAnyMoment(t *testing.T) {
	w := newWorldWith(t, "2026-04-05 20:00", only("week.prompt"))
	w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES ('32.17', '32', 2, 'Bandung Barat', 'Asia/Jakarta'), ('32.17.01', '32.17', 3, 'Lembang', 'Asia/Jakarta')`)
	w.staff("kementerian", "Bu", "Ratna", "ID", "+6281100000099")
	kecamatan := []string{"32.10.07", "32.17.01", "73.06.01", "94.71.01"}
	for i, area := range kecamatan {
		w.person(prokus.WithCheckDigit(fmt.Sprint(20000+i)), fmt.Sprintf("Ani %d", i), area, fmt.Sprintf("+62812000%05d", i))
	}
	w.exec(`UPDATE person SET consent_at = '2026-01-01'`)
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	rng := rand.New(rand.NewPCG(11, 5))
	areas := []string{"ID", "32", "32.10", "32.17", "73.06"}
	days := []int{5, 6, 0}
	changes := 0
	const weeks = 12
	end := local("2026-04-05 20:00").AddDate(0, 0, 7*weeks)
	for now := w.Clock.Now(); now.Before(end); {
		step := time.Duration(1+rng.IntN(60*40)) * time.Minute
		if rng.IntN(3) == 0 { // around the usual hour
			step = prokus.WeekOf(now).At(6, 18, rng.IntN(70), prokus.Zone("Asia/Jakarta")).Sub(now)
		}
		if now = now.Add(max(step, time.Minute)); now.After(end) {
			now = end
		}
		w.jump(now)
		area := areas[rng.IntN(len(areas))]
		value := prokus.WriteCadence(int64(7*60+rng.IntN(12*60)), time.Weekday(days[rng.IntN(3)]), false)
		if area != "ID" && rng.IntN(4) == 0 {
			value = ""
		}
		if rng.IntN(3) > 0 {
			w.change(area, "week.prompt.at", value)
			changes++
		}
	}
	if changes < 40 {
		t.Errorf("only %d changes", changes)
	}
	for person := range int64(len(kecamatan)) {
		for i := range weeks {
			week := prokus.WeekOf(local("2026-04-06 12:00")) + prokus.Week(i)
			n := one[int](w, `SELECT count(*) FROM outbox WHERE key = $1`, fmt.Sprintf("week.prompt:%d:%s", person+1, week))
			if n != 1 {
				t.Errorf("person %d, week %s: asked %d times", person+1, week, n)
			}
		}
	}
	if n := one[int](w, `SELECT count(*) FROM slot_skipped WHERE rule = 'week.prompt' AND why = 'too late'`); n != 0 {
		t.Errorf("%d questions skipped", n)
	}
}

// A version is never edited.
func TestVersionsStand(t *testing.T) {
	w := newWorld(t, "2026-06-03 10:00")
	w.change("ID", "case.DIAM2.weeks", "3")
	for _, sql := range []string{`UPDATE rule_version SET value = '4'`, `DELETE FROM rule_version`} {
		if _, err := w.pool.Exec(w.ctx, sql); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}

// Thresholds and days by area, from the moment of the change: what was opened before keeps its times.
func TestThresholdsByArea(t *testing.T) {
	w := newWorld(t, "2026-06-09 22:00")
	siti, _ := w.cast()
	yati := w.person("550210", "Yati", "73.06.01", "+6281234567419")
	w.exec(`UPDATE person SET consent_at = '2026-05-25 09:00+07'`) // silent in two closed weeks
	w.change("73.06", "case.DIAM2.weeks", "3")
	w.jump(local("2026-06-10 08:00"))
	if got := one[string](w, `SELECT string_agg(person_id || ' ' || to_char(escalate_at AT TIME ZONE 'Asia/Jakarta', 'Dy DD'), ', ') FROM cases`); got != fmt.Sprintf("%d Mon 15", siti) {
		t.Errorf("cases: %s", got)
	}
	w.change("ID", "case.DIAM2.escalate", "5")
	w.change("ID", "case.DIAM2.priority", "55")
	w.jump(local("2026-06-17 08:00"))
	if got := one[string](w, `SELECT string_agg(person_id || ' ' || priority || ' ' || coalesce(to_char(escalate_at AT TIME ZONE 'Asia/Jakarta', 'Dy DD'), ''), ', ' ORDER BY person_id) FROM cases`); got != fmt.Sprintf("%d 50 , %d 55 Wed 24", siti, yati) {
		t.Errorf("a week later: %s", got)
	}
}
