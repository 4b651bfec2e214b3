package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The definitions of the tiles, one person a case: who must report (W), who did in time (D01), who is active (D04), who needs
// attention (D07).
func TestFigures(t *testing.T) {
	week := prokus.WeekOf(time.Date(2026, 6, 1, 0, 0, 0, 0, wib)) // 1-7 Jun, closed on Tuesday the 9th
	monday := week.Date()
	closes := week.Closes(wib)
	grant := func(w *world, p int64, stage string, since time.Time) {
		w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, $2, $3, $4, 3500000)`, p, stage, since, noon)
	}
	report := func(w *world, p int64, monday, at time.Time) {
		w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, $2, 0, 'sms', $3, $3)`, p, monday, at)
	}
	type figures struct{ due, onTime, reported, active, attention, reachable int }
	long := monday.AddDate(0, 0, -30)
	tests := []struct {
		name   string
		person someone
		seed   func(*world, int64)
		want   figures
	}{
		{"no grant, no mentoring: need not report", someone{}, func(*world, int64) {}, figures{reachable: 1}},
		{"credited eight days before the week's end", someone{}, func(w *world, p int64) { grant(w, p, "cair", monday.AddDate(0, 0, -1)) }, figures{due: 1, reachable: 1}},
		{"credited on the Monday: too short", someone{}, func(w *world, p int64) { grant(w, p, "cair", monday) }, figures{reachable: 1}},
		{"still at the bank", someone{}, func(w *world, p int64) { grant(w, p, "bank", long) }, figures{reachable: 1}},
		{"in mentoring since the Sunday before", someone{}, func(w *world, p int64) {
			w.exec(`INSERT INTO session (starts_at, area_code, place) VALUES ($1, '32.10.07', 'Balai desa')`, time.Date(2026, 5, 31, 9, 0, 0, 0, wib))
			w.exec(`INSERT INTO invite (session_id, person_id) SELECT max(id), $1 FROM session`, p)
		}, figures{due: 1, reachable: 1}},
		{"invited to a session that was cancelled", someone{}, func(w *world, p int64) {
			w.exec(`INSERT INTO session (starts_at, area_code, place, status) VALUES ($1, '32.10.07', 'Balai desa', 'batal')`, time.Date(2026, 5, 31, 9, 0, 0, 0, wib))
			w.exec(`INSERT INTO invite (session_id, person_id) SELECT max(id), $1 FROM session`, p)
		}, figures{reachable: 1}},
		{"on leave", someone{}, func(w *world, p int64) {
			grant(w, p, "cair", long)
			w.exec(`INSERT INTO leave (person_id, from_week, to_week) VALUES ($1, $2, $2)`, p, monday)
		}, figures{reachable: 1}},
		{"reported on Tuesday 23.59", someone{}, func(w *world, p int64) {
			grant(w, p, "cair", long)
			report(w, p, monday, closes.Add(-time.Minute))
		}, figures{due: 1, onTime: 1, reported: 1, active: 1, reachable: 1}},
		{"reported on Wednesday", someone{}, func(w *world, p int64) {
			grant(w, p, "cair", long)
			report(w, p, monday, closes)
		}, figures{due: 1, reported: 1, active: 1, reachable: 1}},
		{"reported last week only: active", someone{}, func(w *world, p int64) {
			grant(w, p, "cair", long)
			report(w, p, monday.AddDate(0, 0, -7), monday)
		}, figures{due: 1, active: 1, reachable: 1}},
		{"reported three weeks ago: silent", someone{}, func(w *world, p int64) {
			grant(w, p, "cair", long)
			report(w, p, monday.AddDate(0, 0, -14), monday)
		}, figures{due: 1, reachable: 1}},
		{"a disputed report is none", someone{}, func(w *world, p int64) {
			grant(w, p, "cair", long)
			report(w, p, monday, monday.AddDate(0, 0, 6))
			w.exec(`UPDATE report SET disputed = true`)
		}, figures{due: 1, reachable: 1}},
		{"stopped: stays in W, unless only those who can be reached are asked for", someone{consent: "berhenti"}, func(w *world, p int64) { grant(w, p, "cair", long) }, figures{due: 1}},
		{"open alert", someone{}, func(w *world, p int64) {
			w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at)
				VALUES (1, '32.10', 2026, $1, '32.10.07', 'DIAM2', 50, $2, $2), (2, '32.10', 2026, $1, '32.10.07', 'SAKIT', 50, $2, $2)`, p, noon)
		}, figures{attention: 1, reachable: 1}},
		{"an open case that is no alert", someone{}, func(w *world, p int64) {
			w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at)
				VALUES (1, '32.10', 2026, $1, '32.10.07', 'LPJ', 50, $2, $2)`, p, noon)
		}, figures{reachable: 1}},
	}
	scope := console.Scope{Areas: []string{"32.10"}, Role: prokus.Coordinator}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			tt.person.code, tt.person.phone = "482919", "+6281234567417"
			tt.seed(w, w.person(tt.person))
			f, err := w.db.Week(t.Context(), scope, week, week, false, noon)
			if err != nil {
				t.Fatal(err)
			}
			r, err := w.db.Week(t.Context(), scope, week, week, true, noon)
			if err != nil {
				t.Fatal(err)
			}
			got := figures{f.Due, f.OnTime, f.Reported, f.Active, f.Attention, r.Registered}
			if got != tt.want || f.Registered != 1 {
				t.Errorf("%+v of %d, want %+v", got, f.Registered, tt.want)
			}
			areas, err := w.db.AreaWeeks(t.Context(), scope, week, 4, false)
			if err != nil {
				t.Fatal(err)
			}
			if len(areas) != 1 || areas[0].Due != f.Due || areas[0].OnTime != f.OnTime || areas[0].Attention != f.Attention || areas[0].Reports[3] != f.Reported {
				t.Errorf("the table says %+v, the tiles %+v", areas, f)
			}
		})
	}
}

func TestPausedWeeksAndStuckGrants(t *testing.T) {
	w := newWorld(t)
	week := prokus.WeekOf(time.Date(2026, 6, 1, 0, 0, 0, 0, wib))
	p := w.person(someone{code: "482919", phone: "+6281234567417"})
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, 'cair', '2026-05-11', $2, 3500000)`, p, noon)
	at := func(now time.Time, scope ...string) console.WeekFigures {
		f, err := w.db.Week(context.Background(), console.Scope{Areas: scope, Role: prokus.Coordinator}, week, week, false, now)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	// 30 days are allowed in this stage: 11 May + 30 = 10 June is the last good day.
	if f := at(noon, "32.10"); f.Stuck != 0 || f.Grants != 1 || f.Due != 1 {
		t.Errorf("on the 30th day: %+v", f)
	}
	if f := at(noon.AddDate(0, 0, 1), "32.10"); f.Stuck != 1 {
		t.Errorf("on the 31st day: %+v", f)
	}
	if f := at(noon.AddDate(0, 0, 1), "32.17"); f != (console.WeekFigures{}) {
		t.Errorf("another kabupaten counts %+v", f)
	}
	w.exec(`INSERT INTO pause (from_day, to_day, name, area_code) VALUES ('2026-06-03', '2026-06-04', 'Libur daerah', '32.17')`)
	if f := at(noon, "32.10"); f.Due != 1 {
		t.Error("a pause of another kabupaten frees from reporting")
	}
	w.exec(`INSERT INTO pause (from_day, to_day, name) VALUES ('2026-06-03', '2026-06-04', 'Lebaran')`)
	if f := at(noon, "32.10"); f.Due != 0 {
		t.Error("the week of Lebaran must be reported")
	}
}

// On Monday and Tuesday the week that has just ended is shown as provisional.
func TestTheWeekIsProvisionalUntilItCloses(t *testing.T) {
	w := newWorld(t)
	b := w.as("nani")
	for _, tt := range []struct {
		now         time.Time
		week        string
		provisional bool
	}{
		{time.Date(2026, 6, 7, 23, 59, 0, 0, wib), "Minggu 25-31 Mei", false},
		{time.Date(2026, 6, 8, 0, 0, 0, 0, wib), "Minggu 1-7 Jun", true},
		{time.Date(2026, 6, 9, 23, 59, 0, 0, wib), "Minggu 1-7 Jun", true},
		{time.Date(2026, 6, 10, 0, 0, 0, 0, wib), "Minggu 1-7 Jun", false},
	} {
		w.set(tt.now)
		page := b.get("/").body
		if !strings.Contains(page, tt.week) || strings.Contains(page, "Sementara") != tt.provisional {
			t.Errorf("%s: want %s, provisional %v", tt.now, tt.week, tt.provisional)
		}
	}
}
