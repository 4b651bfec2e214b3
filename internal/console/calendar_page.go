package console

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// ErrKnown: the day is in the calendar already.
var ErrKnown = errors.New("known already")

// dayForm is a dated row as it was filled in.
type dayForm struct {
	What, From, To, Name, Area string
	Gone                       bool // it is taken away
}

type calendarPage struct {
	base
	Rows     []CalendarDay
	Areas    []Area
	Whats    []string
	Form     dayForm
	Problems []Problem
}

// calendar lists the days from a month ago on.
func (c *console) calendar(v *visit) error {
	return c.showCalendar(v, http.StatusOK, dayForm{What: Holiday}, nil)
}

func (c *console) showCalendar(v *visit, status int, f dayForm, problems []Problem) error {
	scope := v.viewer.Scope()
	rows, err := c.Store.Days(v.r.Context(), scope, prokus.Day(v.now.AddDate(0, -1, 0)))
	if err != nil {
		return err
	}
	areas, err := c.Store.RuleAreas(v.r.Context(), scope)
	if err != nil {
		return err
	}
	return c.show(v, status, "kalender", calendarPage{c.base(v, "title.calendar", "calendar"), rows, areas, []string{Holiday, Pause, Fast}, f, problems})
}

func readDayForm(q url.Values) dayForm {
	return dayForm{What: field(q.Get("apa"), 10), From: field(q.Get("dari"), 10), To: field(q.Get("sampai"), 10), Name: field(q.Get("nama"), 60),
		Area: field(q.Get("wilayah"), 8), Gone: q.Get("hapus") == "1"}
}

// day turns the form into a dated row. What has begun cannot be changed: it has had its effect.
func (f dayForm) day(now time.Time) (d CalendarDay, problems []Problem) {
	d = CalendarDay{What: f.What, Name: f.Name, Area: f.Area}
	if f.What != Holiday && f.What != Pause && f.What != Fast {
		problems = append(problems, Problem{Field: "apa", Key: "day_what"})
	}
	from, err := dateIn(f.From, time.UTC)
	if err != nil {
		return d, append(problems, Problem{Field: "dari", Key: "date"})
	}
	to := from
	if f.To != "" && f.What != Holiday {
		if to, err = dateIn(f.To, time.UTC); err != nil {
			return d, append(problems, Problem{Field: "sampai", Key: "date"})
		}
	}
	d.From, d.To = from, to
	if !from.After(prokus.Day(now)) {
		problems = append(problems, Problem{Field: "dari", Key: "date_past"})
	}
	if to.Before(from) || to.Sub(from) > 60*24*time.Hour {
		problems = append(problems, Problem{Field: "sampai", Key: "date_order"})
	}
	if f.Name == "" {
		problems = append(problems, Problem{Field: "nama", Key: "day_name"})
	}
	return d, problems
}

// checkDay reads a posted row; where it cannot be, it shows the form again and done is true.
func (c *console) checkDay(v *visit) (f dayForm, d CalendarDay, done bool, err error) {
	f = readDayForm(v.r.PostForm)
	area, _, err := c.ruleArea(v, f.Area)
	if err != nil {
		return f, d, false, err
	}
	f.Area = area.Code
	d, problems := f.day(v.now)
	d.Where = area.Name
	if len(problems) > 0 {
		return f, d, true, c.showCalendar(v, http.StatusUnprocessableEntity, f, problems)
	}
	return f, d, false, nil
}

// previewDay says what a dated row would move; nothing is kept.
func (c *console) previewDay(v *visit) error {
	f, d, done, err := c.checkDay(v)
	if err != nil || done {
		return err
	}
	effect, err := c.Store.DayEffect(v.r.Context(), v.viewer.Scope(), d, f.Gone, v.now)
	if errors.Is(err, ErrKnown) {
		return c.showCalendar(v, http.StatusUnprocessableEntity, f, []Problem{{Field: "dari", Key: "day_known"}})
	}
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "lihat_kalender", struct {
		base
		Form   dayForm
		Row    CalendarDay
		Effect DayEffect
	}{c.base(v, "title.calendar", "calendar"), f, d, effect})
}

// saveDay keeps a dated row, or takes it away.
func (c *console) saveDay(v *visit) error {
	f, d, done, err := c.checkDay(v)
	if err != nil || done {
		return err
	}
	_, err = c.Store.SaveDay(v.r.Context(), v.viewer.Scope(), v.viewer.Staff.ID, d, f.Gone, v.now)
	if errors.Is(err, ErrKnown) {
		return c.showCalendar(v, http.StatusUnprocessableEntity, f, []Problem{{Field: "dari", Key: "day_known"}})
	}
	if err != nil {
		return err
	}
	c.plans.forget()
	return v.redirect("/kalender", "day")
}
