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
	if n := w.count(`SELECT count(*) FROM outbox WHERE broadcast_id = $1 AND kind = 'broadcast' AND lane = 4 AND state = 'queued' AND literal LIKE 'Bu Orang, bazar%'
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

// Who approved loses the right before the time has come: it is paused, and says so.
