package console

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Audience is whom a rule finds, and how many of them may not or cannot be written to.
type Audience struct {
	Matched     int // by the rule
	Stopped     int // said STOP or never agreed
	Addressless int // have no number or chat
	Capped      int // have had their share this week (R07)
	People      []Recipient

	Left  int64        // what broadcasts of its area may still cost on its day, rupiah; negative: no cap
	Rules prokus.Rules // of its area
}

// Exceeded says whether a price is more than what is left.
func (a Audience) Exceeded(cost int64) bool { return a.Left >= 0 && cost > a.Left }

// Fare is on what terms a message would reach somebody.
type Fare struct {
	Via      string
	Operator prokus.Operator // of a number
	Price    int64           // of a segment, rupiah
}

// Tariff tells the fare of somebody; nil: the usual price for everything but Telegram.
type Tariff func(Recipient) Fare

func (t Tariff) of(r Recipient) Fare {
	if t != nil {
		return t(r)
	}
	f := Fare{Via: r.Via}
	if r.Via != "telegram" {
		f.Operator, f.Price = prokus.OperatorOf(prokus.Phone(r.To)), prokus.SegmentPrice
	}
	return f
}

// Quote is what a broadcast would cost, exactly: every text is filled in for every recipient.
type Quote struct {
	Lines    []Line
	Messages int
	Segments int
	Cost     int64 // rupiah

	Parts int // segments of the longest SMS

	Plain   int64 // rupiah saved if costly characters were written plainly
	Shared  int   // messages saved, or that could be saved, by writing to a shared number once
	SharedC int64 // and the cost without them, if OncePerNumber is off
	Meters  []Meter
}

// Doubles says whether costly characters cost as much again as the rest.
func (q Quote) Doubles() bool { return q.Plain*2 == q.Cost }

// Line is one road, language and operator of a quote.
type Line struct {
	Via      string
	Lang     prokus.Lang
	Operator prokus.Operator // empty: of no number, or of no operator that we know
	Messages int
	Segments int
	Cost     int64
}

// Meter measures the longest text of a language in this audience.
type Meter struct {
	Lang   prokus.Lang
	Units  int
	Limit  int // of the segments it takes
	Parts  int
	GSM7   bool
	Text   string // the longest, as its reader would see it
	Costly []Costly
	Risky  []string
}

// QuoteFor computes the price of a wording for an audience.
func QuoteFor(w Wording, people []Recipient, t Tariff) Quote {
	q := sum(w, people, t, w.OncePerNumber)
	q.Shared = len(people) - len(once(w, people))
	if !w.OncePerNumber && q.Shared > 0 {
		q.SharedC = sum(w, people, t, true).Cost
	}
	plain := w
	plain.Texts = map[prokus.Lang]string{}
	for l, t := range w.Texts {
		plain.Texts[l] = bahasa.Plain(t)
	}
	q.Plain = q.Cost - sum(plain, people, t, w.OncePerNumber).Cost
	q.Meters = meters(w, people)
	return q
}

func sum(w Wording, people []Recipient, t Tariff, share bool) Quote {
	if share {
		people = once(w, people)
	}
	var q Quote
	type road struct {
		via  string
		lang prokus.Lang
		op   prokus.Operator
	}
	lines := map[road]*Line{}
	for _, r := range people {
		parts, f := 1, t.of(r)
		if f.Via == "sms" {
			parts, _, _ = bahasa.Segments(w.Say(r))
			q.Parts = max(q.Parts, parts)
		}
		k := road{f.Via, r.Lang, f.Operator}
		l := lines[k]
		if l == nil {
			l = &Line{Via: k.via, Lang: k.lang, Operator: k.op}
			lines[k] = l
		}
		l.Messages++
		l.Segments += parts
		l.Cost += int64(parts) * f.Price
	}
	for _, l := range lines {
		q.Lines = append(q.Lines, *l)
		q.Messages += l.Messages
		q.Segments += l.Segments
		q.Cost += l.Cost
	}
	slices.SortFunc(q.Lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.Via, b.Via), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Operator, b.Operator))
	})
	return q
}

// SharedKey is what two people on one number have in common when one message is enough for both: the same words to the
// same number. A text with {nama} is always said to each.
func (w Wording) SharedKey(r Recipient) (key string, ok bool) {
	if strings.Contains(w.TextFor(r.Lang), "{nama}") {
		return "", false
	}
	return r.Via + "\x00" + r.To + "\x00" + w.Say(r), true
}

// once keeps the first of those who would read the same words on the same number.
func once(w Wording, people []Recipient) []Recipient {
	seen := make(map[string]bool, len(people))
	out := make([]Recipient, 0, len(people))
	for _, r := range people {
		if k, ok := w.SharedKey(r); ok {
			if seen[k] {
				continue
			}
			seen[k] = true
		}
		out = append(out, r)
	}
	return out
}

// meters measure every language that is written, on the longest values in the audience (an invented long one if it is empty).
func meters(w Wording, people []Recipient) []Meter {
	var out []Meter
	for _, l := range broadcastLangs {
		t := w.Texts[l]
		if t == "" {
			continue
		}
		m := Meter{Lang: l, Costly: costly(t), Risky: riskyWords(t), GSM7: true}
		for _, r := range people {
			if w.TextFor(r.Lang) != t {
				continue
			}
			m.measure(fill(t, r))
		}
		if m.Text == "" {
			m.measure(fill(t, longest))
		}
		out = append(out, m)
	}
	return out
}

func (m *Meter) measure(s string) {
	parts, gsm7, units := bahasa.Segments(s)
	if units <= m.Units {
		return
	}
	m.Parts, m.GSM7, m.Units, m.Text = parts, gsm7, units, s
	one, each := 160, 153
	if !gsm7 {
		one, each = 70, 67
	}
	m.Limit = one
	if parts > 1 {
		m.Limit = parts * each
	}
}

// longest stands in while an audience is empty: the longest legal values.
var longest = Recipient{Name: "Nurhalizahwati", Salutation: "Mbak", TKSK: "Pak Suharyanto", Kecamatan: "Kertajati Selatan"}
