package fake

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// smscConn is one client's connection.
type smscConn struct {
	s      *SMSC
	conn   net.Conn
	write  sync.Mutex
	bound  bool // s.mu
	system string
	seq    uint32 // ours, s.mu
	last   uint32 // theirs
	// waiting are the deliver_sm without an answer, by sequence number. s.mu.
	waiting map[uint32]*smscDelivery
}

// cut breaks the connection with an RST where there is TCP below.
func (c *smscConn) cut() {
	raw := c.conn
	if t, ok := raw.(*tls.Conn); ok {
		raw = t.NetConn()
	}
	if t, ok := raw.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = raw.Close()
}

// limited counts what the client sends and breaks the connection at the limit.
type limited struct{ c *smscConn }

func (l limited) Read(b []byte) (int, error) {
	n, err := l.c.conn.Read(b)
	s := l.c.s
	s.mu.Lock()
	over := s.limitData >= 0 && n >= s.limitData
	if s.limitData >= 0 {
		if over {
			n, s.limitData = s.limitData, -1
		} else {
			s.limitData -= n
		}
	}
	s.mu.Unlock()
	if over {
		l.c.cut()
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}

func (c *smscConn) serve() {
	defer c.gone()
	for {
		p, err := smscRead(limited{c})
		if err != nil {
			if strings.HasPrefix(err.Error(), "command_length") {
				c.s.violation("%v", err)
			}
			return
		}
		if p.command&smscResp == 0 {
			if p.seq == 0 || p.seq > 0x7FFFFFFF || p.seq <= c.last {
				c.s.violation("sequence_number %d after %d", p.seq, c.last)
			}
			c.last = p.seq
			if p.status != 0 {
				c.s.violation("a request with command_status %d", p.status)
			}
		}
		c.s.mu.Lock()
		mute := c.s.mute
		c.s.mu.Unlock()
		if mute {
			continue
		}
		if !c.handle(p) {
			return
		}
	}
}

// gone forgets the connection; what it was asked to deliver is delivered again to the next one.
func (c *smscConn) gone() {
	_ = c.conn.Close()
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	c.bound = false
	delete(s.conns, c)
	for _, d := range c.waiting {
		if d != nil {
			d.sent = false
		}
	}
	c.waiting = map[uint32]*smscDelivery{}
	s.change()
}

// handle answers one PDU; false ends the connection.
func (c *smscConn) handle(p smscPDU) bool {
	switch p.command {
	case smscBind:
		return c.bind(p)
	case smscEnquire:
		c.send(smscPDU{command: smscEnquire | smscResp, seq: p.seq})
	case smscUnbind:
		c.send(smscPDU{command: smscUnbind | smscResp, seq: p.seq})
		return false
	case smscSubmit:
		if !c.isBound() {
			c.s.violation("submit_sm before the bind")
			c.send(smscPDU{command: smscSubmit | smscResp, status: smscNotBound, seq: p.seq})
			return true
		}
		return c.submit(p)
	case smscDeliver | smscResp:
		c.s.answered(c, p.seq, p.status, p.body)
	case smscEnquire | smscResp, smscUnbind | smscResp, smscNack:
	default:
		c.s.violation("command %08x", p.command)
		c.send(smscPDU{command: smscNack, status: smscBadCommand, seq: p.seq})
	}
	return true
}

func (c *smscConn) isBound() bool {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.bound
}

func (c *smscConn) bind(p smscPDU) bool {
	strs, octets, _, rest, err := smscFields(p.body, "sssbbbs")
	status := uint32(0)
	s := c.s
	if err != nil || len(rest) > 0 || len(strs[0]) > 15 || len(strs[1]) > 8 || len(strs[2]) > 12 || octets[0] != 0x34 {
		s.violation("bind_transceiver %x", p.body)
		status = smscBadLength
	}
	s.mu.Lock()
	s.binds++
	switch {
	case status != 0:
	case s.refuseBind != 0:
		status = s.refuseBind
	case strs[0] != s.systemID:
		status = smscBadID
	case strs[1] != s.password:
		status = SMSCBadPassword
	case s.bound() > 0:
		status = SMSCAlreadyBound
	default:
		c.bound, c.system = true, strs[0]
	}
	s.mu.Unlock()
	var body []byte
	if status == 0 {
		body = append([]byte("DOUBLE\x00"), 0x02, 0x10, 0, 1, 0x34) // sc_interface_version
	}
	c.send(smscPDU{command: smscBind | smscResp, status: status, seq: p.seq, body: body})
	s.mu.Lock()
	s.change()
	s.mu.Unlock()
	if status == 0 {
		s.flush()
	}
	return status == 0
}

// send writes one PDU.
func (c *smscConn) send(p smscPDU) {
	c.write.Lock()
	defer c.write.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	_, _ = c.conn.Write(p.wire())
}

// Send writes any octets to every bound client: PDUs that no centre should send.
func (s *SMSC) Send(raw []byte) {
	for _, c := range s.boundConns() {
		if len(raw) >= 16 && binary.BigEndian.Uint32(raw[4:]) == smscDeliver {
			s.mu.Lock()
			c.waiting[binary.BigEndian.Uint32(raw[12:])] = nil // its answer is expected, and says nothing
			s.mu.Unlock()
		}
		c.write.Lock()
		_ = c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
		_, _ = c.conn.Write(raw)
		c.write.Unlock()
	}
}

func (s *SMSC) boundConns() (out []*smscConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.bound {
			out = append(out, c)
		}
	}
	return out
}

// Unbind asks every client to leave, as a centre does before its own restart.
func (s *SMSC) Unbind() {
	for _, c := range s.boundConns() {
		c.send(smscPDU{command: smscUnbind, seq: s.sequence(c)})
	}
}

func (s *SMSC) sequence(c *smscConn) uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.seq++
	return c.seq
}
