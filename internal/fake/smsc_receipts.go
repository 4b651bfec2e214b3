package fake

import "fmt"

// smscReceipts is the receipt that follows every submit by itself.
type smscReceipts struct {
	before bool // ahead of the response
	state  string
}

// AutoReceipt sends a receipt with a state such as "DELIVRD" for every coming submit that asks for one, before or after
// its response; an empty state stops that.
func (s *SMSC) AutoReceipt(state string, before bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.receipts = nil
	if state != "" {
		s.receipts = &smscReceipts{before, state}
	}
}

func (s *SMSC) receipt(m SMSCSubmit, auto smscReceipts) {
	if m.Registered&1 == 0 {
		return
	}
	s.Receipt(m, SMSCReceipt{State: auto.state})
}

// SMSCReceipt is how a receipt looks.
type SMSCReceipt struct {
	State string // DELIVRD, EXPIRED, UNDELIV …
	Error string // err:, three characters; empty: 000
	TLV   bool   // receipted_message_id and message_state instead of id: and stat:
	ID    string // instead of the message's own
	// Class replaces esm_class 0x04.
	Class byte
}

// Receipt queues the receipt of a message that was taken, with the number as sender as centres do.
func (s *SMSC) Receipt(m SMSCSubmit, r SMSCReceipt) {
	s.mu.Lock()
	id := s.ids.form(m.Number, s.ids.ReceiptHex)
	at := s.now().Format("0601021504")
	s.mu.Unlock()
	if r.ID != "" {
		id = r.ID
	}
	if r.Error == "" {
		r.Error = "000"
	}
	if r.Class == 0 {
		r.Class = 0x04
	}
	in := SMSCInbound{From: m.To, FromTON: 1, To: m.From, Class: r.Class}
	if r.TLV {
		in.Params = smscParam(smscParam(nil, 0x001E, append([]byte(id), 0)), 0x0427, []byte{smscStates[r.State]})
		in.Raw = []byte("err:" + r.Error)
	} else {
		in.Raw = fmt.Appendf(nil, "id:%s sub:001 dlvrd:001 submit date:%s done date:%s stat:%s err:%s text:%.20s", id, at, at, r.State, r.Error, "Terima kasih")
	}
	s.Queue(in)
}

var smscStates = map[string]byte{"ENROUTE": 1, "DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7, "REJECTD": 8}
