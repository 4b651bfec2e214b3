package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The page of a person says how far she is, as bars and as a table; what the TKSK saw is recorded there, once, and she is told.
func TestHowFarSheIs(t *testing.T) {
	w := newWorld(t)
	p := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	last := prokus.WeekOf(time.Date(2026, 6, 1, 0, 0, 0, 0, wib))
	for i := range 12 {
		amount := 500_000
		if i < 5 {
			amount = 600_000
		}
		w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, $2, $3, 'sms', $4, $4)`, p, (last - prokus.Week(i)).Date(), amount, noon)
	}
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent) VALUES ($1, 1, 'lpj', '2026-04-01', $2, 3500000, 3150000)`, p, noon)
	for i := range 3 {
		w.exec(`INSERT INTO session (starts_at, area_code, place, status) VALUES ($1, '32.10.07', 'Balai', 'selesai')`, noon.AddDate(0, 0, -7*(i+1)))
		w.exec(`INSERT INTO invite (session_id, person_id, attended) SELECT max(id), $1, $2 FROM session`, p, i < 2)
	}
	dedi := w.as("dedi")
	body := dedi.get("/orang/482919").body
	// 25 + 25 + 15×2/4 (7) + 15 = 72
	for _, s := range []string{"Maju, 72 dari 100", "25 dari 25", "7 dari 15", "2 dari 3", "12 minggu", "&#43;20,0%", "Rp3.150.000 dari Rp3.500.000", "Naik &#43;20,0%"} {
		if !strings.Contains(body, s) {
			t.Errorf("the page lacks %q", s)
		}
	}
	form := url.Values{"apa": {"buku"}, "ada": {"1"}}
	for range 3 { // an impatient finger
		if got := dedi.post("/orang/482919/amatan", form); got.status != 303 {
			t.Fatal(got.status, got.body)
		}
	}
	if n := w.count(`SELECT count(*) FROM observation`); n != 1 {
		t.Errorf("%d observations", n)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE person_id = $1 AND text_key = 'progress.noted'`, p); n != 1 {
		t.Errorf("she is told %d times", n)
	}
	if body := dedi.get("/orang/482919").body; !strings.Contains(body, "82 dari 100") {
		t.Error("the observation counts nothing")
	}
	if got := dedi.post("/orang/482919/amatan", url.Values{"apa": {"emas"}, "ada": {"1"}}); got.status != 400 {
		t.Errorf("an unknown observation: %d", got.status)
	}
	if got := w.as("ujang").post("/orang/482919/amatan", form); got.status != 404 {
		t.Errorf("a TKSK of another kabupaten: %d", got.status)
	}
	if got := w.as("ratna").post("/orang/482919/amatan", form); got.status != 403 {
		t.Errorf("the ministry: %d", got.status)
	}
}

// Who changed class is counted on the first page (D29).
func TestWhoMovedUp(t *testing.T) {
	w := newWorld(t)
	for i, id := range w.crowd(3, "32.10.07") {
		w.exec(`INSERT INTO score (person_id, week, total, class, at) VALUES ($1, '2026-06-01', 50, 'berkembang', $2)`, id, noon)
		w.exec(`INSERT INTO class_change (person_id, from_class, to_class, total, at) VALUES ($1, 'pemula', 'berkembang', 50, $2)`, id, noon.AddDate(0, 0, -60*i))
	}
	body := w.as("nani").get("/").body
	row := func(name string, n int) string {
		return fmt.Sprintf(`<th scope="row">%s</th><td class="n">%d</td>`, name, n)
	}
	for _, s := range []string{row("Berkembang", 3), row("Pemula ke Berkembang", 2), row("Maju", 0)} {
		if !strings.Contains(body, s) {
			t.Errorf("the first page lacks %s", s)
		}
	}
	if strings.Contains(w.as("wulan").get("/").body, "Pemula ke Berkembang") {
		t.Error("another kabupaten counts them")
	}
}
