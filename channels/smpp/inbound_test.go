package smpp

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

var errDown = errors.New("database is down")

func TestWhatAPersonWrites(t *testing.T) {
	l := bound(t, nil)
	in := from("LAPOR 350rb @rumah {1}")
	in.Schedule = "260607182900028+"
	if status := l.deliver(t, in); status != 0 {
		t.Fatalf("answered %#x", status)
	}
	got := l.book.inbound()[0]
	if got.Channel != "smpp" || got.ID == "" || got.Via != channels.SMS || got.From != siti || got.To != ours || got.Kind != channels.Text ||
		got.Text != "LAPOR 350rb @rumah {1}" || string(got.Raw) != got.Text || !got.SentAt.Equal(start.Add(-time.Minute)) || !got.ReceivedAt.Equal(start) {
		t.Errorf("%+v", got)
	}
}

func TestG6EveryEncodingArrivesAndNoNUL(t *testing.T) {
	l := bound(t, nil)
	for i, c := range []struct {
		in   fake.SMSCInbound
		want string
	}{
		{fake.SMSCInbound{Text: "@ € ~ ñ ü\n350rb"}, "@ € ~ ñ ü\n350rb"},
		{fake.SMSCInbound{Coding: 3, Text: "café 350rb"}, "café 350rb"},
		{fake.SMSCInbound{Coding: 8, Text: "ê 🙏 ngene"}, "ê 🙏 ngene"},
		{fake.SMSCInbound{Coding: 1, Text: "YA"}, "YA"},
		{fake.SMSCInbound{Coding: 8, Raw: []byte{0, 'Y', 0, 0, 0, 'A'}}, "YA"},
		{fake.SMSCInbound{Coding: 3, Raw: []byte("YA\x00\x00")}, "YA"},
		{fake.SMSCInbound{Coding: 8, Raw: []byte{0x20, 0x2e, 0, 'A'}}, "A"}, // turns the line
		{fake.SMSCInbound{Coding: 8, Text: strings.Repeat("ê", 200), Payload: true}, strings.Repeat("ê", 200)},
		{fake.SMSCInbound{Raw: bytes.Repeat([]byte("a"), 60_000), Payload: true}, strings.Repeat("a", 1599) + "…"},
		{fake.SMSCInbound{Raw: []byte{}}, ""},
	} {
		c.in.From, c.in.FromTON, c.in.To = siti[1:], 1, ours
		if status := l.deliver(t, c.in); status != 0 {
			t.Fatalf("%d: answered %#x", i, status)
		}
		all := l.book.inbound()
		got := all[len(all)-1]
		if len(all) != i+1 || got.Text != c.want || got.Kind != channels.Text {
			t.Errorf("%d: %q as %s, want %q", i, got.Text, got.Kind, c.want)
		}
		if strings.Contains(fmt.Sprintf("%+v", got), "\x00") || bytes.IndexByte(got.Raw, 0) >= 0 {
			t.Errorf("%d: NUL in %+v", i, got)
		}
	}
	picture := from("")
	picture.Coding, picture.Raw = 4, []byte{0, 1, 2}
	l.deliver(t, picture)
	all := l.book.inbound()
	if got := all[len(all)-1]; got.Kind != channels.Other || got.Text != "" {
		t.Errorf("a picture is %+v", got)
	}
}

func TestMachinesAreNeverAnswered(t *testing.T) {
	l := bound(t, nil)
	for _, in := range []fake.SMSCInbound{{From: "BANK BRI", FromTON: 5}, {From: "888", FromTON: 3}, {From: "", FromTON: 0}} {
		in.To, in.Text = ours, "Selamat, Anda menang"
		if status := l.deliver(t, in); status != 0 || l.book.tried() != 0 {
			t.Errorf("%q: answered %#x, %d turns", in.From, status, l.book.tried())
		}
	}
	acknowledged := from("")
	acknowledged.Class = 0x08
	if status := l.deliver(t, acknowledged); status != 0 || l.book.tried() != 0 || l.Counts()["other_class"] != 1 || l.Counts()["short_sender"] != 3 {
		t.Errorf("answered %#x, %v", status, l.Counts())
	}
}

func TestAnsweredOnlyAfterItIsKept(t *testing.T) {
	l := bound(t, nil)
	l.book.set(func(b *book) { b.refuse = errDown })
	in := from("LAPOR 350rb")
	in.NoRetry = true
	if status := l.deliver(t, in); status != statusTryLater {
		t.Errorf("not kept, yet answered %#x", status)
	}
	done := l.smsc.Queue(from("LAPOR 350rb"))
	l.book.await(t, "asked again and again", func() bool { return l.book.tried() > 3 })
	l.book.set(func(b *book) { b.refuse = nil })
	select {
	case status := <-done:
		if got := l.book.inbound(); status != 0 || len(got) != 1 {
			t.Errorf("answered %#x, kept %s", status, texts(got))
		}
	case <-time.After(limit):
		t.Fatal("never delivered")
	}
}

// A message whose answer is lost comes again over the next session, with another sequence number: it is the same. The
// same words sent once more are another message.
func TestARepeatHasTheSameIDAndTheSameWordsHaveNot(t *testing.T) {
	l := bound(t, nil)
	lost := from("YA")
	lost.DropBeforeResp = true
	if status := l.deliver(t, lost); status != 0 {
		t.Fatalf("answered %#x", status)
	}
	if got := l.book.inbound(); len(got) != 1 || l.book.tried() != 2 {
		t.Fatalf("kept %s after %d turns", texts(got), l.book.tried())
	}
	l.deliver(t, from("YA"))
	l.deliver(t, from("YA"))
	other := from("YA")
	other.From = ani[1:]
	l.deliver(t, other)
	l.clock.Advance(11 * time.Minute)
	l.deliver(t, from("YA"))
	if got := l.book.inbound(); len(got) != 5 || l.book.tried() != 6 {
		t.Errorf("kept %s after %d turns", texts(got), l.book.tried())
	}
}

func TestARepeatAfterOurRestart(t *testing.T) {
	d := center(t)
	first := linked(t, d, nil)
	lost := from("YA")
	lost.DropBeforeResp = true
	done := d.Queue(lost)
	first.book.await(t, "the first turn", func() bool { return first.book.tried() == 1 })
	first.stop() // before or after the repeat: both must give the same id
	again := linked(t, d, nil)
	stamped := from("TIDAK")
	stamped.Schedule = "260607182900028+"
	if status := again.deliver(t, stamped); status != 0 {
		t.Fatal(status)
	}
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatal("not delivered")
	}
	id := first.book.inbound()[0].ID
	for _, in := range again.book.inbound() {
		if in.Text == "YA" && in.ID != id {
			t.Errorf("ids %q and %q for one message", id, in.ID)
		}
		if in.Text == "TIDAK" { // what the centre has dated is known for ever
			b := newBook()
			c := config(&clock{at: start.Add(48 * time.Hour)}, b, d.Addr())
			a, err := New(c, b, b)
			if err != nil {
				t.Fatal(err)
			}
			key := contentHash{}
			dated := delivery{schedule: stamped.Schedule}
			one, _ := a.lanes[0].recent.id(key, dated, nil, start)
			two, _ := a.lanes[1].recent.id(key, dated, nil, start.Add(48*time.Hour))
			if one != two {
				t.Errorf("ids %q and %q", one, two)
			}
		}
	}
}

func TestAcknowledgedAndProvenIsOver(t *testing.T) {
	old, next := &session{}, &session{}
	r := recent{}
	key := contentHash{1}
	id1, e := r.id(key, delivery{}, old, start)
	if again, _ := r.id(key, delivery{}, old, start); again != id1 {
		t.Error("not answered, yet taken for another")
	}
	e.settle(old, true)
	if again, _ := r.id(key, delivery{}, next, start); again != id1 {
		t.Error("the answer may be lost with its session, yet taken for another")
	}
	old.confirmed.Store(1)
	id2, e2 := r.id(key, delivery{}, next, start)
	if id2 == id1 {
		t.Error("the answer has arrived, yet taken for the same")
	}
	e2.settle(next, false)
	if again, _ := r.id(key, delivery{}, next, start); again != id2 {
		t.Error("the answer was not written, yet taken for another")
	}
	r.forget(start.Add(30 * time.Minute))
	if len(r) != 1 {
		t.Error("what was not answered is forgotten")
	}
	r.forget(start.Add(2 * time.Hour))
	if len(r) != 0 {
		t.Error("nothing is ever forgotten")
	}
}

// A slow turn holds up neither enquire_link nor people of other lanes, and what finds no room is asked for again.
func TestASlowTurnHoldsUpNothingElse(t *testing.T) {
	l := bound(t, func(c *Config) { c.Patience = limit; c.EnquireEvery = 20 * time.Millisecond })
	hold := make(chan struct{})
	l.book.set(func(b *book) { b.hold = hold })
	l.smsc.DeliverWindow(10*laneDepth, time.Millisecond)
	var done []<-chan uint32
	for i := range laneDepth + 50 {
		done = append(done, l.smsc.Queue(from(fmt.Sprintf("LAPOR %d", i))))
	}
	until(t, "the lane is full", func() bool { return l.Counts()["overflow"] > 0 })
	if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
		t.Error(err)
	}
	close(hold)
	for _, c := range done {
		select {
		case status := <-c:
			if status != 0 {
				t.Fatalf("answered %#x", status)
			}
		case <-time.After(limit):
			t.Fatal("never delivered")
		}
	}
	if got := l.book.inbound(); len(got) != laneDepth+50 || l.smsc.Binds() != 1 {
		t.Errorf("%d kept, %d binds", len(got), l.smsc.Binds())
	}
}

func TestLeavingFinishesWhatWasTaken(t *testing.T) {
	l := bound(t, func(c *Config) { c.Patience = limit })
	hold := make(chan struct{})
	l.book.set(func(b *book) { b.hold = hold })
	var done []<-chan uint32
	for i := range 5 {
		done = append(done, l.smsc.Queue(from(fmt.Sprintf("LAPOR %d", i))))
	}
	until(t, "one is in its turn, four are in their lane", func() bool { return len(l.laneOf(siti).jobs) == 4 })
	left := make(chan struct{})
	go func() {
		l.stop()
		close(left)
	}()
	until(t, "leaving", func() bool { return l.Health() != nil })
	close(hold)
	for _, c := range done {
		if status := answer(t, c); status != 0 {
			t.Errorf("answered %#x", status)
		}
	}
	<-left
	if n := len(l.book.inbound()); n != 5 || l.smsc.Undelivered() != 0 {
		t.Errorf("%d kept, %d undelivered", n, l.smsc.Undelivered())
	}
	if !l.smsc.Await(limit, func() bool { return l.smsc.Bound() == 0 }) { // the centre hears of it a moment later
		t.Error("the centre holds the bind")
	}
}

func TestLeavingWaitsForTheSendUnderWay(t *testing.T) {
	l := bound(t, nil)
	l.smsc.Late(1, 100*time.Millisecond)
	sent := make(chan error, 1)
	go func() { sent <- second(l.Send(t.Context(), outbound("Halo"))) }()
	if !l.smsc.Await(limit, func() bool { return l.smsc.Calls() == 1 }) {
		t.Fatal("nothing was submitted")
	}
	l.stop()
	if err := <-sent; err != nil {
		t.Error(err)
	}
}
