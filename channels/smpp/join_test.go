package smpp

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/fake"
)

// parts cuts a text as phones do.
func parts(ref uint16, words ...string) []fake.SMSCInbound {
	var out []fake.SMSCInbound
	for i, w := range words {
		in := from(w)
		in.Ref, in.Part, in.Parts = ref, i+1, len(words)
		out = append(out, in)
	}
	return out
}

func TestG5PartsInAnyOrder(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*fake.SMSCInbound)
		window int
	}{
		{"header", func(*fake.SMSCInbound) {}, 10},
		{"header with 16 bits", func(in *fake.SMSCInbound) { in.Wide, in.Ref = true, 700 }, 10},
		{"parameters", func(in *fake.SMSCInbound) { in.SAR, in.Ref = true, 700 }, 10},
		{"UCS-2", func(in *fake.SMSCInbound) { in.Coding = 8 }, 10},
		{"a centre that waits for each answer", func(*fake.SMSCInbound) {}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := bound(t, func(conf *Config) { conf.Patience = 30 * time.Millisecond })
			l.smsc.DeliverWindow(c.window, 5*time.Millisecond)
			orders := [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}
			for n, order := range orders {
				want := fmt.Sprintf("LAPOR %d satu dua tiga", n)
				var done []<-chan uint32
				for _, i := range order {
					in := parts(uint16(n), fmt.Sprintf("LAPOR %d ", n), "satu dua ", "tiga")[i]
					c.change(&in)
					in.Ref += uint16(n)
					done = append(done, l.smsc.Queue(in), l.smsc.Queue(in)) // each twice
				}
				for _, d := range done {
					if status := answer(t, d); status != 0 {
						t.Fatalf("%v: answered %#x", order, status)
					}
				}
				got := l.book.inbound()
				if len(got) != n+1 || got[n].Text != want || string(got[n].Raw) != want {
					t.Fatalf("%v: %s", order, texts(got))
				}
			}
		})
	}
}

func TestG5ACharacterCutBetweenTwoParts(t *testing.T) {
	l := bound(t, nil)
	for i, raw := range [][]byte{{0, 'Y', 0xd8, 0x3d}, {0xde, 0x4f, 0, 'A'}} {
		in := parts(5, "", "")[i]
		in.Coding, in.Raw = 8, raw
		l.smsc.Queue(in)
	}
	l.book.await(t, "it is kept", func() bool { return len(l.book.inbound()) == 1 })
	if got := l.book.inbound(); got[0].Text != "Y🙏A" {
		t.Errorf("%s", texts(got))
	}
}

func TestG5MissingPartsAreMarkedAfterTenMinutes(t *testing.T) {
	l := bound(t, func(c *Config) { c.Patience = 10 * time.Millisecond })
	all := parts(9, "LAPOR ", "350", "rb ", "minggu ini")
	first, third := l.smsc.Queue(all[0]), l.smsc.Queue(all[2])
	until(t, "both were taken", func() bool { return l.joined() == 2 })
	l.clock.Advance(9 * time.Minute)
	for range 3 { // the lane has looked
		l.laneOf(siti).drain(t.Context())
	}
	if n := l.book.tried(); n != 0 {
		t.Fatalf("%d turns before the time", n)
	}
	l.book.set(func(b *book) { b.refuse = errDown })
	l.clock.Advance(time.Minute)
	l.book.await(t, "handed on", func() bool { return l.book.tried() > 0 })
	l.book.set(func(b *book) { b.refuse = nil })
	l.book.await(t, "kept", func() bool { return len(l.book.inbound()) == 1 })
	for _, done := range []<-chan uint32{first, third} {
		if status := answer(t, done); status != 0 { // answered only now
			t.Errorf("answered %#x", status)
		}
	}
	l.deliver(t, all[3]) // and one comes after all
	got := l.book.inbound()
	if len(got) != 2 || got[0].Text != "LAPOR …rb …" || got[1].Text != "…minggu ini" || l.Counts()["incomplete"] != 1 {
		t.Errorf("%s, %v", texts(got), l.Counts())
	}
	l.deliver(t, all[3])
	if got := l.book.inbound(); len(got) != 2 {
		t.Errorf("repeated: %s", texts(got))
	}
}

// joined counts the parts that were new.
func (l *link) joined() uint64 { return l.Counts()["part"] }

func TestG5TheReferenceBeginsAgain(t *testing.T) {
	l := bound(t, func(c *Config) { c.Patience = 10 * time.Millisecond })
	for i := range 300 { // beyond 255, one after the other
		var done []<-chan uint32
		for _, in := range parts(uint16(i%256), fmt.Sprintf("LAPOR %d ", i), "rb") {
			done = append(done, l.smsc.Queue(in))
		}
		for _, d := range done {
			answer(t, d)
		}
	}
	got := l.book.inbound()
	if len(got) != 300 || l.book.tried() != 300 {
		t.Fatalf("%d of 300 in %d turns", len(got), l.book.tried())
	}
	for i, in := range got {
		if in.Text != fmt.Sprintf("LAPOR %d rb", i) {
			t.Errorf("%d: %q", i, in.Text)
		}
	}
	// The same reference while the earlier message still lacks a part: what is there is handed on.
	l.smsc.DeliverWindow(10, time.Hour)
	before := l.joined()
	l.smsc.Queue(parts(77, "lama ", "tak datang")[0])
	until(t, "the half is there", func() bool { return l.joined() == before+1 })
	for _, in := range parts(77, "baru ", "datang") {
		l.smsc.Queue(in)
	}
	l.book.await(t, "both", func() bool { return len(l.book.inbound()) == 302 })
	if got := l.book.inbound()[300:]; got[0].Text != "lama …" || got[1].Text != "baru datang" {
		t.Errorf("%s", texts(got))
	}
}

// Parts that were not kept are not answered: what a crash leaves behind is delivered again to the next process.
func TestG5ACrashBetweenPartsLosesNothing(t *testing.T) {
	d := center(t)
	first := linked(t, d, func(c *Config) { c.Patience = 10 * time.Millisecond })
	all := parts(3, "LAPOR ", "350rb")
	done := d.Queue(all[0])
	until(t, "bound", func() bool { return first.Health() == nil })
	until(t, "the part was handed back", func() bool { return first.joined() == 1 })
	first.stop()
	next := linked(t, d, nil)
	rest := d.Queue(all[1])
	for _, c := range []<-chan uint32{done, rest} {
		select {
		case status := <-c:
			if status != 0 {
				t.Errorf("answered %#x", status)
			}
		case <-time.After(limit):
			t.Fatal("never delivered")
		}
	}
	if got := next.book.inbound(); len(got) != 1 || got[0].Text != "LAPOR 350rb" || len(first.book.inbound()) != 0 {
		t.Errorf("%s, before %s", texts(got), texts(first.book.inbound()))
	}
}

func TestG5TwoPeopleWithOneReference(t *testing.T) {
	l := bound(t, nil)
	hers, his := parts(7, "a1 ", "a2"), parts(7, "b1 ", "b2")
	for i := range his {
		his[i].From = ani[1:]
	}
	for _, in := range []fake.SMSCInbound{hers[0], his[1], hers[1], his[0]} {
		l.smsc.Queue(in)
	}
	l.book.await(t, "both", func() bool { return len(l.book.inbound()) == 2 })
	for _, in := range l.book.inbound() {
		if in.From == siti && in.Text != "a1 a2" || in.From == ani && in.Text != "b1 b2" {
			t.Errorf("%s of %s", in.Text, in.From)
		}
	}
}

// wireTap is a connection that keeps what we answer.
type wireTap struct {
	net.Conn
	out bytes.Buffer
}

func (w *wireTap) Write(b []byte) (int, error) { return w.out.Write(b) }

func (w *wireTap) take() (all []pdu) {
	for w.out.Len() > 0 {
		p, err := readPDU(&w.out)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
}

// Whatever the order, however often each part comes and wherever the database fails, each message is kept once and whole.
func TestG5AnyScheduleKeepsEachMessageOnce(t *testing.T) {
	seeds := 200
	if testing.Short() {
		seeds = 20
	}
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(uint64(seed), 5))
		b := newBook()
		c := &clock{at: start}
		a, err := New(config(c, b, "127.0.0.1:2775"), b, b)
		if err != nil {
			t.Fatal(err)
		}
		a.c.Patience = time.Hour // answers are given by the lane only
		l := a.lanes[0]
		wire := &wireTap{}
		s := &session{a: a, conn: wire}
		var queue []delivery
		var want []string
		for m := range 6 {
			var words []string
			for p := range 2 + rng.IntN(4) {
				words = append(words, fmt.Sprintf("m%dp%d ", m, p))
			}
			whole := strings.Join(words, "")
			want = append(want, whole)
			for _, in := range parts(uint16(250+m)%256, words...) {
				for range 1 + rng.IntN(2) {
					queue = append(queue, delivery{
						from: address{1, 1, siti[1:]}, to: address{0, 1, ours}, content: fake.SMSCEncode(0, in.Text), ref: in.Ref, part: in.Part, of: in.Parts,
					})
				}
			}
		}
		rng.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
		out := map[uint32]delivery{}
		for seq := uint32(1); len(queue) > 0 && seq < 10_000; seq++ {
			d := queue[0]
			queue = queue[1:]
			out[seq] = d
			b.set(func(b *book) {
				b.refuse = nil
				if rng.IntN(4) == 0 {
					b.refuse = errDown
				}
			})
			l.message(job{d: d, ack: &ack{s: s, seq: seq}})
			for _, p := range wire.take() {
				if p.status == statusTryLater {
					queue = append(queue, out[p.sequence])
				}
				delete(out, p.sequence)
			}
		}
		if len(out) > 0 {
			t.Fatalf("seed %d: %d parts are not answered", seed, len(out))
		}
		var got []string
		for _, in := range b.inbound() {
			got = append(got, in.Text)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %q, want %q", seed, got, want)
		}
	}
}
