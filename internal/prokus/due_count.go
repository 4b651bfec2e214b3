package prokus

import (
	"cmp"
	"slices"
	"time"
)

// DueCount is how many messages of a rule leave in one hour to the people, or the staff, of an area by one kind of road.
type DueCount struct {
	At   time.Time // the hour, in the recipients' zone
	Kind Kind
	Rule string // as in Due
	Area string
	Via  string
	N    int
	Cost int64 // rupiah
}

// Outlook is what leaves in the coming days.
type Outlook struct {
	Counts   []DueCount // in order of time
	Messages []Due      // one by one; none where only the sums were made
	// Summed: so many people that the rules' own selections were counted, not rehearsed one by one. What the door would put off
	// or leave out, and what follows from cases that are still to be opened, is not in the sums.
	Summed bool
}

// CountDue sums messages.
func CountDue(all []Due) []DueCount {
	var out []DueCount
	for _, d := range all {
		out = append(out, DueCount{At: d.At, Kind: d.Kind, Rule: d.Rule, Area: d.Area, Via: d.Via, N: 1, Cost: d.Cost})
	}
	return SumDue(out)
}

// SumDue adds counts of the same hour, kind, rule, area and road, and puts them in order.
func SumDue(all []DueCount) []DueCount {
	type cell struct {
		at              int64
		kind            Kind
		rule, area, via string
	}
	sums := map[cell]DueCount{}
	for _, d := range all {
		d.At = d.At.Truncate(time.Hour) // every zone of ours is whole hours away
		k := cell{d.At.Unix(), d.Kind, d.Rule, d.Area, d.Via}
		if had, ok := sums[k]; ok {
			d.N, d.Cost = d.N+had.N, d.Cost+had.Cost
		}
		sums[k] = d
	}
	out := make([]DueCount, 0, len(sums))
	for _, d := range sums {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b DueCount) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Via, b.Via))
	})
	return out
}
