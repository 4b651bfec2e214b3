package smpp

import (
	"regexp"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// isReceipt is true for delivery receipts and intermediate notifications, and for those that forget to say so but carry
// the two parameters that only a receipt has.
func (d delivery) isReceipt() bool {
	if k := d.class & classKind; k == classReceipt || k == classInterim {
		return true
	}
	return len(d.params[tagReceiptedID]) > 0 && len(d.params[tagMessageState]) == 1
}

// receipt takes a receipt. Its id may not be known yet, because the centre reports before it has answered our submit
// (faults.md G4): then it waits for the sends to that number that are under way.
func (l *lane) receipt(j job) {
	id, state, code := j.d.readReceipt()
	if id == "" {
		l.a.counts.Add("malformed")
		j.ack.give(statusOK) // it would be no better the next time
		return
	}
	s := channels.Status{Channel: l.a.Name(), ProviderID: id, State: state, Code: code, At: l.a.c.Now()}
	numbers := []string{j.d.from.addr, j.d.to.addr} // some centres exchange them
	part, known := l.a.sent.find(id, numbers...)
	switch {
	case known:
		var tell bool
		if s.ProviderID, tell = l.a.sent.report(part, state); !tell {
			j.ack.give(statusOK)
			return
		}
	case !j.waited:
		if ends := l.a.sent.underWay(numbers...); len(ends) > 0 {
			l.later(j, ends)
			return
		}
		fallthrough
	default:
		s.ProviderID = l.a.sent.likely(id)
	}
	if state == "" {
		l.a.counts.Add("unknown_state")
		j.ack.give(statusOK)
		return
	}
	if l.keep(s) != nil {
		j.ack.give(statusTryLater)
		return
	}
	l.a.counts.Add("receipt")
	j.ack.give(statusOK)
}

// later puts a receipt back into its lane when the sends under way have ended, at the latest when their time is over.
func (l *lane) later(j job, ends []<-chan struct{}) {
	j.waited = true
	limit := time.NewTimer(l.a.c.ResponseTimeout)
	go func() {
		defer limit.Stop()
		for _, end := range ends {
			select {
			case <-end:
			case <-limit.C:
				limit.Reset(0)
			case <-j.ack.s.ended:
				return
			}
		}
		if !l.put(j) {
			j.ack.give(statusTryLater)
		}
	}()
}

var (
	receiptID    = regexp.MustCompile(`(?i)\bid:\s*([0-9a-z._-]{1,64})`)
	receiptState = regexp.MustCompile(`(?i)\bstat:\s*([a-z]{3,13})`)
	receiptText  = regexp.MustCompile(`(?i)\btext:`)
	receiptError = regexp.MustCompile(`(?i)\berr:\s*([0-9a-z]{1,10})`)
)

// readReceipt reads a receipt: the parameters where there are any, else the text of appendix B. state is empty where it
// says nothing about a message.
func (d delivery) readReceipt() (id string, state channels.State, code string) {
	text := decodeText(latin1, d.content) // the ASCII that matters is alike in every alphabet that a receipt comes in
	if at := receiptText.FindStringIndex(text); at != nil {
		text = text[:at[0]] // what follows is the beginning of our own words
	}
	first := func(re *regexp.Regexp) string {
		if m := re.FindStringSubmatch(text); m != nil {
			return m[1]
		}
		return ""
	}
	id, code = first(receiptID), first(receiptError)
	if v := strings.TrimRight(string(d.params[tagReceiptedID]), "\x00"); v != "" && printable(v, 64) {
		id = v
	}
	if strings.Trim(code, "0") == "" {
		code = ""
	}
	if v := d.params[tagMessageState]; len(v) == 1 {
		return id, stateOfNumber(v[0]), code
	}
	return id, stateOfWord(strings.ToUpper(first(receiptState))), code
}

func stateOfNumber(n byte) channels.State {
	switch n {
	case 1, 6: // ENROUTE, ACCEPTED
		return channels.Accepted
	case 2:
		return channels.Delivered
	case 3, 4, 5: // EXPIRED, DELETED, UNDELIVERABLE
		return channels.Undelivered
	case 8:
		return channels.Failed
	}
	return ""
}

func stateOfWord(s string) channels.State {
	switch s {
	case "ENROUTE", "ACCEPTD", "ACCEPTED":
		return channels.Accepted
	case "DELIVRD", "DELIVERED":
		return channels.Delivered
	case "EXPIRED", "DELETED", "UNDELIV", "UNDELIVERABLE":
		return channels.Undelivered
	case "REJECTD", "REJECTED", "FAILED":
		return channels.Failed
	}
	return ""
}
