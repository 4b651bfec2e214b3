package console

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Outcomes are how far people are.
type Outcomes interface {
	// ClassMoves count who went from one class to another since a moment (D29); Classes count who is where.
	ClassMoves(ctx context.Context, s Scope, since time.Time) ([]ClassMove, error)
	Classes(ctx context.Context, s Scope) (map[prokus.Class]int, error)
}

// ClassMove is how many went from one class to another, or one person's move with its time.
type ClassMove struct {
	From, To prokus.Class
	N        int
	Total    int
	At       time.Time
}

// outcome is the part of a person's page about how far she is.
type outcome struct {
	prokus.Score
	Trend   prokus.Trend // the last 35 days against the 35 before
	Growth  int64
	HasWeek bool // Growth is known
	Streak  int
	Deeds   prokus.Deeds
	Moves   []ClassMove
	Bars    []scoreBar
}

// scoreBar is one part of the score with its bar: W of 200 is full.
type scoreBar struct {
	prokus.Part
	W int
}

const scoreBarWidth = 200

func outcomeOf(d prokus.Deeds, moves []ClassMove) outcome {
	o := outcome{Score: d.Score(), Trend: d.Trend35(), Streak: d.StreakNow(), Deeds: d, Moves: moves}
	o.Growth, o.HasWeek = d.Growth()
	for _, p := range o.Parts {
		o.Bars = append(o.Bars, scoreBar{p, scoreBarWidth * p.Points / p.Max})
	}
	return o
}

// observe records one of the two observations of the score from the page of a person.
func (c *console) observe(v *visit) error {
	what, code := v.r.PostForm.Get("apa"), v.r.PathValue("code")
	err := c.Store.OnPerson(v.r.Context(), v.viewer.Scope(), code, v.doing("amatan"), func(s acts.Store, p prokus.Person) error {
		if what != prokus.SeenBook && what != prokus.SeenSaving {
			return errForm
		}
		_, err := acts.Observe(v.r.Context(), s, v.by(), p, what, v.r.PostForm.Get("ada") == "1")
		return err
	})
	if err != nil {
		return err
	}
	return v.redirect("/orang/"+code, "observed")
}
