package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// BenchmarkTurn is a whole turn: inbox, lock, places, the report flow with its history, the change, the reply's outbox row
// and its job, in one commit. BenchmarkInsertCommit is the floor on the same server: one row in one commit.
// Both report commits a second with eight writers; the test server runs without fsync, for both alike.
func BenchmarkTurn(b *testing.B) {
	const people = 2000
	book, err := flows.Load(flows.Files)
	if err != nil {
		b.Fatal(err)
	}
	texts, err := text.Load(text.Files)
	if err != nil {
		b.Fatal(err)
	}
	pool := pgtest.New(b)
	db, err := postgres.Open(pool)
	if err != nil {
		b.Fatal(err)
	}
	now := time.Date(2026, 6, 7, 19, 0, 0, 0, wib)
	for _, sql := range []string{
		`INSERT INTO area VALUES ('32', NULL, 1, 'Jawa Barat', 'Asia/Jakarta'), ('32.10', '32', 2, 'Majalengka', 'Asia/Jakarta'),
			('32.10.07', '32.10', 3, 'Maja', 'Asia/Jakarta') ON CONFLICT DO NOTHING`,
		fmt.Sprintf(`INSERT INTO person (code, name, area_code, consent, consent_at, zone, created_at)
			SELECT (100000 + i)::text, 'Siti Nomor' || i, '32.10.07', 'ya', now(), 'Asia/Jakarta', now() FROM generate_series(0, %d) i`, people-1),
		`INSERT INTO address (person_id, kind, value, is_primary, linked_at) SELECT id, 'phone', '+62812' || lpad((code::int - 100000)::text, 8, '0'), true, now() FROM person`,
		`INSERT INTO report (person_id, week, amount, channel, at, changed_at)
			SELECT id, w::date, 600000, 'sim', now(), now() FROM person, generate_series('2026-05-04'::date, '2026-05-25', interval '7 days') w`,
		`ANALYZE`,
	} {
		if _, err := pool.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	handler := bot.New(bot.Config{Book: book, Texts: texts, Store: db, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), USSD: "*123*77#"})
	var n atomic.Int64
	b.SetParallelism(4) // eight writers on two cores
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			txt := "750rb"
			if i > people { // everybody has reported: corrections are as heavy
				txt = fmt.Sprintf("ubah %drb", 500+i%400)
			}
			_, err := handler.Handle(context.Background(), channels.Inbound{
				Channel: "sim", ID: fmt.Sprintf("bench-%d", i), Via: channels.SMS, From: fmt.Sprintf("+62812%08d", i%people), Kind: channels.Text, Text: txt, Raw: []byte(txt), ReceivedAt: now,
			})
			if err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
}

func BenchmarkInsertCommit(b *testing.B) {
	pool := pgtest.New(b)
	if _, err := pool.Exec(b.Context(), `CREATE TABLE floor (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v text)`); err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := pool.Exec(context.Background(), `INSERT INTO floor (v) VALUES ('x')`); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}
