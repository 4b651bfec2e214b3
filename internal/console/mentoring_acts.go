package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// ActStore is what acts need.
type ActStore = acts.Store

// holds says whether the viewer changes sessions: mentors theirs, coordinators those of their area.
func (v *visit) holds() bool {
	return v.viewer.Staff.Role == prokus.Mentor || v.viewer.Staff.Role == prokus.Coordinator
}

// holder is the visitor as the acts about sessions know them: a mentor as such, a coordinator as the office.
func (v *visit) holder() acts.By {
	if v.viewer.Staff.Role == prokus.Mentor {
		return v.by()
	}
	return v.office()
}

// errProblem is a form that is refused inside a transaction.
type errProblem Problem

func (e errProblem) Error() string { return "form: " + e.Key }

// createMeeting makes a session and invites its group. The same form sent twice finds the session of the first.
func (c *console) createMeeting(v *visit) error {
	f := meetingFormOf(v.r.PostForm)
	mentors, err := c.Store.SessionMentors(v.r.Context(), v.viewer.Scope())
	if err != nil {
		return err
	}
	plan, problems := f.plan(v.now, v.now.Location(), mentors)
	if len(problems) > 0 {
		return c.showNewMeeting(v, http.StatusUnprocessableEntity, f, problems)
	}
	var made acts.Planned
	err = c.Store.OnArea(v.r.Context(), v.viewer.Scope(), plan.Area, v.doing("bimbingan dibuat"), func(s ActStore, where prokus.Staff) error {
		plan.Starts, _ = readWhen(f.Date, f.Clock, where.Location()) // read once already; here in the zone of the place
		made, err = acts.PlanSession(v.r.Context(), s, v.office(), plan)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return c.showNewMeeting(v, http.StatusUnprocessableEntity, f, []Problem{{Field: "kecamatan", Key: "kecamatan"}})
	}
	if err != nil {
		return err
	}
	ok := "meeting_made"
	if !made.Fresh {
		ok = "meeting_there"
	}
	return v.redirect("/bimbingan/"+strconv.FormatInt(made.ID, 10), ok)
}

// onMeeting changes a session and goes back to its page, or says on it what is wrong.
func (c *console) onMeeting(v *visit, what, done string, f func(ActStore, prokus.Session) error) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	err = c.Store.OnSession(v.r.Context(), v.viewer.Scope(), id, v.doing(what), f)
	var p errProblem
	if errors.As(err, &p) {
		form := meetingFormOf(v.r.PostForm)
		return c.showMeeting(v, http.StatusUnprocessableEntity, id, &form, []Problem{Problem(p)})
	}
	if errors.Is(err, acts.ErrNotHeld) {
		return ErrNotFound
	}
	if err != nil {
		return err
	}
	return v.redirect("/bimbingan/"+strconv.FormatInt(id, 10), done)
}

// shiftMeeting gives a session another time or place; everybody on its list is told.
func (c *console) shiftMeeting(v *visit) error {
	return c.onMeeting(v, "bimbingan dipindah", "meeting_moved", func(s ActStore, x prokus.Session) error {
		f := meetingFormOf(v.r.PostForm)
		at, err := readWhen(f.Date, f.Clock, x.Starts.Location())
		switch {
		case err != nil:
			return errProblem{Field: "tanggal", Key: "clock"}
		case f.Place == "":
			return errProblem{Field: "tempat", Key: "place"}
		case x.Status != prokus.SessionPlanned:
			return ErrState
		case !at.Equal(x.Starts) && !at.After(v.now):
			return errProblem{Field: "tanggal", Key: "past_session"}
		}
		_, ok, err := acts.Shift(v.r.Context(), s, v.holder(), x.ID, at, f.Place)
		if err == nil && !ok {
			return errProblem{Field: "tanggal", Key: "clash"}
		}
		return err
	})
}

// callOffMeeting cancels a session; everybody on its list is told, with the next one as a replacement.
func (c *console) callOffMeeting(v *visit) error {
	return c.onMeeting(v, "bimbingan dibatalkan", "meeting_off", func(s ActStore, x prokus.Session) error {
		if v.r.PostForm.Get("yakin") != "1" {
			return errProblem{Field: "yakin", Key: "sure"}
		}
		why := v.r.PostForm.Get("sebab")
		switch why {
		case acts.OffSick, acts.OffClash, acts.OffWeather:
		default:
			why = acts.OffOther
		}
		_, err := acts.CallOff(v.r.Context(), s, v.holder(), x.ID, why)
		return err
	})
}

// attendMeeting keeps who came; whoever it says something new about is told.
func (c *console) attendMeeting(v *visit) error {
	return c.onMeeting(v, "daftar hadir", "meeting_attended", func(s ActStore, x prokus.Session) error {
		if x.Status == prokus.SessionCancelled || v.now.Before(x.Starts) {
			return ErrState
		}
		here, named := numbers(v.r.PostForm, "hadir")
		r, err := acts.Attendance(v.r.Context(), s, v.holder(), x.ID, func(n int) bool { return here[n] }, named)
		if err == nil && len(r.Unknown) > 0 {
			return ErrStale
		}
		return err
	})
}

func numbers(q url.Values, name string) (set map[int]bool, list []int) {
	set = map[int]bool{}
	for _, s := range q[name] {
		if n, err := strconv.Atoi(s); err == nil {
			set[n], list = true, append(list, n)
		}
	}
	return set, list
}

// homeworkMeeting keeps what people do until the next session, which the reminder of that one says again.
func (c *console) homeworkMeeting(v *visit) error {
	return c.onMeeting(v, "tugas bimbingan", "meeting_homework", func(s ActStore, x prokus.Session) error {
		words := field(v.r.PostForm.Get("tugas"), maxHomework)
		if words == "" {
			return errProblem{Field: "tugas", Key: "homework"}
		}
		_, err := acts.Homework(v.r.Context(), s, v.holder(), x.ID, words)
		return err
	})
}

// nudgeMeeting asks those once more who have not answered.
func (c *console) nudgeMeeting(v *visit) error {
	return c.onMeeting(v, "bimbingan diingatkan", "meeting_nudged", func(s ActStore, x prokus.Session) error {
		if x.Status != prokus.SessionPlanned || !v.now.Before(x.Starts) {
			return ErrState
		}
		_, _, err := acts.Nudge(v.r.Context(), s, v.holder(), x.ID)
		return err
	})
}

// inviteMeeting fills free seats.
func (c *console) inviteMeeting(v *visit) error {
	return c.onMeeting(v, "undangan bimbingan", "meeting_invited", func(s ActStore, x prokus.Session) error {
		_, err := acts.InviteMore(v.r.Context(), s, v.holder(), x.ID, meetingFormOf(v.r.PostForm).Cluster)
		return err
	})
}

// readWhen reads a typed date and clock time in a zone.
func readWhen(date, clock string, loc *time.Location) (time.Time, error) {
	m := clockForm.FindStringSubmatch(clock)
	if m == nil {
		return time.Time{}, errClock
	}
	for _, form := range dateForms {
		d, err := time.ParseInLocation(form, date, loc)
		if err != nil {
			continue
		}
		h, _ := strconv.Atoi(m[1]) // digits by the pattern
		min, _ := strconv.Atoi(m[2])
		return time.Date(d.Year(), d.Month(), d.Day(), h, min, 0, 0, loc), nil
	}
	return time.Time{}, errClock
}
