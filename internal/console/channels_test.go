package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/console"
)

// roadsWorld has a sender that is on and one that is off.
func roadsWorld(t *testing.T) *world {
	return newWorld(t, func(c *console.Config) {
		c.Channels = func() []console.Channel {
			return []console.Channel{
				{Name: "smsgate", Title: "HP Android (SMSGate)", On: true, Sends: true, Price: 120, Prices: "telkomsel Rp60", Rate: "10/detik", Order: 1},
				{Name: "smpp", Title: "Operator (SMPP)", Missing: "SMPP_ADDR"},
			}
		}
	})
}

// The page of channels says what is on, what passed, what waits, what is broken and what it costs.
func TestChannelsPage(t *testing.T) {
	w := roadsWorld(t)
	siti := w.person(someone{code: "482919", name: "Siti Aminah", phone: "+6281234567417"})
	w.exec(`INSERT INTO outbox (person_id, channel, via, kind, lane, literal, state, cost, not_before, created_at, sent_at) VALUES ($1, 'smsgate', 'sms', 'reply', 1, 'x', 'sent', 120, $2, $2, $2)`, siti, noon)
	w.exec(`INSERT INTO outbox (person_id, kind, lane, literal, awaits, not_before, created_at) VALUES ($1, 'reply', 1, 'x', 'smsgate', $2, $2)`, siti, noon)
	w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, at) VALUES ('smsgate', 'a', 'sms', '+62', 'text', $1)`, noon)
	w.exec(`INSERT INTO channel_gate (channel, reason, since, closed_until, pause_ms) VALUES ('smsgate', 'down', $1, $1, 30000)`, noon)
	w.exec(`INSERT INTO gateway_phone (channel, name, seen_at, battery, charging) VALUES ('smsgate', 'hp1', $1, 17, true)`, noon)
	w.exec(`INSERT INTO outage (channel, unit, reason, from_at) VALUES ('smsgate', 'hp1', 'silent', $1)`, noon)
	w.exec(`INSERT INTO alarm (key, kind, about, since) VALUES ('battery:hp1', 'battery', 'hp1', $1)`, noon)
	w.exec(`INSERT INTO spending (area, day, channel, segments, cost) VALUES ('32.10', '2026-06-10', 'smsgate', 1, 120), ('32.17', '2026-06-10', 'smsgate', 1, 777), ('ID', '2026-06-10', 'smsgate', 2, 897)`)
	got := w.as("nani").get("/saluran")
	for _, want := range []string{"Rp120 per SMS", "telkomsel Rp60", "10/detik", "SMPP_ADDR belum diisi", "Tidak jalan", "17%, sedang diisi", "HP diam", "masih", "Baterai lemah", "urutan 1"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(got.body, "Rp777") || strings.Contains(got.body, "Semua kabupaten") {
		t.Error("a coordinator sees the money of others")
	}
	if body := w.as("ratna").get("/saluran").body; !strings.Contains(body, "Rp777") || !strings.Contains(body, "Rp897") {
		t.Error("the ministry does not see all money")
	}
}

// A cap is set for one's own kabupaten only; prepaid credit loses what is sent after it was noted.
func TestBudgetAndCredit(t *testing.T) {
	w := roadsWorld(t)
	nani, ratna := w.as("nani"), w.as("ratna")
	if got := nani.post("/saluran/anggaran", url.Values{"wilayah": {"32.10"}, "harian": {"Rp50.000"}, "bulanan": {""}}); got.status != 303 {
		t.Fatalf("own kabupaten: %d", got.status)
	}
	for _, area := range []string{"32.17", "ID", "99.99", "32.10.07"} {
		if got := nani.post("/saluran/anggaran", url.Values{"wilayah": {area}, "harian": {"1"}}); got.status != 404 {
			t.Errorf("%s: %d", area, got.status)
		}
	}
	if got := ratna.post("/saluran/anggaran", url.Values{"wilayah": {"ID"}, "bulanan": {"9000000"}}); got.status != 303 {
		t.Errorf("the nation: %d", got.status)
	}
	if got := nani.post("/saluran/anggaran", url.Values{"wilayah": {"32.10"}, "harian": {"banyak"}}); got.status != 422 {
		t.Errorf("no amount: %d", got.status)
	}
	var caps string
	w.scan(&caps, `SELECT string_agg(concat_ws(' ', area, daily, monthly), ', ' ORDER BY area) FROM budget`)
	if caps != "32.10 50000, ID 9000000" {
		t.Errorf("caps: %s", caps)
	}
	w.exec(`INSERT INTO spending (area, day, channel, segments, cost) VALUES ('ID', '2026-06-10', 'smsgate', 1, 4000)`)
	if got := nani.post("/saluran/pulsa", url.Values{"saluran": {"smsgate"}, "pulsa": {"100.000"}, "berlaku": {"2026-07-01"}}); got.status != 303 {
		t.Fatalf("credit: %d", got.status)
	}
	w.exec(`UPDATE spending SET cost = 5500`)
	if body := nani.get("/saluran").body; !strings.Contains(body, "Rp98.500") || !strings.Contains(body, "1 Jul 2026") {
		t.Error("what was sent since is not taken off")
	}
	for _, bad := range []url.Values{{"saluran": {"smpp"}, "pulsa": {"1000"}}, {"saluran": {"smsgate"}, "pulsa": {"1000"}, "berlaku": {"2026-06-01"}}, {"saluran": {"smsgate"}}} {
		if got := nani.post("/saluran/pulsa", bad); got.status != 400 && got.status != 422 {
			t.Errorf("%v: %d", bad, got.status)
		}
	}
	if n := w.count(`SELECT count(*) FROM audit WHERE what IN ('anggaran pesan', 'pulsa smsgate')`); n != 3 {
		t.Errorf("%d traces in the audit", n)
	}
}
