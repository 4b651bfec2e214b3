package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

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

// Cancelled while three replicas fan out: within two seconds nothing is queued, and nothing is added any more (faults.md K2).
func TestCancelWhileItFansOut(t *testing.T) {
	const people = 600
	w := newWorld(t)
	w.crowd(people, "32.10.07")
	nani, yusuf := w.as("nani"), w.as("yusuf")
	path := nani.write(nil)
	nani.submit(path, people)
	yusuf.approve(path, people)
	begun := make(chan struct{})
	var once sync.Once
	var replicas sync.WaitGroup
	for range 3 {
		replicas.Go(func() {
			for range people {
				n, more, err := w.db.FanOut(context.Background(), w.now(), 1)
				if err != nil {
					t.Error(err)
					return
				}
				if n > 0 {
					once.Do(func() { close(begun) })
				}
				if more {
					continue
				}
				if w.state(path) == "dibatalkan" {
					return
				}
				<-time.After(5 * time.Millisecond) // another replica is at it; a tick comes again
			}
		})
	}
	<-begun
	start := time.Now()
	got := nani.post(path+"/batal", nil)
	took := time.Since(start)
	t.Logf("cancelled in %s", took.Round(time.Millisecond))
	if got.status != http.StatusSeeOther || took > 2*time.Second {
		t.Errorf("cancel: %d after %s", got.status, took)
	}
	written := w.count(`SELECT count(*) FROM outbox`)
	replicas.Wait()
	if n := w.count(`SELECT count(*) FROM outbox`); n != written || n == 0 || n == people {
		t.Errorf("%d messages when it was cancelled, %d afterwards, of %d people", written, n, people)
	}
	if n := w.count(`SELECT count(*) FROM outbox WHERE state <> 'cancelled'`); n != 0 {
		t.Errorf("%d messages may still leave", n)
	}
}
