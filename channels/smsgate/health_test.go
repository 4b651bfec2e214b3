package smsgate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels/smsgate"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func TestHealthByPing(t *testing.T) {
	w := newWorld(t)
	if h := w.Health(); len(h) != 2 || h[0].Phone != "telkomsel-1" || h[0].Battery != -1 || h[0].Down || h[0].Left != 30 || !h[0].SeenAt.Equal(now) {
		t.Fatalf("at the start: %+v", h)
	}
	w.d.Battery(tsel, 17, true)
	w.clock.add(9 * time.Minute)
	if code := w.post(w.d.Ping(tsel)); code != 204 {
		t.Fatalf("answer %d", code)
	}
	w.clock.add(time.Minute)
	h := w.Health()
	if h[0].Battery != 17 || !h[0].Charging || h[0].Status != "warn" || h[0].Down {
		t.Errorf("%+v", h[0])
	}
	if !h[1].Down || !h[1].Since.Equal(now) {
		t.Errorf("silent for ten minutes: %+v", h[1])
	}
	for _, bad := range []map[string]any{{"health": 7}, {"health": map[string]any{"checks": []int{1}}}} {
		if code := w.post(w.d.Event(tsel, "system:ping", bad)); code != 400 {
			t.Errorf("%v: answer %d", bad, code)
		}
	}
	w.post(w.d.Event(tsel, "system:ping", map[string]any{"health": map[string]any{"status": "x", "checks": map[string]any{"battery:level": map[string]any{"observedValue": 900}}}}))
	if h := w.Health()[0]; h.Battery != 17 || h.Status != "warn" {
		t.Errorf("%+v", h)
	}
}

func TestTheGatewayWasDownInTheWindow(t *testing.T) {
	w := newWorld(t)
	minute := func(n int) time.Time { return now.Add(time.Duration(n) * time.Minute) }
	beat := func(n int, devices ...string) {
		w.clock.add(minute(n).Sub(w.clock.Now()))
		for _, d := range devices {
			w.post(w.d.Ping(d))
		}
	}
	for n := 5; n <= 60; n += 5 {
		beat(n, tsel, isat)
	}
	if w.Down(now, minute(60)) {
		t.Errorf("never down: %+v", w.Outages(now, minute(60)))
	}
	for n := 65; n <= 180; n += 5 { // the second phone is silent for two hours, then tells of life by an SMS
		beat(n, tsel)
	}
	w.post(w.d.Received(isat, 1, budi, "300rb", minute(100)))
	beat(185, tsel, isat)
	for _, c := range []struct {
		from, to int
		want     bool
	}{{0, 60, false}, {60, 61, true}, {100, 120, true}, {0, 500, true}, {179, 200, true}, {180, 185, false}, {200, 300, false}} {
		if got := w.Down(minute(c.from), minute(c.to)); got != c.want {
			t.Errorf("minutes %d to %d: %v, %+v", c.from, c.to, got, w.Outages(minute(c.from), minute(c.to)))
		}
	}
	if o := w.Outages(minute(90), minute(400)); len(o) != 1 || o[0] != (smsgate.Outage{Phone: "indosat-1", From: minute(90), To: minute(180)}) {
		t.Errorf("%+v", o)
	}
	// An outage that goes on counts too.
	beat(185 + 10)
	if !w.Down(minute(186), minute(190)) {
		t.Error("both are silent now")
	}
}

func TestAPhoneThatIsSilentComesLast(t *testing.T) {
	w := newWorld(t)
	w.clock.add(11 * time.Minute)
	w.post(w.d.Ping(isat))
	w.send(t, message(1, siti, "Halo"), "")
	if got := w.d.To(siti)[0]; got.Device != isat {
		t.Errorf("%+v", got)
	}
}

func TestEveryFaultOfTheConfigurationIsToldAtOnce(t *testing.T) {
	phone := func() smsgate.Phone {
		return smsgate.Phone{Name: "a", Device: "d", URL: "http://10.0.0.7:8080", Login: "sms", Password: "x", Key: "12345678", SIMs: []smsgate.SIM{{Number: 1, Phone: tselSIM}}}
	}
	bad := smsgate.Phone{URL: "10.0.0.7?x", Key: "short", PerHalfHour: -1, SIMs: []smsgate.SIM{{Number: 4, Phone: "0811"}, {Number: 4, Phone: tselSIM, Operators: []prokus.Operator{"telkom"}}}}
	twin := phone()
	twin.Device = ""
	_, err := smsgate.New(smsgate.Config{Phones: []smsgate.Phone{phone(), bad, twin, {Name: "b", URL: "http://10.0.0.8", Login: "sms", Password: "x", Key: "abcdefgh"}}, Own: []string{"0811"}}, nil, nil)
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{
		"Now, the clock", "number 2 of the list has no name", "its address must be", "login and password", "signing key needs", "a negative limit", "slots are 1 to 3",
		"number of SIM 4", `no operator is called "telkom"`, "two phones are called a", "the same signing key", "the same address", "phone b has no SIM", "our own numbers",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not told in\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "12345678") {
		t.Errorf("a key is told: %v", err)
	}
	if _, err := smsgate.New(smsgate.Config{}, nil, nil); err == nil || !strings.Contains(err.Error(), "no phone") {
		t.Errorf("%v", err)
	}
}

func TestTheListOfPhones(t *testing.T) {
	got, err := smsgate.Phones(`[{"name":"a","device":"d","url":"http://10.0.0.7:8080","login":"sms","password":"p","key":"12345678","per_half_hour":20,
		"sims":[{"number":1,"phone":"+6281100000011","operators":["telkomsel","tri"]}]}]`)
	if err != nil || len(got) != 1 || got[0].PerHalfHour != 20 || got[0].SIMs[0].Operators[1] != prokus.Tri {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "{}", "[{}] []", `[{"nama":"a"}]`, `[{"name":7}]`} {
		if _, err := smsgate.Phones(bad); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
