package smpp

import (
	"context"
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	laneCount = 8
	laneDepth = 256         // deliveries that wait in a lane; what comes beyond is asked for again
	laneTick  = time.Second // how often a lane looks for parts that have waited too long
)

// lane works off the deliveries of its share of all senders, in order. It outlives the sessions, so parts of one message
// may come over several. All that it holds belongs to its own goroutine.
type lane struct {
	a      *Adapter
	jobs   chan job
	recent recent
	joins  map[joinKey]*join
}

// job is something for a lane to do: a delivery, a status that another goroutine found, or a mark that all before it is done.
type job struct {
	d      delivery
	ack    *ack
	waited bool // a receipt for which the sends under way were waited for
	status *channels.Status
	mark   chan<- struct{}
}

// ack is the answer that a deliver_sm waits for. It is given once.
type ack struct {
	s     *session
	seq   uint32
	given atomic.Bool
}

// give answers; false if it was answered before or the connection has gone.
func (k *ack) give(status uint32) bool {
	if !k.given.CompareAndSwap(false, true) {
		return false
	}
	_, err := k.s.write(pdu{command: deliverSM | answerBit, status: status, sequence: k.seq, body: []byte{0}})
	return err == nil
}

func newLane(a *Adapter) *lane {
	return &lane{a: a, jobs: make(chan job, laneDepth), recent: recent{}, joins: map[joinKey]*join{}}
}

// laneOf is the lane of a number: the same for all ways to write it.
func (a *Adapter) laneOf(number string) *lane {
	if len(number) > 8 {
		number = number[len(number)-8:]
	}
	return a.lanes[maphash.String(a.seed, number)%laneCount]
}

// put adds a job; false if the lane is full.
func (l *lane) put(j job) bool {
	select {
	case l.jobs <- j:
		return true
	default:
		return false
	}
}

func (l *lane) run(stop <-chan struct{}) {
	tick := time.NewTicker(laneTick)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case j := <-l.jobs:
			l.do(j)
		case <-tick.C:
			now := l.a.c.Now()
			l.overdue(now)
			l.recent.forget(now)
		}
	}
}

// drain waits until everything that is in the lane now has been worked off, or ctx ends.
func (l *lane) drain(ctx context.Context) {
	done := make(chan struct{})
	select {
	case l.jobs <- job{mark: done}:
	case <-ctx.Done():
		return
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// delivered takes a deliver_sm. It never waits: what finds no room is asked for again.
func (s *session) delivered(p pdu) {
	k := &ack{s: s, seq: p.sequence}
	d, err := decodeDelivery(p.body)
	switch {
	case err != nil:
		s.a.counts.Add("malformed")
		s.a.c.Log.Warn("delivery refused", "channel", "smpp", "err", err)
		k.give(statusNever)
	case s.leaving.Load():
		k.give(statusTryLater)
	case !s.a.laneOf(d.from.addr).put(job{d: d, ack: k}):
		s.a.counts.Add("overflow")
		k.give(statusTryLater)
	}
}

func (l *lane) do(j job) {
	switch {
	case j.mark != nil:
		close(j.mark)
	case j.status != nil:
		l.keep(*j.status)
	case j.d.isReceipt():
		l.receipt(j)
	case j.d.class&classKind != 0: // an acknowledgement by a phone's user
		l.a.counts.Add("other_class")
		j.ack.give(statusOK)
	default:
		l.message(j)
	}
}

// handle takes one inbound through its turn. Nothing is acknowledged before it has returned without an error.
func (l *lane) handle(in channels.Inbound) error {
	ctx, cancel := context.WithTimeout(context.Background(), l.a.c.Patience)
	defer cancel()
	if _, err := l.a.handler.Handle(ctx, in); err != nil {
		l.a.counts.Add("unavailable")
		l.a.c.Log.Error("turn not kept", "channel", "smpp", "err", err)
		return err
	}
	l.a.counts.Add("accepted")
	return nil
}

// keep hands a status on.
func (l *lane) keep(s channels.Status) error {
	ctx, cancel := context.WithTimeout(context.Background(), l.a.c.Patience)
	defer cancel()
	if err := l.a.status.HandleStatus(ctx, s); err != nil {
		l.a.counts.Add("unavailable")
		l.a.c.Log.Error("status not kept", "channel", "smpp", "err", err)
		return err
	}
	return nil
}
