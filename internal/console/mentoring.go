package console

import (
	"context"
	"net/http"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Mentoring are the sessions of the mentors. A mentor's scope are their own.
type Mentoring interface {
	// Meetings begin between two moments, earliest first, at most meetingRows.
	Meetings(ctx context.Context, s Scope, staff int64, from, to time.Time) ([]Meeting, error)
	Meeting(ctx context.Context, s Scope, staff, id int64) (MeetingPage, error)
	// SessionMentors are the mentors whose areas touch the scope.
	SessionMentors(ctx context.Context, s Scope) ([]prokus.Staff, error)
	// OnArea runs f for a kecamatan of the scope.
	OnArea(ctx context.Context, s Scope, area string, d Doing, f func(ActStore, prokus.Staff) error) error
}

// Meeting is a session with how useful it was found.
type Meeting struct {
	prokus.Session
	Institution string // the mentor's incubator
	CalledOff   string // why, if it was
	YesPresent  int    // of those who said yes, who came
	Ratings     [3]int // useful, middling, not
}

// StateAt is the state as a reader sees it: a planned session whose hour has come waits for its list of who came.
func (m Meeting) StateAt(now time.Time) string {
	if m.Status == prokus.SessionPlanned && now.After(m.Starts) {
		return "lewat"
	}
	return string(m.Status)
}

// Taken are the seats that are not free: everybody who did not decline.
func (m Meeting) Taken() int { return m.Invited - m.No - m.Moved }

// Listed are who was to come: D23 counts who came among them.
func (m Meeting) Listed() int { return m.Invited - m.Moved }

// MeetingPage is one session with its list.
type MeetingPage struct {
	Meeting
	People []MeetingPerson
}

// MeetingPerson is somebody on the list of a session.
type MeetingPerson struct {
	Code, Name, Title, Village string
	Number                     int
	RSVP, Reason               string
	Attended                   *bool
	Source                     string
	Rating                     int
	MovedTo                    int64
}

// mentoringPage is a month of sessions: as a calendar, as a list, and its figures.
type mentoringPage struct {
	base
	Month      time.Time
	Weeks      [][]calendarDay
	Rows       []Meeting
	Sum        Meeting // of the sessions that were held
	Held       int
	Prev, Next string
}

type calendarDay struct {
	Date  time.Time
	Here  bool // of the month
	Today bool
	Meets []Meeting
}

const monthForm = "2006-01"

func (c *console) mentoring(v *visit) error {
	loc := v.now.Location()
	month, err := time.ParseInLocation(monthForm, v.r.URL.Query().Get("bulan"), loc)
	if err != nil || month.Year() < 2000 || month.Year() > 2100 {
		month = v.now
	}
	month = time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, loc)
	p := mentoringPage{base: c.base(v, "title.mentoring", "mentoring"), Month: month, Prev: month.AddDate(0, -1, 0).Format(monthForm), Next: month.AddDate(0, 1, 0).Format(monthForm)}
	if p.Rows, err = c.Store.Meetings(v.r.Context(), v.viewer.Scope(), v.viewer.Staff.ID, month, month.AddDate(0, 1, 0)); err != nil {
		return err
	}
	for _, m := range p.Rows {
		if m.Status != prokus.SessionHeld {
			continue
		}
		p.Held++
		p.Sum.Invited, p.Sum.Moved, p.Sum.Yes, p.Sum.Present, p.Sum.YesPresent = p.Sum.Invited+m.Invited, p.Sum.Moved+m.Moved, p.Sum.Yes+m.Yes, p.Sum.Present+m.Present, p.Sum.YesPresent+m.YesPresent
		for i, n := range m.Ratings {
			p.Sum.Ratings[i] += n
		}
	}
	p.Weeks = calendar(month, v.now, p.Rows)
	return c.show(v, http.StatusOK, "bimbingan", p)
}

// calendar lays a month out in weeks from Monday to Sunday.
func calendar(month, today time.Time, rows []Meeting) (weeks [][]calendarDay) {
	first := prokus.WeekOf(month).Starts(month.Location())
	for day := first; day.Before(month.AddDate(0, 1, 0)); day = day.AddDate(0, 0, 7) {
		var week []calendarDay
		for i := range 7 {
			d := day.AddDate(0, 0, i)
			cell := calendarDay{Date: d, Here: d.Month() == month.Month(), Today: prokus.Day(d).Equal(prokus.Day(today))}
			for _, m := range rows {
				if cell.Here && prokus.Day(m.Starts).Equal(prokus.Day(d)) {
					cell.Meets = append(cell.Meets, m)
				}
			}
			week = append(week, cell)
		}
		weeks = append(weeks, week)
	}
	return weeks
}

// meetingPage shows one session, with its forms for who may change it.
type meetingPage struct {
	base
	MeetingPage
	Holds    bool // the viewer may change it
	Began    bool
	Form     meetingForm
	Clusters []string
	Problems []Problem
}

func (c *console) meeting(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	return c.showMeeting(v, http.StatusOK, id, nil, nil)
}

// showMeeting shows a session, with what was typed and what is wrong with it after a form that was refused.
func (c *console) showMeeting(v *visit, status int, id int64, form *meetingForm, problems []Problem) error {
	m, err := c.Store.Meeting(v.r.Context(), v.viewer.Scope(), v.viewer.Staff.ID, id)
	if err != nil {
		return err
	}
	p := meetingPage{base: c.base(v, "title.meeting", "mentoring"), MeetingPage: m, Holds: v.holds(), Began: !v.now.Before(m.Starts), Clusters: clusters, Problems: problems}
	p.Form = meetingForm{Date: m.Starts.Format("02-01-2006"), Clock: m.Starts.Format("15.04"), Place: m.Place}
	if form != nil {
		p.Form = *form
	}
	return c.show(v, status, "satu_bimbingan", p)
}
