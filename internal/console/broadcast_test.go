package console_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// write makes a draft through the pages and gives its path.
func (b *browser) write(form url.Values) string {
	b.w.t.Helper()
	got := b.post("/siaran", url.Values{"nama": {"Bazar Maja"}})
	path, _, _ := strings.Cut(got.header.Get("Location"), "?")
	if got.status != http.StatusSeeOther || path == "" {
		b.w.t.Fatalf("new broadcast: %d %s", got.status, got.body)
	}
	b.edit(path, form)
	return path
}

// edit fills the form of a broadcast as it is, with changes, and saves it.
func (b *browser) edit(path string, form url.Values) answer {
	b.w.t.Helper()
	f := url.Values{"nama": {"Bazar Maja"}, "teks_id": {"{sapaan} {nama}, bazar Sab 20 Jun jam 08.00"}, "pakai_id_su": {"1"}, "pakai_id_jv": {"1"},
		"wilayah_pilihan": {"semua"}, "sekali": {"1"}, "versi": {fmt.Sprint(b.version(path))}}
	for k, v := range form {
		f[k] = v
	}
	got := b.post(path, f)
	if got.status != http.StatusSeeOther {
		b.w.t.Fatalf("save: %d %s", got.status, got.body)
	}
	return got
}

func (b *browser) version(path string) int {
	return b.w.count(`SELECT version FROM broadcast WHERE id = $1`, id(path))
}

func (b *browser) submit(path string, people int) answer {
	return b.post(path+"/ajukan", url.Values{"versi": {fmt.Sprint(b.version(path))}, "jumlah": {fmt.Sprint(people)}, "ketik": {fmt.Sprint(people)}, "catatan": {"Tolong dicek"}})
}

func (b *browser) approve(path string, people int) answer {
	var hash string
	b.w.scan(&hash, `SELECT frozen_hash FROM broadcast WHERE id = $1`, id(path))
	return b.post(path+"/setujui", url.Values{"sidik": {hash}, "baca": {"1"}, "ketik": {fmt.Sprint(people)}})
}

func id(path string) string { return path[strings.LastIndex(path, "/")+1:] }

func (w *world) state(path string) string {
	var s string
	w.scan(&s, `SELECT state FROM broadcast WHERE id = $1`, id(path))
	return s
}

// fanOut runs the fan-out to its end, as the tick does.
func (w *world) fanOut(limit int) (total int) {
	w.t.Helper()
	for range 1000 {
		n, more, err := w.db.FanOut(context.Background(), w.now(), limit)
		if err != nil {
			w.t.Fatal(err)
		}
		total += n
		if !more {
			return total
		}
	}
	w.t.Fatal("the fan-out has no end")
	return 0
}

func TestBroadcastFromDraftToDone(t *testing.T) {
	w := newWorld(t)
	w.crowd(60, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(nil)

	page := nani.get(path)
	if !strings.Contains(page.body, "Bisa dikirimi</dt><dd>60") || !strings.Contains(page.body, "Rp21.000") {
		t.Errorf("the draft does not say 60 people for Rp21.000:\n%s", page.body)
	}
	if got := nani.post(path+"/ajukan", url.Values{"versi": {fmt.Sprint(nani.version(path))}, "jumlah": {"60"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("more than 50 people without typing the count: %d", got.status)
	}
	if got := nani.submit(path, 60); got.status != http.StatusSeeOther {
		t.Fatalf("submit: %d %s", got.status, got.body)
	}
	if got := nani.approve(path, 60); got.status != http.StatusForbidden || w.state(path) != "diajukan" {
		t.Errorf("the author approves: %d, %s", got.status, w.state(path))
	}
	if got := w.as("wulan").approve(path, 60); got.status != http.StatusNotFound {
		t.Errorf("a coordinator of another kabupaten approves: %d", got.status)
	}
	if got := yusuf.approve(path, 61); got.status != http.StatusUnprocessableEntity || w.state(path) != "diajukan" {
		t.Errorf("approved with a wrong count: %d, %s", got.status, w.state(path))
	}
	if got := yusuf.approve(path, 60); got.status != http.StatusSeeOther || w.state(path) != "disetujui" {
		t.Fatalf("approve: %d, %s", got.status, w.state(path))
	}
	if n := w.fanOut(25); n != 60 {
		t.Errorf("%d of 60 fanned out", n)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE broadcast_id = $1 AND kind = 'broadcast' AND lane = 4 AND state = 'queued' AND literal LIKE 'Bu Orang A_, bazar%'
		AND not_after = not_before + interval '48 hours'`, id(path)); n == 0 {
		t.Error("no message says her name")
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE broadcast_id = $1`, id(path)); n != 60 {
		t.Errorf("%d messages, want 60", n)
	}
	if n := w.count(`SELECT count(*) FROM river_job WHERE kind = 'deliver'`); n != 60 {
		t.Errorf("%d delivery jobs, want 60", n)
	}
	if w.state(path) != "berjalan" {
		t.Errorf("while messages wait it is %s", w.state(path))
	}
	w.exec(`UPDATE outbox SET state = 'sent', said = literal, sent_at = $1`, noon)
	w.fanOut(25)
	if w.state(path) != "selesai" {
		t.Errorf("at the end it is %s", w.state(path))
	}
	if got := nani.get(path); !strings.Contains(got.body, "Sudah keluar</dt><dd>60") {
		t.Errorf("the result is not shown:\n%s", got.body)
	}
	for _, what := range []string{"siaran tulis", "siaran ubah", "siaran ajukan", "siaran setujui"} {
		if n := w.count(`SELECT count(*) FROM audit WHERE what = $1`, what); n != 1 {
			t.Errorf("audit %q: %d rows, want 1", what, n)
		}
	}
}

// Everybody whom the rule may mean and who must be left out all the same.
func TestAudience(t *testing.T) {
	w := newWorld(t)
	shared := "+6281299990000"
	ids := map[string]int64{}
	for i, p := range []someone{
		{name: "agreed"}, {name: "telegram", telegram: "4711"}, {name: "stopped", consent: "berhenti"}, {name: "invited", consent: "diundang"},
		{name: "numberless", phone: "-"}, {name: "graduated", status: "lulus"}, {name: "sundanese", lang: "su"}, {name: "sukahaji", area: "32.10.09"},
		{name: "lembang", area: "32.17.01"}, {name: "reporter"}, {name: "old reporter"}, {name: "capped"}, {name: "first of two", phone: shared}, {name: "second of two", phone: shared},
	} {
		p.code = code(i)
		switch p.phone {
		case "":
			p.phone = fmt.Sprintf("+62812%07d", i)
		case "-":
			p.phone = ""
		}
		ids[p.name] = w.person(p)
	}
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, '2026-05-25', 0, 'sms', $3, $3), ($2, '2026-05-18', 500000, 'sms', $3, $3)`,
		ids["reporter"], ids["old reporter"], noon)
	for range prokus.CapExtras {
		w.exec(`INSERT INTO outbox (person_id, kind, lane, literal, not_before, created_at, state) VALUES ($1, 'broadcast', 4, 'x', $2, $2, 'sent')`, ids["capped"], noon.AddDate(0, 0, -1))
		w.exec(`INSERT INTO outbox (person_id, kind, lane, literal, not_before, created_at, state) VALUES ($1, 'broadcast', 4, 'x', $2, $2, 'sent')`, ids["agreed"], noon.AddDate(0, 0, -7))
	}
	everybody := []string{"agreed", "telegram", "sundanese", "sukahaji", "reporter", "old reporter", "first of two", "second of two"}
	tests := []struct {
		name string
		area string
		rule console.Rule
		want []string
		out  [3]int // stopped, without address, capped
	}{
		{"the whole kabupaten", "32.10", console.Rule{}, everybody, [3]int{2, 1, 1}},
		{"one kecamatan", "32.10", console.Rule{Areas: []string{"32.10.09"}}, []string{"sukahaji"}, [3]int{}},
		{"a kecamatan of another kabupaten finds nobody", "32.10", console.Rule{Areas: []string{"32.17.01"}}, nil, [3]int{}},
		{"the nation, in a rule of a kabupaten, is the kabupaten", "32.10", console.Rule{Areas: []string{"ID"}}, everybody, [3]int{2, 1, 1}},
		{"active: a zero is a report", "32.10", console.Rule{Activity: console.Reporting}, []string{"reporter"}, [3]int{}},
		{"silent: a report three weeks ago is none", "32.10", console.Rule{Activity: console.Silent}, []string{"agreed", "telegram", "sundanese", "sukahaji", "old reporter", "first of two", "second of two"}, [3]int{2, 1, 1}},
		{"one language", "32.10", console.Rule{Lang: prokus.SU}, []string{"sundanese"}, [3]int{}},
		{"another batch", "32.10", console.Rule{Batch: 99}, nil, [3]int{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := w.db.Audience(t.Context(), console.Scope{Areas: []string{"32.10"}, Role: prokus.Coordinator}, console.Broadcast{Area: tt.area, Rule: tt.rule}, noon)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range a.People {
				got = append(got, p.Name)
			}
			if strings.Join(got, ",") != strings.Join(tt.want, ",") {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			if out := [3]int{a.Stopped, a.Addressless, a.Capped}; out != tt.out || a.Matched != len(tt.want)+out[0]+out[1]+out[2] {
				t.Errorf("%d matched, left out %v; want %v", a.Matched, out, tt.out)
			}
		})
	}
	if _, err := w.db.Audience(t.Context(), console.Scope{Areas: []string{"32.17"}}, console.Broadcast{Area: "32.10"}, noon); err == nil {
		t.Error("a broadcast of a foreign area has an audience")
	}
}

// Frozen at submission: who comes later is not added, who leaves is dropped (R29).
func TestTheListIsFrozen(t *testing.T) {
	w := newWorld(t)
	people := w.crowd(6, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(nil)
	nani.submit(path, 6)
	w.person(someone{code: "482919", name: "Datang Kemudian", phone: "+6281234567417"})
	yusuf.approve(path, 6)
	w.exec(`UPDATE person SET consent = 'berhenti' WHERE id = $1`, people[0])
	w.exec(`UPDATE person SET status = 'meninggal' WHERE id = $1`, people[1])
	w.exec(`UPDATE address SET status = 'mati' WHERE person_id = $1`, people[2])
	w.fanOut(4)
	if n := w.count(`SELECT count(*) FROM outbox WHERE broadcast_id = $1 AND person_id = ANY ($2)`, id(path), people[3:]); n != 3 {
		t.Errorf("%d of the 3 who remain are written to", n)
	}
	if n := w.count(`SELECT count(*) FROM outbox`); n != 3 {
		t.Errorf("%d messages, want 3", n)
	}
	var why string
	w.scan(&why, `SELECT string_agg(dropped, ',' ORDER BY person_id) FROM broadcast_person WHERE broadcast_id = $1 AND dropped <> ''`, id(path))
	if why != "berhenti,keluar,tanpa_nomor" {
		t.Errorf("dropped because %s", why)
	}
}

// Any edit voids an approval and its list, and the page of another editor that is older is refused (R28).
func TestAnEditVoidsTheApproval(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani, yusuf, ratna := w.as("nani"), w.as("yusuf"), w.as("ratna")
	path := nani.write(url.Values{"tanggal": {"20-06-2026"}, "jam": {"10.00"}})
	nani.submit(path, 3)
	yusuf.approve(path, 3)
	if w.state(path) != "disetujui" {
		t.Fatalf("not approved: %s", w.state(path))
	}
	stale := nani.version(path) - 1
	got := nani.post(path, url.Values{"nama": {"Bazar"}, "teks_id": {"Lain"}, "wilayah_pilihan": {"semua"}, "versi": {fmt.Sprint(stale)}})
	if got.status != http.StatusConflict || w.state(path) != "disetujui" {
		t.Errorf("an edit of an older version: %d, %s", got.status, w.state(path))
	}
	yusuf.edit(path, url.Values{"teks_id": {"Bazar jadi Min 21 Jun"}})
	if w.state(path) != "draf" || w.count(`SELECT count(*) FROM broadcast_person`) != 0 {
		t.Errorf("after an edit: %s with %d on the list", w.state(path), w.count(`SELECT count(*) FROM broadcast_person`))
	}
	w.set(time.Date(2026, 6, 20, 10, 5, 0, 0, wib))
	if n := w.fanOut(10); n != 0 {
		t.Errorf("%d messages of a voided approval", n)
	}
	nani.edit(path, url.Values{"teks_id": {"Bazar jadi Min 21 Jun"}})
	nani.submit(path, 3)
	// Yusuf edited before, but Nani wrote and edited last: now he may approve, and the ministry may too.
	if got := yusuf.get(path); !strings.Contains(got.body, "Setujui dan kirim") {
		t.Error("a second person is not asked")
	}
	old := "0123"
	if got := ratna.post(path+"/setujui", url.Values{"sidik": {old}, "baca": {"1"}}); got.status != http.StatusConflict {
		t.Errorf("approved what was not shown: %d", got.status)
	}
	if got := ratna.approve(path, 3); got.status != http.StatusSeeOther {
		t.Errorf("the ministry approves: %d", got.status)
	}
}

func TestRefusalGoesBackWithItsReason(t *testing.T) {
	w := newWorld(t)
	w.crowd(2, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(nil)
	nani.submit(path, 2)
	if got := yusuf.post(path+"/tolak", nil); got.status != http.StatusUnprocessableEntity {
		t.Errorf("refused without a reason: %d", got.status)
	}
	if got := yusuf.post(path+"/tolak", url.Values{"alasan": {"Tanggalnya keliru"}}); got.status != http.StatusSeeOther {
		t.Fatalf("refuse: %d", got.status)
	}
	if got := nani.get(path); w.state(path) != "draf" || !strings.Contains(got.body, "Tanggalnya keliru") {
		t.Errorf("the author does not learn why: %s", w.state(path))
	}
}

// The count that was confirmed must still be true when it is submitted.
func TestTheCountMustBeTrue(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani := w.as("nani")
	path := nani.write(nil)
	w.person(someone{code: "482919", phone: "+6281234567417"})
	if got := nani.submit(path, 3); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Jumlah penerima tidak cocok") {
		t.Errorf("submitted with 3 where there are 4: %d", got.status)
	}
	if got := nani.submit(path, 4); got.status != http.StatusSeeOther {
		t.Errorf("submit: %d", got.status)
	}
}

func TestQuietHours(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(url.Values{"tanggal": {"11-06-2026"}, "jam": {"20.30"}})
	if got := nani.submit(path, 3); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Jum 12 Jun 2026 07.00 WIB") {
		t.Errorf("scheduled in the evening: %d, next slot shown %v", got.status, strings.Contains(got.body, "Jum 12 Jun 2026 07.00 WIB"))
	}
	nani.edit(path, url.Values{"tanggal": {"11-06-2026"}, "jam": {"10.00"}})
	nani.submit(path, 3)
	yusuf.approve(path, 3)
	if n := w.fanOut(10); n != 0 {
		t.Errorf("%d messages before their time", n)
	}
	// An outage until the evening: what is written then leaves in the morning.
	w.set(time.Date(2026, 6, 11, 21, 0, 0, 0, wib))
	if n := w.fanOut(10); n != 3 {
		t.Errorf("%d messages, want 3", n)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE not_before = $1 AND enqueued_at IS NULL`, time.Date(2026, 6, 12, 7, 0, 0, 0, wib)); n != 3 {
		t.Errorf("%d messages wait for the morning, want 3", n)
	}
}

func TestPauseResumeCancel(t *testing.T) {
	w := newWorld(t)
	people := w.crowd(10, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(nil)
	nani.submit(path, 10)
	yusuf.approve(path, 10)
	if n, more, err := w.db.FanOut(t.Context(), w.now(), 6); n != 6 || !more || err != nil {
		t.Fatalf("first batch: %d, %v, %v", n, more, err)
	}
	w.exec(`UPDATE outbox SET state = 'sent' WHERE person_id = ANY ($1)`, people[:2])
	queued := func() int {
		return w.count(`SELECT count(*) FROM outbox WHERE broadcast_id = $1 AND state = 'queued'`, id(path))
	}
	if got := nani.post(path+"/jeda", nil); got.status != http.StatusSeeOther || w.state(path) != "dijeda" || queued() != 0 {
		t.Errorf("pause: %d, %s, %d queued", got.status, w.state(path), queued())
	}
	if n := w.fanOut(6); n != 0 {
		t.Errorf("%d messages while it is paused", n)
	}
	w.exec(`UPDATE person SET consent = 'berhenti' WHERE id = $1`, people[2])
	if got := nani.post(path+"/lanjut", nil); got.status != http.StatusSeeOther || w.state(path) != "berjalan" || queued() != 3 {
		t.Errorf("resume: %d, %s, %d queued, want the 3 who did not stop meanwhile", got.status, w.state(path), queued())
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE state = 'queued' AND enqueued_at IS NULL`); n != 3 {
		t.Errorf("%d of 3 wait for a new job", n)
	}
	start := time.Now()
	got := nani.post(path+"/batal", nil)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("cancelling took %s", took)
	}
	if got.status != http.StatusSeeOther || w.state(path) != "dibatalkan" || queued() != 0 {
		t.Errorf("cancel: %d, %s, %d queued", got.status, w.state(path), queued())
	}
	if n := w.fanOut(6); n != 0 || w.count(`SELECT count(*) FROM outbox`) != 6 {
		t.Errorf("%d messages after it was cancelled", n)
	}
	if page := nani.get(path); !strings.Contains(page.body, "2 pesan sudah keluar") {
		t.Error("the page does not say how many are out")
	}
	if got := nani.post(path+"/lanjut", nil); got.status != http.StatusConflict {
		t.Errorf("resumed after it was cancelled: %d", got.status)
	}
}

// A couple on one phone: one message where the words are the same for both, also when they stand in different batches,
// and also when the first of them has left since.
func TestSharedNumbersAreToldOnce(t *testing.T) {
	for _, tt := range []struct {
		name, text, once string
		leaves           bool
		want             int
	}{
		{"same words", "Bazar Sab 20 Jun", "1", false, 2},
		{"same words, but each wants one", "Bazar Sab 20 Jun", "", false, 4},
		{"with the name", "Bu {nama}, bazar Sab 20 Jun", "1", false, 4},
		{"the first has left", "Bazar Sab 20 Jun", "1", true, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			first := w.person(someone{code: code(1), name: "Siti", phone: "+6281234567417"})
			w.person(someone{code: code(2), name: "Yati", phone: "+6281299990001"})
			w.person(someone{code: code(3), name: "Ani", phone: "+6281234567417"})
			w.person(someone{code: code(4), name: "Euis", phone: "+6281299990001"})
			nani, yusuf := w.as("nani"), w.as("yusuf")
			path := nani.write(url.Values{"teks_id": {tt.text}, "sekali": {tt.once}})
			nani.submit(path, 4)
			yusuf.approve(path, 4)
			if n := w.count(`SELECT messages FROM broadcast WHERE id = $1`, id(path)); n != tt.want {
				t.Errorf("%d messages promised, want %d", n, tt.want)
			}
			if tt.leaves {
				w.exec(`UPDATE person SET status = 'meninggal' WHERE id = $1`, first)
			}
			w.fanOut(1)
			if n := w.count(`SELECT count(*) FROM outbox`); n != tt.want {
				t.Errorf("%d messages, want %d", n, tt.want)
			}
		})
	}
}

// Fifty clicks at once, by two people: one approval (faults.md K3).
func TestFiftyApprovalsAtOnce(t *testing.T) {
	w := newWorld(t)
	w.crowd(5, "32.10.07")
	nani := w.as("nani")
	path := nani.write(nil)
	nani.submit(path, 5)
	approvers := []*browser{w.as("yusuf"), w.as("ratna")}
	statuses := make([]int, 50)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			<-start
			statuses[i] = approvers[i%2].approve(path, 5).status
		})
	}
	close(start)
	all.Wait()
	got := map[int]int{}
	for _, s := range statuses {
		got[s]++
	}
	if got[http.StatusSeeOther] != 1 || got[http.StatusConflict] != 49 {
		t.Errorf("answers %v, want one success and 49 conflicts", got)
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what = 'siaran setujui'`); n != 1 {
		t.Errorf("%d approvals in the audit", n)
	}
	w.fanOut(2)
	if n := w.count(`SELECT count(*) FROM outbox`); n != 5 {
		t.Errorf("%d messages, want 5", n)
	}
}

// The connection dies again and again in the middle of the fan-out, which several replicas run at once: everybody on the
// list gets exactly one message (faults.md K5).
func TestFanOutSurvivesCrashes(t *testing.T) {
	const people = 400
	w := newWorld(t)
	w.crowd(people, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(nil)
	nani.submit(path, people)
	yusuf.approve(path, people)

	done := make(chan struct{})
	killed := 0
	var killer, replicas sync.WaitGroup
	killer.Go(func() {
		for killed < 100 {
			select {
			case <-done:
				return
			default:
			}
			var n int
			err := w.pool.QueryRow(context.Background(), `SELECT count(pg_terminate_backend(pid)) FROM pg_sleep(0.003), pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND query ILIKE '%broadcast%'`).Scan(&n)
			if err == nil {
				killed += n
			}
		}
	})
	var failed [3]int
	for r := range failed {
		replicas.Go(func() {
			for range 5000 {
				_, more, err := w.db.FanOut(context.Background(), w.now(), 7+r)
				if err != nil {
					failed[r]++
					continue
				}
				if !more {
					return
				}
			}
		})
	}
	replicas.Wait()
	close(done)
	killer.Wait()
	w.fanOut(50)
	if killed == 0 || failed[0]+failed[1]+failed[2] == 0 {
		t.Errorf("nothing crashed (%d connections killed, %v failed): the test proves nothing", killed, failed)
	}
	t.Logf("%d connections killed, failures of the replicas %v", killed, failed)
	if n := w.count(`SELECT count(DISTINCT person_id) FROM outbox WHERE broadcast_id = $1`, id(path)); n != people {
		t.Errorf("%d of %d people are written to", n, people)
	}
	if n := w.count(`SELECT count(*) FROM outbox`); n != people {
		t.Errorf("%d messages for %d people", n, people)
	}
	if n := w.count(`SELECT count(*) FROM river_job WHERE kind = 'deliver'`); n != people {
		t.Errorf("%d jobs for %d messages", n, people)
	}
}

// Who approved loses the right before the time has come: it is paused, and says so.
func TestLostRightsPauseABroadcast(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(nil)
	nani.submit(path, 3)
	yusuf.approve(path, 3)
	w.exec(`UPDATE staff SET active = false WHERE id = $1`, w.staff["yusuf"])
	if n := w.fanOut(10); n != 0 || w.state(path) != "dijeda" {
		t.Errorf("%d messages, %s", n, w.state(path))
	}
	if got := nani.get(path); !strings.Contains(got.body, "Dijeda oleh KABAR") {
		t.Error("the page does not say why it stands still")
	}
}

func TestBadForms(t *testing.T) {
	w := newWorld(t)
	w.crowd(3, "32.10.07")
	nani := w.as("nani")
	path := nani.write(nil)
	tests := []struct {
		name string
		form url.Values
		want int
	}{
		{"a kecamatan of another kabupaten", url.Values{"wilayah_pilihan": {"sebagian"}, "wilayah": {"32.17.01"}}, 422},
		{"some kecamatan, but none", url.Values{"wilayah_pilihan": {"sebagian"}}, 422},
		{"a batch that does not exist", url.Values{"angkatan": {"77"}}, 422},
		{"a date that is none", url.Values{"tanggal": {"31-02-2026"}, "jam": {"10.00"}}, 422},
		{"a clock without a date", url.Values{"jam": {"10.00"}}, 422},
		{"no version", url.Values{"versi": {""}}, 409},
		{"somebody else's fields", url.Values{"state": {"disetujui"}, "approver_id": {"2"}, "area_code": {"ID"}, "id": {"9"}}, 303},
		{"NUL and broken UTF-8", url.Values{"teks_id": {"a\x00b\xff"}, "nama": {"x\x00"}}, 303},
		{"70 KB", url.Values{"teks_id": {strings.Repeat("x", 70<<10)}}, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := url.Values{"nama": {"Bazar"}, "teks_id": {"Bazar"}, "wilayah_pilihan": {"semua"}, "versi": {fmt.Sprint(nani.version(path))}}
			for k, v := range tt.form {
				f[k] = v
			}
			if got := nani.post(path, f); got.status != tt.want {
				t.Errorf("%d, want %d", got.status, tt.want)
			}
		})
	}
	var state, area string
	w.scan(&state, `SELECT state FROM broadcast`)
	w.scan(&area, `SELECT area_code FROM broadcast`)
	if state != "draf" || area != "32.10" {
		t.Errorf("posted fields changed the broadcast to %s of %s", state, area)
	}
	if log := w.log.String(); strings.Contains(log, "22021") || strings.Contains(log, "22P05") {
		t.Errorf("the database refused bytes:\n%s", log)
	}
}

func TestPlainLetters(t *testing.T) {
	w := newWorld(t)
	w.crowd(2, "32.10.07")
	nani := w.as("nani")
	text := strings.Repeat("Bazar ramai ", 10) + "Jum\u2019at"
	path := nani.write(url.Values{"teks_id": {text}})
	page := nani.get(path)
	for _, want := range []string{"Rp1.400", "Satu huruf ini menggandakan biaya: ganti dengan &#39; supaya hemat Rp700", "U&#43;2019"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := nani.post(path+"/polos", url.Values{"versi": {fmt.Sprint(nani.version(path))}}); got.status != http.StatusSeeOther {
		t.Fatalf("plain: %d", got.status)
	}
	if page := nani.get(path); !strings.Contains(page.body, "Rp700") || strings.Contains(page.body, "menggandakan") {
		t.Error("the plain text costs as much")
	}
}

// A coordinator of two kabupaten says of which one a broadcast is; it stays within that one.
func TestTwoKabupaten(t *testing.T) {
	w := newWorld(t)
	w.person(someone{code: "482919", name: "Siti", phone: "+6281234567417"})
	w.person(someone{code: "173609", name: "Ani", area: "32.17.01", phone: "+6281234567418"})
	w.exec(`INSERT INTO staff_area (staff_id, area_code) VALUES ($1, '32.17')`, w.staff["nani"])
	nani := w.as("nani")
	if got := nani.get("/siaran/baru").body; !strings.Contains(got, `value="32.10">Majalengka`) || !strings.Contains(got, `value="32.17">Bandung Barat`) {
		t.Errorf("the form does not offer both:\n%s", got)
	}
	if got := nani.post("/siaran", url.Values{"nama": {"Bazar"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("without a choice: %d", got.status)
	}
	if got := nani.post("/siaran", url.Values{"nama": {"Bazar"}, "milik": {"ID"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("of the nation: %d", got.status)
	}
	got := nani.post("/siaran", url.Values{"nama": {"Bazar"}, "milik": {"32.17"}})
	path, _, _ := strings.Cut(got.header.Get("Location"), "?")
	nani.edit(path, nil)
	if page := nani.get(path).body; !strings.Contains(page, "Bu Ani, bazar") || strings.Contains(page, "Bu Siti") {
		t.Error("the audience leaves its kabupaten")
	}
}
