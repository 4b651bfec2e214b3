package fake

import (
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// SMSC is a local short message centre that speaks SMPP 3.4 over TCP or TLS: as strict, as slow and as broken as it is
// told to be. It reads and writes PDUs by itself, from the specification, and is the judge of what was sent twice. Safe
// for concurrent use.
type SMSC struct {
	systemID, password string
	listener           net.Listener
	addr               string
	done               chan struct{} // closed by Close
	background         sync.WaitGroup
	once               sync.Once

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced at every change, for those who wait for one
	now        func() time.Time
	conns      map[*smscConn]bool
	binds      int
	refuseBind uint32
	calls      int
	submits    []*SMSCSubmit
	violations []string
	plans      []smscPlan
	numbers    map[string]uint32
	every      int // throttle each such submit
	mute       bool
	limitData  int // cut the connection after so many more octets from the client; negative: no limit
	nextID     uint64
	ids        SMSCIDs
	receipts   *smscReceipts
	queue      []*smscDelivery
	window     int
	retry      time.Duration
}

// SMSCSubmit is one submit_sm that the double took.
type SMSCSubmit struct {
	ID             string // as submit_sm_resp told it
	Number         uint64 // the same as a number
	System         string // who was bound
	From, To       string
	FromTON, ToTON byte
	ToNPI          byte
	Text           string // of this part
	Coding, Class  byte
	Validity       string
	Registered     byte
	Ref            uint16 // Part and Parts are 1 where there is only one
	Part, Parts    int
	Payload        bool // came as message_payload
	SAR            bool
	At             time.Time
	AnswerLost     bool // taken, but the client was never told
}

// NewSMSC starts a double on a free local port. It panics if there is none.
func NewSMSC(systemID, password string) *SMSC {
	s, err := ListenSMSC("127.0.0.1:0", systemID, password, nil)
	if err != nil {
		panic(err)
	}
	return s
}

// ListenSMSC starts a double at an address, behind TLS if a configuration is given.
func ListenSMSC(addr, systemID, password string, secure *tls.Config) (*SMSC, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	s := &SMSC{
		systemID: systemID, password: password, addr: ln.Addr().String(), done: make(chan struct{}), changed: make(chan struct{}),
		now: time.Now, conns: map[*smscConn]bool{}, numbers: map[string]uint32{}, limitData: -1, nextID: 0x1A2B, window: 10, retry: 20 * time.Millisecond,
	}
	if secure != nil {
		ln = tls.NewListener(ln, secure)
	}
	s.listener = ln
	s.background.Go(func() { s.accept(ln) })
	return s, nil
}

// Addr is host:port, for SMPP_ADDR.
func (s *SMSC) Addr() string { return s.addr }

// Close ends the server, its connections and whatever waits in it.
func (s *SMSC) Close() {
	s.once.Do(func() { close(s.done) })
	s.Stop()
	s.background.Wait()
}

// Stop makes the double go away, so that nobody listens at its address; what it recorded stays.
func (s *SMSC) Stop() {
	s.mu.Lock()
	ln := s.listener
	s.mu.Unlock()
	_ = ln.Close()
	s.Cut()
}

// Resume listens again at the same address after Stop, without TLS.
func (s *SMSC) Resume() error {
	ln, err := net.Listen("tcp", s.addr)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.listener = ln
	s.mu.Unlock()
	s.background.Go(func() { s.accept(ln) })
	return nil
}

// Cut breaks every connection with an RST, as a firewall does.
func (s *SMSC) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.cut()
	}
}

func (s *SMSC) accept(ln net.Listener) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		c := &smscConn{s: s, conn: conn, waiting: map[uint32]*smscDelivery{}}
		s.conns[c] = true
		s.change()
		s.mu.Unlock()
		select {
		case <-s.done:
			c.cut()
		default:
		}
		s.background.Go(c.serve)
	}
}

// change tells those who wait that something happened. s.mu is held.
func (s *SMSC) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Await waits until cond, which is called without locks, is true; false after limit.
func (s *SMSC) Await(limit time.Duration, cond func() bool) bool {
	end := time.NewTimer(limit)
	defer end.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if cond() {
			return true
		}
		select {
		case <-changed:
		case <-end.C:
			return cond()
		}
	}
}

// Clock replaces the time by which messages are dated.
func (s *SMSC) Clock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Calls counts the submit_sm that arrived whole, refused ones too.
func (s *SMSC) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// Binds counts the attempts to bind; Bound the sessions that are bound now.
func (s *SMSC) Binds() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.binds
}

// Bound counts the sessions that are bound now.
func (s *SMSC) Bound() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bound()
}

func (s *SMSC) bound() (n int) {
	for c := range s.conns {
		if c.bound {
			n++
		}
	}
	return n
}

// Violations are the breaches of the specification that were seen. A good client has none.
func (s *SMSC) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

func (s *SMSC) violation(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}

// Submits are the parts that were taken, oldest first.
func (s *SMSC) Submits() []SMSCSubmit {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]SMSCSubmit, 0, len(s.submits))
	for _, m := range s.submits {
		out = append(out, *m)
	}
	return out
}

// Count is how often this whole text was taken for this number: parts are joined as a phone joins them.
func (s *SMSC) Count(to, text string) (n int) {
	to = strings.TrimPrefix(to, "+")
	type key struct {
		from string
		ref  uint16
		of   int
	}
	parts := map[key]map[int]string{}
	for _, m := range s.Submits() {
		if m.To != to {
			continue
		}
		if m.Parts == 1 {
			if m.Text == text {
				n++
			}
			continue
		}
		k := key{m.From, m.Ref, m.Parts}
		if parts[k] == nil {
			parts[k] = map[int]string{}
		}
		parts[k][m.Part] = m.Text
		if len(parts[k]) < m.Parts {
			continue
		}
		var whole strings.Builder
		for i := 1; i <= m.Parts; i++ {
			whole.WriteString(parts[k][i])
		}
		delete(parts, k)
		if whole.String() == text {
			n++
		}
	}
	return n
}
