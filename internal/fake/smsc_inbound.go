package fake

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"
)

// SMSCInbound is one deliver_sm that the double plays: a message of a phone, or one part of it.
type SMSCInbound struct {
	From, To       string
	FromTON        byte // 1 with digits only, 0 as the operator writes it, 5 a name
	Text           string
	Coding         byte   // 0, 1, 3 or 8
	Raw            []byte // instead of Text
	Class          byte
	Ref            uint16
	Part, Parts    int  // Parts 0: whole
	SAR, Wide      bool // joined by sar_ parameters; by a reference of 16 bits
	Payload        bool // in message_payload
	Schedule       string
	Params         []byte // further optional parameters
	NoRetry        bool   // not again after ESME_RX_T_APPN
	DropBeforeResp bool   // the connection breaks when the answer arrives, before the double has noted it
}

type smscDelivery struct {
	in    SMSCInbound
	sent  bool // waits for its answer
	after time.Time
	done  chan uint32 // the final status
	tries int
}

// DeliverWindow is how many deliver_sm may wait for their answer at once, and Retry how soon one that was answered
// ESME_RX_T_APPN is sent again.
func (s *SMSC) DeliverWindow(n int, retry time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.window, s.retry = n, retry
}

// Queue plays a deliver_sm now or at the next bind. It is sent again until it is answered with something other than
// ESME_RX_T_APPN; the final status comes over the channel.
func (s *SMSC) Queue(in SMSCInbound) <-chan uint32 {
	d := &smscDelivery{in: in, done: make(chan uint32, 1)}
	s.mu.Lock()
	s.queue = append(s.queue, d)
	s.mu.Unlock()
	s.flush()
	return d.done
}

// Deliver queues and waits for the final status.
func (s *SMSC) Deliver(in SMSCInbound, limit time.Duration) (uint32, error) {
	end := time.NewTimer(limit)
	defer end.Stop()
	select {
	case status := <-s.Queue(in):
		return status, nil
	case <-end.C:
		return 0, errors.New("fake: the message was not answered")
	}
}

// Undelivered counts what still waits to be delivered or answered.
func (s *SMSC) Undelivered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// flush sends what is due to the bound client.
func (s *SMSC) flush() {
	conns := s.boundConns()
	if len(conns) == 0 {
		return
	}
	c := conns[0]
	type ready struct {
		seq  uint32
		body []byte
	}
	var out []ready
	s.mu.Lock()
	for _, d := range s.queue {
		if d.sent || s.mute || !c.bound || len(c.waiting) >= s.window || s.now().Before(d.after) {
			continue
		}
		c.seq++
		d.sent = true
		d.tries++
		c.waiting[c.seq] = d
		out = append(out, ready{c.seq, d.in.body()})
	}
	s.mu.Unlock()
	for _, r := range out {
		c.send(smscPDU{command: smscDeliver, seq: r.seq, body: r.body})
	}
}

// answered takes a deliver_sm_resp.
func (s *SMSC) answered(c *smscConn, seq, status uint32, body []byte) {
	s.mu.Lock()
	d, expected := c.waiting[seq]
	switch {
	case d == nil && expected:
		delete(c.waiting, seq)
	case d == nil:
		s.violations = append(s.violations, "deliver_sm_resp for nothing")
	case len(body) != 1 || body[0] != 0:
		s.violations = append(s.violations, "deliver_sm_resp with a message_id")
	case d.in.DropBeforeResp && d.tries == 1:
		s.mu.Unlock()
		c.cut()
		return
	}
	if d != nil {
		delete(c.waiting, seq)
		if status == SMSCTryLater && !d.in.NoRetry {
			d.sent = false
			d.after = s.now().Add(s.retry)
			retry := s.retry
			s.background.Go(func() {
				select {
				case <-s.done:
				case <-time.After(retry + time.Millisecond):
					s.mu.Lock()
					d.after = time.Time{}
					s.mu.Unlock()
					s.flush()
				}
			})
		} else {
			s.queue = slices.DeleteFunc(s.queue, func(q *smscDelivery) bool { return q == d })
			d.done <- status
		}
	}
	s.change()
	s.mu.Unlock()
	s.flush()
}

// body is the deliver_sm.
func (in SMSCInbound) body() []byte {
	text := in.Raw
	if text == nil {
		text = SMSCEncode(in.Coding, in.Text)
	}
	params := in.Params
	class := in.Class
	switch {
	case in.Parts == 0:
	case in.SAR:
		params = smscParam(params, 0x020C, binary.BigEndian.AppendUint16(nil, in.Ref))
		params = smscParam(params, 0x020E, []byte{byte(in.Parts)})
		params = smscParam(params, 0x020F, []byte{byte(in.Part)})
	case in.Wide:
		class |= 0x40
		text = append([]byte{6, 8, 4, byte(in.Ref >> 8), byte(in.Ref), byte(in.Parts), byte(in.Part)}, text...)
	default:
		class |= 0x40
		text = append([]byte{5, 0, 3, byte(in.Ref), byte(in.Parts), byte(in.Part)}, text...)
	}
	if in.Payload {
		params = smscParam(params, 0x0424, text)
		text = nil
	}
	b := []byte{0, in.FromTON, 1} // service_type, source
	b = append(append(b, in.From...), 0)
	b = append(b, 1, 1)
	b = append(append(b, in.To...), 0)
	b = append(b, class, 0, 0)
	b = append(append(b, in.Schedule...), 0)
	b = append(b, 0, 0, 0, in.Coding, 0, byte(len(text)))
	return append(append(b, text...), params...)
}

func smscParam(b []byte, tag uint16, value []byte) []byte {
	b = binary.BigEndian.AppendUint16(append([]byte(nil), b...), tag)
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}
