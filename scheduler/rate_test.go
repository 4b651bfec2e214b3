package scheduler_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels/telegram"
	"github.com/kabar-prokus/kabar/internal/fake"
	"github.com/kabar-prokus/kabar/internal/postgres"
	"github.com/kabar-prokus/kabar/internal/prokus"
	"github.com/kabar-prokus/kabar/scheduler"
)

const botToken = "1000000001:a-token-of-the-double"

// telegramWorld is a programme whose people are all on Telegram; the double refuses the thirty-first message of a second
// and the second of a second in one chat, by the programme's clock.
func telegramWorld(t *testing.T) (*world, *fake.Telegram) {
	t.Helper()
	double := fake.NewTelegram(botToken)
	t.Cleanup(double.Close)
	w := newWorldWith(t, "2026-06-08 09:00", nil)
	w.ownClock()
	double.SetClock(w.Clock.Now)
	double.Limit(30, 1)
	bot, err := telegram.New(telegram.Config{Token: botToken, BaseURL: double.URL, Now: w.Clock.Now}, nil)
	w.must(err)
	c := w.Config
	c.Clock = w.clock
	c.Senders, c.Terms = append(c.Senders, bot), []scheduler.Terms{
		{Channel: "telegram", Via: "telegram", Rate: scheduler.Rate{PerSecond: 29, Burst: 7, PerChat: time.Second}}, {Channel: "sim", Via: "sms", Price: 350},
	}
	w.Scheduler, err = scheduler.New(c)
	w.must(err)
	return w, double
}

// ownClock makes a clock that stands still but for pass: one that the database keeps runs on with the machine's.
func (w *world) ownClock() {
	w.t.Helper()
	now := w.Clock.Now()
	w.passed = new(atomic.Int64)
	var err error
	w.clock, err = scheduler.NewClock(w.ctx, func() time.Time { return now.Add(time.Duration(w.passed.Load())) }, w.db.Schedule())
	w.must(err)
	w.Config.Clock = w.clock
}

func (w *world) pass(d time.Duration) { w.passed.Add(int64(d)) }

// chats adds people who are on Telegram, chat 100001 and on, and returns their ids.
func (w *world) chats(double *fake.Telegram, n int) (people []int64) {
	w.t.Helper()
	w.exec(`
		WITH p AS (
			INSERT INTO person (code, name, area_code, zone, consent, consent_at, last_seen, created_at)
			SELECT (100000 + n)::text, 'Siti ' || n, '32.10.07', 'Asia/Jakarta', 'ya', $2::timestamptz - interval '60 days', $2::timestamptz - interval '3 days', $2::timestamptz - interval '60 days'
			FROM generate_series(1, $1) n RETURNING id
		)
		INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'telegram', (100000 + row_number() OVER (ORDER BY id))::text, true, now() FROM p`, n, w.Clock.Now())
	rows, err := w.pool.Query(w.ctx, `SELECT person_id, value::bigint FROM address WHERE kind = 'telegram' ORDER BY value::bigint`)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var id, chat int64
		w.must(rows.Scan(&id, &chat))
		double.Know(chat)
		people = append(people, id)
	}
	w.must(rows.Err())
	return people
}

// broadcast writes one message for everybody and lets workers take all of them at once, as River does.
func (w *world) broadcast(people []int64) {
	w.t.Helper()
	msgs := make([]prokus.Message, 0, len(people))
	for _, p := range people {
		msgs = append(msgs, prokus.Message{Key: "b:" + strconv.FormatInt(p, 10), Person: p, Kind: prokus.KindBroadcast, Literal: "Pasar murah Sabtu pagi di balai desa."})
	}
	var ids []string
	w.must(w.db.InTx(w.ctx, func(tx *postgres.Tx) (err error) {
		ids, err = tx.Enqueue(w.ctx, w.Clock.Now(), msgs...)
		return err
	}))
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := n; i < len(ids); i += 8 {
				if err := w.Deliver(w.ctx, ids[i:i+1]); err != nil {
					w.t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// pump runs the pump for a tenth of a second of the programme's time.
func (w *world) pump() (busy bool) {
	w.t.Helper()
	w.pass(100 * time.Millisecond)
	busy, wait, err := w.Pump(w.ctx, w.Clock.Now())
	w.must(err)
	w.must(wait())
	return busy
}

// A run to many people keeps to Telegram's limits to the message, uses them nearly up, and never keeps an answer waiting
// (faults.md R6, K6).
func TestR6K6TelegramRunAtItsRate(t *testing.T) {
	t.Parallel()
	const people = 10000
	w, double := telegramWorld(t)
	ids := w.chats(double, people)
	real := time.Now()
	began := w.Clock.Now()
	w.broadcast(ids)
	var asked, answered time.Time
	var answer string
	for steps := 0; w.pump(); steps++ {
		if steps == people/29*10/2 { // in the middle
			asked = w.Clock.Now()
			answer = w.enqueue(prokus.Message{Person: ids[people-1], Channel: "telegram", Via: "telegram", To: strconv.Itoa(100000 + people), Kind: prokus.KindReply, Text: "button.stale"})
			w.must(w.Deliver(w.ctx, []string{answer}))
		}
		if answered.IsZero() && answer != "" && w.state(answer) == "sent" {
			answered = w.Clock.Now()
		}
		if steps > people {
			t.Fatal("it does not end")
		}
	}
	took, theory := w.Clock.Now().Sub(began), time.Duration(people)*time.Second/30
	t.Logf("%d people in %s, theory %s (%.1f %%), answer after %s, %d refused, %s of real time", people, took, theory,
		100*took.Seconds()/theory.Seconds(), answered.Sub(asked), double.Violations(), time.Since(real).Round(time.Second))
	if took > theory*105/100 {
		t.Errorf("the run took %s, theory is %s", took, theory)
	}
	if double.Violations() != 0 {
		t.Errorf("%d messages were refused for going too fast", double.Violations())
	}
	if answered.IsZero() || answered.Sub(asked) > time.Second {
		t.Errorf("the answer went out after %s", answered.Sub(asked))
	}
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE state = 'sent'`); n != people+1 {
		t.Errorf("%d of %d sent", n, people+1)
	}
	if n := one[int](w, `SELECT count(*) FROM outbox WHERE attempts <> 1`); n != 0 {
		t.Errorf("%d took more than one attempt", n)
	}
}
