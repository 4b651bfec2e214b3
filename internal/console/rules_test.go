package console_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/scheduler"
)

// newPlannedWorld is a world with a real scheduler over its database, which is there only when the console is made.
func newPlannedWorld(t *testing.T) *world {
	t.Helper()
	late := &latePlanner{}
	w := newWorld(t, func(c *console.Config) { c.Planner = late })
	db, err := postgres.Open(w.pool)
	if err != nil {
		t.Fatal(err)
	}
	clock, err := scheduler.NewClock(t.Context(), func() time.Time { return noon }, db.Schedule())
	if err != nil {
		t.Fatal(err)
	}
	words, err := text.Load(text.Files)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scheduler.New(scheduler.Config{Store: db.Schedule(), Clock: clock, Texts: words, SMS: "sms",
		Openings: func(string) (scheduler.Opening, bool) { return scheduler.Opening{Choice: true, Typed: "amount"}, true }})
	if err != nil {
		t.Fatal(err)
	}
	late.Planner = s
	return w
}

type latePlanner struct{ console.Planner }

// A coordinator moves her kabupaten's question to Saturday: she sees what would change, saves it, and takes it back.
func TestChangingARule(t *testing.T) {
	w := newPlannedWorld(t)
	w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	w.person(someone{code: "173609", name: "Wulan Sari", area: "32.17.01", phone: "+6281234567000"})
	nani := w.as("nani")
	list := nani.get("/aturan")
	for _, part := range []string{"Pertanyaan mingguan", "Minggu 18.30", "bawaan program", "Diam menjadi kasus setelah", "2 minggu", "Rp50.000.000"} {
		if !strings.Contains(list.body, part) {
			t.Errorf("the list does not show %q", part)
		}
	}
	form := url.Values{"wilayah": {"32.10"}, "hari": {"6"}, "jam": {"9.00"}, "catatan": {"Hari pasar Minggu"}, "dari": {"0"}}
	seen := nani.post("/aturan/week.prompt.at/lihat", form)
	if seen.status != http.StatusOK {
		t.Fatalf("preview: %d %s", seen.status, seen.body)
	}
	for _, part := range []string{"Minggu 18.30", "Sabtu 09.00", "Orang yang merasakan", "Siti Aminah", "Sab 13 Jun 09.00", "karena minggu 8-14 Jun ditanyakan"} {
		if !strings.Contains(seen.body, part) {
			t.Errorf("the preview does not say %q", part)
		}
	}
	if strings.Contains(seen.body, "Wulan") {
		t.Error("the preview shows somebody of another kabupaten")
	}
	if n := w.count(`SELECT count(*) FROM rule_version`) + w.count(`SELECT count(*) FROM outbox`) + w.count(`SELECT count(*) FROM rule_slot`); n != 0 {
		t.Errorf("%d rows are left of a preview", n)
	}
	// The very form that the preview offers is what is saved.
	if got := nani.post("/aturan/week.prompt.at", formOf(t, seen.body, "/aturan/week.prompt.at")); got.status != http.StatusSeeOther {
		t.Fatalf("save: %d %s", got.status, got.body)
	}
	if got := nani.get("/aturan/week.prompt.at?wilayah=32.10"); !strings.Contains(got.body, "Hari pasar Minggu") || !strings.Contains(got.body, "Bu Nani") || !strings.Contains(got.body, "Majalengka") {
		t.Errorf("the history: %s", got.body)
	}
	if got := nani.get("/rencana"); !strings.Contains(got.body, "Sab 13 Jun 09.00") || !strings.Contains(got.body, "karena minggu 8-14 Jun ditanyakan") || strings.Contains(got.body, "Wulan") {
		t.Errorf("the plan: %s", got.body)
	}
	// Somebody who looked before that is told.
	if got := nani.post("/aturan/week.prompt.at", form); got.status != http.StatusConflict {
		t.Errorf("a stale form: %d", got.status)
	}
	// Undoing is a new version that follows the nation again.
	page := nani.get("/aturan/week.prompt.at?wilayah=32.10")
	seen = nani.post("/aturan/week.prompt.at/lihat", url.Values{"wilayah": {"32.10"}, "ikut": {"1"}, "catatan": {"x"}, "dari": {formOf(t, page.body, "/aturan/week.prompt.at/lihat").Get("dari")}})
	if got := nani.post("/aturan/week.prompt.at", formOf(t, seen.body, "/aturan/week.prompt.at")); got.status != http.StatusSeeOther {
		t.Fatalf("undo: %d %s", got.status, got.body)
	}
	if got := w.count(`SELECT count(*) FROM rule_version WHERE area_code = '32.10'`); got != 2 {
		t.Errorf("%d versions, want 2", got)
	}
	if got := nani.get("/rencana"); !strings.Contains(got.body, "Min 14 Jun 18.30") {
		t.Errorf("the plan after undoing: %s", got.body)
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^"]*)">`)

// formOf reads the hidden fields of the form of a page that posts to a path, the last such form.
func formOf(t *testing.T, body, action string) url.Values {
	t.Helper()
	i := strings.LastIndex(body, `action="`+action+`"`)
	if i < 0 {
		t.Fatalf("no form for %s in %s", action, body)
	}
	rest, _, _ := strings.Cut(body[i:], "</form>")
	out := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(rest, -1) {
		out.Set(m[1], m[2])
	}
	out.Del("csrf")
	return out
}

func TestRulesAreRefused(t *testing.T) {
	w := newPlannedWorld(t)
	w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	w.person(someone{code: "173609", name: "Wulan Sari", area: "32.17.01", phone: "+6281234567000"})
	nani, ratna := w.as("nani"), w.as("ratna")
	for _, c := range []struct {
		what   string
		by     *browser
		key    string
		form   url.Values
		status int
		says   string
	}{
		{"another kabupaten", nani, "week.prompt.at", url.Values{"wilayah": {"32.17"}, "hari": {"6"}, "jam": {"9.00"}, "catatan": {"x"}}, 404, ""},
		{"the nation", nani, "week.prompt.at", url.Values{"wilayah": {"ID"}, "hari": {"6"}, "jam": {"9.00"}, "catatan": {"x"}}, 404, ""},
		{"no such key", ratna, "week.prompt.cron", url.Values{"wilayah": {"ID"}}, 404, ""},
		{"a day that cannot be", nani, "week.prompt.at", url.Values{"hari": {"2"}, "jam": {"9.00"}, "catatan": {"x"}}, 422, "Hari itu tidak bisa"},
		{"at night", nani, "week.prompt.at", url.Values{"hari": {"0"}, "jam": {"23.00"}, "catatan": {"x"}}, 422, "06.00–20.00"},
		{"no clock", nani, "week.prompt.at", url.Values{"hari": {"0"}, "jam": {"sore"}, "catatan": {"x"}}, 422, "tidak terbaca"},
		{"without a reason", nani, "week.prompt.at", url.Values{"hari": {"0"}, "jam": {"17.00"}}, 422, "Tulis alasan"},
		{"yesterday", nani, "week.prompt.at", url.Values{"hari": {"0"}, "jam": {"17.00"}, "catatan": {"x"}, "mulai": {"09-06-2026"}}, 422, "sudah lewat"},
		{"the same everywhere", nani, "case.ministry", url.Values{"nilai": {"8"}, "catatan": {"x"}}, 422, "Hanya kementerian"},
		{"against another rule", ratna, "case.ministry", url.Values{"nilai": {"3"}, "catatan": {"x"}}, 422, "naik ke koordinator setelah"},
		{"a raw value that is none", ratna, "week.prompt.at", url.Values{"mentah": {"* * * * *"}, "catatan": {"x"}}, 422, "tidak terbaca"},
	} {
		for _, path := range []string{"/aturan/" + c.key + "/lihat", "/aturan/" + c.key} {
			if got := c.by.post(path, c.form); got.status != c.status || !strings.Contains(got.body, c.says) {
				t.Errorf("%s, %s: %d, want %d and %q", c.what, path, got.status, c.status, c.says)
			}
		}
	}
	if n := w.count(`SELECT count(*) FROM rule_version`); n != 0 {
		t.Errorf("%d versions were written", n)
	}
}

// A kabupaten's own holiday: what it moves is shown first, then dates of open cases move to the next working day, and back.
func TestCalendarMovesPromises(t *testing.T) {
	w := newPlannedWorld(t)
	siti := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	wulan := w.person(someone{code: "173609", name: "Wulan Sari", area: "32.17.01", phone: "+6281234567000"})
	for i, p := range []int64{siti, wulan} {
		area := []string{"32.10.07", "32.17.01"}[i]
		w.exec(`INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, owner_id, opened_at, due_at, remind_at, escalate_at)
			VALUES (3107, left($1, 5), 2026, $2, $1, 'DIAM2', 50, $3, '2026-06-10 09:00+07', '2026-06-15 16:00+07', '2026-06-12 08:00+07', '2026-06-15 16:00+07')`, area, p, w.staff["dedi"])
	}
	w.exec(`INSERT INTO holiday (day, name) VALUES ('2026-06-16', '1 Muharam')`)
	dates := func(person int64) (s string) {
		w.scan(&s, `SELECT concat_ws(', ', to_char(remind_at AT TIME ZONE 'Asia/Jakarta', 'Dy DD HH24:MI'), to_char(due_at AT TIME ZONE 'Asia/Jakarta', 'Dy DD HH24:MI'),
			to_char(escalate_at AT TIME ZONE 'Asia/Jakarta', 'Dy DD HH24:MI')) FROM cases WHERE person_id = $1`, person)
		return s
	}
	nani := w.as("nani")
	form := url.Values{"apa": {"libur"}, "dari": {"15-06-2026"}, "nama": {"Hari Jadi Majalengka"}, "wilayah": {"32.10"}}
	before := dates(siti)
	seen := nani.post("/kalender/lihat", form)
	if seen.status != 200 || !strings.Contains(seen.body, "1 kasus terbuka berubah tanggalnya") || !strings.Contains(seen.body, "1 pendamping tidak menerima") {
		t.Fatalf("preview: %d %s", seen.status, seen.body)
	}
	if dates(siti) != before {
		t.Error("a preview moved a date")
	}
	if got := nani.post("/kalender", formOf(t, seen.body, "/kalender")); got.status != http.StatusSeeOther {
		t.Fatalf("save: %d %s", got.status, got.body)
	}
	// Monday is off and Tuesday is 1 Muharam: Wednesday. The reminder of Friday stays.
	if got := dates(siti); got != "Fri 12 08:00, Wed 17 16:00, Wed 17 16:00" {
		t.Errorf("moved to %s", got)
	}
	if got := dates(wulan); got != before {
		t.Errorf("the other kabupaten moved to %s", got)
	}
	if got := nani.post("/kalender", form); got.status != 422 || !strings.Contains(got.body, "sudah ada di kalender") {
		t.Errorf("twice: %d", got.status)
	}
	form.Set("hapus", "1")
	if got := nani.post("/kalender", form); got.status != http.StatusSeeOther {
		t.Fatalf("take away: %d", got.status)
	}
	if got := dates(siti); got != before {
		t.Errorf("back to %s, want %s", got, before)
	}
	for what, f := range map[string]url.Values{
		"the nation's": {"apa": {"libur"}, "dari": {"15-06-2026"}, "nama": {"x"}, "wilayah": {"ID"}}, "another kabupaten's": {"apa": {"libur"}, "dari": {"15-06-2026"}, "nama": {"x"}, "wilayah": {"32.17"}},
	} {
		if got := nani.post("/kalender", f); got.status != 404 {
			t.Errorf("%s holiday: %d, want 404", what, got.status)
		}
	}
	if got := nani.post("/kalender", url.Values{"apa": {"libur"}, "dari": {"10-06-2026"}, "nama": {"x"}, "wilayah": {"32.10"}}); got.status != 422 {
		t.Errorf("today: %d, want 422", got.status)
	}
}

// Where more people live than can be named, the plan shows sums, and the messages of an area that somebody chooses.
func TestThePlanOfManyIsSummed(t *testing.T) {
	w := newPlannedWorld(t)
	w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	w.exec(`INSERT INTO person (code, name, area_code, zone, consent, consent_at, last_seen, created_at)
		SELECT 'x' || i, 'Orang', '32.17.01', 'Asia/Jakarta', 'ya', '2026-01-01', '2026-06-01', '2026-01-01' FROM generate_series(1, 1001) i`)
	w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+6281' || 200000000 + id, true, now() FROM person WHERE code LIKE 'x%'`)
	ratna := w.as("ratna")
	all := ratna.get("/rencana")
	for _, part := range []string{"Terlalu banyak orang", "1.002", "Min 14 Jun", `href="/rencana?wilayah=32.10.07"`} {
		if !strings.Contains(all.body, part) {
			t.Errorf("the plan does not show %q", part)
		}
	}
	if strings.Contains(all.body, "Siti Aminah") {
		t.Error("somebody is named")
	}
	maja := ratna.get("/rencana?wilayah=32.10.07")
	if !strings.Contains(maja.body, "Siti Aminah") || !strings.Contains(maja.body, "karena minggu 8-14 Jun ditanyakan") {
		t.Errorf("the plan of a kecamatan: %s", maja.body)
	}
	if got := w.as("nani").get("/rencana?wilayah=32.17.01"); got.status != http.StatusNotFound {
		t.Errorf("another kabupaten: %d", got.status)
	}
	seen := ratna.post("/aturan/week.prompt.at/lihat", url.Values{"wilayah": {"ID"}, "hari": {"6"}, "jam": {"9.00"}, "catatan": {"x"}, "dari": {"0"}})
	for _, part := range []string{"Pesan yang berubah", "1.002", "terlalu besar"} {
		if !strings.Contains(seen.body, part) {
			t.Errorf("the preview does not say %q", part)
		}
	}
}
