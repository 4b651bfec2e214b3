package scheduler_test

import (
	"fmt"
	"testing"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// crowd is n people in 200 kecamatan with ten weeks of history.
func (w *world) crowd(n int) {
	w.t.Helper()
	w.exec(`INSERT INTO area (code, parent, level, name, zone) SELECT '32.10.' || k, '32.10', 3, 'Kec ' || k, 'Asia/Jakarta' FROM generate_series(100, 299) k`)
	w.exec(`WITH s AS (INSERT INTO staff (role, name, title) SELECT 'tksk', 'Dedi ' || k, 'Pak' FROM generate_series(100, 299) k RETURNING id, name)
		INSERT INTO staff_area (staff_id, area_code) SELECT id, '32.10.' || substr(name, 6) FROM s`)
	w.exec(`INSERT INTO address (staff_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+62811' || id, true, now() FROM staff`)
	w.exec(`
		WITH p AS (
			INSERT INTO person (code, name, area_code, zone, consent, consent_at, last_seen, created_at)
			SELECT 'c' || k, 'Ani ' || k, '32.10.' || (100 + k % 200), 'Asia/Jakarta', 'ya', $2::timestamptz - interval '90 days', $2, $2::timestamptz - interval '90 days'
			FROM generate_series(1, $1::int) k RETURNING id
		)
		INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+628120' || id, true, now() FROM p`, n, w.Clock.Now())
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at)
		SELECT p.id, $1::date - 7 * k, 500000 + 1000 * (p.id % 100), 'sms', now(), now() FROM person p, generate_series(1, 10) k WHERE (p.id + k) % 5 > 0`,
		prokus.WeekOf(w.Clock.Now()).Date())
	w.exec(`ANALYZE`)
}

// BenchmarkSweep is one Sunday's question, one Monday's reminder and one Wednesday's closing of the week: selecting and
// writing, without sending.
func BenchmarkSweep(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		if n > 1_000 && testing.Short() {
			continue
		}
		for _, slot := range []string{"2026-06-07 18:30", "2026-06-08 12:30", "2026-06-10 00:00"} {
			b.Run(fmt.Sprintf("%d/%s", n, slot[8:]), func(b *testing.B) {
				for range b.N {
					b.StopTimer()
					w := newWorld(b, "2026-06-07 12:00")
					w.crowd(n)
					w.must(w.Sweep(w.ctx, w.Clock.Now()))
					w.must(w.Clock.Set(w.ctx, local(slot)))
					w.exec(`UPDATE rule_slot SET swept_to = $1`, local(slot).Add(-1))
					b.StartTimer()
					w.must(w.Sweep(w.ctx, w.Clock.Now()))
					b.StopTimer()
					b.ReportMetric(float64(one[int](w, `SELECT count(*) FROM outbox`)), "rows")
					b.ReportMetric(float64(one[int](w, `SELECT count(*) FROM cases`)), "cases")
				}
			})
		}
	}
}

// BenchmarkQuietTick is the minute in which nothing is due, among 10,000 people.
func BenchmarkQuietTick(b *testing.B) {
	w := newWorld(b, "2026-06-07 12:00")
	w.crowd(10_000)
	w.must(w.Sweep(w.ctx, w.Clock.Now()))
	for b.Loop() {
		w.must(w.Sweep(w.ctx, w.Clock.Now()))
	}
}

// BenchmarkDeliver is one message through the door, to a provider that answers at once.
func BenchmarkDeliver(b *testing.B) {
	w := newWorld(b, "2026-06-07 12:00")
	w.crowd(1_000)
	for i := range 1_000 {
		w.enqueue(prokus.Message{Person: int64(i + 1), Kind: prokus.KindBroadcast, Literal: "Halo"})
	}
	ids, err := w.db.Schedule().DueRows(w.ctx, w.Clock.Now(), 1_000)
	w.must(err)
	i := 0
	for b.Loop() {
		w.must(w.Deliver(w.ctx, []string{ids[i%len(ids)].ID}))
		if i++; i%len(ids) == 0 {
			b.StopTimer()
			w.exec(`UPDATE outbox SET state = 'queued', sent_at = NULL`)
			b.StartTimer()
		}
	}
}
