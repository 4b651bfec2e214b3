package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Mentors are the sessions as those who hold them see them.
type Mentors interface {
	// Session is one session with its headcount, locked so that two changes take turns.
	Session(ctx context.Context, id int64) (s prokus.Session, ok bool, err error)
	// SessionsOf are a mentor's sessions of a time that were not called off, earliest first, at most twenty.
	SessionsOf(ctx context.Context, mentor int64, from, to time.Time) ([]prokus.Session, error)
	// SessionAfter is the next planned session of a mentor in a kecamatan.
	SessionAfter(ctx context.Context, mentor int64, area string, after time.Time) (s prokus.Session, ok bool, err error)
	// Attendees are the people on a session's list by their numbers, which stay once they are given; who exchanged the
	// session for another is not among them.
	Attendees(ctx context.Context, session int64) ([]prokus.Attendee, error)
	SaveHomework(ctx context.Context, session int64, homework string) error
	SaveSessionStatus(ctx context.Context, session int64, status prokus.SessionStatus, why string) error
	// ShiftSession gives a session another time and place; anew asks everybody again who had not declined. ok is false when
	// there is such a session already.
	ShiftSession(ctx context.Context, session int64, starts time.Time, place string, anew bool) (ok bool, err error)
}

// ErrNotHeld is a session that the mentor does not hold.
var ErrNotHeld = errors.New("the session is another mentor's")

// held is a session of whoever acts.
func held(ctx context.Context, s Store, by By, id int64) (prokus.Session, error) {
	x, ok, err := s.Session(ctx, id)
	if err != nil {
		return x, fmt.Errorf("session: %w", err)
	}
	if !ok || by.Staff != nil && x.Mentor.ID != by.Staff.ID {
		return x, ErrNotHeld
	}
	return x, nil
}

// Recorded is what a mentor's list of those who came amounts to.
type Recorded struct {
	prokus.Session
	Came, Absent int
	Unknown      []int // numbers that the list does not have
}

// Attendance keeps who came, by the numbers of the list: everybody else was absent, but for those who sent the code. A later
// list corrects the one before. Whoever it says something new about is told (R13); those who were absent hear the next day.
func Attendance(ctx context.Context, s Store, by By, session int64, came func(number int) bool, named []int) (r Recorded, err error) {
	if r.Session, err = held(ctx, s, by, session); err != nil {
		return r, err
	}
	list, err := s.Attendees(ctx, session)
	if err != nil {
		return r, fmt.Errorf("attendance: %w", err)
	}
	known := map[int]bool{}
	for _, a := range list {
		known[a.Number] = true
	}
	for _, n := range named {
		if !known[n] {
			r.Unknown = append(r.Unknown, n)
		}
	}
	if len(r.Unknown) > 0 {
		return r, nil // nothing is kept of a list with a slip in it
	}
	for _, a := range list {
		here := came(a.Number) || a.Source == "sendiri"
		if here {
			r.Came++
		} else {
			r.Absent++
		}
		if a.Attended != nil && *a.Attended == here {
			continue
		}
		if err := s.SaveAttendance(ctx, a.ID, session, here, "mentor", by.Now); err != nil {
			return r, fmt.Errorf("attendance: %w", err)
		}
		if err := tellAttendance(ctx, s, by, r.Session, a, here); err != nil {
			return r, err
		}
	}
	if err := s.SaveSessionStatus(ctx, session, prokus.SessionHeld, ""); err != nil {
		return r, fmt.Errorf("attendance: %w", err)
	}
	return r, nil
}

func tellAttendance(ctx context.Context, s Store, by By, x prokus.Session, a prokus.Attendee, here bool) error {
	m := prokus.Message{
		Key: fmt.Sprintf("attended:%d:%d:%d", x.ID, a.ID, by.Now.Unix()), Person: a.ID, Kind: prokus.KindNotice, Lang: a.Lang, Cause: by.Inbox,
		NotBefore: prokus.AfterQuiet(by.Now.In(a.Location())),
	}
	values := person(a.Person).with(args{"mentor": mentorCalled(x.Mentor.Called()), "tgl": date(x.Starts.In(a.Location())), "ibu": a.Salutation})
	switch {
	case here:
		if _, err := s.CloseCases(ctx, a.ID, []prokus.Reason{prokus.NoShow}, "hadir", by.Now); err != nil {
			return fmt.Errorf("attendance: %w", err)
		}
		n, of, err := s.Attended(ctx, a.ID)
		if err != nil {
			return fmt.Errorf("attendance: %w", err)
		}
		m.Text, m.Opens, m.OpensVars = "mentoring.present", "mentoring#rate", args{"session": x.ID}.json()
		m.Buttons = choices("mentoring.useful", "mentoring.middling", "button.no")
		values["ke"], values["dari"] = n, max(n, of)
	case a.Attended != nil: // what she was told before is taken back
		m.Text = "mentoring.absent"
	default:
		return nil
	}
	m.Args = values.json()
	if _, err := s.Enqueue(ctx, by.Now, m); err != nil {
		return fmt.Errorf("attendance: %w", err)
	}
	return nil
}

// Homework keeps what people do until the next session; the reminder of that session says it again.
func Homework(ctx context.Context, s Store, by By, session int64, words string) (prokus.Session, error) {
	x, err := held(ctx, s, by, session)
	if err != nil {
		return x, err
	}
	if err := s.SaveHomework(ctx, session, words); err != nil {
		return x, fmt.Errorf("homework: %w", err)
	}
	x.Homework = words
	return x, nil
}

// Nudge asks those once more who have not answered, outside quiet hours. On the day of the session it stands for the
// morning's question, which has the same key.
func Nudge(ctx context.Context, s Store, by By, session int64) (n int, at time.Time, err error) {
	x, err := held(ctx, s, by, session)
	if err != nil {
		return 0, at, err
	}
	list, err := s.Attendees(ctx, session)
	if err != nil {
		return 0, at, fmt.Errorf("nudge: %w", err)
	}
	at = prokus.AfterQuiet(by.Now.In(x.Starts.Location()))
	rule := "mentoring.nudge"
	if today(at, x.Starts) {
		rule = "mentoring.morning"
	}
	var msgs []prokus.Message
	for _, a := range list {
		if a.RSVP != "" || a.Status != prokus.Active || a.Consent != prokus.Agreed {
			continue
		}
		starts := x.Starts.In(a.Location())
		values := person(a.Person).with(args{"tgl": date(starts), "jam": clock(starts), "tempat": place(x.Place), "mentor": mentorCalled(x.Mentor.Called())})
		msgs = append(msgs, prokus.Message{
			Key: fmt.Sprintf("%s:%d:%d:%s", rule, session, a.ID, starts.Format(time.DateOnly)), Person: a.ID, Kind: prokus.KindMentoring, Lang: a.Lang, Text: "mentoring.nudge", Args: values.json(),
			Opens: "mentoring#nudged", OpensVars: args{"session": session}.json(), Buttons: choices("mentoring.come", "mentoring.cannot", "mentoring.other_day"),
			NotBefore: at, NotAfter: x.Starts,
		})
	}
	ids, err := s.Enqueue(ctx, by.Now, msgs...)
	if err != nil {
		return 0, at, fmt.Errorf("nudge: %w", err)
	}
	return len(ids), at, nil
}

// choices are the answers 1, 2, 3 with their labels, for channels that have buttons.
func choices(labels ...string) []byte {
	var all []args
	for i, l := range labels {
		all = append(all, args{"key": fmt.Sprint(i + 1), "label": l})
	}
	return args{"options": all}.json()
}
