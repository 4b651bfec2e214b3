package smpp

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// No octets of a centre, however wrong, panic, reach the turn as anything but readable text, or stay without an answer.
func FuzzDelivery(f *testing.F) {
	const head = "00 01 01 '6281200000001' 00 00 01 '93456' 00 "
	for _, s := range []string{
		head + "00 00 00 00 00 00 00 00 00 03 'YA' 00", head + "40 00 00 00 00 00 00 00 00 08 05 00 03 c8 02 01 'YA'",
		head + "40 00 00 00 00 00 00 08 00 0f 0c 05 04 0b84 23f0 08 04 01c8 02 02 0059", head + "40 00 00 00 00 00 00 00 00 02 ff 41",
		head + "00 00 00 00 00 00 00 00 00 02 'YA' 020c 0002 0102 020e 0001 02 020f 0001 02",
		head + "04 00 00 00 00 00 00 00 00 1d 'id:1A2B stat:DELIVRD err:000 '", head + "04 00 00 00 00 00 00 00 00 00 001e 0005 '1A2B' 00 0427 0001 02",
	} {
		f.Add(wire(f, s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := decodeDelivery(body)
		if err != nil {
			return
		}
		if d.of != 0 && (d.of < 2 || d.part < 1 || d.part > d.of) {
			t.Fatalf("part %d of %d", d.part, d.of)
		}
		b := newBook()
		a, err := New(config(&clock{at: start}, b, "127.0.0.1:2775"), b, b)
		if err != nil {
			t.Fatal(err)
		}
		tap := &wireTap{}
		k := &ack{s: &session{a: a, conn: tap, ended: make(chan struct{})}, seq: 1}
		l := a.laneOf(d.from.addr)
		l.do(job{d: d, ack: k})
		if d.of == 0 && len(tap.take()) != 1 {
			t.Fatal("not answered")
		}
		l.overdue(start.Add(joinFor))
		for _, in := range b.inbound() {
			for _, s := range []string{in.ID, in.From, in.To, in.Text, string(in.Raw)} {
				if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
					t.Fatalf("the turn is given %q", s)
				}
			}
			if utf8.RuneCountInString(in.Text) > textLimit || !e164.MatchString(in.From) {
				t.Fatalf("%+v", in)
			}
		}
		for _, s := range b.statuses() {
			if !printable(s.ProviderID, 64) || s.ProviderID == "" || !printable(s.Code, 64) || s.State == "" {
				t.Fatalf("%+v", s)
			}
		}
		k.given.Store(true)
	})
}

func FuzzStream(f *testing.F) {
	f.Add(wire(f, "00000010 00000015 00000000 00000001 00000011 80000005 00000064 00000008 00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		for {
			before := r.Len()
			p, err := readPDU(r)
			if err != nil {
				return
			}
			if got := p.bytes(); !bytes.Equal(got, b[len(b)-before:len(b)-r.Len()]) {
				t.Fatalf("%x", got)
			}
			messageID(p)
		}
	})
}

// What we write is read back as it was, in as many parts as the network counts.
func FuzzEncode(f *testing.F) {
	for _, s := range []string{"Terima kasih", "@{}€", "ê🙏", strings.Repeat("a", 161)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
		c := encode(s)
		want, _, _ := bahasa.Segments(s)
		var back strings.Builder
		for _, p := range c.parts {
			back.WriteString(decodeText(alphabetOf(c.coding), p))
		}
		if back.String() != s || len(c.parts) != want {
			t.Fatalf("%q: %q in %d parts, want %d", s, back.String(), len(c.parts), want)
		}
	})
}

// Parts of one message in any order and number give the words that came, in their order.
func FuzzJoin(f *testing.F) {
	f.Add([]byte{1, 0, 2, 1, 2}, byte(3))
	f.Fuzz(func(t *testing.T, order []byte, of byte) {
		if of < 2 || of > 20 || len(order) > 200 {
			return
		}
		b := newBook()
		a, err := New(config(&clock{at: start}, b, "127.0.0.1:2775"), b, b)
		if err != nil {
			t.Fatal(err)
		}
		l := a.lanes[0]
		s := &session{a: a, conn: &wireTap{}, ended: make(chan struct{})}
		came := map[int]bool{}
		for _, o := range order {
			n := 1 + int(o)%int(of)
			came[n] = true
			l.message(job{d: delivery{from: address{1, 1, siti[1:]}, content: []byte{'A' + byte(n)}, ref: 1, part: n, of: int(of)}, ack: &ack{s: s, seq: 1}})
		}
		l.overdue(start.Add(joinFor))
		var want strings.Builder
		for n := 1; n <= int(of); n++ {
			if came[n] {
				want.WriteByte('A' + byte(n))
			} else if !strings.HasSuffix(want.String(), channels.Mark) {
				want.WriteString(channels.Mark)
			}
		}
		got := b.inbound()
		if len(came) == 0 && len(got) == 0 {
			return
		}
		if len(got) != 1 || got[0].Text != want.String() {
			t.Fatalf("%s, want %q", texts(got), want.String())
		}
	})
}
