package fake

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"time"
)

var (
	smscDigits   = regexp.MustCompile(`^[1-9][0-9]{6,14}$`)
	smscValidity = regexp.MustCompile(`^([0-9]{12}000R|[0-9]{13}[0-9]{2}[+-])?$`)
)

// submit takes one submit_sm or does what was planned for it; false ends the connection.
func (c *smscConn) submit(p smscPDU) bool {
	m, err := smscSubmitOf(p.body)
	s := c.s
	if err != nil {
		s.violation("submit_sm: %v", err)
		s.mu.Lock()
		s.calls++
		s.mu.Unlock()
		c.send(smscPDU{command: smscSubmit | smscResp, status: smscBadLength, seq: p.seq})
		return true
	}
	s.mu.Lock()
	plan := s.next(m.To)
	taken := plan.status == 0 && (!plan.hang && !plan.drop || plan.accept)
	if taken {
		m.Number = s.nextID
		s.nextID++
		m.ID = s.ids.form(m.Number, s.ids.ResponseHex)
		m.System, m.At = c.system, s.now()
		m.AnswerLost = plan.hang || plan.drop
		s.submits = append(s.submits, m)
	}
	auto := s.receipts
	s.change()
	s.mu.Unlock()
	if taken && auto != nil && auto.before {
		s.receipt(*m, *auto)
	}
	switch {
	case plan.drop:
		c.cut()
		return false
	case plan.hang:
		return true
	case plan.nack:
		c.send(smscPDU{command: smscNack, status: plan.status, seq: p.seq})
		return true
	case plan.status != 0:
		c.send(smscPDU{command: smscSubmit | smscResp, status: plan.status, seq: p.seq})
		return true
	}
	answer := func() {
		c.send(smscPDU{command: smscSubmit | smscResp, seq: p.seq, body: append([]byte(m.ID), 0)})
		if auto != nil && !auto.before {
			s.receipt(*m, *auto)
		}
	}
	if plan.late == 0 {
		answer()
		return true
	}
	s.background.Go(func() {
		select {
		case <-s.done:
		case <-time.After(plan.late):
			answer()
		}
	})
	return true
}

// smscSubmitOf reads a submit_sm as strictly as the specification and the air allow.
func smscSubmitOf(body []byte) (*SMSCSubmit, error) {
	strs, o, text, rest, err := smscFields(body, "sbbsbbsbbbssbbbbm")
	if err != nil {
		return nil, err
	}
	params, err := smscParams(rest)
	if err != nil {
		return nil, err
	}
	// strs: service_type, source, destination, schedule, validity; o: ton npi ton npi class protocol priority
	// registered replace coding default_msg_id
	m := &SMSCSubmit{
		From: strs[1], To: strs[2], FromTON: o[0], ToTON: o[2], ToNPI: o[3], Class: o[4], Validity: strs[4], Registered: o[7], Coding: o[9],
		Part: 1, Parts: 1,
	}
	switch {
	case len(strs[0]) > 5 || len(strs[1]) > 20 || len(strs[2]) > 20:
		return nil, fmt.Errorf("a field too long")
	case m.ToTON != 1 || m.ToNPI != 1 || !smscDigits.MatchString(m.To):
		return nil, fmt.Errorf("destination %d/%d", m.ToTON, m.ToNPI)
	case !smscValidity.MatchString(m.Validity):
		return nil, fmt.Errorf("validity_period %q", m.Validity)
	case m.Coding != 0 && m.Coding != 8:
		return nil, fmt.Errorf("data_coding %d", m.Coding)
	case m.Class&^0x40 != 0 || o[5] != 0 || o[6] != 0 || o[8] != 0 || o[10] != 0:
		return nil, fmt.Errorf("flags % x", o)
	}
	limit := 160
	if m.Coding == 8 {
		limit = 140
	}
	if payload, ok := params[0x0424]; ok {
		if len(text) > 0 {
			return nil, fmt.Errorf("short_message and message_payload")
		}
		text, m.Payload, limit = payload, true, 64<<10
	}
	if m.Class&0x40 != 0 {
		if len(text) < 6 || text[0] != 5 || text[1] != 0 || text[2] != 3 {
			return nil, fmt.Errorf("user data header % x", text[:min(6, len(text))])
		}
		m.Ref, m.Parts, m.Part = uint16(text[3]), int(text[4]), int(text[5])
		text = text[6:]
		limit -= 7 // six octets are seven septets
		if m.Coding == 8 {
			limit++
		}
	}
	if ref, ok := params[0x020C]; ok {
		if m.Class&0x40 != 0 || len(ref) != 2 || len(params[0x020E]) != 1 || len(params[0x020F]) != 1 {
			return nil, fmt.Errorf("sar_ parameters")
		}
		m.SAR, m.Ref, m.Parts, m.Part = true, binary.BigEndian.Uint16(ref), int(params[0x020E][0]), int(params[0x020F][0])
		limit -= 6
	}
	if m.Part < 1 || m.Part > m.Parts || len(text) == 0 || len(text) > limit || m.Coding == 8 && len(text)%2 != 0 {
		return nil, fmt.Errorf("part %d of %d with %d octets", m.Part, m.Parts, len(text))
	}
	for _, b := range text {
		if m.Coding == 0 && b > 0x7F {
			return nil, fmt.Errorf("octet %02x in the default alphabet", b)
		}
	}
	m.Text = smscDecode(m.Coding, text)
	return m, nil
}

// form writes an id.
func (f SMSCIDs) form(n uint64, hex bool) string {
	switch {
	case hex && f.Padded:
		return fmt.Sprintf("%010X", n)
	case hex:
		return fmt.Sprintf("%X", n)
	case f.Padded:
		return fmt.Sprintf("%010d", n)
	}
	return fmt.Sprint(n)
}
