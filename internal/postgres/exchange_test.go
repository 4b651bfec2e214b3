package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/pgtest"
	"github.com/kabar-prokus/kabar/internal/postgres"
)

// Every exchange stands beside its message, bound by our id or by the provider's, bounded and for ninety days.
func TestExchanges(t *testing.T) {
	pool := pgtest.New(t)
	db, err := postgres.Open(pool)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 6, 10, 14, 30, 0, 0, time.UTC)
	var id string
	if err := pool.QueryRow(t.Context(), `INSERT INTO outbox (kind, lane, text_key, channel, provider_id, not_before, created_at)
		VALUES ('reply', 1, 'menu', 'twilio', 'SM1', $1, $1) RETURNING id::text`, now).Scan(&id); err != nil {
		t.Fatal(err)
	}
	record := func(x channels.Exchange) {
		t.Helper()
		x.At = now
		if err := db.RecordExchange(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	count := func(where string, args ...any) (n int) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), `SELECT count(*) FROM exchange WHERE `+where, args...).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	record(channels.Exchange{Message: id, Channel: "twilio", What: channels.ExchangeSend, Outcome: "accepted", ProviderID: "SM1", HTTP: 201, Took: time.Second})
	record(channels.Exchange{Channel: "twilio", What: channels.ExchangeStatus, Outcome: "delivered", ProviderID: "SM1"})
	record(channels.Exchange{Channel: "smpp", What: channels.ExchangeStatus, Outcome: "delivered", ProviderID: "SM1"}) // another provider's number
	record(channels.Exchange{Channel: "smpp", What: channels.ExchangeStatus, Outcome: "delivered"})
	record(channels.Exchange{Message: "' OR 1=1", Channel: "smpp", What: channels.ExchangeStatus, Outcome: strings.Repeat("é", 999), Code: "7"})
	if a, b := count(`outbox_id = $1::uuid`, id), count(`outbox_id IS NULL`); a != 2 || b != 3 {
		t.Errorf("%d beside the message and %d beside none", a, b)
	}
	for i := range 150 { // a provider that repeats itself for ever
		record(channels.Exchange{Channel: "twilio", What: channels.ExchangeStatus, Outcome: "sent", Code: fmt.Sprint(i), ProviderID: "SM1"})
	}
	if n := count(`outbox_id = $1::uuid`, id); n != 100 {
		t.Errorf("%d are kept of one message", n)
	}
	forget := func(at time.Time) {
		t.Helper()
		if err := db.Schedule().Forget(t.Context(), at, nil); err != nil {
			t.Fatal(err)
		}
	}
	forget(now.AddDate(0, 0, 89))
	if n := count(`true`); n != 103 {
		t.Errorf("%d are left after 89 days", n)
	}
	forget(now.AddDate(0, 0, 91))
	if n := count(`true`); n != 0 {
		t.Errorf("%d are left after 91 days", n)
	}
}
