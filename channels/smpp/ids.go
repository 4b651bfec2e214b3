package smpp

import (
	"strconv"
	"strings"
	"sync"

	"github.com/kabar-prokus/kabar/channels"
)

// IDForm is how a centre's receipts write the ids of its answers to submits.
type IDForm string

// The forms. Many centres answer in hexadecimal and write receipts in decimal (faults.md G4).
const (
	IDsSame    IDForm = "same"    // the same string
	IDsDecimal IDForm = "decimal" // answered in hexadecimal, receipts in decimal
	IDsHex     IDForm = "hex"     // answered in decimal, receipts in hexadecimal
)

// forms in the order in which they are tried while nothing is known.
var forms = []IDForm{IDsSame, IDsDecimal, IDsHex}

func formIndex(f IDForm) int {
	for i, known := range forms {
		if f == known {
			return i
		}
	}
	return -1
}

// keep is how many ids are remembered: some days of sending. What is forgotten is still reported as the receipt has it.
const keep = 200_000

// sentIDs knows the ids of what was sent since the start, so that a receipt finds its message in whichever form it
// writes the id. The recipient, which receipts name too, tells apart what two forms would confuse.
type sentIDs struct {
	fixed IDForm

	mu    sync.Mutex
	votes [3]int
	// by has one index a form: the id as a receipt of that form would write it. An id may have belonged to several
	// messages; the newest counts.
	by    [3]map[string]*sentPart
	order []*sentPart // oldest first
	// flights are the sends whose ids are not known yet.
	flights map[*flight]bool
	width   int // digits of the newest id, if it was padded with zeros
}

// sentPart is one submit that was accepted.
type sentPart struct {
	id, to string
	whole  *sentWhole
}

// sentWhole is the message that a part belongs to: it is delivered when all its parts are.
type sentWhole struct {
	provider  string // the id that Send returned
	parts     int
	delivered map[string]bool
}

func newSentIDs(fixed IDForm) *sentIDs {
	s := &sentIDs{fixed: fixed, flights: map[*flight]bool{}}
	for i := range s.by {
		s.by[i] = map[string]*sentPart{}
	}
	return s
}

// flight is a send under way.
type flight struct {
	to   string
	done chan struct{}
}

// begin notes a send to a number; the function that it returns ends it, after add.
func (s *sentIDs) begin(to string) (done func()) {
	f := &flight{to, make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flights[f] = true
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.flights, f)
		close(f.done)
	}
}

// underWay are the ends of the sends to one of these numbers.
func (s *sentIDs) underWay(numbers ...string) (ends []<-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.flights {
		for _, n := range numbers {
			if sameNumber(n, f.to) {
				ends = append(ends, f.done)
				break
			}
		}
	}
	return ends
}

// add remembers the ids of one message; the first is what Send returns.
func (s *sentIDs) add(to string, ids []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whole := &sentWhole{provider: ids[0], parts: len(ids), delivered: map[string]bool{}}
	for _, id := range ids {
		p := &sentPart{id, to, whole}
		for i, f := range forms {
			if key, ok := written(f, id); ok {
				s.by[i][key] = p
			}
		}
		s.order = append(s.order, p)
		if s.width = 0; strings.HasPrefix(id, "0") {
			s.width = len(id)
		}
	}
	for len(s.order) > keep {
		old := s.order[0]
		s.order = s.order[1:]
		for i, f := range forms {
			if key, ok := written(f, old.id); ok && s.by[i][key] == old {
				delete(s.by[i], key)
			}
		}
	}
}

// find is the part that a receipt is about, by its id and the numbers that it names.
func (s *sentIDs) find(id string, numbers ...string) (*sentPart, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := normal(id)
	var found *sentPart
	form := -1
	for _, i := range s.tried() {
		p := s.by[i][key]
		if p == nil {
			continue
		}
		about := false
		for _, n := range numbers {
			about = about || sameNumber(n, p.to)
		}
		if about {
			found, form = p, i
			break
		}
	}
	if found == nil {
		return nil, false
	}
	// An id that two forms write alike proves neither.
	for i := range forms {
		if i != form && s.by[i][key] == found {
			return found, true
		}
	}
	s.votes[form]++
	return found, true
}

// report is what a part's state means for its message: delivered when every part is, failed when one has. tell is false
// while the rest is open.
func (s *sentIDs) report(p *sentPart, state channels.State) (provider string, tell bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := p.whole
	if state == channels.Delivered {
		w.delivered[p.id] = true
		return w.provider, len(w.delivered) == w.parts
	}
	return w.provider, true
}

// tried are the forms, the most likely first.
func (s *sentIDs) tried() []int {
	order := []int{0, 1, 2}
	if i := formIndex(s.fixed); i >= 0 {
		order[0], order[i] = i, 0
		return order
	}
	for i := range order {
		for j := i; j > 0 && s.votes[order[j]] > s.votes[order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	return order
}

// likely writes the id of an unknown receipt as Send would have returned it, by the form that the centre is known for:
// after a restart that is all there is to go by.
func (s *sentIDs) likely(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	form := s.fixed
	if form == "" {
		best := s.tried()[0]
		if s.votes[best] == 0 {
			return id
		}
		form = forms[best]
	}
	from, to := 10, 16
	switch form {
	case IDsSame:
		return id
	case IDsHex:
		from, to = 16, 10
	case IDsDecimal:
	}
	n, err := strconv.ParseUint(strings.TrimSpace(id), from, 64)
	if err != nil {
		return id
	}
	out := strings.ToUpper(strconv.FormatUint(n, to))
	return strings.Repeat("0", max(0, s.width-len(out))) + out
}

// written is the id as a receipt of a form writes it, without case and leading zeros.
func written(f IDForm, id string) (string, bool) {
	from, to := 16, 10
	switch f {
	case IDsSame:
		return normal(id), true
	case IDsHex:
		from, to = 10, 16
	case IDsDecimal:
	}
	n, err := strconv.ParseUint(strings.TrimSpace(id), from, 64)
	if err != nil {
		return "", false
	}
	return strconv.FormatUint(n, to), true
}

// normal is what two writings of one id have in common.
func normal(id string) string {
	id = strings.ToLower(strings.TrimSpace(id))
	if short := strings.TrimLeft(id, "0"); short != "" {
		return short
	}
	return id
}

// sameNumber compares a number as a centre writes it (with or without + or the country) with one of ours.
func sameNumber(theirs, ours string) bool {
	theirs = strings.TrimLeft(theirs, "+0")
	return len(theirs) >= 6 && strings.HasSuffix(ours, theirs)
}
