package console

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Limits of what a form about a session takes.
const (
	maxPlace    = 60
	maxTopic    = 60
	maxHomework = 120
	maxSeats    = 200
	usualSeats  = 30
)

// clusters are the four of the programme; people's lists may say more about each.
var clusters = []string{"kuliner", "kriya", "agribisnis", "ritel"}

// meetingForm is what was typed about a session.
type meetingForm struct {
	Date, Clock, Area, Place, Topic, Cluster string
	Mentor                                   int64
	Seats                                    string
}

func meetingFormOf(q url.Values) meetingForm {
	f := meetingForm{
		Date: field(q.Get("tanggal"), 10), Clock: field(q.Get("jam"), 5), Area: field(q.Get("kecamatan"), 8), Place: field(q.Get("tempat"), maxPlace),
		Topic: field(q.Get("topik"), maxTopic), Seats: field(q.Get("kursi"), 4), Cluster: field(q.Get("klaster"), 20),
	}
	f.Mentor, _ = strconv.ParseInt(q.Get("mentor"), 10, 64) // unreadable: nobody is named yet
	if !slices.Contains(clusters, f.Cluster) {
		f.Cluster = ""
	}
	return f
}

// plan turns the form into a session of a kecamatan whose zone is loc.
func (f meetingForm) plan(now time.Time, loc *time.Location, mentors []prokus.Staff) (p acts.Plan, problems []Problem) {
	p = acts.Plan{Area: f.Area, Place: f.Place, Topic: f.Topic, Cluster: f.Cluster, Mentor: f.Mentor, Capacity: usualSeats}
	var err error
	if p.Starts, err = readWhen(f.Date, f.Clock, loc); err != nil {
		problems = append(problems, Problem{Field: "tanggal", Key: "clock"})
	} else if !p.Starts.After(now) {
		problems = append(problems, Problem{Field: "tanggal", Key: "past_session"})
	}
	if f.Area == "" {
		problems = append(problems, Problem{Field: "kecamatan", Key: "kecamatan"})
	}
	if f.Place == "" {
		problems = append(problems, Problem{Field: "tempat", Key: "place"})
	}
	if f.Mentor != 0 && !slices.ContainsFunc(mentors, func(s prokus.Staff) bool { return s.ID == f.Mentor }) {
		problems = append(problems, Problem{Field: "mentor", Key: "mentor"})
	}
	if f.Seats != "" {
		n, err := strconv.Atoi(f.Seats)
		if err != nil || n < 1 || n > maxSeats {
			problems = append(problems, Problem{Field: "kursi", Key: "seats", Arg: strconv.Itoa(maxSeats)})
		}
		p.Capacity = n
	}
	return p, problems
}

type newMeetingPage struct {
	base
	Form     meetingForm
	Areas    []Area
	Mentors  []prokus.Staff
	Clusters []string
	Problems []Problem
}

func (c *console) newMeeting(v *visit) error {
	return c.showNewMeeting(v, http.StatusOK, meetingForm{Seats: strconv.Itoa(usualSeats)}, nil)
}

func (c *console) showNewMeeting(v *visit, status int, f meetingForm, problems []Problem) error {
	p := newMeetingPage{base: c.base(v, "title.new_meeting", "mentoring"), Form: f, Clusters: clusters, Problems: problems}
	var err error
	if p.Areas, err = c.Store.Kecamatan(v.r.Context(), v.viewer.Scope()); err != nil {
		return err
	}
	if p.Mentors, err = c.Store.SessionMentors(v.r.Context(), v.viewer.Scope()); err != nil {
		return err
	}
	return c.show(v, status, "bimbingan_baru", p)
}
