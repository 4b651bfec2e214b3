package smpp

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
)

// A deliver_sm carries no id of the message, and its sequence number changes when it is delivered again. So an id is made
// of what does survive: who wrote to whom, every byte of it, and the centre's own id or time where it tells one. Where it
// tells none, two equal messages are told apart by what happened to the first: if our answer is known to have arrived,
// the second is new; otherwise it is the first again. Over a restart only the slot is left: an equal message within it
// counts as a repeat, and a repeat beyond its end as new.
const (
	slot        = 10 * time.Minute
	unsettled   = time.Hour // how long a message without a proven answer is expected again
	recentLimit = 20_000    // messages that one lane remembers
)

type contentHash [32]byte

// recent remembers what came last with each content.
type recent map[contentHash]*seen

type seen struct {
	id    string
	slot  int64
	nth   int // of equal messages in the slot
	at    time.Time
	s     *session // over which it was answered; nil: it was not
	since uint64   // the session's enquire_link before the answer
}

// id is the id of a message that arrived over a session.
func (r recent) id(key contentHash, d delivery, s *session, now time.Time) (string, *seen) {
	if own := d.identity(); own != "" {
		return digest(key, own), &seen{}
	}
	old := r[key]
	if old != nil && !old.over(s) {
		return old.id, old
	}
	n := &seen{slot: now.Unix() / int64(slot/time.Second), at: now}
	if old != nil && old.slot == n.slot {
		n.nth = old.nth + 1
	}
	n.id = digest(key, strconv.FormatInt(n.slot, 10)+"/"+strconv.Itoa(n.nth))
	if old != nil || len(r) < recentLimit {
		r[key] = n
	}
	return n.id, n
}

// over says whether the centre has our answer, so that an equal message over session s is another one.
func (e *seen) over(s *session) bool {
	return e.s != nil && (e.s == s || e.s.confirmed.Load() > e.since)
}

// settle notes that the answer went out over a session.
func (e *seen) settle(s *session, written bool) {
	if written {
		e.s, e.since = s, s.enquired.Load()
	}
}

// forget drops what can no longer matter.
func (r recent) forget(now time.Time) {
	for key, e := range r {
		limit := unsettled
		if e.over(nil) {
			limit = slot
		}
		if age := now.Sub(e.at); age > limit || age < -limit {
			delete(r, key)
		}
	}
}

// identity is what the centre itself calls a message: its id or the time at which it took it.
func (d delivery) identity() string {
	if id := d.params[tagReceiptedID]; len(id) > 1 {
		return "id " + string(id)
	}
	if d.schedule != "" {
		return "at " + d.schedule
	}
	return ""
}

// contentKey is a hash over everything that a delivery and its redelivery have in common.
func contentKey(d delivery, pieces []piece) contentHash {
	h := sha256.New()
	field := func(b []byte) {
		_ = binary.Write(h, binary.BigEndian, uint32(len(b)))
		h.Write(b)
	}
	field([]byte(d.from.addr))
	field([]byte(d.to.addr))
	field(d.params[tagUserReference])
	field([]byte{byte(d.ref >> 8), byte(d.ref), byte(d.of)})
	for _, p := range pieces {
		field([]byte{p.coding})
		field(p.content)
	}
	return contentHash(h.Sum(nil))
}

func digest(key contentHash, more string) string {
	sum := sha256.Sum256(append(key[:], more...))
	return hex.EncodeToString(sum[:16])
}
