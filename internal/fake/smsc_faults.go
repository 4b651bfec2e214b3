package fake

import "time"

// Values of command_status for Fail, FailNumber and RefuseBind (SMPP 3.4, section 5.1.3).
const (
	SMSCSystemError  uint32 = 0x08
	SMSCAlreadyBound uint32 = 0x05
	SMSCBadNumber    uint32 = 0x0B
	SMSCBadPassword  uint32 = 0x0E
	SMSCQueueFull    uint32 = 0x14
	SMSCThrottled    uint32 = 0x58
	SMSCTryLater     uint32 = 0x64
	SMSCNever        uint32 = 0x65
)

// smscPlan is what happens to a coming submit_sm.
type smscPlan struct {
	status uint32
	hang   bool // no answer
	late   time.Duration
	drop   bool // the connection breaks instead of an answer
	nack   bool // answered with generic_nack
	accept bool // with hang and drop: the message is taken all the same
}

func (s *SMSC) plan(n int, p smscPlan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.plans = append(s.plans, p)
	}
}

// Fail refuses the next n submits with a status.
func (s *SMSC) Fail(n int, status uint32) { s.plan(n, smscPlan{status: status}) }

// Nack answers the next n submits with generic_nack.
func (s *SMSC) Nack(n int, status uint32) { s.plan(n, smscPlan{status: status, nack: true}) }

// Hang leaves the next n submits without an answer; accept says whether they are taken.
func (s *SMSC) Hang(n int, accept bool) { s.plan(n, smscPlan{hang: true, accept: accept}) }

// Late answers the next n submits, which are taken, after a while.
func (s *SMSC) Late(n int, after time.Duration) { s.plan(n, smscPlan{late: after}) }

// Drop breaks the connection of the next n submits instead of answering; accept says whether they are taken.
func (s *SMSC) Drop(n int, accept bool) { s.plan(n, smscPlan{drop: true, accept: accept}) }

// FailNumber refuses every message to one number until status is 0.
func (s *SMSC) FailNumber(number string, status uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.numbers[number] = status
}

// ThrottleEvery answers each nth submit with ESME_RTHROTTLED; 0 stops that.
func (s *SMSC) ThrottleEvery(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.every = n
}

// Mute makes the double read on and say nothing, not even to enquire_link or a bind.
func (s *SMSC) Mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mute = on
}

// LimitData breaks the client's connection once it has sent n more octets, wherever in a PDU that is.
func (s *SMSC) LimitData(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limitData = n
}

// RefuseBind answers every bind with a status, until it is 0.
func (s *SMSC) RefuseBind(status uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuseBind = status
}

// SMSCIDs is how the double writes message ids: many centres answer in hexadecimal and write receipts in decimal.
type SMSCIDs struct {
	ResponseHex, ReceiptHex bool
	Padded                  bool // ten digits with zeros before
}

// IDs sets the form of ids, and the number of the next one (0 leaves it).
func (s *SMSC) IDs(f SMSCIDs, next uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids = f
	if next != 0 {
		s.nextID = next
	}
}

// next is the plan for the submit at hand. s.mu is held.
func (s *SMSC) next(to string) (p smscPlan) {
	s.calls++
	if s.every > 0 && s.calls%s.every == 0 {
		return smscPlan{status: SMSCThrottled}
	}
	if status := s.numbers[to]; status != 0 {
		return smscPlan{status: status}
	}
	if len(s.plans) > 0 {
		p, s.plans = s.plans[0], s.plans[1:]
	}
	return p
}
