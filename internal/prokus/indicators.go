package prokus

// Indicators are the figures of one week over a set of people, by the definitions of console.md 7.2. Shares are kept as a
// numerator; what they are shares of stands beside each.
type Indicators struct {
	Registered int   // E
	Due        int   // W: had to report
	OnTime     int   // D01: of Due, received by Tuesday 23:59
	Final      int   // D02: of Due, received by day 21
	Self       int   // D03: of Final, reported by herself
	Active     int   // D04: of Due, reported in one of the last two weeks
	Silent     int   // D06: of Due, no report in the last two weeks
	Attention  int   // D07: of Registered, with an open alert
	Sellers    int   // people of Due with a figure above zero
	Median     int64 // D08: of Sellers, rupiah; 0 without any
	Zero       int   // D09: of Final, reported zero
	Growth     int64 // D10: in hundredths of a percent, 2000 is +20,0%
	GrowthOf   int   // D10: matched people; 0: there is no growth to tell
}

// FewSellers is below how many sellers a median is not told: it would tell of single people (D08).
const FewSellers = 8

// MedianTold says whether the median may be shown outside the circle of those who may see the people themselves.
func (i Indicators) MedianTold() bool { return i.Sellers >= FewSellers }

// Percent is x of y, rounded to whole percents.
func Percent(x, y int) int {
	if y == 0 {
		return 0
	}
	return (200*x/y + 1) / 2
}
