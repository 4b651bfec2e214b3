package smpp

import (
	"bytes"
	"cmp"
	"slices"
	"time"
)

// The life of a message in parts (faults.md G5).
const (
	joinFor   = 10 * time.Minute // then what is there is handed on, with a mark for what is not
	joinKnown = time.Hour        // how long a part of a finished message is known again
	joinLimit = 2000             // messages that one lane joins at once
)

// joinKey names a message in parts. A phone counts references to 255 and begins again, so it names another one later.
type joinKey struct {
	from, to string
	ref      uint16
	of       int
}

// join is a message whose parts come in. None is acknowledged before the whole was kept: a part that has waited for the
// others as long as patience allows is handed back to the centre, which sends it again; it is remembered meanwhile. So a
// crash loses nothing.
type join struct {
	from  string // E.164
	first delivery
	since time.Time
	parts map[int]piece
	acks  []*ack
	over  bool // handed on; since is when
}

// part takes one part of a message.
func (l *lane) part(from string, j job) {
	d := j.d
	now := l.a.c.Now()
	key := joinKey{from, d.to.addr, d.ref, d.of}
	p := piece{coding: d.coding, content: d.content}
	m := l.joins[key]
	if m != nil {
		old, known := m.parts[d.part]
		same := known && old.coding == p.coding && bytes.Equal(old.content, p.content)
		switch {
		case m.over && same: // delivered again though all is kept
			l.a.counts.Add("repeated_part")
			j.ack.give(statusOK)
			return
		case m.over && !known: // it comes after its message was handed on without it
			m.parts[d.part] = p
			if l.handOn(m, []int{d.part}, j.ack.s) != nil {
				delete(m.parts, d.part)
				j.ack.give(statusTryLater)
				return
			}
			j.ack.give(statusOK)
			return
		case m.over: // the reference begins again
			delete(l.joins, key)
			m = nil
		case known && !same: // it begins again although parts of the earlier message never came
			if l.finish(m) != nil {
				j.ack.give(statusTryLater)
				return
			}
			m = nil
		}
	}
	if m == nil {
		if len(l.joins) >= joinLimit {
			l.a.counts.Add("overflow")
			j.ack.give(statusTryLater)
			return
		}
		m = &join{from: from, first: d, since: now, parts: map[int]piece{}}
		l.joins[key] = m
	}
	_, known := m.parts[d.part]
	m.parts[d.part] = p
	m.acks = append(slices.DeleteFunc(m.acks, func(k *ack) bool { return k.given.Load() }), j.ack)
	if len(m.parts) == d.of {
		_ = l.finish(m)
		return
	}
	if known { // a centre that sends one at a time would never come to the others if it had to wait each time
		j.ack.give(statusTryLater)
		return
	}
	l.a.counts.Add("part")
	time.AfterFunc(l.a.c.Patience, func() { j.ack.give(statusTryLater) })
}

// finish hands a message on, whole or with marks, and answers its parts.
func (l *lane) finish(m *join) error {
	var s *session
	if len(m.acks) > 0 {
		s = m.acks[len(m.acks)-1].s
	}
	err := l.handOn(m, nil, s)
	status := statusOK
	if err != nil {
		status = statusTryLater
	} else {
		if len(m.parts) < m.first.of {
			l.a.counts.Add("incomplete")
		}
		m.over, m.since = true, l.a.c.Now()
	}
	for _, k := range m.acks {
		k.give(status)
	}
	m.acks = nil
	return err
}

// handOn takes the parts, all or only some of them, through a turn.
func (l *lane) handOn(m *join, only []int, s *session) error {
	var pieces []piece
	for n := 1; n <= m.first.of; n++ {
		p, ok := m.parts[n]
		if !ok || only != nil && !slices.Contains(only, n) {
			if len(pieces) == 0 || !pieces[len(pieces)-1].missing {
				pieces = append(pieces, piece{missing: true})
			}
			continue
		}
		pieces = append(pieces, p)
	}
	in := l.inbound(m.from, m.first, pieces)
	var seen *seen
	in.ID, seen = l.recent.id(contentKey(m.first, pieces), m.first, s, in.ReceivedAt)
	if err := l.handle(in); err != nil {
		return err
	}
	if s != nil {
		seen.settle(s, true)
	}
	return nil
}

// overdue hands on what has waited too long, oldest first, and forgets what is long over. It stops at the first that is
// not kept: the database has other worries.
func (l *lane) overdue(now time.Time) {
	var late []*join
	for key, m := range l.joins {
		switch age := now.Sub(m.since); {
		case m.over && age > joinKnown:
			delete(l.joins, key)
		case !m.over && age >= joinFor:
			late = append(late, m)
		}
	}
	slices.SortFunc(late, func(a, b *join) int { return cmp.Compare(a.since.UnixNano(), b.since.UnixNano()) })
	for _, m := range late {
		if l.finish(m) != nil {
			return
		}
	}
}
