package scheduler_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/scheduler"
)

// The rules of the morning open a case once for a cause, and close it when the cause is gone (journeys.md 4.7).
func TestDailyRules(t *testing.T) {
	for _, c := range []struct {
		reason      string
		cause, gone string // statements about person $1 at $2
		owner       string
	}{
		{"MANGKIR", `
			WITH s AS (INSERT INTO session (starts_at, area_code, place, status) SELECT $2::timestamptz - interval '1 day' * n, '32.10.07', 'Balai', 'selesai'
				FROM generate_series(3, 10, 7) n RETURNING id)
			INSERT INTO invite (session_id, person_id, attended) SELECT id, $1, false FROM s`, `
			WITH s AS (INSERT INTO session (starts_at, area_code, place, status) VALUES ($2::timestamptz - interval '1 hour', '32.10.07', 'Balai', 'selesai') RETURNING id)
			INSERT INTO invite (session_id, person_id, attended) SELECT id, $1, true FROM s`, "tksk"},
		{"LPJ", `
			WITH b AS (INSERT INTO batch (name, amount, opened_on) VALUES ('2026', 3500000, '2026-01-01') RETURNING id)
			INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent) SELECT $1, id, 'cair', $2::date - 30, $2, 3500000, 3100000 FROM b`,
			`UPDATE grants SET spent = 3150000 WHERE person_id = $1 AND $2::timestamptz IS NOT NULL`, "tksk"},
		{"MACET", `
			WITH b AS (INSERT INTO batch (name, amount, opened_on) VALUES ('2026', 3500000, '2026-01-01') RETURNING id),
				st AS (INSERT INTO batch_stage (batch_id, code, step, norm_days, stuck_days) SELECT id, 'bank', 5, 7, 21 FROM b)
			INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount) SELECT $1, id, 'bank', $2::date - 22, $2, 3500000 FROM b`,
			`UPDATE grants SET stage = 'cair', since = $2::date WHERE person_id = $1`, "koordinator"},
		{"NOMOR_MATI", `UPDATE person SET last_seen = $2::timestamptz - interval '61 days' WHERE id = $1`,
			`UPDATE person SET last_seen = $2 WHERE id = $1`, "tksk"},
	} {
		w := newWorld(t, "2026-06-11 05:00")
		siti, _ := w.cast()
		w.report(siti, "2026-W23", 500_000)
		cases := func() string {
			return one[string](w, `SELECT coalesce(string_agg(c.reason || ' ' || c.status || ' ' || s.role, ', ' ORDER BY c.id), '') FROM cases c JOIN staff s ON s.id = c.owner_id`)
		}
		w.until("2026-06-11 06:01")
		if got := cases(); got != "" {
			t.Fatalf("%s without a cause: %s", c.reason, got)
		}
		w.exec(c.cause, siti, w.Clock.Now())
		w.until("2026-06-12 06:01")
		if got := cases(); got != c.reason+" buka "+c.owner {
			t.Errorf("%s: %q", c.reason, got)
		}
		w.until("2026-06-13 06:01")
		w.exec(c.gone, siti, w.Clock.Now())
		w.until("2026-06-14 06:01")
		if got := cases(); got != c.reason+" selesai "+c.owner {
			t.Errorf("%s when its cause is gone: %q", c.reason, got)
		}
		w.until("2026-06-16 06:01")
		if got := cases(); got != c.reason+" selesai "+c.owner {
			t.Errorf("%s comes back without a new cause: %q", c.reason, got)
		}
	}
}

// A number is dead after permanent refusals on three days, never because a receipt is missing.
func TestDeadNumber(t *testing.T) {
	w := newWorld(t, "2026-06-08 08:00")
	siti, _ := w.cast()
	w.exec(`UPDATE person SET last_seen = $1::timestamptz - interval '20 days', consent_at = $1`, w.Clock.Now())
	w.sim.fail = func(m channels.Outbound) error {
		if m.To == "+6281234567417" {
			return refuse(channels.Invalid)
		}
		return nil
	}
	for day := range 3 {
		if n := one[int](w, `SELECT count(*) FROM cases`); n != 0 {
			t.Fatalf("a case after %d days", day)
		}
		w.enqueue(notice(siti))
		w.enqueue(notice(siti))
		w.must(w.Drain(w.ctx))
		w.until(fmt.Sprintf("2026-06-%02d 08:00", 9+day))
	}
	if got := one[string](w, `SELECT reason FROM cases`); got != "NOMOR_MATI" {
		t.Error(got)
	}
}

// A provider that reports delivery and never does: unknown after 72 hours, and still open for a late report.
func TestB17UnknownAfterThreeDays(t *testing.T) {
	w := newWorldWith(t, "2026-06-08 08:00", nil)
	w.Receipts = []string{"sim"}
	siti, _ := w.cast()
	w.exec(`UPDATE person SET consent = 'belum'`)
	id := w.enqueue(notice(siti))
	w.must(w.Drain(w.ctx))
	w.must(w.Clock.Set(w.ctx, w.Clock.Now().Add(71*time.Hour)))
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	if s := w.state(id); s != "sent" {
		t.Fatalf("after 71 hours: %s", s)
	}
	w.must(w.Clock.Set(w.ctx, w.Clock.Now().Add(2*time.Hour)))
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	if s := w.state(id); s != "unknown" {
		t.Fatalf("after 73 hours: %s", s)
	}
	w.must(w.HandleStatus(w.ctx, channels.Status{Channel: "sim", ProviderID: "sim-" + id, State: channels.Delivered}))
	if s := w.state(id); s != "delivered" {
		t.Errorf("after its report: %s", s)
	}
}

// A handset that a callback says was off is tried again after hours, within the life of the message.
func TestCallbackOutOfReach(t *testing.T) {
	w := newWorldWith(t, "2026-06-08 08:00", func(c *scheduler.Config) {
		c.KindOfCode = func(_, code string) (channels.ErrorKind, bool) { return channels.OutOfReach, code == "30003" }
	})
	siti, _ := w.cast()
	id := w.enqueue(notice(siti))
	w.must(w.Drain(w.ctx))
	w.must(w.HandleStatus(w.ctx, channels.Status{Channel: "sim", ProviderID: "sim-" + id, State: channels.Undelivered, Code: "30003"}))
	if s := w.state(id) + " " + one[time.Time](w, `SELECT not_before FROM outbox WHERE id = $1`, id).Sub(w.Clock.Now()).String(); s != "queued 1h0m0s" {
		t.Error(s)
	}
	w.must(w.HandleStatus(w.ctx, channels.Status{Channel: "sim", ProviderID: "sim-" + id, State: channels.Undelivered, Code: "30005"}))
	if s := w.state(id); s != "queued" {
		t.Errorf("a second failure of the same attempt: %s", s)
	}
}
