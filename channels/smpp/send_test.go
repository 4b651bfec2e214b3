package smpp

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func TestSendSaysWhoFromWhereToAndForHowLong(t *testing.T) {
	for _, c := range []struct {
		name, source, text string
		long               Long
		before             time.Duration
		want               fake.SMSCSubmit
		segments           int
	}{
		{"a short code", ours, "Halo @rumah", "", 0, fake.SMSCSubmit{From: ours, FromTON: 3, Text: "Halo @rumah", Parts: 1}, 1},
		{"a name, for an hour", "KEMENSOS", "Halo", "", time.Hour, fake.SMSCSubmit{From: "KEMENSOS", FromTON: 5, Text: "Halo", Validity: "000000010000000R", Parts: 1}, 1},
		{"a number, nearly over", "+62812000000", "Halo", "", -time.Second, fake.SMSCSubmit{From: "62812000000", FromTON: 1, Text: "Halo", Validity: "000000000001000R", Parts: 1}, 1},
		{"nothing of our own, in UCS-2", "", "Halo 🙏", "", 0, fake.SMSCSubmit{Text: "Halo 🙏", Coding: 8, Parts: 1}, 1},
		{"two parts", ours, strings.Repeat("a", 161), "", 0, fake.SMSCSubmit{From: ours, FromTON: 3, Text: strings.Repeat("a", 153), Class: 0x40, Parts: 2}, 2},
		{"two parts by parameters", ours, strings.Repeat("ê", 71), LongSAR, 0, fake.SMSCSubmit{From: ours, FromTON: 3, Text: strings.Repeat("ê", 67), Coding: 8, SAR: true, Parts: 2}, 2},
		{"whole as payload", ours, strings.Repeat("a", 161), LongPayload, 0, fake.SMSCSubmit{From: ours, FromTON: 3, Text: strings.Repeat("a", 161), Payload: true, Parts: 1}, 2},
		{"the longest", ours, strings.Repeat("a", 1600), "", 0, fake.SMSCSubmit{From: ours, FromTON: 3, Text: strings.Repeat("a", 153), Class: 0x40, Parts: 11}, 11},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := bound(t, func(conf *Config) { conf.SourceAddr, conf.Long = c.source, c.long })
			m := outbound(c.text)
			if c.before != 0 {
				m.Before = start.Add(c.before)
			}
			sent, err := l.Send(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			all := l.smsc.Submits()
			got := all[0]
			if len(all) != c.want.Parts || sent.ProviderID != got.ID || sent.Segments != c.segments || l.smsc.Count(siti, c.text) != 1 {
				t.Fatalf("%+v of %+v", sent, all)
			}
			if got.Registered != 1 || got.From != c.want.From || got.FromTON != c.want.FromTON || got.Text != c.want.Text || got.Coding != c.want.Coding ||
				got.Class != c.want.Class || got.SAR != c.want.SAR || got.Payload != c.want.Payload || got.Validity != c.want.Validity {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func second(_ channels.Sent, err error) error { return err }

func kindOf(err error) channels.ErrorKind {
	if err == nil {
		return ""
	}
	kind, _ := channels.KindOf(err)
	return kind
}

func TestB9WhatIsNeverSubmitted(t *testing.T) {
	l := bound(t, nil)
	for name, change := range map[string]func(*channels.Outbound){
		"no number": func(m *channels.Outbound) { m.To = "0812" }, "no text": func(m *channels.Outbound) { m.Text = "" },
		"only NUL": func(m *channels.Outbound) { m.Text = "\x00" }, "too long": func(m *channels.Outbound) { m.Text = strings.Repeat("a", 1601) },
		"by Telegram": func(m *channels.Outbound) { m.Via = channels.Telegram },
	} {
		m := outbound("Halo")
		change(&m)
		if err := second(l.Send(t.Context(), m)); kindOf(err) != channels.Invalid || l.smsc.Calls() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The centre answers every fifth submit with ESME_RTHROTTLED: each is classed, the window halves, the pause grows, and
// when it is over the messages go out, each once.
func TestG1ThrottledAndQueueFull(t *testing.T) {
	l := bound(t, func(c *Config) { c.Window = 8 })
	l.smsc.ThrottleEvery(5)
	open := 40
	for round := 0; open > 0 && round < 200; round++ {
		var wg sync.WaitGroup
		errs := make([]error, open)
		for i := range open {
			wg.Go(func() { errs[i] = second(l.Send(t.Context(), outbound("Halo"))) })
		}
		wg.Wait()
		var longest time.Duration
		for _, err := range errs {
			switch kind, se := channels.KindOf(err); {
			case err == nil:
				open--
			case kind != channels.Throttled || se.RetryAfter <= 0:
				t.Fatalf("%v", err)
			default:
				longest = max(longest, se.RetryAfter)
			}
		}
		if open == 0 {
			break
		}
		// Before the pause is over nobody calls the centre.
		calls := l.smsc.Calls()
		if err := second(l.Send(t.Context(), outbound("Halo"))); kindOf(err) != channels.Throttled || l.smsc.Calls() != calls {
			t.Fatalf("during the pause: %v, %d calls more", err, l.smsc.Calls()-calls)
		}
		l.clock.Advance(longest)
	}
	if n := l.smsc.Count(siti, "Halo"); n != 40 || open != 0 {
		t.Errorf("%d of 40 are there, %d open", n, open)
	}
	if l.Counts()["throttled"] == 0 {
		t.Error("nothing was throttled")
	}
}

func TestG1ThePauseGrowsAndTheWindowShrinks(t *testing.T) {
	l := bound(t, func(c *Config) { c.Window = 8 })
	for _, want := range []struct {
		status uint32
		pause  time.Duration
		width  int
	}{{fake.SMSCThrottled, time.Second, 4}, {fake.SMSCQueueFull, 2 * time.Second, 2}, {fake.SMSCThrottled, 4 * time.Second, 1}, {fake.SMSCThrottled, 8 * time.Second, 1}} {
		l.smsc.Fail(1, want.status)
		_, se := channels.KindOf(second(l.Send(t.Context(), outbound("Halo"))))
		if se.Kind != channels.Throttled || se.RetryAfter != want.pause || l.window.width != want.width || se.Code != codeOf(want.status) {
			t.Fatalf("%v after %s, width %d; want %+v", se, se.RetryAfter, l.window.width, want)
		}
		l.clock.Advance(se.RetryAfter)
	}
	for range 100 { // a good centre gets the whole window back
		if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
			t.Fatal(err)
		}
	}
	if l.window.width != 8 || l.window.pause != 0 {
		t.Errorf("width %d, pause %s", l.window.width, l.window.pause)
	}
}

func TestG1NoMoreThanTheWindowIsUnanswered(t *testing.T) {
	l := bound(t, func(c *Config) { c.Window = 3 })
	l.smsc.Hang(3, true)
	three := func(ctx context.Context) (kinds func() []channels.ErrorKind) {
		var wg sync.WaitGroup
		got := make([]channels.ErrorKind, 3)
		for i := range got {
			wg.Go(func() { got[i] = kindOf(second(l.Send(ctx, outbound("Halo")))) })
		}
		return func() []channels.ErrorKind {
			wg.Wait()
			return slices.Compact(got)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	submitted := three(ctx)
	if !l.smsc.Await(limit, func() bool { return l.smsc.Calls() == 3 }) {
		t.Fatalf("%d calls", l.smsc.Calls())
	}
	impatient, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if got := three(impatient)(); !slices.Equal(got, []channels.ErrorKind{channels.Temporary}) {
		t.Errorf("those who waited: %v", got)
	}
	cancel()
	if got := submitted(); !slices.Equal(got, []channels.ErrorKind{channels.Ambiguous}) || l.smsc.Calls() != 3 {
		t.Errorf("those who were submitted: %v, %d calls", got, l.smsc.Calls())
	}
}

func TestWhoeverHasGivenUpTakesNoPlace(t *testing.T) {
	w := newWindow(1, func() time.Time { return start })
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok := w.enter(gone); ok {
		t.Error("a place that nobody waits for is taken")
	}
	if _, ok := w.enter(t.Context()); !ok {
		t.Error("it is not free")
	}
}

func TestG3B3WhatMayHaveLeftIsAmbiguous(t *testing.T) {
	for _, c := range []struct {
		name  string
		play  func(*fake.SMSC)
		want  channels.ErrorKind
		taken int
	}{
		{"taken, the answer is lost", func(d *fake.SMSC) { d.Drop(1, true) }, channels.Ambiguous, 1},
		{"not taken, the connection breaks", func(d *fake.SMSC) { d.Drop(1, false) }, channels.Ambiguous, 0},
		{"no answer in time", func(d *fake.SMSC) { d.Hang(1, true) }, channels.Ambiguous, 1},
		{"broken off inside the PDU", func(d *fake.SMSC) { d.LimitData(20) }, channels.Ambiguous, 0},
		{"an answer without an id", func(d *fake.SMSC) { d.IDs(fake.SMSCIDs{}, 1); d.Nack(1, 0) }, channels.Ambiguous, 1},
		{"generic_nack", func(d *fake.SMSC) { d.Nack(1, 0x03) }, channels.Invalid, 0},
		{"system error", func(d *fake.SMSC) { d.Fail(1, 0x08) }, channels.Temporary, 0},
		{"RX_T_APPN", func(d *fake.SMSC) { d.Fail(1, 0x64) }, channels.Temporary, 0},
		{"RX_P_APPN", func(d *fake.SMSC) { d.Fail(1, 0x65) }, channels.Invalid, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := bound(t, func(conf *Config) {
				if c.name == "no answer in time" {
					conf.ResponseTimeout = time.Second
				}
			})
			c.play(l.smsc)
			err := second(l.Send(t.Context(), outbound("Halo")))
			if kindOf(err) != c.want || l.smsc.Count(siti, "Halo") != c.taken || l.smsc.Calls() > 1 {
				t.Errorf("%v, %d taken of %d", err, l.smsc.Count(siti, "Halo"), l.smsc.Calls())
			}
			if strings.Contains(err.Error(), siti[1:]) || strings.Contains(err.Error(), "Halo") {
				t.Errorf("the error tells number or text: %v", err)
			}
			if _, err := l.Send(t.Context(), outbound("Lagi")); err != nil {
				t.Errorf("the next: %v", err)
			}
		})
	}
}

// The connection breaks after any number of octets: a message is never reported as refused while the centre has it.
func TestG3BrokenOffAnywhere(t *testing.T) {
	l := bound(t, func(c *Config) { c.ResponseTimeout = 500 * time.Millisecond })
	for n := range 70 {
		text := strings.Repeat("b", n+1)
		l.smsc.LimitData(n)
		err := second(l.Send(t.Context(), outbound(text)))
		taken := l.smsc.Count(siti, text)
		if taken > 1 || taken == 1 && err != nil && kindOf(err) != channels.Ambiguous || taken == 0 && err == nil {
			t.Fatalf("after %d octets: %v, taken %d times", n, err, taken)
		}
		l.smsc.LimitData(-1)
		until(t, "bound again", func() bool { return l.Health() == nil })
	}
}

func TestB2ALateAnswerTellsWhatBecameOfIt(t *testing.T) {
	l := bound(t, func(c *Config) { c.ResponseTimeout = 200 * time.Millisecond; c.EnquireEvery = 10 * time.Second })
	l.smsc.Late(1, 2*time.Second)
	if err := second(l.Send(t.Context(), outbound("Halo"))); kindOf(err) != channels.Ambiguous {
		t.Fatal(err)
	}
	l.book.await(t, "the late answer", func() bool { return len(l.book.statuses()) == 1 })
	got := l.book.statuses()[0]
	if got.Message != message || got.ProviderID != l.smsc.Submits()[0].ID || got.State != channels.Accepted || !got.At.Equal(start) {
		t.Errorf("%+v", got)
	}
}

func TestB3OfSeveralPartsSomeLeft(t *testing.T) {
	text := strings.Repeat("a", 200)
	l := bound(t, func(c *Config) { c.Patience = 50 * time.Millisecond; c.ResponseTimeout = 500 * time.Millisecond })
	l.smsc.Fail(1, 0x08)
	if err := second(l.Send(t.Context(), outbound(text))); kindOf(err) != channels.Temporary {
		t.Errorf("the first part is refused: %v", err)
	}
	for _, status := range []uint32{0x08, 0x58, 0x65} { // whatever is wrong with the second, the first has left
		l.smsc.Late(1, time.Millisecond)
		l.smsc.Fail(1, status)
		if err := second(l.Send(t.Context(), outbound(text))); kindOf(err) != channels.Ambiguous {
			t.Errorf("the second part is refused with %#x: %v", status, err)
		}
		l.clock.Advance(time.Minute)
	}
}

func TestB4NobodyListensAndNothingIsBurnt(t *testing.T) {
	l := bound(t, func(c *Config) { c.Patience = 30 * time.Millisecond })
	l.smsc.Stop()
	until(t, "the loss is noticed", func() bool { return l.Health() != nil })
	for range 3 {
		if err := second(l.Send(t.Context(), outbound("Halo"))); kindOf(err) != channels.Temporary {
			t.Fatal(err)
		}
	}
	if err := l.smsc.Resume(); err != nil {
		t.Fatal(err)
	}
	until(t, "bound again", func() bool { return l.Health() == nil })
	if _, err := l.Send(t.Context(), outbound("Halo")); err != nil || l.smsc.Calls() != 1 {
		t.Errorf("%v, %d calls", err, l.smsc.Calls())
	}
}

func TestB1B18EverySendIsOneCall(t *testing.T) {
	l := bound(t, nil)
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() {
			m := outbound("Halo")
			if i%2 == 1 {
				m.To = ani
			}
			if _, err := l.Send(t.Context(), m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if l.smsc.Count(siti, "Halo") != 150 || l.smsc.Count(ani, "Halo") != 150 || l.smsc.Calls() != 300 {
		t.Errorf("%d and %d in %d calls", l.smsc.Count(siti, "Halo"), l.smsc.Count(ani, "Halo"), l.smsc.Calls())
	}
	current, no := l.current(t.Context())
	if no != nil {
		t.Fatal(no)
	}
	current.mu.Lock()
	defer current.mu.Unlock()
	if len(current.waiting) != 0 {
		t.Errorf("%d requests are still remembered", len(current.waiting))
	}
}

func TestSendBeforeRunIsTemporary(t *testing.T) {
	b := newBook()
	c := config(&clock{at: start}, b, "127.0.0.1:1")
	c.Patience = 10 * time.Millisecond
	a, err := New(c, b, b)
	if err != nil {
		t.Fatal(err)
	}
	if err := second(a.Send(t.Context(), outbound("Halo"))); kindOf(err) != channels.Temporary {
		t.Error(err)
	}
}
