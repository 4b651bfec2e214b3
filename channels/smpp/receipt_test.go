package smpp

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func TestG4ReceiptsInEveryForm(t *testing.T) {
	for _, c := range []struct {
		name string
		ids  fake.SMSCIDs
	}{
		{"decimal", fake.SMSCIDs{}}, {"hexadecimal", fake.SMSCIDs{ResponseHex: true, ReceiptHex: true}},
		{"answered hexadecimal, receipts decimal", fake.SMSCIDs{ResponseHex: true}}, {"the same with zeros before", fake.SMSCIDs{ResponseHex: true, Padded: true}},
		{"answered decimal, receipts hexadecimal", fake.SMSCIDs{ReceiptHex: true}}, {"the same with zeros", fake.SMSCIDs{ReceiptHex: true, Padded: true}},
	} {
		for _, order := range []string{"before the answer", "after it"} {
			t.Run(c.name+", "+order, func(t *testing.T) {
				l := bound(t, nil)
				// From 9 on the two forms of one number's neighbours look alike: "10" is ten and sixteen.
				l.smsc.IDs(c.ids, 9)
				l.smsc.AutoReceipt("DELIVRD", order == "before the answer")
				const people = 60
				sent := map[string]string{} // provider's id → to
				var mu sync.Mutex
				var wg sync.WaitGroup
				for i := range people {
					wg.Go(func() {
						m := outbound("Halo")
						m.To = "+62812000" + string(rune('0'+i/10)) + "00" + string(rune('0'+i%10)) + "0"
						got, err := l.Send(t.Context(), m)
						mu.Lock()
						defer mu.Unlock()
						if err != nil || sent[got.ProviderID] != "" {
							t.Errorf("%v, id %q", err, got.ProviderID)
						}
						sent[got.ProviderID] = m.To
					})
				}
				wg.Wait()
				l.book.await(t, "all receipts", func() bool { return len(l.book.statuses()) == people })
				seen := map[string]bool{}
				for _, s := range l.book.statuses() {
					if sent[s.ProviderID] == "" || seen[s.ProviderID] || s.State != channels.Delivered || s.Channel != "smpp" || s.Code != "" || !s.At.Equal(start) {
						t.Errorf("%+v", s)
					}
					seen[s.ProviderID] = true
				}
			})
		}
	}
}

func TestG4AReceiptWithAnUnknownIDIsPassedOn(t *testing.T) {
	l := bound(t, nil)
	stranger := fake.SMSCSubmit{Number: 77, From: ours, To: siti[1:]}
	l.smsc.Receipt(stranger, fake.SMSCReceipt{State: "DELIVRD", ID: "A-77.x_9"})
	l.book.await(t, "the orphan", func() bool { return len(l.book.statuses()) == 1 })
	if got := l.book.statuses()[0]; got.ProviderID != "A-77.x_9" || got.State != channels.Delivered || got.Message != "" {
		t.Errorf("%+v", got)
	}
}

// After a restart nothing is known of what was sent before, except in which form this centre writes.
func TestG4AnUnknownIDIsWrittenAsSendWroteIt(t *testing.T) {
	for _, c := range []struct {
		name  string
		fixed IDForm
		learn bool
		ids   fake.SMSCIDs
		want  string
	}{
		{"nothing known", "", false, fake.SMSCIDs{ResponseHex: true}, "6699"},
		{"told", IDsDecimal, false, fake.SMSCIDs{ResponseHex: true}, "1A2B"},
		{"told the other way", IDsHex, false, fake.SMSCIDs{ReceiptHex: true}, "6699"},
		{"told that it is the same", IDsSame, false, fake.SMSCIDs{}, "6699"},
		{"learned", "", true, fake.SMSCIDs{ResponseHex: true}, "1A2B"},
		{"learned with zeros", "", true, fake.SMSCIDs{ResponseHex: true, Padded: true}, "0000001A2B"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := bound(t, func(conf *Config) { conf.ReceiptIDs = c.fixed })
			l.smsc.IDs(c.ids, 0xABC)
			n := 0
			if c.learn {
				l.smsc.AutoReceipt("DELIVRD", false)
				if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
					t.Fatal(err)
				}
				n = 1
				l.book.await(t, "what it learns from", func() bool { return len(l.book.statuses()) == 1 })
			}
			l.smsc.Receipt(fake.SMSCSubmit{Number: 0x1A2B, From: ours, To: ani[1:]}, fake.SMSCReceipt{State: "DELIVRD"})
			l.book.await(t, "the receipt", func() bool { return len(l.book.statuses()) == n+1 })
			if got := l.book.statuses()[n].ProviderID; got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestG4EveryState(t *testing.T) {
	l := bound(t, nil)
	if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
		t.Fatal(err)
	}
	m := l.smsc.Submits()[0]
	for _, c := range []struct {
		r    fake.SMSCReceipt
		want channels.State
		code string
	}{
		{fake.SMSCReceipt{State: "ENROUTE"}, channels.Accepted, ""}, {fake.SMSCReceipt{State: "ACCEPTD"}, channels.Accepted, ""},
		{fake.SMSCReceipt{State: "DELIVRD"}, channels.Delivered, ""}, {fake.SMSCReceipt{State: "EXPIRED", Error: "027"}, channels.Undelivered, "027"},
		{fake.SMSCReceipt{State: "DELETED"}, channels.Undelivered, ""}, {fake.SMSCReceipt{State: "UNDELIV", Error: "001"}, channels.Undelivered, "001"},
		{fake.SMSCReceipt{State: "REJECTD", Error: "0A1"}, channels.Failed, "0A1"}, {fake.SMSCReceipt{State: "delivrd"}, channels.Delivered, ""},
		{fake.SMSCReceipt{State: "DELIVRD", TLV: true}, channels.Delivered, ""}, {fake.SMSCReceipt{State: "UNDELIV", TLV: true, Error: "001"}, channels.Undelivered, "001"},
		{fake.SMSCReceipt{State: "ENROUTE", Class: 0x20}, channels.Accepted, ""},
		{fake.SMSCReceipt{State: "DELIVRD", TLV: true, Class: 0x80}, channels.Delivered, ""}, // the class does not say so, the parameters do
	} {
		before := len(l.book.statuses())
		l.smsc.Receipt(m, c.r)
		l.book.await(t, c.r.State, func() bool { return len(l.book.statuses()) == before+1 })
		if got := l.book.statuses()[before]; got.State != c.want || got.Code != c.code || got.ProviderID != m.ID {
			t.Errorf("%+v: %+v", c.r, got)
		}
	}
	n := len(l.book.statuses())
	l.smsc.Receipt(m, fake.SMSCReceipt{State: "UNKNOWN"})
	l.smsc.Receipt(m, fake.SMSCReceipt{State: "DELIVRD", ID: "!"})
	if !l.smsc.Await(limit, func() bool { return l.smsc.Undelivered() == 0 }) {
		t.Fatal("they are not answered")
	}
	if c := l.Counts(); len(l.book.statuses()) != n || c["unknown_state"] != 1 || c["malformed"] != 1 {
		t.Errorf("%v, %+v", c, l.book.statuses()[n:])
	}
	if l.book.inbound() != nil {
		t.Errorf("a receipt is taken for a message: %s", texts(l.book.inbound()))
	}
}

func TestG4AReceiptThatIsNotKeptComesAgain(t *testing.T) {
	l := bound(t, nil)
	l.book.set(func(b *book) { b.refuse = errDown })
	l.smsc.AutoReceipt("DELIVRD", false)
	if _, err := l.Send(t.Context(), outbound("Halo")); err != nil {
		t.Fatal(err)
	}
	l.book.await(t, "tried", func() bool { return l.book.tried() > 2 })
	l.book.set(func(b *book) { b.refuse = nil })
	if !l.smsc.Await(limit, func() bool { return l.smsc.Undelivered() == 0 }) || len(l.book.statuses()) != 1 {
		t.Errorf("%+v", l.book.statuses())
	}
}

func TestG4DeliveredWhenEveryPartIs(t *testing.T) {
	l := bound(t, nil)
	sent, err := l.Send(t.Context(), outbound(strings.Repeat("a", 400)))
	if err != nil {
		t.Fatal(err)
	}
	all := l.smsc.Submits()
	for _, i := range []int{2, 0, 2} {
		l.smsc.Receipt(all[i], fake.SMSCReceipt{State: "DELIVRD"})
	}
	if !l.smsc.Await(limit, func() bool { return l.smsc.Undelivered() == 0 }) || len(l.book.statuses()) != 0 {
		t.Fatalf("one part is missing: %+v", l.book.statuses())
	}
	l.smsc.Receipt(all[1], fake.SMSCReceipt{State: "DELIVRD"})
	l.book.await(t, "delivered", func() bool { return len(l.book.statuses()) == 1 })
	if got := l.book.statuses()[0]; got.ProviderID != sent.ProviderID || got.State != channels.Delivered {
		t.Errorf("%+v", got)
	}
	if sent, err = l.Send(t.Context(), outbound(strings.Repeat("b", 400))); err != nil {
		t.Fatal(err)
	}
	l.smsc.Receipt(l.smsc.Submits()[4], fake.SMSCReceipt{State: "UNDELIV", Error: "001"})
	l.book.await(t, "failed", func() bool { return len(l.book.statuses()) == 2 })
	if got := l.book.statuses()[1]; got.ProviderID != sent.ProviderID || got.State != channels.Undelivered {
		t.Errorf("%+v", got)
	}
}

func TestG4AReceiptDoesNotWaitForEver(t *testing.T) {
	l := bound(t, func(c *Config) { c.ResponseTimeout = 60 * time.Millisecond })
	l.smsc.Hang(1, true)
	l.smsc.AutoReceipt("DELIVRD", true)
	if err := second(l.Send(t.Context(), outbound("Halo"))); kindOf(err) != channels.Ambiguous {
		t.Fatal(err)
	}
	l.book.await(t, "the orphan", func() bool { return len(l.book.statuses()) == 1 })
	if got := l.book.statuses()[0]; got.ProviderID != l.smsc.Submits()[0].ID {
		t.Errorf("%+v", got)
	}
}
