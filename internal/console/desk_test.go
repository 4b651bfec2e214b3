package console_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func (w *world) openCase(ticket int, person int64, reason, owner string) (id int64) {
	w.t.Helper()
	w.scan(&id, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at, owner_id, remind_at, escalate_at)
		VALUES ($1, '32.10', 2026, $2, '32.10.07', $3, 50, $4, $4, $5, $4, $4) RETURNING id`, ticket, person, reason, noon, w.staff[owner])
	w.exec(`INSERT INTO case_event (case_id, at, what) VALUES ($1, $2, 'opened')`, id, noon)
	return id
}

func (w *world) told(key string) int {
	return w.count(`SELECT count(*) FROM outbox WHERE text_key LIKE $1`, key)
}

// A case is taken over, acted on and closed with an outcome; a second click and a form from before change nothing.
func TestWhatIsDoneAboutACase(t *testing.T) {
	w := newWorld(t)
	p := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	id := w.openCase(3107, p, "KUNJUNG", "dedi")
	path := fmt.Sprint("/kasus/", id)
	nani, dedi := w.as("nani"), w.as("dedi")
	for range 2 {
		if got := nani.post(path+"/ambil", url.Values{"versi": {"1"}}); got.status != 303 {
			t.Fatal(got.status, w.log)
		}
	}
	if n := w.count(`SELECT count(*) FROM cases WHERE owner_id = $1 AND escalate_at IS NULL AND escalated_at IS NOT NULL`, w.staff["nani"]); n != 1 || w.told("officer.case_taken") != 1 {
		t.Errorf("taken by %d, the TKSK told %d times", n, w.told("officer.case_taken"))
	}
	// The page that the TKSK had open is from before.
	if got := dedi.post(path+"/tindakan", url.Values{"versi": {"1"}, "apa": {"visited"}}); !strings.HasSuffix(got.header.Get("Location"), "?ok=case_changed") {
		t.Errorf("an old form: %d %s", got.status, got.header.Get("Location"))
	}
	if got := dedi.post(path+"/tindakan", url.Values{"versi": {"2"}, "apa": {"visited"}, "catatan": {"kompor dipinjami"}}); got.status != 303 {
		t.Errorf("both may act: %d", got.status)
	}
	if got := nani.post(path+"/selesai", url.Values{"versi": {"3"}, "catatan": {"sudah beres"}}); got.status != 422 || !strings.Contains(got.body, "Pilih hasilnya") || !strings.Contains(got.body, `value="sudah beres"`) {
		t.Errorf("closed without an outcome: %d", got.status)
	}
	for range 2 {
		if got := nani.post(path+"/selesai", url.Values{"versi": {"3"}, "hasil": {"dibantu"}}); got.status != 303 {
			t.Fatal(got.status)
		}
	}
	// She asked for the visit, so she is asked whether it helped; once.
	if n := w.count(`SELECT count(*) FROM cases WHERE status = 'ditanya' AND outcome = 'dibantu'`); n != 1 || w.told("case.helped") != 1 {
		t.Errorf("%d closed, she is asked %d times", n, w.told("case.helped"))
	}
	if body := nani.get(path).body; strings.Contains(body, "/selesai") || !strings.Contains(body, "Diambil alih") {
		t.Error("the page of a closed case")
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what IN ('kasus diambil', 'kasus ditindak', 'kasus ditutup')`); n != 3 {
		t.Errorf("%d acts in the audit, want 3", n)
	}
	if got := w.as("ratna").post(path+"/ambil", nil); got.status != 403 {
		t.Errorf("the ministry takes a case: %d", got.status)
	}
}

// A person moves: the open case goes along, she and both TKSK are told, once.
func TestAPersonMoves(t *testing.T) {
	w := newWorld(t)
	var lilis int64
	w.scan(&lilis, `INSERT INTO staff (role, title, name) VALUES ('tksk', 'Bu', 'Lilis') RETURNING id`)
	w.exec(`INSERT INTO staff_area VALUES ($1, '32.10.09')`, lilis)
	p := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	w.openCase(1, p, "DIAM2", "dedi")
	nani := w.as("nani")
	if body := nani.get("/orang/482919/pindah").body; !strings.Contains(body, `value="32.10.09"`) || strings.Contains(body, "32.17.01") {
		t.Error("the form offers other areas than hers")
	}
	for range 2 {
		if got := nani.post("/orang/482919/pindah", url.Values{"kecamatan": {"32.10.09"}, "desa": {"Ciomas"}}); got.status != 303 {
			t.Fatal(got.status, w.log)
		}
	}
	if n := w.count(`SELECT count(*) FROM person p JOIN cases c ON c.person_id = p.id WHERE p.area_code = '32.10.09' AND p.village = 'Ciomas' AND c.area_code = '32.10.09' AND c.owner_id = $1`, lilis); n != 1 {
		t.Error("she or her case stayed behind")
	}
	if w.told("move.told") != 1 || w.told("officer.person_left") != 1 || w.told("officer.person_came") != 1 {
		t.Errorf("told: her %d, the old TKSK %d, the new one %d", w.told("move.told"), w.told("officer.person_left"), w.told("officer.person_came"))
	}
	if got := nani.post("/orang/482919/pindah", url.Values{"kecamatan": {"32.17.01"}}); got.status != 422 {
		t.Errorf("moved out of her kabupaten: %d", got.status)
	}
	if got := w.as("dedi").get("/orang/482919"); got.status != 404 {
		t.Errorf("the old TKSK still reads her: %d", got.status)
	}
}

// Two records of one woman become one: nothing is lost, nothing counts twice, and money is never chosen by the program.
func TestTwoRecordsBecomeOne(t *testing.T) {
	w := newWorld(t)
	keep := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417", consent: "diundang"})
	dup := w.person(someone{code: "608471", name: "Siti Aminah", phone: "+6281234567418", born: 1968})
	other := w.person(someone{code: "550210", name: "Siti Aminah", phone: "+6281234567419"})
	w.exec(`UPDATE person SET consent_at = $2 WHERE id = $1`, dup, noon)
	w.exec(`INSERT INTO address (person_id, kind, value, linked_at, letter) VALUES ($1, 'phone', '+6281234567417', $2, 'B')`, dup, noon)
	w.exec(`UPDATE address SET letter = 'A' WHERE person_id = $1`, keep)
	for i, x := range []struct {
		p      int64
		monday string
	}{{keep, "2026-06-01"}, {dup, "2026-06-01"}, {dup, "2026-05-25"}} {
		w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, $2, $3, 'sms', $4, $4)`, x.p, x.monday, (i+1)*100_000, noon)
	}
	w.openCase(1, keep, "DIAM2", "dedi")
	w.openCase(2, dup, "DIAM2", "dedi")
	w.openCase(3, dup, "LPJ", "dedi")
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, 'cair', '2026-05-01', $2, 3500000)`, dup, noon)
	w.exec(`INSERT INTO outbox (person_id, kind, lane, text_key, not_before, created_at) VALUES ($1, 'prompt', 3, 'prompt.week', $2, $2)`, dup, noon)
	nani := w.as("nani")
	if body := nani.get("/orang/482919/gabung?dengan=608471").body; !strings.Contains(body, "Gabungkan menjadi 482919") || !strings.Contains(body, "081234567418") {
		t.Error("the two are not shown side by side")
	}
	if got := nani.post("/orang/482919/gabung", url.Values{"dengan": {"608471"}}); got.status != 422 {
		t.Errorf("merged without being sure: %d", got.status)
	}
	form := url.Values{"dengan": {"608471"}, "yakin": {"1"}}
	if got := nani.post("/orang/482919/gabung", form); got.status != 303 {
		t.Fatal(got.status, w.log)
	}
	if got := nani.post("/orang/482919/gabung", form); got.status != 409 {
		t.Errorf("merged twice: %d", got.status)
	}
	for what, want := range map[string]int{
		`SELECT count(*) FROM report WHERE person_id = $1`:                                                      2,
		`SELECT amount::int FROM report WHERE person_id = $1 AND week = '2026-06-01'`:                           100_000,
		`SELECT count(*) FROM cases WHERE person_id = $1 AND status <> 'selesai'`:                               2,
		`SELECT count(*) FROM cases WHERE person_id = $1 AND outcome = 'digabung'`:                              1,
		`SELECT count(*) FROM grants WHERE person_id = $1`:                                                      1,
		`SELECT count(*) FROM address WHERE person_id = $1 AND letter = ''`:                                     2,
		`SELECT count(*) FROM person WHERE id = $1 AND consent = 'ya' AND birth_year = 1968`:                    1,
		`SELECT count(*) FROM person WHERE merged_into = $1 AND status = 'ganda'`:                               1,
		`SELECT count(*) FROM outbox WHERE person_id = $1 AND text_key = 'merge.told'`:                          1,
		`SELECT count(*) FROM outbox WHERE person_id = $1 AND text_key = 'prompt.week' AND state = 'cancelled'`: 1,
	} {
		if n := w.count(what, keep); n != want {
			t.Errorf("%s: %d, want %d", what, n, want)
		}
	}
	// Both have a grant of the batch: somebody has to find out.
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) VALUES ($1, 1, 'bank', '2026-05-01', $2, 3500000)`, other, noon)
	if got := nani.post("/orang/482919/gabung", url.Values{"dengan": {"550210"}, "yakin": {"1"}}); got.status != 422 || !strings.Contains(got.body, "bantuan di angkatan yang sama") {
		t.Errorf("two grants: %d", got.status)
	}
	if n := w.count(`SELECT count(*) FROM person WHERE id = $1 AND status = 'aktif'`, other); n != 1 {
		t.Error("a refused merge changed something")
	}
	// A second proposal that has come nowhere ends; one that was cancelled stays where it is.
	for _, stage := range []string{"verif", "batal"} {
		w.exec(`UPDATE grants SET stage = $2 WHERE person_id = $1`, other, stage)
		w.exec(`UPDATE person SET status = 'aktif', merged_into = NULL WHERE id = $1`, other)
		if got := nani.post("/orang/482919/gabung", url.Values{"dengan": {"550210"}, "yakin": {"1"}}); got.status != 303 {
			t.Errorf("a second grant in %s: %d %v", stage, got.status, w.log)
		}
		if n := w.count(`SELECT count(*) FROM grants WHERE person_id = $1 AND stage = 'batal'`, other); n != 1 || w.count(`SELECT count(*) FROM grants WHERE person_id = $1 AND stage = 'cair'`, keep) != 1 {
			t.Errorf("a second grant in %s does not end", stage)
		}
	}
	for _, with := range []string{"482919", "173609"} { // herself, and nobody
		if got := nani.get("/orang/482919/gabung?dengan=" + with); got.status != 422 {
			t.Errorf("with %s: %d", with, got.status)
		}
	}
}

// A kecamatan gets another TKSK: the open cases that had not gone further go along, and it can be left vacant.
func TestAPostIsGiven(t *testing.T) {
	w := newWorld(t)
	var lilis int64
	w.scan(&lilis, `INSERT INTO staff (role, title, name) VALUES ('tksk', 'Bu', 'Lilis Marlina') RETURNING id`)
	p := w.person(someone{code: "482919", phone: "+6281234567417"})
	open := w.openCase(1, p, "DIAM2", "dedi")
	gone := w.openCase(2, p, "LPJ", "dedi")
	w.exec(`UPDATE cases SET escalated_at = $2, owner_id = $3 WHERE id = $1`, gone, noon, w.staff["nani"])
	nani := w.as("nani")
	if body := nani.get("/pendamping").body; !strings.Contains(body, "Pak Dedi") || !strings.Contains(body, "Bu Lilis") || strings.Contains(body, "Lembang") {
		t.Error("the posts")
	}
	give := func(who int64) answer {
		return nani.post("/pendamping", url.Values{"kecamatan": {"32.10.07"}, "staf": {fmt.Sprint(who)}})
	}
	for range 2 {
		if got := give(lilis); got.status != 303 {
			t.Fatal(got.status, w.log)
		}
	}
	owner := func(id int64) int { return w.count(`SELECT coalesce(owner_id, 0)::int FROM cases WHERE id = $1`, id) }
	if owner(open) != int(lilis) || owner(gone) != int(w.staff["nani"]) {
		t.Errorf("owners %d and %d", owner(open), owner(gone))
	}
	if n := w.told("companion.new"); n != 0 { // R17: the sweep of ten o'clock tells them, whichever door the change came by
		t.Errorf("her people are told %d times at once", n)
	}
	if w.told("officer.assigned") != 1 || w.count(`SELECT count(*) FROM staff_area WHERE area_code = '32.10.07'`) != 1 {
		t.Error("told twice, or two hold the post")
	}
	for _, who := range []int64{w.staff["rina"], w.staff["ujang"], 999} { // no TKSK, of another kabupaten, nobody
		if got := give(who); got.status != 422 {
			t.Errorf("staff %d gets the post: %d", who, got.status)
		}
	}
	if got := give(0); got.status != 303 || owner(open) != int(w.staff["nani"]) {
		t.Errorf("vacant: %d, the case is with %d", got.status, owner(open))
	}
	if got := w.as("wulan").post("/pendamping", url.Values{"kecamatan": {"32.10.07"}, "staf": {"0"}}); got.status != 422 {
		t.Errorf("another kabupaten's coordinator: %d", got.status)
	}
}

// The ministry opens and closes batches; the same form sent twice makes one.
func TestBatches(t *testing.T) {
	w := newWorld(t)
	ratna := w.as("ratna")
	form := url.Values{"nama": {"ProKUS 2027"}, "jumlah": {"Rp3.500.000"}}
	if got := ratna.post("/angkatan", form); got.status != 303 {
		t.Fatal(got.status, w.log)
	}
	if got := ratna.post("/angkatan", form); got.status != 422 || !strings.Contains(got.body, "sudah ada") {
		t.Errorf("the same batch again: %d", got.status)
	}
	if n := w.count(`SELECT count(*) FROM batch_stage s JOIN batch b ON b.id = s.batch_id WHERE b.name = 'ProKUS 2027' AND b.amount = 3500000`); n != 13 {
		t.Errorf("%d stages", n)
	}
	for i, want := range []int{1, 1, 0} {
		if got := ratna.post("/angkatan/2/tutup", url.Values{"buka": {map[bool]string{true: "1", false: "0"}[i == 2]}}); got.status != 303 {
			t.Fatal(got.status)
		}
		if n := w.count(`SELECT count(*) FROM batch WHERE closed_on IS NOT NULL`); n != want {
			t.Errorf("%d closed, want %d", n, want)
		}
	}
	for _, bad := range []url.Values{{"nama": {""}, "jumlah": {"1"}}, {"nama": {"x"}, "jumlah": {"banyak"}}, {"nama": {"x"}, "jumlah": {"0"}}} {
		if got := ratna.post("/angkatan", bad); got.status != 422 {
			t.Errorf("%v: %d", bad, got.status)
		}
	}
	if got := w.as("nani").post("/angkatan", form); got.status != 403 {
		t.Errorf("a coordinator opens a batch: %d", got.status)
	}
}
