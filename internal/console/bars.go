package console

import (
	"slices"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Sizes of the small charts, in units of their view box.
const (
	barStep, barWidth = 14, 10
	barHeight         = 40
)

// bar is one column of a small chart; the table beside it says the same in figures.
type bar struct {
	X, Y, W, H int
	Class      string // full, late, zero, none: drawn differently, never by colour alone
}

func column(i int, value, top int64, class string) bar {
	h := barHeight
	switch {
	case class == "none":
		h = 2
	case top > 0:
		h = max(2, int(value*barHeight/top))
	}
	return bar{X: i * barStep, Y: barHeight - h, W: barWidth, H: h, Class: class}
}

// countBars draws people who reported, against all of them.
func countBars(n []int, of int) []bar {
	top := int64(max(of, slices.Max(append([]int{1}, n...))))
	out := make([]bar, len(n))
	for i, x := range n {
		class := "full"
		if x == 0 {
			class = "none"
		}
		out[i] = column(i, int64(x), top, class)
	}
	return out
}

// reportWeek is one week of a person, reported or not, with its bar.
type reportWeek struct {
	Week   prokus.Week
	Report *prokus.Report
	Early  bool // she had not joined yet: nothing was asked of her
	Bar    bar
}

// reportWeeks are the n weeks that end with last, oldest first, with gaps where she gave no report; joined is the week in which
// she said YA, or a later one than all where she has not.
func reportWeeks(reports []prokus.Report, last, joined prokus.Week, n int) []reportWeek {
	if len(reports) > 0 && reports[0].Week > last {
		last = reports[0].Week // a report for the running week
	}
	out := make([]reportWeek, n)
	var top int64 = 1
	for i := range out {
		out[i].Week = last - prokus.Week(n-1-i)
		out[i].Early = out[i].Week < joined
		for j := range reports {
			if reports[j].Week == out[i].Week {
				out[i].Report = &reports[j]
				top = max(top, reports[j].Amount)
			}
		}
	}
	for i := range out {
		class, value := "none", int64(0)
		if r := out[i].Report; r != nil {
			value = r.Amount
			switch {
			case r.Amount == 0:
				class = "zero"
			case r.Late:
				class = "late"
			default:
				class = "full"
			}
		}
		out[i].Bar = column(i, value, top, class)
	}
	return out
}
