package smsgate_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/smsgate"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func TestA1OneSMSToldTwiceHasOneID(t *testing.T) {
	w := newWorld(t)
	at := now.Add(-time.Minute)
	first := w.d.Received(tsel, 1, siti, "500rb", at)
	for name, e := range map[string]fake.SMSGateEvent{
		"the same webhook":              first,
		"another event id":              w.d.Received(tsel, 1, siti, "500rb", at),
		"told with milliseconds":        w.d.Received(tsel, 1, siti, "500rb", at.Add(431*time.Millisecond)),
		"told over the border":          w.d.Received(tsel, 1, siti, "500rb", at.Add(-600*time.Millisecond)),
		"in another zone":               w.d.Received(tsel, 1, siti, "500rb", at.UTC()),
		"a space more":                  w.d.Received(tsel, 1, siti, " 500rb\n", at),
		"the sender as people write it": w.d.Received(tsel, 1, "081200000001", "500rb", at),
		"the sender without plus":       w.d.Received(tsel, 1, "6281200000001", "500rb", at),
		"without its SIM": w.d.Event(tsel, "sms:received", map[string]any{
			"messageId": "x", "message": "500rb", "phoneNumber": siti, "simNumber": nil, "recipient": nil, "receivedAt": at.Format(time.RFC3339Nano),
		}),
	} {
		before := w.k.Count()
		if code := w.post(first); code != 204 {
			t.Fatalf("answer %d", code)
		}
		if code := w.post(e); code != 204 || w.k.Count() != before+2 {
			t.Errorf("%s: answer %d", name, code)
			continue
		}
		if kept := w.k.Kept(); kept[before].ID != kept[before+1].ID || kept[before+1].From != siti {
			t.Errorf("%s: %q from %s, first %q", name, kept[before+1].ID, kept[before+1].From, kept[before].ID)
		}
	}
}

// Another process, which has not heard of the message before, knows it by the same id.
func TestA2TheIDIsTheSameAfterARestart(t *testing.T) {
	ids := map[string]bool{}
	for range 3 {
		w := newWorld(t)
		w.post(w.d.Received(tsel, 1, siti, "500rb", now))
		ids[w.k.Last().ID] = true
	}
	if len(ids) != 1 {
		t.Errorf("%v", ids)
	}
}

func TestA5TwoEqualReportsInTwoWeeksAreTwo(t *testing.T) {
	w := newWorld(t)
	week := 7 * 24 * time.Hour
	first, second := w.d.Received(tsel, 1, siti, "500rb", now), w.d.Received(tsel, 1, siti, "500rb", now.Add(week))
	if a, b := messageID(t, first), messageID(t, second); a != b || a == "" {
		t.Fatalf("messageIds %q and %q: the test proves nothing", a, b)
	}
	w.post(first)
	w.clock.add(week)
	w.post(second)
	kept := w.k.Kept()
	if len(kept) != 2 || kept[0].ID == kept[1].ID {
		t.Fatalf("%+v", kept)
	}
	if !kept[1].SentAt.Equal(kept[0].SentAt.Add(week)) {
		t.Errorf("sent at %s and %s", kept[0].SentAt, kept[1].SentAt)
	}
	// Others that are not the same: another person, another text, ten seconds later.
	for _, e := range []fake.SMSGateEvent{
		w.d.Received(tsel, 1, budi, "500rb", now), w.d.Received(tsel, 1, siti, "500", now), w.d.Received(tsel, 1, siti, "500rb", now.Add(10*time.Second)),
	} {
		w.post(e)
	}
	seen := map[string]bool{}
	for _, in := range w.k.Kept() {
		seen[in.ID] = true
	}
	if len(seen) != 5 {
		t.Errorf("%d ids for 5 messages", len(seen))
	}
}

// The phone was without a network since Sunday evening; what it received then arrives four times, up to two days late.
func TestD6FourTimesAndUpToTwoDaysLateItBelongsToItsOwnWeek(t *testing.T) {
	w := newWorld(t)
	at := time.Date(2026, 6, 7, 23, 58, 0, 0, wib)
	e := w.d.Received(tsel, 1, siti, "500rb", at)
	again := w.d.Received(tsel, 1, siti, "500rb", at)
	w.k.Err = errors.New("down")
	w.clock.add(6 * time.Hour)
	if code := w.post(e); code != http.StatusServiceUnavailable {
		t.Fatalf("answer %d", code)
	}
	w.k.Err = nil
	for _, step := range []struct {
		by time.Duration
		e  fake.SMSGateEvent
	}{{0, e}, {10 * time.Hour, again}, {20 * time.Hour, e}, {12 * time.Hour, again}} {
		w.clock.add(step.by)
		if code := w.post(step.e); code != 204 {
			t.Fatalf("answer %d", code)
		}
	}
	kept := w.k.Kept()
	if len(kept) != 4 {
		t.Fatalf("%d handled", len(kept))
	}
	for _, in := range kept {
		if in.ID != kept[0].ID || !in.SentAt.Equal(at) || in.ReceivedAt.Before(at) {
			t.Errorf("%q sent %s received %s", in.ID, in.SentAt, in.ReceivedAt)
		}
	}
	if late := kept[3].ReceivedAt.Sub(at); late < 40*time.Hour {
		t.Errorf("only %s late", late)
	}
}

func TestWhatIsNeverAnswered(t *testing.T) {
	w := newWorld(t, func(c *smsgate.Config) { c.Own = []string{"+6281100000099"} })
	for from, count := range map[string]string{
		"TELKOMSEL": "short_sender", "Info.BNI": "short_sender", "kemensos": "short_sender", "3636": "short_sender", "93456": "short_sender",
		"12345678": "short_sender", "": "short_sender", "+": "short_sender", "0298123456": "short_sender", "6505551212": "short_sender",
		"ТЕЛКОМ": "short_sender", "+62 812 JAKARTA": "short_sender", strings.Repeat("1", 400): "short_sender",
		tselSIM: "own_number", isatSIM: "own_number", "081100000099": "own_number",
	} {
		before := w.Counts()[count]
		if code := w.post(w.d.Received(tsel, 1, from, "Promo! Balas YA", now)); code != 204 || w.k.Count() != 0 {
			t.Errorf("%q: answer %d, %d handled", from, code, w.k.Count())
		}
		if w.Counts()[count] != before+1 {
			t.Errorf("%q: counted as %v", from, w.Counts())
		}
	}
	if w.post(w.d.Received(tsel, 1, "+60121234567", "Halo", now)); w.k.Count() != 1 {
		t.Error("a person abroad is not heard")
	}
}

func TestWhatArrives(t *testing.T) {
	w := newWorld(t)
	at := time.Date(2026, 6, 7, 18, 29, 1, 0, wib)
	w.post(w.d.Received(tsel, 2, siti, "a\u202eb", at))
	in := w.k.Last()
	in.ID = ""
	if in.To != triSIM || in.Text != "ab" || string(in.Raw) != "a\u202eb" || in.Via != channels.SMS || in.Channel != "smsgate" || !in.SentAt.Equal(at) || !in.ReceivedAt.Equal(now) {
		t.Errorf("%+v", in)
	}
	w.post(w.d.Event(tsel, "mms:received", map[string]any{"messageId": "m", "transactionId": "T1", "sender": siti, "simNumber": 1, "receivedAt": at.Format(time.RFC3339)}))
	if in := w.k.Last(); in.Kind != channels.Media || in.From != siti || in.ID == "" {
		t.Errorf("a picture: %+v", in)
	}
	// A phone whose clock is wrong is not believed about the week.
	w.post(w.d.Received(tsel, 1, siti, "350", now.Add(30*24*time.Hour)))
	if in := w.k.Last(); !in.SentAt.IsZero() || w.Counts()["clock_ahead"] != 1 {
		t.Errorf("from the future: %+v", in)
	}
}

func TestA12EventsOfNewerApps(t *testing.T) {
	w := newWorld(t)
	for _, event := range []string{"sms:data-received", "mms:downloaded", "rcs:received", "app:started"} {
		if code := w.post(w.d.Event(tsel, event, map[string]any{"anything": []int{1}})); code != 204 {
			t.Errorf("%s: answer %d", event, code)
		}
	}
	if w.Counts()["unknown_event"] != 3 || w.k.Count() != 0 || len(w.st.Kept) != 0 {
		t.Errorf("%v", w.Counts())
	}
	e := w.d.Received(tsel, 1, siti, "YA", now)
	e.Body = []byte(strings.Replace(string(e.Body), `"payload":{`, `"carrier":"x","payload":{"spamScore":3,`, 1))
	if w.post(e); w.k.Count() != 1 {
		t.Error("a field that a newer app adds")
	}
}

func TestA11NothingOfItIsLogged(t *testing.T) {
	w := newWorld(t)
	e := w.d.Received(tsel, 1, siti, "RAHASIA", now)
	r := w.d.Request(address, e)
	r.Header.Set("X-Signature", strings.Repeat("0", 64))
	serve(w.Webhook(), r)
	w.k.Err = errors.New("database is down")
	w.post(e)
	if text := w.log.String(); strings.Contains(text, "RAHASIA") || strings.Contains(text, siti[1:]) || !strings.Contains(text, "forged") {
		t.Errorf("the log says %s", text)
	}
}

func messageID(t *testing.T, e fake.SMSGateEvent) string {
	t.Helper()
	var v struct{ Payload struct{ MessageID string } }
	if err := json.Unmarshal(e.Body, &v); err != nil {
		t.Fatal(err)
	}
	return v.Payload.MessageID
}

func FuzzWebhook(f *testing.F) {
	w := newWorld(f)
	f.Add(string(w.d.Received(tsel, 1, siti, "500rb", now).Body))
	f.Add(string(w.d.Ping(tsel).Body))
	f.Add(`{"deviceId":"device-tsel","event":"sms:failed","payload":{"messageId":"` + message(1, siti, "").ID + `","reason":"RESULT_NO_MEMORY","failedAt":"2026-06-07T18:29:58+07:00"}}`)
	f.Add(`{"deviceId":"device-tsel","event":"system:ping","payload":{"health":{"checks":{"battery:level":{"observedValue":1e300}}}}}`)
	f.Fuzz(func(t *testing.T, body string) {
		w := newWorld(t)
		code := w.post(fake.SMSGateEvent{Device: tsel, Body: []byte(body)})
		if code >= 500 || code != 204 && w.k.Count()+len(w.st.Kept) > 0 {
			t.Fatalf("answer %d", code)
		}
		for _, in := range w.k.Kept() {
			if len(in.ID) != 32 || !strings.HasPrefix(in.From, "+") || strings.ContainsRune(in.Text, 0) || in.SentAt.After(now.Add(time.Hour)) {
				t.Fatalf("%+v", in)
			}
		}
		for _, st := range w.st.Kept {
			if st.State.Rank() == 0 || len(st.Message) != 36 || st.At.IsZero() || len(st.Code) > 48 {
				t.Fatalf("%+v", st)
			}
		}
		for _, h := range w.Health() {
			if h.Battery < -1 || h.Battery > 100 {
				t.Fatalf("%+v", h)
			}
		}
	})
}
