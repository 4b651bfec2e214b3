package console_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

var wib = prokus.Zone("Asia/Jakarta")

// noon is the programme's time of the tests: Wednesday, after the reports of 1-7 Jun have closed.
var noon = time.Date(2026, 6, 10, 14, 30, 0, 0, wib)

// texts stands in for the catalogue: what a queued message will say is tested where texts are.
type texts struct{}

func (texts) Render(key, lang string, args text.Args, r text.Route) (text.Rendered, error) {
	return text.Rendered{Text: "[" + key + "]", Parts: 1}, nil
}

// world is a console over a real database, with two kabupaten and a person of every role.
type world struct {
	t     testing.TB
	pool  *pgxpool.Pool
	db    *postgres.Console
	srv   *httptest.Server
	log   *lockedBuffer
	mu    sync.Mutex
	clock time.Time        // the programme's
	wall  time.Time        // of sessions
	staff map[string]int64 // by first name
}

func newWorld(t testing.TB, change ...func(*console.Config)) *world {
	t.Helper()
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, pool: pool, db: db.Console(), clock: noon, wall: noon, staff: map[string]int64{}, log: &lockedBuffer{}}
	w.exec(`DELETE FROM area`)
	w.exec(`INSERT INTO area (code, parent, level, name, zone) VALUES
		('32', NULL, 1, 'Jawa Barat', 'Asia/Jakarta'),
		('32.10', '32', 2, 'Majalengka', 'Asia/Jakarta'), ('32.10.07', '32.10', 3, 'Maja', 'Asia/Jakarta'), ('32.10.09', '32.10', 3, 'Sukahaji', 'Asia/Jakarta'),
		('32.17', '32', 2, 'Bandung Barat', 'Asia/Jakarta'), ('32.17.01', '32.17', 3, 'Lembang', 'Asia/Jakarta')`)
	w.exec(`INSERT INTO batch (name, amount, opened_on) VALUES ('ProKUS 2026', 3500000, '2026-01-05')`)
	w.exec(`INSERT INTO batch_stage (batch_id, code, step, norm_days, stuck_days) VALUES (1, 'bank', 5, 7, 21), (1, 'cair', 6, 14, 30)`)
	for _, s := range []struct{ role, title, name, area string }{
		{"koordinator", "Bu", "Nani Suryani", "32.10"}, {"koordinator", "Pak", "Yusuf Hidayat", "32.10"},
		{"koordinator", "Bu", "Wulan Sari", "32.17"}, {"kementerian", "Bu", "Ratna Dewi", "ID"}, {"kementerian", "Pak", "Bagus Wijaya", "ID"},
		{"tksk", "Pak", "Dedi Kurnia", "32.10.07"}, {"tksk", "Pak", "Ujang Rahmat", "32.17.01"}, {"mentor", "Bu", "Rina Melati", "32.10"},
	} {
		var id int64
		w.scan(&id, `INSERT INTO staff (role, title, name, institution) VALUES ($1, $2, $3, 'Dinas Sosial') RETURNING id`, s.role, s.title, s.name)
		w.exec(`INSERT INTO staff_area (staff_id, area_code) VALUES ($1, $2)`, id, s.area)
		first, _, _ := strings.Cut(s.name, " ")
		w.staff[strings.ToLower(first)] = id
	}
	cfg := console.Config{Store: w.db, Texts: texts{}, Now: w.now, Wall: w.real, Log: slog.New(slog.NewTextHandler(w.log, nil))}
	for _, f := range change {
		f(&cfg)
	}
	h, err := console.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.srv = httptest.NewServer(h)
	t.Cleanup(w.srv.Close)
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) set(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = at
}

func (w *world) real() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.wall
}

func (w *world) setReal(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wall = at
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.pool.Exec(context.Background(), sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) scan(to any, sql string, args ...any) {
	w.t.Helper()
	if err := w.pool.QueryRow(context.Background(), sql, args...).Scan(to); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	w.scan(&n, sql, args...)
	return n
}

// someone is a person who agreed and has a number, unless the change says otherwise.
type someone struct {
	code, name, area, lang, consent, status, phone, telegram string
	born                                                     int
}

func (w *world) person(s someone) int64 {
	w.t.Helper()
	def := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	def(&s.area, "32.10.07")
	def(&s.lang, "id")
	def(&s.consent, "ya")
	def(&s.status, "aktif")
	def(&s.name, "Siti Aminah")
	var id int64
	w.scan(&id, `INSERT INTO person (code, name, area_code, lang, consent, status, birth_year, batch_id, zone, village, business, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 'Asia/Jakarta', 'Cengal', 'kue basah', $8) RETURNING id`,
		s.code, s.name, s.area, s.lang, s.consent, s.status, s.born, noon.AddDate(0, -3, 0))
	if s.phone != "" {
		w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'phone', $2, $3, $4)`, id, s.phone, s.telegram == "", noon)
	}
	if s.telegram != "" {
		w.exec(`INSERT INTO address (person_id, kind, value, is_primary, linked_at) VALUES ($1, 'telegram', $2, true, $3)`, id, s.telegram, noon)
	}
	return id
}

// crowd adds n people who can be written to, and gives their ids.
func (w *world) crowd(n int, area string) []int64 {
	w.t.Helper()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = w.person(someone{code: code(i), name: fmt.Sprintf("Orang %c%c", 'A'+i/26%26, 'A'+i%26), area: area, phone: fmt.Sprintf("+62813%07d", i)})
	}
	return ids
}

// code is the n-th valid code.
func code(n int) string { return prokus.WithCheckDigit(fmt.Sprintf("%06d", 700000+n)) }

// browser is somebody with cookies.
type browser struct {
	w      *world
	client *http.Client
	csrf   string
}

func (w *world) visitor() *browser {
	return &browser{w: w, client: &http.Client{
		Jar:           newJar(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       30 * time.Second,
	}}
}

// as logs a member of staff in through a one-time link, as they do.
func (w *world) as(name string) *browser {
	w.t.Helper()
	b := w.visitor()
	token, err := w.db.NewLoginLink(context.Background(), w.staff[name], w.real())
	if err != nil {
		w.t.Fatal(err)
	}
	if got := b.post("/masuk/"+token, nil); got.status != http.StatusSeeOther {
		w.t.Fatalf("log in as %s: %d %s", name, got.status, got.body)
	}
	w.scan(&b.csrf, `SELECT csrf FROM login WHERE staff_id = $1 ORDER BY at DESC, seen_at DESC, csrf LIMIT 1`, w.staff[name])
	// The page itself carries the token: take it from there, so that a form without one is noticed.
	home := b.get("/")
	_, rest, ok := strings.Cut(home.body, `name="csrf" value="`)
	if !ok {
		w.t.Fatalf("no token on the first page of %s", name)
	}
	b.csrf, _, _ = strings.Cut(rest, `"`)
	return b
}

type answer struct {
	status int
	body   string
	header http.Header
}

func (b *browser) get(path string) answer { return b.do(http.MethodGet, path, nil, nil) }

func (b *browser) post(path string, form url.Values) answer {
	f := url.Values{}
	for k, v := range form {
		f[k] = v
	}
	if b.csrf != "" && !f.Has("csrf") {
		f.Set("csrf", b.csrf)
	}
	return b.do(http.MethodPost, path, f, map[string]string{"Sec-Fetch-Site": "same-origin"})
}

func (b *browser) do(method, path string, form url.Values, header map[string]string) answer {
	b.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, b.w.srv.URL+path, body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return answer{res.StatusCode, string(all), res.Header}
}
