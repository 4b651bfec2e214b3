package prokus

// What became of somebody's business: her trend against her own history, and the score that says how far she is on the way
// out of the programme (console.md, "Graduation score"). The score never excludes anybody, is never compared between people,
// and she herself hears only what is done and what comes next.

// Market rhythm: sales swing with market weeks of five days and with harvests, so five weeks (35 days) are compared with the
// five before, never one week with another (programme.md 3).
const (
	rhythm    = 5
	enough    = 2 // figures above zero that a median needs
	sameBelow = 500
)

// Direction of sales, within 5 percent of her own median it is "same" (D11).
type Direction string

// Directions; Unknown is too little history.
const (
	Unknown Direction = ""
	Rising  Direction = "naik"
	Steady  Direction = "tetap"
	Sinking Direction = "turun"
)

// Trend compares two medians of one person's figures, rupiah; Change is in hundredths of a percent.
type Trend struct {
	Before, Now int64
	Change      int64
	Direction   Direction
}

func trend(before, now []int64) (t Trend) {
	if len(before) < enough || len(now) < enough {
		return t
	}
	t.Before, t.Now = Median(before), Median(now)
	t.Change = (t.Now - t.Before) * 10_000 / t.Before
	switch {
	case t.Change > sameBelow:
		t.Direction = Rising
	case t.Change < -sameBelow:
		t.Direction = Sinking
	default:
		t.Direction = Steady
	}
	return t
}

// positive are the figures above zero of the weeks from (included) to (excluded), newest first.
func positive(weeks []PastWeek, from, to int) (v []int64) {
	for i := from; i < to && i < len(weeks); i++ {
		if weeks[i].Reported && weeks[i].Amount > 0 {
			v = append(v, weeks[i].Amount)
		}
	}
	return v
}

// Trend35 compares her last 35 days with the 35 before.
func (p Past) Trend35() Trend {
	return trend(positive(p.Weeks, rhythm, 2*rhythm), positive(p.Weeks, 0, rhythm))
}

// Growth is her newest week against the median of her four weeks before (D10), in hundredths of a percent; ok is false
// without that week or with fewer than two figures above zero before it.
func (p Past) Growth() (change int64, ok bool) {
	if len(p.Weeks) == 0 || !p.Weeks[0].Reported {
		return 0, false
	}
	before := positive(p.Weeks, 1, 5)
	if len(before) < enough {
		return 0, false
	}
	m := Median(before)
	return (p.Weeks[0].Amount - m) * 10_000 / m, true
}

// StreakNow counts the weeks in a row that she has reported, up to the newest of the history; leave freezes it (R08).
func (p Past) StreakNow() int {
	for i, w := range p.Weeks {
		if w.Reported {
			return Past{Weeks: p.Weeks[i+1:]}.Streak()
		}
		if !w.Exempt {
			return 0
		}
	}
	return 0
}

// Deeds are what the score looks at.
type Deeds struct {
	Past               // closed weeks, newest first, back to her first report or half a year
	First      []int64 // figures above zero of the four weeks that began with her first report
	FirstWeek  Week
	Came, Held int   // of the newest six sessions that she was to attend
	Grant      int64 // credited, rupiah; 0: none yet
	Spent      int64 // receipts recorded
	Book       bool  // the TKSK saw that she keeps a book
	Saving     bool  // … savings, or a licence of the business
}

// Observations that a TKSK records.
const (
	SeenBook   = "buku"
	SeenSaving = "tabungan"
)

// Parts of the score with their greatest points.
const (
	PartReports  = "lapor"
	PartSales    = "omzet"
	PartSessions = "hadir"
	PartReceipts = "lpj"
	PartBook     = SeenBook
	PartSaving   = SeenSaving
)

// Part is one component of the score.
type Part struct {
	Code        string
	Points, Max int
}

// Done says that there is nothing left to do for it.
func (p Part) Done() bool { return p.Points == p.Max }

// Class is how far somebody's business is.
type Class string

// Classes of the score: below 40, below 70, and above.
const (
	Beginner   Class = "pemula"
	Developing Class = "berkembang"
	Advanced   Class = "maju"
)

// Score is 0 to 100 with its parts in the order of the definition.
type Score struct {
	Parts []Part
	Total int
	Class Class
	Sales Trend // her last 35 days against her first four weeks
}

// What counts as full for the parts that are counted.
const (
	fullStreak   = 12
	fullSessions = 4
)

// Score counts her deeds.
func (d Deeds) Score() Score {
	s := Score{Sales: d.sinceFirst()}
	sales := 0
	switch s.Sales.Direction {
	case Rising:
		sales = 25
	case Steady:
		sales = 12
	}
	s.Parts = []Part{
		{PartReports, 25 * min(d.StreakNow(), fullStreak) / fullStreak, 25},
		{PartSales, sales, 25},
		{PartSessions, 15 * min(d.Came, fullSessions) / fullSessions, 15},
		{PartReceipts, when(d.Grant > 0 && d.Spent*10 >= d.Grant*9, 15), 15},
		{PartBook, when(d.Book, 10), 10},
		{PartSaving, when(d.Saving, 10), 10},
	}
	for _, p := range s.Parts {
		s.Total += p.Points
	}
	s.Class = ClassOf(s.Total)
	return s
}

// ClassOf is the class of a total.
func ClassOf(total int) Class {
	switch {
	case total >= 70:
		return Advanced
	case total >= 40:
		return Developing
	}
	return Beginner
}

// sinceFirst compares her last 35 days with her first four weeks; they must not overlap.
func (d Deeds) sinceFirst() Trend {
	if len(d.Weeks) == 0 || d.Weeks[0].Week-rhythm+1 < d.FirstWeek+4 {
		return Trend{}
	}
	return trend(d.First, positive(d.Weeks, 0, rhythm))
}

func when(yes bool, points int) int {
	if yes {
		return points
	}
	return 0
}
