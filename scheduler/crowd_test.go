package scheduler_test

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// nation is n people in kecamatan of five hundred who agreed, have a grant each and reported the last weeks; every tenth has not reported the
// newest one. Each has been to a session this year, and messages of theirs lie behind. It is built set by set.
func (w *world) nation(n int) {
	w.t.Helper()
	now, posts := w.Clock.Now(), max(200, n/500)
	w.exec(`INSERT INTO area (code, parent, level, name, zone) SELECT '32.10.' || k, '32.10', 3, 'Kec ' || k, 'Asia/Jakarta' FROM generate_series(100, 99 + $1::int) k`, posts)
	w.exec(`WITH s AS (INSERT INTO staff (role, name, title) SELECT 'tksk', 'Dedi ' || k, 'Pak' FROM generate_series(100, 99 + $1::int) k RETURNING id, name)
		INSERT INTO staff_area (staff_id, area_code) SELECT id, '32.10.' || substr(name, 6) FROM s`, posts)
	w.exec(`INSERT INTO address (staff_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+62811' || id, true, now() FROM staff`)
	w.exec(`INSERT INTO batch (name, amount, opened_on) VALUES ('2026', 3500000, '2026-01-01')`)
	w.exec(`INSERT INTO batch_stage (batch_id, code, step, norm_days, stuck_days) SELECT 1, c, 1, 7, d FROM (VALUES ('bank', 21), ('cair', 0), ('lpj', 0), ('selesai', 0)) v (c, d)`)
	w.exec(`INSERT INTO person (code, name, area_code, zone, consent, consent_at, last_seen, created_at)
		SELECT 'c' || k, 'Ani ' || k, '32.10.' || (100 + k % $3::int), 'Asia/Jakarta', 'ya', $2::timestamptz - interval '90 days', $2, $2::timestamptz - interval '90 days' FROM generate_series(1, $1::int) k`, n, now, posts)
	w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+628120' || id, true, now() FROM person`)
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at)
		SELECT p.id, $1::date - 7 * k, 500000 + 1000 * (p.id % 100), 'sms', now(), now() FROM generate_series(0, 4) k, person p WHERE k > 0 OR p.id % 10 > 0`,
		prokus.WeekOf(now).Date())
	w.exec(`INSERT INTO grants (person_id, batch_id, stage, since, known_at, amount, spent) SELECT id, 1, CASE id % 2 WHEN 0 THEN 'cair' ELSE 'selesai' END, $1::date - 10, $1::timestamptz - interval '10 days', 3500000, 0 FROM person`, now)
	w.exec(`INSERT INTO session (starts_at, area_code, place, status) SELECT $2::timestamptz - interval '40 days' - interval '1 hour' * k, '32.10.' || (100 + k % $3::int), 'Balai', 'selesai' FROM generate_series(1, $1::int / 30 + 1) k`, n, now, posts)
	w.exec(`INSERT INTO invite (session_id, person_id, rsvp, attended) SELECT 1 + id / 30, id, 'ya', id % 7 > 0 FROM person`)
	w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, text, person_id, at) SELECT 'sim', 'i' || id, 'sms', '+628120' || id, 'text', '500rb', id, $1::timestamptz - interval '3 days' FROM person`, now)
	w.exec(`INSERT INTO outbox (person_id, channel, via, recipient, kind, lane, state, not_before, created_at, sent_at, said)
		SELECT id, 'sim', 'sms', '+628120' || id, 'reply', 1, 'sent', $1::timestamptz - interval '3 days', $1::timestamptz - interval '3 days', $1::timestamptz - interval '3 days', 'Tercatat' FROM person`, now)
	w.exec(`VACUUM ANALYZE`)
}

// plan is how PostgreSQL ran one statement.
type plan struct{ sql, text string }

// explainer is a pool whose connections report the plan of each statement, with times and pages, while somebody listens.
type explainer struct {
	*pgxpool.Pool
	mu    sync.Mutex
	on    bool
	seen  map[string]bool
	plans []plan
}

var queryText = regexp.MustCompile(`(?s)^(?:duration: [0-9.]+ ms  )?plan:\nQuery Text: (.*?)\n((?:\S.*\(cost=|Query Parameters:).*)$`)

func newExplainer(t testing.TB) *explainer {
	t.Helper()
	e := &explainer{}
	config, err := pgxpool.ParseConfig(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if m := queryText.FindStringSubmatch(n.Message); m != nil && !e.seen[m[1]] {
			e.seen[m[1]] = true
			e.plans = append(e.plans, plan{m[1], m[2]})
		}
	}
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		if !e.on {
			return nil
		}
		_, err := c.Exec(ctx, `LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on; SET auto_explain.log_buffers = on;
			SET auto_explain.log_level = notice; SET auto_explain.log_timing = on; SET client_min_messages = notice`)
		return err
	}
	if e.Pool, err = pgxpool.NewWithConfig(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Pool.Close)
	return e
}

// during are the plans of what f asks, the first of each statement.
func (e *explainer) during(f func()) []plan {
	listen := func(on bool) []plan {
		e.mu.Lock()
		e.on = on
		seen := e.plans
		e.seen, e.plans = map[string]bool{}, nil
		e.mu.Unlock()
		e.Reset() // new connections explain, or no longer do
		return seen
	}
	listen(true)
	f()
	return listen(false)
}

// short is the beginning of a statement on one line.
func (p plan) short() string {
	s := strings.Join(strings.Fields(p.sql), " ")
	return s[:min(len(s), 110)]
}

var (
	node    = regexp.MustCompile(`(?m)^\s*(?:->  )?(.*?)  \(cost=[^)]*\) \(actual time=\S+ rows=(\d+) loops=(\d+)\)$`)
	removed = regexp.MustCompile(`Rows Removed by (?:Join |Index Recheck|)Filter: (\d+)`)
)

// most is how many rows the busiest step of a plan looked at, and which it is.
func (p plan) most() (rows int, where string) {
	for _, m := range node.FindAllStringSubmatch(p.text, -1) {
		n, _ := strconv.Atoi(m[2])
		loops, _ := strconv.Atoi(m[3])
		if n*loops > rows {
			rows, where = n*loops, m[1]
		}
	}
	for _, m := range removed.FindAllStringSubmatch(p.text, -1) {
		if n, _ := strconv.Atoi(m[1]); n > rows {
			rows, where = n, m[0]
		}
	}
	return rows, where
}
