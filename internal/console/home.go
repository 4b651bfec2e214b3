package console

import (
	"net/http"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

const (
	homeWeeks     = 8
	homeDecisions = 10
)

// homePage is Beranda: the week, its places, and what waits for a decision.
type homePage struct {
	base
	Week        prokus.Week
	Provisional bool // its reports still come in on time
	Reachable   bool // only people who can be reached
	Figures     WeekFigures
	More        prokus.Indicators
	Classes     []classRow
	Moves       []ClassMove // of the last ninety days
	Summary     bool        // the viewer gets the weekly summary
	Offered     bool        // and may: coordinators of a kabupaten
	Areas       []areaRow
	Weeks       []prokus.Week
	Decisions   []Decision
	Replies     int  // to broadcasts, that wait for the viewer's unit
	LateReplies int  // of them, past the promised day
	Kabupaten   bool // areas of more than one kabupaten: name it
}

type areaRow struct {
	AreaWeeks
	Bars []bar
}

// home is the landing page for visitors.
func (c *console) home(v *visit) error {
	if v.viewer == nil {
		return c.landing(v)
	}
	if v.viewer.Staff.Role == prokus.Mentor {
		return c.mentoring(v) // their own sessions are all that they look after
	}
	ctx, s := v.r.Context(), v.viewer.Scope()
	p := homePage{base: c.base(v, "title.home", "home"), Reachable: v.r.URL.Query().Get("hubungi") == "1"}
	// The week that has ended last is shown, even while its reports may still come on time.
	p.Week = prokus.WeekOf(v.now) - 1
	closed := lastClosed(v)
	p.Provisional = closed != p.Week
	var err error
	if p.Figures, err = c.Store.Week(ctx, s, p.Week, closed, p.Reachable, v.now); err != nil {
		return err
	}
	if p.More, err = c.Store.Indicators(ctx, s, p.Week, p.Reachable, v.now); err != nil {
		return err
	}
	if err := c.classes(v, &p); err != nil {
		return err
	}
	if p.Offered = v.viewer.Staff.Role == prokus.Coordinator; p.Offered {
		if p.Summary, err = c.Store.Summary(ctx, v.viewer.Staff.ID); err != nil {
			return err
		}
	}
	areas, err := c.Store.AreaWeeks(ctx, s, p.Week, homeWeeks, p.Reachable)
	if err != nil {
		return err
	}
	for i := range homeWeeks {
		p.Weeks = append(p.Weeks, p.Week-homeWeeks+1+prokus.Week(i))
	}
	for _, a := range areas {
		p.Areas = append(p.Areas, areaRow{a, countBars(a.Reports, a.Registered)})
		p.Kabupaten = p.Kabupaten || a.Kabupaten != areas[0].Kabupaten
	}
	if p.Decisions, err = c.Store.Decisions(ctx, s, v.viewer.Staff.ID, v.now, homeDecisions); err != nil {
		return err
	}
	if p.Leads() {
		if p.Replies, p.LateReplies, err = c.Store.OpenReplies(ctx, s, v.now); err != nil {
			return err
		}
	}
	return c.show(v, http.StatusOK, "beranda", p)
}

// lastClosed is the newest week whose reports are all late from now on (R06).
func lastClosed(v *visit) prokus.Week {
	w := prokus.WeekOf(v.now) - 1
	if v.now.Before(w.Closes(v.now.Location())) {
		w--
	}
	return w
}

// summary keeps whether the coordinator wants the weekly summary (J10-SMS-01).
func (c *console) summary(v *visit) error {
	wants := v.r.PostForm.Get("mau") == "1"
	if err := c.Store.SetSummary(v.r.Context(), v.viewer.Staff.ID, wants, v.now); err != nil {
		return err
	}
	if wants {
		return v.redirect("/", "summary_on")
	}
	return v.redirect("/", "summary_off")
}

// classRow is how many people are in a class.
type classRow struct {
	Class prokus.Class
	N     int
}

// movesOf is how far back the first page looks for people who changed class.
const movesOf = 90 * 24 * time.Hour

func (c *console) classes(v *visit, p *homePage) error {
	ctx, s := v.r.Context(), v.viewer.Scope()
	counts, err := c.Store.Classes(ctx, s)
	if err != nil {
		return err
	}
	for _, k := range []prokus.Class{prokus.Beginner, prokus.Developing, prokus.Advanced} {
		if len(counts) > 0 {
			p.Classes = append(p.Classes, classRow{k, counts[k]})
		}
	}
	p.Moves, err = c.Store.ClassMoves(ctx, s, v.now.Add(-movesOf))
	return err
}
