package scheduler_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// sales are somebody's weekly figures from a week on, -1 for a week without a report.
func (w *world) sales(person int64, from string, amounts ...int64) {
	w.t.Helper()
	first, err := prokus.ParseWeek(from)
	w.must(err)
	for i, a := range amounts {
		if a >= 0 {
			w.report(person, (first + prokus.Week(i)).String(), a)
		}
	}
}

// asks opens a case as she herself does, with a ticket.
func (w *world) asks(person int64, reason prokus.Reason) {
	w.t.Helper()
	w.must(w.db.InTx(w.ctx, func(tx *postgres.Tx) error {
		p, _, err := tx.Person(w.ctx, person)
		if err == nil {
			_, err = acts.OpenCase(w.ctx, tx, acts.By{Now: w.Clock.Now().In(prokus.Zone("")), Channel: "sim"}, p, reason, prokus.CaseDetail{}, "")
		}
		return err
	}))
}

// helped is what closes a case that she asked for: an outcome of the TKSK, and her answer to the closing question.
func (w *world) helped(person int64) {
	w.t.Helper()
	id := one[int64](w, `SELECT id FROM cases`)
	w.must(w.db.InTx(w.ctx, func(tx *postgres.Tx) error {
		p, _, err := tx.Person(w.ctx, person)
		if err != nil {
			return err
		}
		by := acts.By{Now: w.Clock.Now().In(prokus.Zone("")), Channel: "sim"}
		if _, _, err := acts.ActOn(w.ctx, tx, by, id, acts.Done, p, ""); err != nil {
			return err
		}
		_, err = acts.Helped(w.ctx, tx, by, p, id, "sudah")
		return err
	}))
}

// climbs are the moments of a case: when it is there, when the TKSK is reminded, when the coordinator gets it, when it stands on the
// ministry's list, and when it is seen to be closed after its cause has gone.
type climbs struct{ opened, reminded, escalated, ministry, closed string }

var (
	weekEnds = climbs{"2026-06-10 00:01", "2026-06-12 08:00", "2026-06-15 16:00", "2026-06-24", "2026-07-01 06:01"}
	mornings = climbs{"2026-06-11 06:01", "2026-06-15 08:00", "2026-06-16 16:00", "2026-06-25", "2026-06-26 06:01"}
	wishes   = climbs{"2026-06-10 23:01", "2026-06-12 08:00", "2026-06-15 16:00", "2026-06-24", "2026-06-25 06:01"}
	visits   = climbs{"2026-06-10 23:01", "2026-06-11 08:00", "2026-06-12 16:00", "2026-06-24", "2026-06-25 06:01"}
	district = climbs{"2026-06-11 06:01", "", "", "2026-06-25", "2026-06-26 06:01"}
)

// The alert table of journeys.md 4.7, a row a test: what opens a case and with which priority, how it climbs while nobody acts (16:00 of
// the n-th working day), and what closes it.
func TestAlertTable(t *testing.T) {
	const grant = `WITH b AS (INSERT INTO batch (name, amount, opened_on) VALUES ('2026', 3500000, '2026-01-01') RETURNING id),
			st AS (INSERT INTO batch_stage (batch_id, code, step, norm_days, stuck_days) SELECT id, 'bank', 5, 7, 21 FROM b)
		INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent) SELECT $1, id, $3, $2::date - $4::int, $2, 3500000, 3100000 FROM b`
	const absence = `WITH s AS (INSERT INTO session (starts_at, area_code, place, status) SELECT $2::timestamptz - interval '1 day' * n, '32.10.07', 'Balai', 'selesai'
			FROM generate_series($3::int, $4::int, 7) n RETURNING id)
		INSERT INTO invite (session_id, person_id, attended) SELECT id, $1, $5 FROM s`
	for _, row := range []struct {
		reason   prokus.Reason
		priority int
		climbs
		cause, gone func(w *world, siti int64)
	}{
		{prokus.Visit, 100, visits, func(w *world, p int64) { w.asks(p, prokus.Visit) }, (*world).helped},
		{prokus.Disaster, 90, wishes, func(w *world, p int64) { w.asks(p, prokus.Disaster) }, (*world).helped},
		{prokus.Sick, 80, wishes, func(w *world, p int64) { w.asks(p, prokus.Sick) }, (*world).helped},
		{prokus.OutOfMoney, 80, wishes, func(w *world, p int64) { w.asks(p, prokus.OutOfMoney) }, (*world).helped},
		{prokus.TwoZeros, 70, weekEnds,
			func(w *world, p int64) { w.sales(p, "2026-W18", 600_000, 600_000, 600_000, 600_000, 0, 0, 0, 0) },
			func(w *world, p int64) { w.sales(p, "2026-W26", 400_000) }},
		{prokus.Falling, 60, weekEnds,
			func(w *world, p int64) {
				w.sales(p, "2026-W18", 600_000, 600_000, 600_000, 600_000, 330_000, 360_000, 330_000, 340_000)
			},
			func(w *world, p int64) { w.sales(p, "2026-W26", 590_000) }},
		{prokus.Silent, 50, weekEnds,
			func(w *world, p int64) { w.sales(p, "2026-W18", 600_000, 600_000, 600_000, 600_000, -1, -1) },
			func(w *world, p int64) { w.sales(p, "2026-W25", 500_000, 500_000) }},
		{prokus.NeverBegan, 40, mornings,
			func(w *world, p int64) {
				w.exec(`UPDATE person SET consent = 'diundang', consent_at = NULL, last_seen = NULL, invited_at = $2::timestamptz - interval '9 days' WHERE id = $1`, p, w.Clock.Now())
			},
			func(w *world, p int64) { w.exec(`UPDATE person SET last_seen = $2 WHERE id = $1`, p, w.Clock.Now()) }},
		{prokus.NoShow, 40, mornings,
			func(w *world, p int64) { w.exec(absence, p, w.Clock.Now(), 3, 10, false) },
			func(w *world, p int64) { w.exec(absence, p, w.Clock.Now(), 0, 0, true) }},
		{prokus.DeadNumber, 45, mornings,
			func(w *world, p int64) {
				w.exec(`UPDATE person SET last_seen = $2::timestamptz - interval '61 days' WHERE id = $1`, p, w.Clock.Now())
			},
			func(w *world, p int64) { w.exec(`UPDATE person SET last_seen = $2 WHERE id = $1`, p, w.Clock.Now()) }},
		{prokus.NoReceipts, 35, mornings,
			func(w *world, p int64) { w.exec(grant, p, w.Clock.Now(), "cair", 29) },
			func(w *world, p int64) { w.exec(`UPDATE grants SET spent = 3150000 WHERE person_id = $1`, p) }},
		{prokus.Stuck, 30, district,
			func(w *world, p int64) { w.exec(grant, p, w.Clock.Now(), "bank", 21) },
			func(w *world, p int64) {
				w.exec(`UPDATE grants SET stage = 'cair', spent = amount, since = $2::date WHERE person_id = $1`, p, w.Clock.Now())
			}},
	} {
		t.Run(string(row.reason), func(t *testing.T) {
			start := "2026-06-10 23:00"
			if row.climbs == weekEnds {
				start = "2026-06-09 23:00"
			}
			w := newWorldWith(t, start, func(c *scheduler.Config) { // the weekly questions are another test's
				c.Rules = nil
				for _, r := range scheduler.DefaultRules() {
					if r.Name == "week.close" || r.Name == "case.daily" {
						c.Rules = append(c.Rules, r)
					}
				}
			})
			siti, _ := w.cast()
			if row.reason != prokus.TwoZeros && row.reason != prokus.Falling && row.reason != prokus.Silent {
				w.sales(siti, "2026-W18", 600_000, 600_000, 600_000, 600_000, 600_000, 600_000, 600_000, 600_000)
			}
			w.must(w.Sweep(w.ctx, w.Clock.Now()))
			row.cause(w, siti)
			w.climb(row.climbs, row.reason, row.priority)
			if _, err := w.Advance(w.ctx, local(row.ministry+" 12:00")); err != nil {
				t.Fatal(err)
			}
			row.gone(w, siti)
			if _, err := w.Advance(w.ctx, local(row.closed)); err != nil {
				t.Fatal(err)
			}
			if got := one[string](w, `SELECT string_agg(reason || ' ' || status, ', ') FROM cases`); got != string(row.reason)+" selesai" {
				t.Errorf("when its cause is gone: %s", got)
			}
		})
	}
}

// climb follows one case while nobody acts.
func (w *world) climb(c climbs, reason prokus.Reason, priority int) {
	w.t.Helper()
	when := func(kind, to string) string {
		var at []string
		for _, m := range w.sim.all() {
			if m.Kind == kind && strings.HasSuffix(m.To, to) && !strings.Contains(m.Text, "PENTING") {
				at = append(at, m.At.In(prokus.Zone("")).Format("2006-01-02 15:04"))
			}
		}
		return strings.Join(at, " ")
	}
	to := func(at string) {
		w.t.Helper()
		if _, err := w.Advance(w.ctx, local(at)); err != nil {
			w.t.Fatal(err)
		}
	}
	to(c.opened)
	if got, want := one[string](w, `SELECT string_agg(format('%s %s %s', reason, status, priority), ', ') FROM cases`), fmt.Sprintf("%s buka %d", reason, priority); got != want {
		w.t.Fatalf("opened: %q, want %q", got, want)
	}
	owner := one[string](w, `SELECT role FROM staff JOIN cases ON owner_id = staff.id`)
	if want := map[bool]string{true: "koordinator", false: "tksk"}[c == district]; owner != want {
		w.t.Errorf("owner %s, want %s", owner, want)
	}
	onList := func(day string) int {
		w.t.Helper()
		_, n, err := w.db.Console().Cases(w.ctx, console.Scope{Areas: []string{"ID"}, Role: prokus.Ministry}, console.CaseFilter{List: console.ForMinistry, Now: local(day + " 18:00"), Limit: 10})
		w.must(err)
		return n
	}
	to(local(c.ministry+" 18:00").AddDate(0, 0, -1).Format("2006-01-02 15:04"))
	if got := when("alert", "001"); got != c.reminded {
		w.t.Errorf("the TKSK was reminded at %q, want %q", got, c.reminded)
	}
	if a, b := when("escalation", "001"), when("escalation", "002"); a != c.escalated || b != c.escalated {
		w.t.Errorf("escalated at %q and to the coordinator at %q, want %q", a, b, c.escalated)
	}
	if n := onList(local(c.ministry+" 12:00").AddDate(0, 0, -1).Format("2006-01-02")); n != 0 {
		w.t.Error("on the ministry's list a day too early")
	}
	if n := onList(c.ministry); n != 1 {
		w.t.Errorf("%d on the ministry's list after ten working days", n)
	}
}
