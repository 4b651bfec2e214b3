package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// world is the real turn on a real database, with a clock that stands until it is set.
type world struct {
	t    *testing.T
	ctx  context.Context
	pool *pgxpool.Pool
	db   *postgres.DB
	bot  *bot.Bot
	text *text.Catalogue

	mu  sync.Mutex
	now time.Time
	n   int // numbers inbound messages
}

var wib = prokus.Zone("Asia/Jakarta")

// Flows and texts never change while tests run: they are read once for all worlds.
var (
	loadBook  = sync.OnceValues(func() (*flows.Book, error) { return flows.Load(flows.Files) })
	loadTexts = sync.OnceValues(func() (*text.Catalogue, error) { return text.Load(text.Files) })
)

func newWorld(t *testing.T) *world {
	t.Helper()
	book, err := loadBook()
	if err != nil {
		t.Fatal(err)
	}
	texts, err := loadTexts()
	if err != nil {
		t.Fatal(err)
	}
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, ctx: t.Context(), pool: pool, db: db, text: texts, now: time.Date(2026, 6, 7, 18, 30, 0, 0, wib)}
	w.bot = bot.New(bot.Config{Book: book, Texts: texts, Store: db, Now: w.clock, Log: slog.New(slog.DiscardHandler), USSD: "*123*77#", Telegram: func() string { return "KabarProkusBot" }, PublicURL: "https://kabar.example.go.id"})
	w.cast()
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) at(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.pool.Exec(w.ctx, sql, args...); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) one(sql string, args ...any) (v int64) {
	w.t.Helper()
	if err := w.pool.QueryRow(w.ctx, sql, args...).Scan(&v); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// phones of the cast (journeys): beneficiaries by first name, staff by title and name.
var phones = map[string]string{
	"Siti": "+6281234567417", "Ani": "+6281200000002", "Yati": "+6281200000003", "Euis": "+6281200000004",
	"Pak Dedi": "+6281200000011", "Bu Nani": "+6281200000012", "Bu Rina": "+6281200000013",
}

// cast are the people of the transcripts: Kec. Maja in Kab. Majalengka with four beneficiaries, their TKSK, the coordinator
// of the kabupaten and a mentor.
func (w *world) cast() {
	w.exec(`INSERT INTO area VALUES ('32', NULL, 1, 'Jawa Barat', 'Asia/Jakarta'), ('32.10', '32', 2, 'Majalengka', 'Asia/Jakarta'),
		('32.10.07', '32.10', 3, 'Maja', 'Asia/Jakarta') ON CONFLICT DO NOTHING`)
	w.exec(`INSERT INTO holiday (day, name) VALUES ('2026-06-16', 'Tahun Baru Islam') ON CONFLICT DO NOTHING`)
	w.exec(`INSERT INTO batch (name, amount, opened_on) VALUES ('ProKUS 2026', 3500000, '2026-03-01')`)
	for _, s := range prokus.DefaultStages() {
		w.exec(`INSERT INTO batch_stage SELECT id, $1, $2, $3, $4 FROM batch`, s.Code, s.Step, s.Norm, s.Stuck)
	}
	for i, s := range []struct{ role, name, title, area string }{
		{"tksk", "Dedi Supriadi", "Pak", "32.10.07"}, {"koordinator", "Nani Suryani", "Bu", "32.10"}, {"mentor", "Rina Marlina", "Bu", "32.10"},
	} {
		w.exec(`WITH s AS (INSERT INTO staff (role, name, title) VALUES ($1, $2, $3) RETURNING id), a AS (INSERT INTO staff_area SELECT id, $4 FROM s)
			INSERT INTO address (staff_id, kind, value, is_primary, linked_at) SELECT id, 'phone', $5, true, $6 FROM s`,
			s.role, s.name, s.title, s.area, fmt.Sprintf("+62812000000%d", 11+i), w.now)
	}
	for _, p := range []struct {
		code, name, village string
		born                int
	}{{"482919", "Siti Aminah", "Cengal", 1968}, {"173609", "Ani Suryani", "Cengal", 1963}, {"550210", "Yati Rohayati", "Wanahayu", 1970}, {"608471", "Euis Komala", "Wanahayu", 1985}} {
		first := prokus.Person{Name: p.name}.First()
		w.exec(`WITH p AS (INSERT INTO person (code, name, birth_year, area_code, village, rt, business, cluster, batch_id, consent, consent_at, zone, created_at)
			SELECT $1, $2, $3, '32.10.07', $4, 'RT3/5', 'kue basah', 'kuliner', id, 'ya', '2026-05-04 09:00+07', 'Asia/Jakarta', '2026-05-04 09:00+07' FROM batch RETURNING id)
			INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', $5, true, '2026-05-04 09:00+07' FROM p`,
			p.code, p.name, p.born, p.village, phones[first])
	}
}

func (w *world) person(name string) int64 {
	return w.one(`SELECT id FROM person WHERE name LIKE $1 || ' %'`, name)
}

// report gives somebody a history of weekly figures without a turn.
func (w *world) report(name string, week string, amount int64) {
	wk, err := prokus.ParseWeek(week)
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec(`INSERT INTO report (person_id, week, amount, channel, at, changed_at) VALUES ($1, $2, $3, 'sim', $4, $4)`, w.person(name), wk.Date(), amount, wk.Ends(wib))
	w.exec(`UPDATE person SET last_seen = greatest(last_seen, $2) WHERE id = $1`, w.person(name), wk.Ends(wib))
}

// said is one message that a turn caused, as the phone shows it.
type said struct{ to, text string }

// sms sends a text and returns what it caused that may leave now, rendered as it would leave.
func (w *world) sms(from, txt string) []said {
	w.t.Helper()
	return w.caused(w.handle(w.inbound(from, channels.SMS, txt)))
}

func (w *world) inbound(from string, via channels.Via, txt string) channels.Inbound {
	w.n++
	return channels.Inbound{
		Channel: "sim", ID: fmt.Sprintf("in-%d", w.n), Via: via, From: from, To: "KABAR", Kind: channels.Text, Text: txt, Raw: []byte(txt), ReceivedAt: w.clock(),
	}
}

func (w *world) handle(in channels.Inbound) channels.Reply {
	w.t.Helper()
	r, err := w.bot.Handle(w.ctx, in)
	if err != nil {
		w.t.Fatalf("turn %q: %v", in.Text, err)
	}
	return r
}

// caused renders the outbox rows of a turn that are due.
func (w *world) caused(r channels.Reply) (out []said) {
	w.t.Helper()
	rows, err := w.pool.Query(w.ctx, `SELECT coalesce(nullif(recipient, ''), (SELECT value FROM address a WHERE a.kind = 'phone' AND (a.person_id = o.person_id OR a.staff_id = o.staff_id) LIMIT 1), ''),
		text_key, args, lang, coalesce(nullif(via, ''), 'sms') FROM outbox o WHERE cause = $1 AND not_before <= $2 ORDER BY seq`, r.Inbox, w.clock())
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var to, key, lang, via string
		var args text.Args
		if err := rows.Scan(&to, &key, &args, &lang, &via); err != nil {
			w.t.Fatal(err)
		}
		txt, err := w.text.Render(key, lang, args, text.Route{Via: via, MaxParts: 1})
		if err != nil {
			w.t.Fatalf("render %s: %v", key, err)
		}
		out = append(out, said{to, txt.Text})
	}
	return out
}

// dial sends a USSD session's inputs so far and returns the screen with its CON or END.
func (w *world) dial(from, session string, inputs ...string) (string, channels.Reply) {
	w.t.Helper()
	in := w.inbound(from, channels.USSD, "")
	in.Channel, in.ID, in.Session, in.Inputs = "ussd", fmt.Sprintf("%s|%q", session, inputs), session, inputs
	r := w.handle(in)
	if r.End {
		return "E> " + r.Text, r
	}
	return "C> " + r.Text, r
}
