package smpp

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// message takes what a person wrote.
func (l *lane) message(j job) {
	from := person(j.d.from)
	if from == "" { // a short code or a name: a machine, which is never answered
		l.a.counts.Add("short_sender")
		j.ack.give(statusOK)
		return
	}
	if j.d.of > 0 {
		l.part(from, j)
		return
	}
	in := l.inbound(from, j.d, []piece{{coding: j.d.coding, content: j.d.content}})
	key := contentKey(j.d, []piece{{coding: j.d.coding, content: j.d.content}})
	id, r := l.recent.id(key, j.d, j.ack.s, in.ReceivedAt)
	in.ID = id
	if l.handle(in) != nil {
		j.ack.give(statusTryLater)
		return
	}
	r.settle(j.ack.s, j.ack.give(statusOK))
}

// piece is the content of one part; missing stands for parts that never came.
type piece struct {
	coding  byte
	content []byte
	missing bool
}

// inbound makes an Inbound without an id. Raw is what was typed in UTF-8, because what masks numbers in it reads that.
func (l *lane) inbound(from string, d delivery, pieces []piece) channels.Inbound {
	in := channels.Inbound{
		Channel: l.a.Name(), Via: channels.SMS, Kind: channels.Text, From: from, To: number(d.to),
		SentAt: absolute(d.schedule), ReceivedAt: l.a.c.Now(),
	}
	var text, raw strings.Builder
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		if p.missing {
			text.WriteString(channels.Mark)
			continue
		}
		a, content := alphabetOf(p.coding), p.content
		// A character may be cut between two parts of one alphabet.
		for ; i+1 < len(pieces) && !pieces[i+1].missing && alphabetOf(pieces[i+1].coding) == a; i++ {
			content = append(content[:len(content):len(content)], pieces[i+1].content...)
		}
		if a == binary8 {
			in.Kind = channels.Other
		}
		s := decodeText(a, content)
		text.WriteString(s)
		raw.WriteString(s)
	}
	in.Raw = []byte(raw.String())
	if in.Kind == channels.Text {
		in.Text = channels.Readable([]byte(text.String()), textLimit)
	}
	return in
}

var digits = regexp.MustCompile(`^[0-9]{9,15}$`)

// person is the sender as E.164, or empty for one that cannot be answered: a name, a short code, nothing. Operators write
// numbers of their own country without it, or with it but without a plus, whatever type they announce.
func person(a address) string {
	if a.ton == tonAlphanumeric {
		return ""
	}
	if n := number(a); e164.MatchString(n) && len(n) > 9 {
		return n
	}
	return ""
}

// number writes an address with + and country where it is a number, else as it came.
func number(a address) string {
	n := strings.TrimPrefix(a.addr, "+")
	switch {
	case a.ton == tonAlphanumeric || !digits.MatchString(n):
		return printableOnly(a.addr)
	case strings.HasPrefix(n, "0"):
		if home, verdict := bahasa.ReadPhone(n); verdict == bahasa.Value {
			return home
		}
		return n
	case a.ton == tonInternational, strings.HasPrefix(a.addr, "+"), strings.HasPrefix(n, "62"):
		return "+" + n
	}
	if home, verdict := bahasa.ReadPhone("0" + n); verdict == bahasa.Value { // of the country, without its zero
		return home
	}
	if a.ton == tonUnknown {
		return "+" + n
	}
	return n
}

// printableOnly keeps what an address may hold; foreign bytes never reach the database.
func printableOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
}

// absolute reads an absolute time (section 7.1.1), YYMMDDhhmmsstnnp with quarter hours from UTC; zero if it is none.
func absolute(s string) time.Time {
	if len(s) != 16 || s[15] != '+' && s[15] != '-' {
		return time.Time{}
	}
	at, err := time.Parse("060102150405", s[:12])
	quarters, err2 := strconv.ParseUint(s[13:15], 10, 8)
	if err != nil || err2 != nil || quarters > 48 {
		return time.Time{}
	}
	offset := int(quarters) * 900
	if s[15] == '-' {
		offset = -offset
	}
	return at.Add(-time.Duration(offset) * time.Second).In(time.FixedZone("", offset))
}
