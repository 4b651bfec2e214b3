package smpp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// session is one connection, bound once. It ends at the first fault; Run makes the next.
type session struct {
	a    *Adapter
	conn net.Conn

	reading sync.WaitGroup
	writing sync.Mutex
	seq     atomic.Uint32

	mu      sync.Mutex
	waiting map[uint32]*request
	err     error // why it ended
	ended   chan struct{}

	leaving atomic.Bool // no new deliveries are taken any more
	// enquired numbers our enquire_link, confirmed the last that was answered: an answer to a delivery that went out
	// before it has arrived too.
	enquired, confirmed atomic.Uint64
}

// request is one PDU of ours that waits for its answer.
type request struct {
	answer chan pdu // one place
	// late, if set, takes an answer that comes after its sender gave up waiting.
	late func(pdu)
	gone bool
}

// waitingMost is how many requests may be without an answer, those included whose senders gave up.
const waitingMost = 10_000

// bindError is a bind that the centre refused.
type bindError struct{ status uint32 }

func (e *bindError) Error() string {
	return "smpp: the centre refused the bind with " + codeOf(e.status)
}

var (
	errMute   = errors.New("smpp: the centre does not answer enquire_link")
	errUnbind = errors.New("smpp: the centre asked us to leave")
	errSilent = errors.New("smpp: the centre leaves too much without an answer")
	errLeft   = errors.New("smpp: we left")
)

// open connects and binds.
func (a *Adapter) open(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, a.c.ResponseTimeout)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", a.c.Addr)
	if err != nil {
		return nil, fmt.Errorf("smpp: the centre is not reached: %w", err)
	}
	if a.c.TLS != nil {
		conf := a.c.TLS.Clone()
		if conf.ServerName == "" && !conf.InsecureSkipVerify {
			conf.ServerName, _, _ = net.SplitHostPort(a.c.Addr)
		}
		secure := tls.Client(conn, conf)
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("smpp: no TLS with the centre: %w", err)
		}
		conn = secure
	}
	s := &session{a: a, conn: conn, waiting: map[uint32]*request{}, ended: make(chan struct{})}
	s.reading.Go(s.read)
	req, _, err := s.ask(bindTransceiver, bindBody(a.c.SystemID, a.c.Password, a.c.SystemType), nil)
	if err == nil {
		var p pdu
		if p, err = s.await(ctx, req); err == nil && p.status != statusOK {
			err = &bindError{p.status}
		}
	}
	if err != nil {
		s.end(err)
		s.reading.Wait()
		return nil, err
	}
	return s, nil
}

// end closes the connection and lets everybody who waits go. The first reason stays.
func (s *session) end(err error) {
	s.mu.Lock()
	first := s.err == nil
	if first {
		s.err = err
		close(s.ended)
		_ = s.conn.Close()
	}
	s.mu.Unlock()
	if first {
		s.a.lost(s, err)
	}
}

func (s *session) reason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// write sends one PDU whole. begun says whether any of it may have left.
func (s *session) write(p pdu) (begun bool, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	// A peer that reads nothing must not hold us: the connection's end wakes the write.
	stuck := time.AfterFunc(s.a.c.ResponseTimeout, func() { s.end(errors.New("smpp: the centre reads nothing")) })
	defer stuck.Stop()
	n, err := s.conn.Write(p.bytes())
	if err != nil {
		s.end(fmt.Errorf("smpp: connection lost: %w", err))
	}
	return n > 0, err
}

// ask sends a request and prepares for its answer. Sequence numbers are given out under the lock that writes, so that
// they rise on the wire.
func (s *session) ask(command uint32, body []byte, late func(pdu)) (req *request, begun bool, err error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	seq := s.seq.Add(1)
	if seq > 0x7FFFFFFF { // two thousand million requests: a new session starts again at one
		s.end(errors.New("smpp: sequence numbers are used up"))
		return nil, false, s.reason()
	}
	req = &request{answer: make(chan pdu, 1), late: late}
	s.mu.Lock()
	if s.err != nil {
		s.mu.Unlock()
		return nil, false, s.err
	}
	if len(s.waiting) >= waitingMost {
		s.mu.Unlock()
		s.end(errSilent)
		return nil, false, errSilent
	}
	s.waiting[seq] = req
	s.mu.Unlock()
	stuck := time.AfterFunc(s.a.c.ResponseTimeout, func() { s.end(errors.New("smpp: the centre reads nothing")) })
	defer stuck.Stop()
	n, err := s.conn.Write(pdu{command: command, sequence: seq, body: body}.bytes())
	if err != nil {
		s.end(fmt.Errorf("smpp: connection lost: %w", err))
	}
	return req, n > 0, err
}

// await waits for an answer. After an error the request is given up: what comes later goes to its late.
func (s *session) await(ctx context.Context, req *request) (pdu, error) {
	var err error
	select {
	case p := <-req.answer:
		return p, nil
	case <-s.ended:
		err = s.reason()
	case <-ctx.Done():
		err = ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case p := <-req.answer: // in the same moment
		return p, nil
	default:
		req.gone = true
		return pdu{}, err
	}
}

// read takes PDUs off the connection until it ends. It never waits for anybody, so that a slow turn does not keep us
// from answering enquire_link.
func (s *session) read() {
	r := bufio.NewReaderSize(s.conn, 16<<10)
	for {
		p, err := readPDU(r)
		switch {
		case errors.Is(err, errLength):
			s.a.counts.Add("malformed")
			_, _ = s.write(pdu{command: genericNack, status: statusBadLength, sequence: p.sequence})
			s.end(err)
			return
		case err != nil:
			s.end(fmt.Errorf("smpp: connection lost: %w", err))
			return
		}
		s.take(p)
	}
}

// take sees to one PDU.
func (s *session) take(p pdu) {
	switch {
	case p.command&answerBit != 0: // generic_nack too
		s.answered(p)
	case p.command == enquireLink:
		_, _ = s.write(pdu{command: enquireLink | answerBit, sequence: p.sequence})
	case p.command == deliverSM:
		s.delivered(p)
	case p.command == unbind:
		_, _ = s.write(pdu{command: unbind | answerBit, sequence: p.sequence})
		s.end(errUnbind)
	default:
		s.a.counts.Add("unknown_command")
		_, _ = s.write(pdu{command: genericNack, status: statusBadCommand, sequence: p.sequence})
	}
}

func (s *session) answered(p pdu) {
	s.mu.Lock()
	req := s.waiting[p.sequence]
	delete(s.waiting, p.sequence)
	late := req != nil && req.gone
	if req != nil && !late {
		req.answer <- p
	}
	s.mu.Unlock()
	switch {
	case req == nil:
		s.a.counts.Add("unexpected_answer")
	case late && req.late != nil:
		s.a.counts.Add("late_answer")
		req.late(p)
	}
}

// keepAlive tries the link until the session ends (faults.md G2).
func (s *session) keepAlive() {
	every := time.NewTicker(s.a.c.EnquireEvery)
	defer every.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-every.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), min(s.a.c.ResponseTimeout, enquirePatience))
		n := s.enquired.Add(1)
		req, _, err := s.ask(enquireLink, nil, nil)
		if err == nil {
			_, err = s.await(ctx, req)
		}
		switch {
		case err == nil:
			s.confirmed.Store(n)
		case errors.Is(err, context.DeadlineExceeded):
			s.a.counts.Add("mute")
			s.end(errMute)
		}
		cancel()
	}
}
