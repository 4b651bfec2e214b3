package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/internal/config"
)

func roadsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "roads.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRoads(t *testing.T) {
	r, err := config.LoadRoads(roadsFile(t, `
own: ["+628110000099"]
senders:
  - {name: smsgate, price: 200, prices: {telkomsel: 90}, operators: [telkomsel, indosat], rate: 30/30m}
  - {name: gateway-satu, price: 230, rate: 10/s}
  - {name: twilio, via: whatsapp, price: 340}
`))
	if err != nil || len(r.Senders) != 3 || r.Senders[0].Prices["telkomsel"] != 90 || r.Senders[2].Way() != "whatsapp" || *r.Senders[1].Price != 230 {
		t.Fatalf("%+v, %v", r, err)
	}
	for i, want := range [][2]float64{{30.0 / 1800, 15}, {10, 2.5}, {0, 0}} {
		if rate, burst, err := r.Senders[i].PerSecond(); err != nil || rate != want[0] || burst != want[1] {
			t.Errorf("%s: %v a second, %v at once, %v", r.Senders[i].Name, rate, burst, err)
		}
	}
	if r, err := config.LoadRoads(""); err != nil || len(r.Senders) != 0 {
		t.Errorf("no file: %+v, %v", r, err)
	}
}

func TestEveryFaultOfTheRoadsIsTold(t *testing.T) {
	_, err := config.LoadRoads(roadsFile(t, `
own: ["0811"]
senders:
  - {price: -1, via: pigeon, rate: fast}
  - {name: smsgate, prices: {telkom: 1}, operators: [Telkomsel], rate: 0/s}
  - {name: smsgate}
`))
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{"no name", "via is sms", "negative price", "not like 29/s", `"telkom" is no operator`, `called "Telkomsel"`, "lets nothing", "there twice", "own numbers"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in\n%v", want, err)
		}
	}
	if _, err := config.LoadRoads(roadsFile(t, "sender: []")); err == nil {
		t.Error("an unknown word is taken")
	}
	if _, err := config.LoadRoads("/nowhere"); err == nil {
		t.Error("a missing file is taken")
	}
}
