package postgres_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// messages fills n inbound messages with an answer each, one a second from a moment on.
func messages(t testing.TB, pool *pgxpool.Pool, n int, from time.Time) {
	t.Helper()
	exec(t, pool, `INSERT INTO area VALUES ('32.10.07', NULL, 3, 'Maja', 'Asia/Jakarta') ON CONFLICT DO NOTHING`)
	exec(t, pool, `INSERT INTO person (code, name, area_code, zone, created_at) VALUES ('482919', 'Siti Aminah', '32.10.07', 'Asia/Jakarta', $1) ON CONFLICT DO NOTHING`, from)
	exec(t, pool, `
		INSERT INTO inbox (channel, provider_id, via, sender, kind, raw, text, reply, person_id, intent, at)
		SELECT 'sim', 'm' || i || '-' || extract(epoch FROM $2::timestamptz), 'sms', '+6281234567417', 'text', 'kompor rusak', 'kompor rusak', '{"Text": "Baik"}', (SELECT id FROM person LIMIT 1), 'TOLONG', $2::timestamptz + interval '1 second' * i
		FROM generate_series(1, $1::int) i`, n, from)
	exec(t, pool, `
		INSERT INTO outbox (person_id, cause, channel, via, recipient, kind, lane, text_key, args, said, state, not_before, created_at, sent_at, segments, cost, refused)
		SELECT person_id, id, 'sim', 'sms', sender, 'reply', 1, 'case.opened', '{"nama": "Siti"}', 'Baik Bu Siti, kami datang', 'sent', at, at, at, 1, 350, ARRAY['sim sms ' || sender] FROM inbox WHERE at >= $1`, from)
	exec(t, pool, `INSERT INTO outbox_event (outbox_id, channel, what, at) SELECT id, 'sim', 'sent', created_at FROM outbox WHERE created_at >= $1`, from)
	exec(t, pool, `ANALYZE`)
}

// what is left of the messages: rows, rows with words, and what they cost.
func left(t testing.TB, pool *pgxpool.Pool) string {
	t.Helper()
	return one[string](t, pool, `SELECT format('in %s/%s out %s/%s Rp%s events %s', (SELECT count(*) FROM inbox), (SELECT count(*) FROM inbox WHERE text <> '' OR raw IS NOT NULL OR reply IS NOT NULL),
		(SELECT count(*) FROM outbox), (SELECT count(*) FROM outbox WHERE said <> '' OR args <> '{}' OR refused <> '{}'), (SELECT coalesce(sum(cost), 0) FROM outbox), (SELECT count(*) FROM outbox_event))`)
}

// Words go after ninety days, rows after four hundred; batches stop in the middle and go on; a clock that is behind does nothing.
func TestS8Retention(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	s := db.Schedule()
	old, now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	messages(t, pool, 25, old)
	messages(t, pool, 10, now)
	redact := func(w scheduler.Words, at time.Time, limit, want int) {
		t.Helper()
		n, err := s.Redact(t.Context(), w, at.Add(-scheduler.KeepWords), limit)
		if err != nil || n != want {
			t.Errorf("redact %s at %s: %d, %v, want %d", w, at.Format(time.DateOnly), n, err, want)
		}
	}
	redact(scheduler.WordsIn, now, 10, 10)
	if got := left(t, pool); got != "in 35/25 out 35/35 Rp12250 events 35" {
		t.Errorf("after a batch: %s", got)
	}
	redact(scheduler.WordsIn, now, 10, 10)
	redact(scheduler.WordsIn, now, 10, 5)
	redact(scheduler.WordsIn, now, 10, 0)
	redact(scheduler.WordsIn, old, 10, 0)
	redact(scheduler.WordsOut, now, 1000, 25)
	if got := left(t, pool); got != "in 35/10 out 35/10 Rp12250 events 35" {
		t.Errorf("after ninety days: %s", got)
	}
	if n := one[int](t, pool, `SELECT count(*) FROM inbox WHERE intent = 'TOLONG' AND provider_id <> '' AND person_id IS NOT NULL`); n != 35 {
		t.Errorf("%d of 35 messages kept their key, sender and reading", n)
	}
	year := old.Add(scheduler.KeepKeys).Add(time.Minute)
	purge := func(r scheduler.Remains, want int) {
		t.Helper()
		n, err := s.Purge(t.Context(), r, year.Add(-scheduler.KeepKeys), 1000)
		if err != nil || n != want {
			t.Errorf("purge %s: %d, %v, want %d", r, n, err, want)
		}
	}
	purge(scheduler.OldIn, 0) // its answer refers to it
	purge(scheduler.OldEvents, 25)
	purge(scheduler.OldOut, 25)
	purge(scheduler.OldIn, 25)
	if got := left(t, pool); got != "in 10/10 out 10/10 Rp3500 events 10" {
		t.Errorf("after four hundred days: %s", got)
	}
}

// What else has served its time goes, each after its own; what is still of use stays.
func TestRetentionOfTheRest(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	s := db.Schedule()
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	messages(t, pool, 1, now)
	exec(t, pool, `INSERT INTO staff (role, name) VALUES ('tksk', 'Dedi')`)
	exec(t, pool, `INSERT INTO address (person_id, kind, value, linked_at) VALUES (1, 'phone', '+6281234567417', $1)`, now)
	for i, age := range []int{1, 500} {
		at := now.AddDate(0, 0, -age)
		exec(t, pool, `INSERT INTO slot_skipped (rule, zone, slot, at, why) VALUES ('digest', 'Asia/Jakarta', $1, $1, 'too late')`, at)
		exec(t, pool, `INSERT INTO link (token_hash, purpose, person_id, expires_at) VALUES ($2, 'telegram', 1, $1)`, at, []byte{byte(i)})
		exec(t, pool, `INSERT INTO link_try (sender, code, tries, last) VALUES ('+62811', $2, 1, $1)`, at, fmt.Sprint(i))
		exec(t, pool, `INSERT INTO link_notice (address_id, told, at) VALUES (1, '+62811', $1)`, at)
		exec(t, pool, `INSERT INTO login (token_hash, staff_id, csrf, at, seen_at) VALUES ($2, 1, '', $1, $1)`, at, []byte{byte(i)})
		exec(t, pool, `INSERT INTO ussd_session (session, phone, at) VALUES ($2, '+62811', $1)`, at, fmt.Sprint(i))
		exec(t, pool, `INSERT INTO report_change (person_id, week, what, at, channel, raw) VALUES (1, '2026-05-25', 'report', $1, 'sms', '750rb')`, at)
		exec(t, pool, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, status, priority, opened_at, due_at, closed_at, note)
			VALUES ($2, '32.10', 2026, 1, '32.10.07', 'KUNJUNG', 'selesai', 1, $1, $1, $1, 'kompor rusak')`, at, i)
		exec(t, pool, `INSERT INTO case_event (case_id, at, what, note) SELECT max(id), $1, 'told', 'kompor rusak' FROM cases`, at)
		exec(t, pool, `INSERT INTO worklist (staff_id, day, n, case_id) SELECT 1, $1, 1, max(id) FROM cases`, at)
	}
	exec(t, pool, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at, note)
		VALUES (9, '32.10', 2026, 1, '32.10.07', 'KUNJUNG', 1, $1, $1, 'masih terbuka')`, now.AddDate(0, 0, -500))
	for _, w := range []scheduler.Words{scheduler.WordsReports, scheduler.WordsCases} {
		if n, err := s.Redact(t.Context(), w, now.Add(-scheduler.KeepWords), 100); err != nil || n != 1 {
			t.Errorf("redact %s: %d, %v", w, n, err)
		}
	}
	for _, r := range []scheduler.Remains{scheduler.OldSkips, scheduler.OldLinks, scheduler.OldTries, scheduler.OldNotices, scheduler.OldLogins, scheduler.OldScreens, scheduler.OldWorklist} {
		for _, want := range []int{1, 0} {
			if n, err := s.Purge(t.Context(), r, now.Add(-scheduler.KeepKeys), 100); err != nil || n != want {
				t.Errorf("purge %s: %d, %v, want %d", r, n, err, want)
			}
		}
		if n := one[int](t, pool, `SELECT count(*) FROM `+string(r)); n != 1 {
			t.Errorf("%s: %d rows stay, want 1", r, n)
		}
	}
	notes := one[string](t, pool, `SELECT (SELECT string_agg(note, '|' ORDER BY id) FROM cases) || ' ' || (SELECT string_agg(note, '|' ORDER BY id) FROM case_event) || ' ' || (SELECT string_agg(raw, '|' ORDER BY id) FROM report_change)`)
	if notes != "kompor rusak||masih terbuka kompor rusak| 750rb|" {
		t.Errorf("notes: %s", notes)
	}
}

// Whoever says MULAI before the three days are over has taken her wish back; a coordinator who closes the case does not stop it.
func TestErasureIsTakenBackOnlyByHer(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	exec(t, pool, `INSERT INTO area VALUES ('32.10.07', NULL, 3, 'Maja', 'Asia/Jakarta')`)
	for i, consent := range []prokus.Consent{prokus.Agreed, prokus.Stopped, prokus.Stopped} {
		exec(t, pool, `INSERT INTO person (code, name, area_code, zone, created_at, consent, consent_at) VALUES ($1, $2, '32.10.07', 'Asia/Jakarta', $3, $4, $3)`,
			fmt.Sprint(i), "Siti "+string(rune('A'+i)), now, consent)
		exec(t, pool, `INSERT INTO cases (ticket, kabupaten, year, person_id, area_code, reason, priority, opened_at, due_at, status, closed_at, outcome)
			SELECT $1::int, '32.10', 2026, max(id), '32.10.07', 'HAPUS_DATA', 90, $2, $3, CASE $1 WHEN 2 THEN 'selesai' ELSE 'buka' END, CASE $1 WHEN 2 THEN $2::timestamptz END, CASE $1 WHEN 2 THEN 'selesai' ELSE '' END FROM person`,
			i, now.Add(-time.Hour), now.Add(72*time.Hour))
	}
	exec(t, pool, `INSERT INTO person (code, name, area_code, zone, created_at, status, merged_into) SELECT '9', 'Siti Ganda', '32.10.07', 'Asia/Jakarta', now(), 'ganda', max(id) FROM person`)
	for _, x := range []struct {
		by   time.Time
		want int
	}{{now.Add(71 * time.Hour), 0}, {now.Add(72 * time.Hour), 3}, {now.Add(80 * time.Hour), 0}} {
		if n, err := db.Schedule().Erase(t.Context(), x.by, x.by, 10); err != nil || n != x.want {
			t.Errorf("by %s: %d, %v, want %d", x.by, n, err, x.want)
		}
	}
	got := one[string](t, pool, `SELECT string_agg(p.name || ' ' || c.outcome, ', ' ORDER BY p.id) FROM person p JOIN cases c ON c.person_id = p.id`)
	if got != "Siti A dicabut, (dihapus) dihapus, (dihapus) dihapus" {
		t.Error(got)
	}
	if got := one[string](t, pool, `SELECT name FROM person WHERE code = '9'`); got != "(dihapus)" {
		t.Errorf("her duplicate is still %s", got)
	}
}

// Nothing that retention asks, when nothing is due, reads a table from end to end.
func TestRetentionIsCheapWhenNothingIsDue(t *testing.T) {
	config, err := pgxpool.ParseConfig(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	config.MaxConns = 1 // statistics are flushed by the connection that caused them
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	messages(t, pool, 20_000, now)
	texts, err := text.Load(text.Files)
	if err != nil {
		t.Fatal(err)
	}
	s, err := scheduler.New(scheduler.Config{Store: db.Schedule(), Clock: new(scheduler.Clock), Texts: texts, Openings: func(string) (o scheduler.Opening, ok bool) { return o, ok }})
	if err != nil {
		t.Fatal(err)
	}
	read := func() int {
		exec(t, pool, `SELECT pg_stat_force_next_flush()`)
		exec(t, pool, `SELECT pg_stat_clear_snapshot()`)
		return one[int](t, pool, `SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN ('inbox', 'outbox', 'outbox_event')`)
	}
	before := read()
	if before == 0 {
		t.Fatal("the statistics see nothing: making the messages reads them one by one")
	}
	if err := s.Tidy(t.Context(), now.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if n := read() - before; n != 0 {
		t.Errorf("%d rows were read one by one", n)
	}
}

// BenchmarkPurge takes the words out of messages, and then the messages away. With -benchtime 1x and KABAR_ROWS=1000000 it gives the figure
// of docs/operating.md.
func BenchmarkPurge(b *testing.B) {
	rows := 10_000
	if v := os.Getenv("KABAR_ROWS"); v != "" {
		var err error
		if rows, err = strconv.Atoi(v); err != nil {
			b.Fatal(err)
		}
	}
	for range b.N {
		b.StopTimer()
		pool := pgtest.New(b)
		db, err := postgres.Open(pool)
		if err != nil {
			b.Fatal(err)
		}
		s, old := db.Schedule(), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		messages(b, pool, rows, old)
		b.StartTimer()
		now := old.AddDate(3, 0, 0)
		whole := func(what string, step func() (int, error)) {
			began, all := time.Now(), 0
			for {
				n, err := step()
				if err != nil {
					b.Fatal(err)
				}
				if all += n; n == 0 {
					break
				}
			}
			b.ReportMetric(float64(all)/time.Since(began).Seconds(), what+"/s")
		}
		for _, w := range []scheduler.Words{scheduler.WordsIn, scheduler.WordsOut} {
			whole("redact-"+string(w), func() (int, error) { return s.Redact(b.Context(), w, now, 5000) })
		}
		for _, r := range []scheduler.Remains{scheduler.OldEvents, scheduler.OldOut, scheduler.OldIn} {
			whole("purge-"+string(r), func() (int, error) { return s.Purge(b.Context(), r, now, 5000) })
		}
	}
}
