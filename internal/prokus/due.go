package prokus

import "time"

// Due is one message that will leave if nobody writes anything until then.
type Due struct {
	At       time.Time `json:"at"` // in the recipient's zone
	Kind     Kind      `json:"kind"`
	To       string    `json:"to"`             // a name
	Code     string    `json:"code,omitempty"` // of a person, empty for staff
	Rule     string    `json:"why"`            // the rule that says it; empty: what waits in the outbox already
	Week     string    `json:"week,omitempty"` // of the question, 2026-W23
	Area     string    `json:"area"`
	Via      string    `json:"via"`
	Segments int       `json:"segments"`
	Cost     int64     `json:"cost"` // rupiah
	Text     string    `json:"text"` // what it would say
	Key      string    `json:"-"`    // its natural key, or its id
}

// Plan is what a rehearsal of some days comes to.
type Plan struct {
	Outlook
	Opened []PlannedCase // cases that the rules would open; not known where messages were only summed
}

// PlannedCase is a case that a rule would open.
type PlannedCase struct {
	At     time.Time
	Reason Reason
	Area   string
	Code   string // of the person
}

// Preview is what a change of a rule changes: the same days rehearsed without it and with it.
type Preview struct{ Before, After Plan }

// Changed are the messages of which only one side knows, or knows at another time or in other words: gone are from Before,
// come from After. first is the earliest moment of all, zero where nothing changes.
func (p Preview) Changed() (gone, come []Due, first time.Time) {
	type at struct {
		to, code, area, rule, text string // not the key: the cases of a rehearsal have other numbers each time
		unix                       int64
	}
	of := func(d Due) at { return at{d.To, d.Code, d.Area, d.Rule, d.Text, d.At.Unix()} }
	missing := func(from, in []Due) (out []Due) {
		have := map[at]bool{}
		for _, d := range in {
			have[of(d)] = true
		}
		for _, d := range from {
			if !have[of(d)] {
				out = append(out, d)
				if first.IsZero() || d.At.Before(first) {
					first = d.At
				}
			}
		}
		return out
	}
	gone = missing(p.Before.Messages, p.After.Messages)
	come = missing(p.After.Messages, p.Before.Messages)
	return gone, come, first
}

// Shifted is Changed by the sums: how many messages leave at another hour, by another road, no longer or on top.
func (p Preview) Shifted() (n int, first time.Time) {
	before := make([]DueCount, 0, len(p.Before.Counts))
	for _, d := range p.Before.Counts {
		d.N, d.Cost = -d.N, -d.Cost
		before = append(before, d)
	}
	gone, come := 0, 0
	for _, d := range SumDue(append(before, p.After.Counts...)) {
		if d.N != 0 && first.IsZero() {
			first = d.At
		}
		gone, come = gone+max(-d.N, 0), come+max(d.N, 0)
	}
	return max(gone, come), first
}
