package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The worked example of the definitions computes exactly: a kecamatan of ten people in the week of 1-7 June.
func TestTheWorkedExample(t *testing.T) {
	w := newWorld(t)
	week := prokus.WeekOf(time.Date(2026, 6, 1, 0, 0, 0, 0, wib))
	people := map[string]int64{}
	for i, name := range []string{"A", "B", "a", "b", "c", "d", "e", "f", "g", "h"} {
		status := "aktif"
		if name == "B" {
			status = "lulus"
		}
		people[name] = w.person(someone{code: code(i), name: "Orang " + name, status: status, phone: "+62812000000" + string(rune('0'+i))})
		w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, 'lpj', '2026-03-02', $2, 3500000)`, people[name], noon)
	}
	w.exec(`INSERT INTO leave (person_id, from_week, to_week) VALUES ($1, $2, $2)`, people["A"], week.Date())
	report := func(name string, ago int, amount int64, day, hour int, more ...string) {
		wk := week - prokus.Week(ago)
		source := "self"
		if len(more) > 0 {
			source = more[0]
		}
		w.exec(`INSERT INTO report (person_id, week, amount, source, channel, at, changed_at) VALUES ($1, $2, $3, $4, 'sms', $5, $5)`,
			people[name], wk.Date(), amount*1000, source, wk.At(day, hour, 0, wib))
	}
	report("a", 0, 750, 6, 19)
	report("b", 0, 520, 7, 9)
	report("c", 0, 0, 8, 9)
	report("d", 0, 375, 6, 20) // 250-500 ribu, its midpoint
	report("h", 0, 1200, 8, 15, "proxy")
	report("g", 1, 300, 6, 19)
	for name, past := range map[string][]int64{"a": {600, 610, 640, 670}, "b": {500, 500, 540, 520}, "h": {1000, 1000, 0, 800}} {
		for i, amount := range past {
			if amount > 0 {
				report(name, 4-i, amount, 6, 19)
			}
		}
	}
	scope := console.Scope{Areas: []string{"32.10.07"}, Role: prokus.TKSK}
	read := func(at time.Time) prokus.Indicators {
		i, err := w.db.Indicators(t.Context(), scope, week, false, at)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	// Wednesday 00:00: e has not reported yet.
	wed := read(week.Closes(wib))
	if wed.Due != 8 || wed.OnTime != 5 || wed.Active != 6 {
		t.Errorf("on Wednesday %+v, want W 8, D01 5, D04 6", wed)
	}
	report("e", 0, 900, 9, 11) // on Wednesday: late
	got := read(week.AcceptedUntil(wib))
	want := prokus.Indicators{Registered: 9, Due: 8, OnTime: 5, Final: 6, Self: 5, Active: 7, Silent: 1, Sellers: 5, Median: 750_000, Zero: 1, Growth: 2000, GrowthOf: 3}
	if got != want {
		t.Errorf("final\n%+v, want\n%+v", got, want)
	}
	if got.MedianTold() {
		t.Error("five sellers are told")
	}
	// f has given neither week: the only one who is silent, and the only one for DIAM2.
	w.set(week.At(9, 12, 0, wib))
	page := w.as("dedi").get("/").body
	for _, s := range []string{"62,5%", ">75,0%<", "83,3%", "16,7%", "&#43;20,0%<", "Kurang dari 8 orang"} {
		if !strings.Contains(page, s) {
			t.Errorf("the first page lacks %q", s)
		}
	}
}

// A coordinator asks for the weekly summary and takes it back; nobody else has the button.
func TestTheSummaryIsAskedFor(t *testing.T) {
	w := newWorld(t)
	nani := w.as("nani")
	if got := nani.get("/").body; !strings.Contains(got, "Kirimi saya") {
		t.Fatal("no button")
	}
	for _, step := range []struct {
		mau, says string
		want      int
	}{{"1", "Hentikan", 1}, {"1", "Hentikan", 1}, {"0", "Kirimi saya", 0}} {
		if got := nani.post("/ringkasan", map[string][]string{"mau": {step.mau}}); got.status != 303 {
			t.Fatal(got.status)
		}
		if n := w.count(`SELECT count(*) FROM staff WHERE weekly_summary`); n != step.want || !strings.Contains(nani.get("/").body, step.says) {
			t.Errorf("%s: %d want it", step.mau, n)
		}
	}
	if strings.Contains(w.as("dedi").get("/").body, "/ringkasan") {
		t.Error("a TKSK is offered the summary of the office")
	}
}

// Cases climb: to the coordinator's list when their limit has passed, to the ministry's after ten working days.
func TestTheListsThatCasesClimbTo(t *testing.T) {
	w := newWorld(t)
	w.exec(`INSERT INTO holiday (day, name) VALUES ('2026-05-27', 'Iduladha'), ('2026-06-01', 'Hari Lahir Pancasila')`)
	open := func(i int, name string, opened time.Time, escalated any) {
		p := w.person(someone{code: code(i), name: name, phone: "+6281299990" + code(i)[3:6]})
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at, escalated_at)
			VALUES ($1, '32.10', 2026, $2, '32.10.07', 'DIAM2', 50, $3, $3, $4)`, i+1, p, opened, escalated)
	}
	open(0, "Orang Baru", noon.AddDate(0, 0, -1), nil)
	open(1, "Orang Lewat", noon.AddDate(0, 0, -8), noon.AddDate(0, 0, -3))
	// From Monday 25 May to Wednesday 10 June there are twelve weekdays, two of them holidays: ten working days.
	open(2, "Orang Lama", time.Date(2026, 5, 25, 9, 0, 0, 0, wib), noon.AddDate(0, 0, -9))
	open(3, "Orang Sembilan", time.Date(2026, 5, 26, 9, 0, 0, 0, wib), noon.AddDate(0, 0, -9))
	nani, ratna := w.as("nani"), w.as("ratna")
	for _, tt := range []struct {
		b    *browser
		path string
		want string
	}{
		{nani, "/kasus?daftar=lewat", "Lewat Lama Sembilan"},
		{ratna, "/kasus?daftar=kementerian", "Lama"},
		{nani, "/kasus", "Baru Lewat Lama Sembilan"},
	} {
		body := tt.b.get(tt.path).body
		var got []string
		for _, n := range []string{"Baru", "Lewat", "Lama", "Sembilan"} {
			if strings.Contains(body, ">Orang "+n+"<") {
				got = append(got, n)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s shows %q, want %q", tt.path, s, tt.want)
		}
	}
}

// Pages tell the time of the place, also to somebody who has not logged in: the clock of a server may run in UTC.
func TestVisitorsReadLocalTime(t *testing.T) {
	w := newWorld(t)
	w.set(noon.UTC())
	for _, path := range []string{"/", "/masuk/ABCDEFGHIJKLMNOPQRSTUVWXYZ", "/tidak-ada"} {
		if body := w.visitor().get(path).body; !strings.Contains(body, "Rab 10 Jun 2026 14.30 WIB") {
			t.Errorf("%s does not", path)
		}
	}
}
