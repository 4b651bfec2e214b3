package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// running makes a broadcast that runs, with one message for each of n people, and returns its id and theirs.
func (w *world) running(n int) (id int64, rows []string) {
	w.t.Helper()
	author := w.staff("koordinator", "Bu", "Nani", "32.10", "+6281190000012")
	id = one[int64](w, `INSERT INTO broadcast (name, texts, area_code, state, author_id, editor_id, approver_id, created_at)
		VALUES ('Bazar', '{"id": "Bazar"}', '32.10', 'berjalan', $1, $1, $1, $2) RETURNING id`, author, w.Clock.Now())
	for i := range n {
		p := w.person(fmt.Sprint(500000+i), "Siti", "32.10.07", fmt.Sprintf("+62812%08d", i))
		rows = append(rows, w.enqueue(prokus.Message{Key: fmt.Sprintf("broadcast:%d:%d", id, p), Person: p, Kind: prokus.KindBroadcast, Literal: "Bazar", Broadcast: id}))
	}
	return id, rows
}

// A broadcast of whose last fifty messages more than ten fail is paused by the program, and the operator is told; somebody
// looks and lets it go on, and what failed before is not held against it (console.md 4.9, faults.md B11).
func TestB11AFailingBroadcastIsPaused(t *testing.T) {
	w := newWorld(t, "2026-06-08 12:00")
	told, _, both := w.watched(nil)
	var fails bool
	w.sim.fail = func(channels.Outbound) error {
		if fails {
			return refuse(channels.Invalid)
		}
		return nil
	}
	id, rows := w.running(120)
	state := func() string {
		return one[string](w, `SELECT state || ' ' || halted FROM broadcast WHERE id = $1`, id)
	}
	deliver := func(from, to int, failing bool) {
		t.Helper()
		fails = failing
		for _, row := range rows[from:to] {
			w.must(w.Deliver(w.ctx, []string{row}))
		}
		w.pass(time.Second)
	}
	deliver(0, 40, false)
	deliver(40, 43, true)
	deliver(43, 47, false)
	both(time.Second)
	w.heard(told)
	deliver(47, 50, false)
	both(time.Second)
	if state() != "berjalan " {
		t.Fatalf("paused at three of fifty: %s", state())
	}
	w.heard(told, fmt.Sprintf("KABAR: siaran %d: 3 pesan gagal (6%%). Periksa isinya.", id))
	deliver(50, 57, true) // ten of the last fifty: not more than a fifth
	if state() != "berjalan " {
		t.Fatalf("paused at ten of fifty: %s", state())
	}
	deliver(57, 58, true)
	if state() != "dijeda gagal" || w.state(rows[58]) != "cancelled" {
		t.Fatalf("at eleven of fifty: %s, the next message is %s", state(), w.state(rows[58]))
	}
	deliver(58, 120, true)
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE state IN ('sent', 'failed')`); n != 58 {
		t.Errorf("%d messages left, want 58", n)
	}
	both(time.Second)
	if !slices.ContainsFunc(*told, func(s string) bool {
		return s == fmt.Sprintf("KABAR: siaran %d dijeda: 11 pesan gagal, lebih dari 20%% yang terakhir. Periksa isi dan salurannya.", id)
	}) {
		t.Errorf("the operator was told %s", strings.Join(*told, "; "))
	}
	*told = nil
	nani := prokus.Staff{ID: one[int64](w, `SELECT author_id FROM broadcast`), Role: prokus.Coordinator, Active: true, Areas: []string{"32.10"}}
	_, err := w.db.Console().ChangeBroadcast(w.ctx, console.Scope{Areas: nani.Areas, Role: nani.Role}, id, nani, "lanjut", w.Clock.Now(),
		func(b *console.Broadcast) error { return b.Resume(nani, w.Clock.Now()) })
	w.must(err)
	deliver(58, 59, true) // one more does not stop it at once
	deliver(59, 108, false)
	if state() != "berjalan " {
		t.Errorf("after somebody looked: %s", state())
	}
	deliver(108, 120, true)
	if state() != "dijeda gagal" {
		t.Errorf("when it fails again: %s", state())
	}
}
