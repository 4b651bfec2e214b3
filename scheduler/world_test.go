package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

// world is a programme with its people, a clock that only moves when it is told to, and a provider that remembers.
type world struct {
	*scheduler.Scheduler
	t     testing.TB
	ctx   context.Context
	pool  *pgxpool.Pool
	db    *postgres.DB
	sim   *provider
	clock *scheduler.Clock
	// passed is how far ownClock has been moved.
	passed *atomic.Int64
}

// provider is a sender that keeps what it was given; it is the judge of doubles.
type provider struct {
	name string
	mu   sync.Mutex
	got  []channels.Outbound
	fail func(channels.Outbound) error // nil: it takes everything
}

func (p *provider) Name() string { return p.name }

func (p *provider) Send(_ context.Context, m channels.Outbound) (channels.Sent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		if err := p.fail(m); err != nil {
			return channels.Sent{}, err
		}
	}
	p.got = append(p.got, m)
	return channels.Sent{ProviderID: "sim-" + m.ID}, nil
}

func (p *provider) times(id string) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.got {
		if m.ID == id {
			n++
		}
	}
	return n
}

func (p *provider) all() []channels.Outbound {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]channels.Outbound(nil), p.got...)
}

func (p *provider) forget() { p.mu.Lock(); p.got = nil; p.mu.Unlock() }

// asked is a provider that can be asked what it has.
type asked struct{ *provider }

func (a asked) Find(_ context.Context, m channels.Outbound) (channels.Sent, bool, error) {
	if a.times(m.ID) > 0 {
		return channels.Sent{ProviderID: "sim-" + m.ID}, true, nil
	}
	return channels.Sent{}, false, nil
}

// openings knows the steps that scheduled messages open.
func openings(ref string) (scheduler.Opening, bool) {
	switch ref {
	case "report#ask", "report#addition":
		return scheduler.Opening{Choice: true, Typed: "amount"}, true
	}
	return scheduler.Opening{Choice: true}, true
}

func texts(t testing.TB) *text.Catalogue {
	t.Helper()
	c, err := text.Load(text.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newWorld(t testing.TB, start string) *world { return newWorldWith(t, start, nil) }

func newWorldWith(t testing.TB, start string, change func(*scheduler.Config)) *world {
	t.Helper()
	return newWorldOn(t, pgtest.New(t), start, change)
}

func newWorldOn(t testing.TB, pool *pgxpool.Pool, start string, change func(*scheduler.Config)) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), pool: pool, sim: &provider{name: "sim"}}
	var err error
	if w.db, err = postgres.Open(w.pool); err != nil {
		t.Fatal(err)
	}
	if _, err := w.db.StartClock(w.ctx, local(start).Add(-5*time.Minute)); err != nil {
		t.Fatal(err)
	}
	frozen := time.Now()
	if w.clock, err = scheduler.NewClock(w.ctx, func() time.Time { return frozen }, w.db.Schedule()); err != nil {
		t.Fatal(err)
	}
	c := scheduler.Config{Store: w.db.Schedule(), Clock: w.clock, Texts: texts(t), Openings: openings, Senders: []channels.Sender{w.sim}, SMS: "sim"}
	if change != nil {
		change(&c)
	}
	if w.Scheduler, err = scheduler.New(c); err != nil {
		t.Fatal(err)
	}
	w.must(w.clock.Set(w.ctx, local(start)))
	w.areas()
	return w
}

func local(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, prokus.Zone("Asia/Jakarta"))
	if err != nil {
		panic(err)
	}
	return t
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.pool.Exec(w.ctx, sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func one[T any](w *world, sql string, args ...any) (v T) {
	w.t.Helper()
	if err := w.pool.QueryRow(w.ctx, sql, args...).Scan(&v); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// areas are one kecamatan in each zone.
func (w *world) areas() {
	w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES
		('32', NULL, 1, 'Jawa Barat', 'Asia/Jakarta'), ('32.10', '32', 2, 'Majalengka', 'Asia/Jakarta'), ('32.10.07', '32.10', 3, 'Maja', 'Asia/Jakarta'),
		('73', NULL, 1, 'Sulawesi Selatan', 'Asia/Makassar'), ('73.06', '73', 2, 'Gowa', 'Asia/Makassar'), ('73.06.01', '73.06', 3, 'Bontonompo', 'Asia/Makassar'),
		('94', NULL, 1, 'Papua', 'Asia/Jayapura'), ('94.71', '94', 2, 'Jayapura', 'Asia/Jayapura'), ('94.71.01', '94.71', 3, 'Abepura', 'Asia/Jayapura')`)
}

func (w *world) staff(role, title, name, area, phone string) (id int64) {
	w.t.Helper()
	id = one[int64](w, `INSERT INTO staff (role, name, title) VALUES ($1, $2, $3) RETURNING id`, role, name, title)
	w.exec(`INSERT INTO staff_area (staff_id, area_code) VALUES ($1, $2)`, id, area)
	w.exec(`INSERT INTO address (staff_id, kind, value, is_primary, linked_at) VALUES ($1, 'phone', $2, true, now())`, id, phone)
	return id
}

// person is somebody who agreed a long time ago.
func (w *world) person(code, name, area, phone string) (id int64) {
	w.t.Helper()
	id = one[int64](w, `
		INSERT INTO person (code, name, area_code, village, rt, zone, consent, consent_at, last_seen, created_at, birth_year)
		SELECT $1, $2, $3, 'Cengal', 'RT3/5', zone, 'ya', $4::timestamptz - interval '60 days', $4::timestamptz - interval '3 days', $4::timestamptz - interval '60 days', 1980
		FROM area WHERE code = $3 RETURNING id`, code, name, area, w.Clock.Now())
	w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'phone', $2, true, now())`, id, phone)
	return id
}

func (w *world) report(person int64, week string, amount int64) {
	w.t.Helper()
	pw, err := prokus.ParseWeek(week)
	w.must(err)
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, $2, $3, 'sms', $4, $4)`, person, pw.Date(), amount, w.Clock.Now())
}

func (w *world) cast() (siti, dedi int64) {
	w.t.Helper()
	dedi = w.staff("tksk", "Pak", "Dedi Kurnia", "32.10.07", "+6281100000001")
	w.staff("koordinator", "Bu", "Nani", "32.10", "+6281100000002")
	return w.person("482919", "Siti Aminah", "32.10.07", "+6281234567417"), dedi
}

// until advances and returns what was said since, "when to: text".
func (w *world) until(to string) (said []string) {
	w.t.Helper()
	w.sim.forget()
	n, err := w.Advance(w.ctx, local(to))
	w.must(err)
	for _, m := range w.sim.all() {
		said = append(said, fmt.Sprintf("%s %s: %s", m.At.In(prokus.Zone("Asia/Jakarta")).Format("Mon 02 15:04"), m.To[len(m.To)-3:], m.Text))
	}
	if n != len(said) {
		w.t.Errorf("Advance says %d delivered, the provider got %d", n, len(said))
	}
	return said
}

func (w *world) expect(got []string, want ...string) {
	w.t.Helper()
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			w.t.Errorf("missing: %s", want[i])
		case i >= len(want):
			w.t.Errorf("too much: %s", got[i])
		case got[i] != want[i]:
			w.t.Errorf("got  %s\nwant %s", got[i], want[i])
		}
	}
}

// enqueue writes one message and returns its id.
func (w *world) enqueue(m prokus.Message) string {
	w.t.Helper()
	var ids []string
	w.must(w.db.InTx(w.ctx, func(tx *postgres.Tx) (err error) {
		ids, err = tx.Enqueue(w.ctx, w.Clock.Now(), m)
		return err
	}))
	return ids[0]
}

func (w *world) state(id string) string {
	return one[string](w, `SELECT state FROM outbox WHERE id = $1`, id)
}

func refuse(kind channels.ErrorKind) error {
	return &channels.SendError{Kind: kind, Code: "x", Err: errors.New("refused")}
}
