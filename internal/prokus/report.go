package prokus

import (
	"slices"
	"time"
)

// Limits of a weekly figure (R10, decisions.md), in rupiah.
const (
	MaxReport     int64 = 99_999_999
	AskAbove      int64 = 50_000_000
	AskBelow      int64 = 10_000
	ExampleAmount int64 = 87_000 // the figure that prompts show; a copy of it is asked back (R31)
	UsualGrant    int64 = 3_500_000
)

// Source says who gave a report.
type Source string

// Sources of a report.
const (
	BySelf    Source = "self"
	ByProxy   Source = "proxy"  // the TKSK on her behalf
	ByHelper  Source = "helper" // a child or neighbour on her phone
	ByOfficer Source = "officer"
)

// Report is one week's turnover of one person.
type Report struct {
	Person      int64
	Week        Week
	Amount      int64 // rupiah; the midpoint when Low and High are given
	Low, High   int64 // a bracket, 0 if exact (R24)
	Reason      string
	Profit      int64 // told in passing, optional
	Source      Source
	Channel     string
	Provisional bool // given for a running week; PAS or the Sunday question settles it
	Late        bool // after Tuesday 24:00 (R06)
	At          time.Time
}

// Past is a person's own history before a week, newest first, with gaps where a week has no report.
type Past struct {
	Weeks []PastWeek // consecutive weeks going back, newest first
	Count int        // reports ever, before this one
}

// PastWeek is one week of the history.
type PastWeek struct {
	Week     Week
	Reported bool
	Exempt   bool // leave or a programme pause: freezes the streak (R08)
	Amount   int64
}

// Median4 is the median of her positive reports in the last four weeks, rupiah; ok is false with fewer than two.
func (p Past) Median4() (int64, bool) {
	var v []int64
	for i, w := range p.Weeks {
		if i == 4 {
			break
		}
		if w.Reported && w.Amount > 0 {
			v = append(v, w.Amount)
		}
	}
	if len(v) < 2 {
		return 0, false
	}
	return Median(v), true
}

// Median of at least one value; the mean of the middle two, rounded down, for an even number.
func Median(v []int64) int64 {
	s := slices.Clone(v)
	slices.Sort(s)
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	return (s[n/2-1] + s[n/2]) / 2
}

// Streak counts consecutive weeks with any report, this one included; leave freezes it (R08).
func (p Past) Streak() int {
	n := 1
	for _, w := range p.Weeks {
		switch {
		case w.Reported:
			n++
		case w.Exempt:
		default:
			return n
		}
	}
	return n
}

// Receipt is which answer a stored report gets (J3-SMS-02 precedence, R09).
type Receipt string

// Receipts, in their order of precedence.
const (
	First  Receipt = "first"
	Back   Receipt = "back"   // after a gap of weeks
	Double Receipt = "double" // more than twice last week
	Record Receipt = "record" // the highest ever, said from the eighth report on
	Up     Receipt = "up"
	Same   Receipt = "same"
	Down   Receipt = "down"
	Fell   Receipt = "fell" // down more than half: no percentage (R09)
	Plain  Receipt = "plain"
	Nil    Receipt = "zero"
)

// ReceiptFor chooses the answer and the percentage of change against last week (rounded down, 0 where none is said).
// highest is the largest amount she ever reported before this week.
func ReceiptFor(amount int64, p Past, highest int64) (r Receipt, percent int64) {
	if amount == 0 {
		return Nil, 0
	}
	if p.Count == 0 {
		return First, 0
	}
	missed := 0
	for _, w := range p.Weeks {
		if w.Reported {
			break
		}
		if !w.Exempt {
			missed++
		}
	}
	if missed >= 2 {
		return Back, 0
	}
	if len(p.Weeks) == 0 || !p.Weeks[0].Reported || p.Weeks[0].Amount <= 0 {
		return Plain, 0
	}
	last := p.Weeks[0].Amount
	diff := amount - last
	percent = (abs(diff)*100 + last/2) / last
	switch {
	case amount > 2*last:
		return Double, 0
	case p.Count >= 7 && amount > highest && diff*20 >= last:
		return Record, percent
	case abs(diff)*20 < last:
		return Same, 0
	case diff > 0:
		return Up, percent
	case amount*2 < last:
		return Fell, 0
	}
	return Down, percent
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
