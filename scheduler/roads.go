package scheduler

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Terms are on what terms a sender takes messages of one kind of road. The order of a list of terms breaks ties of price.
type Terms struct {
	Channel   string
	Via       channels.Via
	Operators []prokus.Operator         // whose numbers it serves; none: everybody's
	Price     int64                     // of a segment, rupiah
	Prices    map[prokus.Operator]int64 // where an operator's numbers cost something else
	Rate      Rate                      // zero: as fast as it takes them
}

// serves says whether a number of an operator can be reached.
func (t Terms) serves(op prokus.Operator) bool {
	return len(t.Operators) == 0 || slices.Contains(t.Operators, op)
}

func (t Terms) price(op prokus.Operator) int64 {
	if p, ok := t.Prices[op]; ok {
		return p
	}
	return t.Price
}

// Road is one way to somebody: by which sender, how, and to which number or chat.
type Road struct {
	Channel, Via, To string
	Address          int64              // 0: the row carried it
	Letter           string             // hers where others answer on this number too, for what nobody asked for (R14)
	Heard            time.Time          // WhatsApp: when she last wrote by it, within the last day and since it refused this row; else zero
	Template         *channels.Template // WhatsApp: as what the row must leave outside the window
	Operator         prokus.Operator
	Price            int64 // of a segment, rupiah
}

// Key names a road in the list of those that refused a row.
func (r Road) Key() string { return r.Channel + " " + r.Via + " " + r.To }

// ways are all roads to the recipient that we have a sender for, the best first: the preferred address before the others;
// for each the sender by which the number last wrote, then the cheapest. why says why there is none.
func (s *Scheduler) ways(f Facts, now time.Time) (ways []Road, why string) {
	why = whyNowhere
	for _, r := range f.Roads {
		if channels.Via(r.Via) != channels.Telegram {
			r.Operator = prokus.OperatorOf(prokus.Phone(r.To))
		}
		offers := s.offers(r)
		if len(offers) == 0 && channels.Via(r.Via) == channels.SMS { // nothing else goes to numbers here
			r.Via = string(channels.WhatsApp)
			offers = s.offers(r)
		}
		for _, t := range offers {
			w := r
			w.Channel, w.Price = t.Channel, t.price(r.Operator)
			if channels.Via(w.Via) == channels.WhatsApp && !open(w, now) {
				if f.Attempts < windowTries-1 {
					w.Template = s.template(f, w)
				}
				if w.Template == nil {
					why = whyWindow
					continue
				}
			}
			if !slices.ContainsFunc(ways, func(x Road) bool { return x.Key() == w.Key() }) {
				ways = append(ways, w)
			}
		}
	}
	return ways, why
}

// Fare is the road that words of an author's own would take to somebody if nothing stood against it; ok is false where there is
// none.
func (s *Scheduler) Fare(roads []Road, lang string, now time.Time) (r Road, ok bool) {
	words := ""
	ways, _ := s.ways(Facts{Row: Row{Kind: prokus.KindBroadcast, Literal: &words, Lang: lang}, Roads: roads}, now)
	if len(ways) == 0 {
		return Road{}, false
	}
	return ways[0], true
}

// offers are the terms of the senders that can take a road, in the order in which they should be tried.
func (s *Scheduler) offers(r Road) []Terms {
	var out []Terms
	for _, t := range s.Terms {
		if _, ok := s.senders[t.Channel]; ok && t.Via == channels.Via(r.Via) && t.serves(r.Operator) {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Terms) int {
		if last := r.Channel; a.Channel != b.Channel && (a.Channel == last || b.Channel == last) {
			if a.Channel == last {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.price(r.Operator), b.price(r.Operator))
	})
	if _, ok := s.senders[r.Channel]; ok && !slices.ContainsFunc(s.Terms, func(t Terms) bool { return t.Channel == r.Channel && t.Via == channels.Via(r.Via) }) {
		out = append([]Terms{{Channel: r.Channel, Via: channels.Via(r.Via), Price: s.plain(r.Via)}}, out...) // without terms it still answers who wrote by it
	}
	return out
}

// plain is the price of a segment where nobody named another.
func (s *Scheduler) plain(via string) int64 {
	switch {
	case channels.Via(via) != channels.SMS:
		return 0
	case s.Price > 0:
		return s.Price
	}
	return prokus.SegmentPrice
}

// defaultTerms are those of a Scheduler that was given none: one sender for each kind of road.
func (s *Scheduler) defaultTerms() []Terms {
	return []Terms{
		{Channel: s.SMS, Via: channels.SMS, Price: s.plain("sms")}, {Channel: s.WhatsApp, Via: channels.WhatsApp},
		{Channel: "telegram", Via: channels.Telegram},
	}
}

// choice is the road that a row takes now, or until when it waits for one.
type choice struct {
	Road
	ok     bool
	until  time.Time // !ok: when to look again
	awaits string    // !ok: the sender that it waits for; empty: it will take another road
	probe  bool      // it tries a half-open gate for all
	detour string    // the sender that would have been the first
	others bool      // there is a further way that has not refused it
	known  Gate      // what is known against the sender
}

// choose takes the first road that is open. A closed one is waited for as long as the kind of message can wait.
func (s *Scheduler) choose(f Facts, ways []Road, now time.Time) (c choice) {
	var left []Road
	for _, w := range ways {
		if !slices.Contains(f.Refused, w.Key()) {
			left = append(left, w)
		}
	}
	for i, w := range left {
		g := f.Gates[w.Channel]
		open, until, probe := g.Pass(now)
		if open {
			c.Road, c.ok, c.probe, c.known, c.others = w, true, probe, g, i+1 < len(left)
			switch {
			case len(f.Refused) > 0: // that road may be closed for good by now, and no way any more
				c.detour, _, _ = strings.Cut(f.Refused[0], " ")
			case w.Key() != ways[0].Key():
				c.detour = ways[0].Channel
			}
			return c
		}
		if c.until.IsZero() || until.Before(c.until) {
			c.until, c.awaits = until, w.Channel
		}
		if patient := g.Since.Add(f.Kind.Patience()); i+1 < len(left) && g.Reason != GateCredentials && now.Before(patient) && s.anyOpen(f, left[i+1:], now) {
			if patient.Before(c.until) {
				c.until, c.awaits = patient, ""
			}
			return c
		}
	}
	return c
}

func (s *Scheduler) anyOpen(f Facts, ways []Road, now time.Time) bool {
	return slices.ContainsFunc(ways, func(w Road) bool { open, _, _ := f.Gates[w.Channel].Pass(now); return open })
}

// termsOf are a sender's terms for a kind of road.
func (s *Scheduler) termsOf(channel, via string) Terms {
	for _, t := range s.Terms {
		if t.Channel == channel && t.Via == channels.Via(via) {
			return t
		}
	}
	return Terms{Channel: channel, Via: channels.Via(via), Price: s.plain(via)}
}
