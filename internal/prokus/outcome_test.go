package prokus

import (
	"slices"
	"testing"
)

// weeks are figures in thousands, newest first; -1 is no report, -2 leave.
func weeks(newest Week, figures ...int64) (out []PastWeek) {
	for i, f := range figures {
		w := PastWeek{Week: newest - Week(i), Reported: f >= 0, Exempt: f == -2}
		if f > 0 {
			w.Amount = f * 1000
		}
		out = append(out, w)
	}
	return out
}

func TestTrend35(t *testing.T) {
	for _, c := range []struct {
		name    string
		figures []int64
		want    Direction
		change  int64
	}{
		{"a market week of five days swings, five weeks do not", []int64{900, 500, 500, 900, 500, 500, 900, 500, 500, 900}, Steady, 0},
		{"up by a fifth", []int64{600, 600, 600, 600, 600, 500, 500, 500, 500, 500}, Rising, 2000},
		{"five percent is the same", []int64{525, 525, -1, -1, -1, 500, 500, -1, -1, -1}, Steady, 500},
		{"down", []int64{300, 0, 300, -1, 300, 500, 500, 500, -1, 500}, Sinking, -4000},
		{"one figure is no median", []int64{600, 0, 0, 0, 0, 500, 500, 500, 500, 500}, Unknown, 0},
		{"no history", []int64{600, 600}, Unknown, 0},
	} {
		got := Past{Weeks: weeks(2942, c.figures...)}.Trend35()
		if got.Direction != c.want || got.Change != c.change {
			t.Errorf("%s: %+v, want %s %d", c.name, got, c.want, c.change)
		}
	}
}

// The individual changes of the worked example: a +20,0%, b +2,0%, h +20,0%; c, d and e have too little history.
func TestGrowthOfTheWorkedExample(t *testing.T) {
	for _, c := range []struct {
		who     string
		figures []int64
		want    int64
		ok      bool
	}{
		{"a", []int64{750, 670, 640, 610, 600}, 2000, true},
		{"b", []int64{520, 520, 540, 500, 500}, 196, true}, // 520 against 510
		{"h", []int64{1200, 800, -1, 1000, 1000}, 2000, true},
		{"c", []int64{0, -1, -1, -1, 300}, 0, false},
		{"nobody reported", []int64{-1, 600, 600, 600, 600}, 0, false},
	} {
		got, ok := Past{Weeks: weeks(2942, c.figures...)}.Growth()
		if got != c.want || ok != c.ok {
			t.Errorf("%s: %d %t, want %d", c.who, got, ok, c.want)
		}
	}
}

func TestStreakNow(t *testing.T) {
	for _, c := range []struct {
		figures []int64
		want    int
	}{
		{[]int64{600, 0, 600}, 3}, {[]int64{600, -2, -2, 600, -1, 600}, 2}, {[]int64{-1, 600}, 0}, {[]int64{-2, 600, 600}, 2}, {nil, 0}, {[]int64{-2, -2}, 0},
	} {
		if got := (Past{Weeks: weeks(2942, c.figures...)}).StreakNow(); got != c.want {
			t.Errorf("%v: %d, want %d", c.figures, got, c.want)
		}
	}
}

func TestScore(t *testing.T) {
	twelve := []int64{600, 600, 600, 600, 600, 550, 550, 550, 500, 500, 500, 500}
	full := Deeds{Past: Past{Weeks: weeks(2942, twelve...)}, First: []int64{500_000, 500_000, 500_000, 500_000}, FirstWeek: 2931, Came: 4, Held: 6, Grant: 3_500_000, Spent: 3_150_000, Book: true, Saving: true}
	change := func(f func(*Deeds)) Deeds { d := full; f(&d); return d }
	for _, c := range []struct {
		name  string
		deeds Deeds
		parts []int
		class Class
	}{
		{"all of it", full, []int{25, 25, 15, 15, 10, 10}, Advanced},
		{"nothing yet", Deeds{}, []int{0, 0, 0, 0, 0, 0}, Beginner},
		{"half a streak", change(func(d *Deeds) { d.Weeks = weeks(2942, 600, 600, 600, 600, 600, 600, -1) }), []int{12, 25, 15, 15, 10, 10}, Advanced},
		{"sales as they were", change(func(d *Deeds) { d.First = []int64{590_000, 600_000} }), []int{25, 12, 15, 15, 10, 10}, Advanced},
		{"sales down, two sessions, no receipts", change(func(d *Deeds) { d.First, d.Came, d.Spent = []int64{900_000, 900_000}, 2, 3_149_999 }), []int{25, 0, 7, 0, 10, 10}, Developing},
		{"the first four weeks are the last ones too", change(func(d *Deeds) { d.FirstWeek = 2936 }), []int{25, 0, 15, 15, 10, 10}, Advanced},
		{"no grant has come", change(func(d *Deeds) { d.Grant, d.Spent = 0, 0 }), []int{25, 25, 15, 0, 10, 10}, Advanced},
	} {
		s := c.deeds.Score()
		var got []int
		sum := 0
		for _, p := range s.Parts {
			got, sum = append(got, p.Points), sum+p.Points
		}
		if !slices.Equal(got, c.parts) || s.Class != c.class || s.Total != sum {
			t.Errorf("%s: %v %d %s, want %v %s", c.name, got, s.Total, s.Class, c.parts, c.class)
		}
	}
	for total, want := range map[int]Class{0: Beginner, 39: Beginner, 40: Developing, 69: Developing, 70: Advanced, 100: Advanced} {
		if got := ClassOf(total); got != want {
			t.Errorf("%d is %s, want %s", total, got, want)
		}
	}
}
