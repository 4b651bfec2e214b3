package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/console"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// The quote has a line for each road, operator and language, each at its own price.
func TestTheQuoteIsByOperator(t *testing.T) {
	var asked []console.Recipient
	w := newWorld(t, func(c *console.Config) {
		c.Tariff = func(r console.Recipient) console.Fare {
			asked = append(asked, r)
			f := console.Fare{Via: r.Via, Operator: prokus.OperatorOf(prokus.Phone(r.To)), Price: 230}
			switch {
			case r.WroteBy == "whatsapp":
				f.Via, f.Price = "whatsapp", 340
			case f.Operator == prokus.Telkomsel:
				f.Price = 60
			}
			return f
		}
	})
	for i, phone := range []string{"+6281234560001", "+6281234560002", "+6285612340001", "+6289512340001"} {
		w.person(someone{code: code(i), phone: phone})
	}
	w.exec(`INSERT INTO inbox (channel, provider_id, via, sender, kind, at) VALUES ('twilio', 'x', 'whatsapp', '+6289512340001', 'text', $1)`, noon)
	nani := w.as("nani")
	path := nani.write(url.Values{"teks_id": {strings.Repeat("a", 161)}}) // two segments
	page := nani.get(path).body
	for _, want := range []string{
		"SMS</th><td>Telkomsel</td><td>Indonesia</td><td class=\"n\">2</td><td class=\"n\">4</td><td class=\"n\">Rp240",
		"SMS</th><td>Indosat</td><td>Indonesia</td><td class=\"n\">1</td><td class=\"n\">2</td><td class=\"n\">Rp460",
		"WhatsApp</th><td>Tri</td><td>Indonesia</td><td class=\"n\">1</td><td class=\"n\">1</td><td class=\"n\">Rp340", "<strong>Rp1.040",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	nani.submit(path, 4)
	if n := w.count(`SELECT cost FROM broadcast WHERE id = $1`, id(path)); n != 1040 {
		t.Errorf("frozen at Rp%d, want Rp1040", n)
	}
	if asked[3].WroteTo != "twilio" {
		t.Errorf("the tariff knows not by whom she last wrote: %+v", asked[3])
	}
}

// A broadcast that costs more than what is left on its day cannot be submitted (console.md 4.9).
func TestABroadcastBeyondTheBudget(t *testing.T) {
	w := newWorld(t)
	w.crowd(10, "32.10.07") // Rp3.500
	w.exec(`INSERT INTO budget (area, daily, monthly, changed_at) VALUES ('32.10', 5000, NULL, $1), ('ID', NULL, 50000, $1)`, noon)
	w.exec(`INSERT INTO spending (area, day, channel, segments, cost) VALUES ('32.10', $1, 'sms', 4, 1501), ('ID', $1, 'sms', 10, 10000)`, noon.Format(time.DateOnly))
	nani := w.as("nani")
	path := nani.write(nil)
	page := nani.get(path).body
	for _, want := range []string{"Sisa anggaran pesan pada hari kirim: <strong>Rp3.499", "melebihi sisa anggaran pesan pada hari itu (Rp3.499)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the draft lacks %q", want)
		}
	}
	if strings.Contains(page, "Ajukan untuk disetujui") {
		t.Error("it offers to submit")
	}
	got := nani.submit(path, 10)
	if got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "melebihi sisa anggaran pesan pada hari itu (Rp3.499)") || w.state(path) != "draf" {
		t.Errorf("submitted all the same: %d, %s", got.status, w.state(path))
	}
	// Tomorrow's money is tomorrow's, and who raises the cap can send today.
	next := noon.AddDate(0, 0, 1)
	nani.edit(path, url.Values{"tanggal": {next.Format("02-01-2006")}, "jam": {"10.00"}})
	if got := nani.submit(path, 10); got.status != http.StatusSeeOther || w.state(path) != "diajukan" {
		t.Errorf("for tomorrow: %d, %s", got.status, w.state(path))
	}
	w.exec(`UPDATE budget SET daily = 5001 WHERE area = '32.10'`)
	path = nani.write(nil)
	if got := nani.submit(path, 10); got.status != http.StatusSeeOther {
		t.Errorf("exactly what is left: %d", got.status)
	}
	w.exec(`UPDATE budget SET monthly = 10000 WHERE area = 'ID'`)
	path = nani.write(nil)
	if got := nani.submit(path, 10); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, fmt.Sprintf("(%s)", "Rp0")) {
		t.Errorf("nothing left for all: %d", got.status)
	}
}

// The quiet hours of the form are those of the rules.
func TestTheFormKnowsTheQuietHoursOfTheRules(t *testing.T) {
	w := newWorld(t)
	w.crowd(1, "32.10.07")
	w.exec(`INSERT INTO rule_version (area_code, key, value, valid_from, note, at) VALUES ('32.10', 'quiet.to', '09:00', $1, 'pasar pagi', $1)`, noon.AddDate(0, 0, -1))
	nani := w.as("nani")
	path := nani.write(url.Values{"tanggal": {"11-06-2026"}, "jam": {"08.30"}})
	if got := nani.submit(path, 1); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Kam 11 Jun 2026 09.00 WIB") {
		t.Errorf("at half past eight: %d, %t", got.status, strings.Contains(got.body, "09.00 WIB"))
	}
}
