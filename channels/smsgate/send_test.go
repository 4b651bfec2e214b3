package smsgate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/smsgate"
)

func (w *world) send(t *testing.T, m channels.Outbound, want channels.ErrorKind) (channels.Sent, *channels.SendError) {
	t.Helper()
	s, err := w.Send(t.Context(), m)
	var se *channels.SendError
	if err != nil && !errors.As(err, &se) {
		t.Fatalf("%v is no SendError", err)
	}
	if se == nil && want != "" || se != nil && se.Kind != want {
		t.Fatalf("message to %s: %v, want %q", m.To, err, want)
	}
	return s, se
}

func TestEachNumberByASIMOfItsOwnOperator(t *testing.T) {
	w := newWorld(t)
	for i, c := range []struct {
		to, device string
		sim        int
	}{{siti, tsel, 1}, {tini, tsel, 2}, {budi, isat, 1}, {"+6287700000004", isat, 1}} {
		w.send(t, message(i, c.to, "Halo"), "")
		got := w.d.To(c.to)
		if len(got) != 1 || got[0].Device != c.device || got[0].SIM != c.sim || got[0].ID != message(i, "", "").ID || !got[0].Report || got[0].TTL != 3600 {
			t.Errorf("%s: %+v", c.to, got)
		}
	}
	// Smartfren: a SIM for everybody is better than another operator's.
	w = newWorld(t, func(c *smsgate.Config) { c.Phones[1].SIMs[0].Operators = nil })
	w.send(t, message(1, "+6288100000005", "Halo"), "")
	if got := w.d.Messages(); got[0].Device != isat {
		t.Errorf("%+v", got)
	}
}

func TestValidityAndPriority(t *testing.T) {
	w := newWorld(t)
	for i, c := range []struct {
		kind     string
		left     time.Duration
		ttl      int
		priority int
	}{{"reply", time.Hour, 3600, 10}, {"prompt", 2 * time.Second, 5, 0}, {"broadcast", -time.Minute, 5, 0}} {
		m := message(i, siti, c.kind)
		m.Kind, m.Before = c.kind, now.Add(c.left)
		w.send(t, m, "")
		if got := w.d.Messages()[i]; got.TTL != c.ttl || got.Priority != c.priority {
			t.Errorf("%s: %+v", c.kind, got)
		}
	}
	m := message(9, siti, "without an end")
	m.Before = time.Time{}
	w.send(t, m, "")
	if got := w.d.Messages()[3]; got.TTL != 0 {
		t.Errorf("%+v", got)
	}
}

func TestB4TheNextPhoneWhenTheBestIsDown(t *testing.T) {
	w := newWorld(t)
	w.stop(tsel)
	w.send(t, message(1, siti, "Halo"), "")
	if got := w.d.To(siti); len(got) != 1 || got[0].Device != isat {
		t.Fatalf("%+v", got)
	}
	// While it is shunned, it is not even tried; it is again after a minute.
	w.d.Start(tsel)
	w.send(t, message(2, siti, "Halo 2"), "")
	w.clock.add(61 * time.Second)
	w.send(t, message(3, siti, "Halo 3"), "")
	got := w.d.To(siti)
	if got[1].Device != isat || got[2].Device != tsel {
		t.Errorf("%+v", got)
	}
	w.stop(tsel)
	w.stop(isat)
	w.send(t, message(4, siti, "Halo 4"), channels.Temporary)
	if n := len(w.d.Doubled()); n != 0 {
		t.Errorf("%d doubled", n)
	}
}

func TestB3AfterADoubtfulAnswerNoOtherPhoneIsAsked(t *testing.T) {
	for name, play := range map[string]func(w *world){
		"connection broken, taken":     func(w *world) { w.d.Reset(1, true) },
		"connection broken, not taken": func(w *world) { w.d.Reset(1, false) },
		"500":                          func(w *world) { w.d.Fail(1, 500, "SQLiteDatabaseLockedException") },
		"502 of a tunnel":              func(w *world) { w.d.Fail(1, 502, "") },
		"504 of a tunnel":              func(w *world) { w.d.Fail(1, 504, "") },
		"201 without a body":           func(w *world) { w.d.Fail(1, 201, "") },
	} {
		w := newWorld(t)
		play(w)
		w.send(t, message(1, siti, "Halo"), channels.Ambiguous)
		if n := w.d.Calls(); n != 1 {
			t.Errorf("%s: %d calls", name, n)
		}
	}
	w := newWorld(t)
	w.d.Hang(1, true)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // as long as a busy machine may need to get it there
	defer cancel()
	if _, err := w.Send(ctx, message(1, siti, "Halo")); kind(err) != channels.Ambiguous || w.d.Calls() != 1 {
		t.Errorf("hanging: %v, %d calls", err, w.d.Calls())
	}
}

func kind(err error) channels.ErrorKind { k, _ := channels.KindOf(err); return k }

func TestBWhatAPhoneSaysAndWhetherAnotherIsTried(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		words   string
		want    channels.ErrorKind
		another bool
	}{
		"B20 password":               {401, "", channels.Misconfig, true},
		"B20 scope":                  {403, "", channels.Misconfig, true},
		"B20 wrong path":             {404, "", channels.Misconfig, true},
		"B20 redirected":             {302, "", channels.Misconfig, true},
		"B20 device id":              {400, "Invalid device ID", channels.Misconfig, true},
		"B9 number":                  {400, "failed to use phone in row 1: invalid phone number", channels.Invalid, false},
		"B9 too long":                {413, "", channels.Invalid, false},
		"B6 too many":                {429, "", channels.Throttled, true},
		"B6 queue of a server":       {503, "QueueLimitExceeded: too many pending messages", channels.Throttled, true},
		"B4 restarting":              {503, "", channels.Temporary, true},
		"B3 gave up waiting for us":  {408, "", channels.Ambiguous, false},
		"B3 in the middle of things": {500, "", channels.Ambiguous, false},
	} {
		w := newWorld(t)
		w.d.Fail(1, c.status, c.words)
		want := c.want
		if c.another {
			want = ""
		}
		w.send(t, message(1, siti, "Halo"), want)
		if n := w.d.Count(siti, "Halo"); (n == 1) != c.another || n > 1 {
			t.Errorf("%s: taken %d times", name, n)
		}
		w.d.Fail(2, c.status, c.words)
		_, se := w.send(t, message(2, siti, "Halo lagi"), c.want)
		if c.want == channels.Throttled && se.RetryAfter != 10*time.Minute {
			t.Errorf("%s: wait %s", name, se.RetryAfter)
		}
		if c.want == channels.Misconfig && !strings.Contains(w.log.String(), "telkomsel-1") {
			t.Errorf("%s: the operator is not told: %s", name, w.log)
		}
		if strings.Contains(se.Error(), siti[1:]) || strings.Contains(se.Error(), "rahasia") {
			t.Errorf("%s: %v", name, se)
		}
	}
}

func TestB6ThirtyInHalfAnHourFromEachPhone(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.send(t, message(i, siti, "Halo"), "")
	}
	by := map[string]int{}
	for _, m := range w.d.To(siti) {
		by[m.Device]++
	}
	if by[tsel] != 30 || by[isat] != 30 {
		t.Fatalf("%v", by)
	}
	calls := w.d.Calls()
	_, se := w.send(t, message(61, siti, "Halo"), channels.Throttled)
	if se.RetryAfter < time.Minute || se.RetryAfter > 62*time.Second || w.d.Calls() != calls {
		t.Errorf("wait %s, %d more calls", se.RetryAfter, w.d.Calls()-calls)
	}
	w.clock.add(se.RetryAfter)
	w.send(t, message(61, siti, "Halo"), "")
	w.clock.add(30 * time.Minute)
	// Three segments count three times.
	for i := range 20 {
		m := message(100+i, siti, "panjang")
		m.Segments = 3
		w.send(t, m, "")
	}
	m := message(200, siti, "panjang")
	m.Segments = 3
	w.send(t, m, channels.Throttled)
}

func TestWhatDidNotLeaveTakesNothingFromThePhone(t *testing.T) {
	w := newWorld(t, func(c *smsgate.Config) { c.Phones = c.Phones[:1] })
	w.stop(tsel)
	for i := range 100 {
		w.send(t, message(i, siti, "Halo"), channels.Temporary)
	}
	if left := w.Health()[0].Left; left != 30 {
		t.Errorf("%d left", left)
	}
}

func TestAndroidsOwnLimitEmptiesThePhone(t *testing.T) {
	w := newWorld(t)
	w.d.Limit(tsel, 1)
	w.send(t, message(1, siti, "satu"), "")
	w.send(t, message(2, siti, "dua"), "")
	id := message(2, "", "").ID
	if code := w.post(w.d.Told(tsel, id, "sms:failed", w.d.To(siti)[1].Reason)); code != 204 {
		t.Fatalf("answer %d", code)
	}
	if st := w.st.Kept[0]; st.Code != "ERROR_LIMIT_EXCEEDED" || st.State != channels.Failed || st.Message != id {
		t.Errorf("%+v", st)
	}
	if h := w.Health(); h[0].Left != 0 || h[1].Left != 30 {
		t.Errorf("%+v", h)
	}
	w.send(t, message(3, siti, "tiga"), "")
	if got := w.d.To(siti)[2]; got.Device != isat {
		t.Errorf("%+v", got)
	}
}

func TestWhatHasNoWay(t *testing.T) {
	w := newWorld(t)
	for name, change := range map[string]func(*channels.Outbound){
		"WhatsApp": func(m *channels.Outbound) { m.Via = channels.WhatsApp }, "a chat": func(m *channels.Outbound) { m.To = "77" },
		"no id": func(m *channels.Outbound) { m.ID = "" }, "ourselves": func(m *channels.Outbound) { m.To = isatSIM }, "a short code": func(m *channels.Outbound) { m.To = "3636" },
	} {
		m := message(1, siti, "Halo")
		change(&m)
		if w.send(t, m, channels.Invalid); w.d.Calls() != 0 {
			t.Errorf("%s: called", name)
		}
	}
}
