package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Reasons for which a session is called off, as its text says them; anything else are the mentor's own words.
const (
	OffSick    = "sakit"
	OffClash   = "bentrok"
	OffWeather = "cuaca"
	OffOther   = "lainnya"
)

// CalledOff is a session that does not take place.
type CalledOff struct {
	prokus.Session
	Told        int
	Replacement *prokus.Session // the mentor's next one in the kecamatan; nil if none is planned
}

// CallOff cancels a session and tells everybody on its list, with the mentor's next one as a replacement (J5-SMS-03). Within
// twelve hours of the session the news leaves even in quiet hours.
func CallOff(ctx context.Context, s Store, by By, session int64, why string) (c CalledOff, err error) {
	if c.Session, err = held(ctx, s, by, session); err != nil {
		return c, err
	}
	if c.Status != prokus.SessionPlanned {
		return c, nil
	}
	if err := s.SaveSessionStatus(ctx, session, prokus.SessionCancelled, why); err != nil {
		return c, fmt.Errorf("call off: %w", err)
	}
	list, err := s.Attendees(ctx, session)
	if err != nil {
		return c, fmt.Errorf("call off: %w", err)
	}
	next, ok, err := s.SessionAfter(ctx, c.Mentor.ID, c.Area, c.Starts)
	if err != nil {
		return c, fmt.Errorf("call off: %w", err)
	}
	seats, invited := 0, map[int64]bool{}
	if ok {
		c.Replacement = &next
		seats = next.Capacity - next.Invited + next.No + next.Moved
		there, err := s.Attendees(ctx, next.ID)
		if err != nil {
			return c, fmt.Errorf("call off: %w", err)
		}
		for _, a := range there {
			invited[a.ID] = a.RSVP != "tidak"
		}
	}
	var msgs []prokus.Message
	for _, a := range list {
		m := changeNotice(by, c.Session, a)
		m.Key = fmt.Sprintf("session.off:%d:%d", session, a.ID)
		values := person(a.Person).with(args{"tgl": date(c.Starts.In(a.Location())), "sebab": because(why, c.Mentor)})
		m.Text = "session.off_plain"
		if ok && (invited[a.ID] || seats > 0) {
			if !invited[a.ID] {
				seats--
			}
			m.Text = "session.off"
			if next.Place == c.Place {
				m.Text = "session.off_same"
			}
			at := next.Starts.In(a.Location())
			values["tgl2"], values["jam"], values["tempat"] = date(at), clock(at), place(next.Place)
			m.Opens, m.OpensVars, m.Buttons = "mentoring#replaced", args{"session": next.ID}.json(), choices("mentoring.can", "button.no")
		}
		m.Args = values.json()
		msgs = append(msgs, m)
	}
	c.Told = len(msgs)
	a := args{"tgl": date(c.Starts), "jam": clock(c.Starts), "n": c.Told}
	if _, err := s.Enqueue(ctx, by.Now, append(msgs, tellMentor(by, c.Session, "mentor.office_off", a)...)...); err != nil {
		return c, fmt.Errorf("call off: %w", err)
	}
	return c, nil
}

// because says why: in our words where we have some, else in the mentor's.
func because(why string, mentor prokus.Staff) any {
	switch why {
	case OffSick, OffClash, OffWeather, OffOther:
		return key("session.because."+why, args{"mentor": mentorCalled(mentor.Called())})
	case "":
		return key("session.because."+OffOther, nil)
	}
	return quote(why)
}

// changeNotice is news about a session for somebody on its list; x is the session as they know it.
func changeNotice(by By, x prokus.Session, a prokus.Attendee) prokus.Message {
	m := prokus.Message{Person: a.ID, Kind: prokus.KindNotice, Lang: a.Lang, Cause: by.Inbox, NotAfter: x.Starts}
	if x.Starts.Sub(by.Now) > prokus.ChangeAtOnce {
		m.NotBefore = prokus.AfterQuiet(by.Now.In(a.Location()))
	}
	return m
}

// newPlaceLength is what the texts allow a place that people do not know yet (placeholders.yaml).
const newPlaceLength = 30

// Shifted is a session with another time or place.
type Shifted struct {
	prokus.Session // as it is now
	Told           int
}

// Shift gives a session another time or place and tells everybody on its list. With another time everybody is asked anew;
// with another place answers stand. ok is false when there is such a session already.
func Shift(ctx context.Context, s Store, by By, session int64, starts time.Time, spot string) (c Shifted, ok bool, err error) {
	old, err := held(ctx, s, by, session)
	if err != nil {
		return c, false, err
	}
	c.Session = old
	if spot == "" {
		spot = old.Place
	}
	if starts.IsZero() {
		starts = old.Starts
	}
	starts = starts.In(old.Starts.Location())
	hour, where := !starts.Equal(old.Starts), spot != old.Place
	if !hour && !where {
		return c, true, nil
	}
	list, err := s.Attendees(ctx, session)
	if err != nil {
		return c, false, fmt.Errorf("shift: %w", err)
	}
	if ok, err = s.ShiftSession(ctx, session, starts, spot, hour); err != nil || !ok {
		return c, ok, err
	}
	c.Starts, c.Place = starts, spot
	text := map[[2]bool]string{{true, false}: "session.moved_time", {false, true}: "session.moved_place", {true, true}: "session.moved"}[[2]bool{hour, where}]
	urgent := old
	if starts.Before(old.Starts) {
		urgent.Starts = starts
	}
	var msgs []prokus.Message
	for _, a := range list {
		if a.RSVP == "tidak" && !hour {
			continue // the place is nothing to somebody who will not come
		}
		m := changeNotice(by, urgent, a)
		m.Key = fmt.Sprintf("session.moved:%d:%d:%d", session, a.ID, by.Now.Unix())
		was, at := old.Starts.In(a.Location()), starts.In(a.Location())
		m.Text, m.Args = text, person(a.Person).with(args{
			"tgl": date(was), "jam": clock(was), "tgl2": date(at), "jam2": clock(at), "tempat": place(spot), "tujuan": bahasa.FitName(spot, newPlaceLength),
		}).json()
		m.Opens, m.OpensVars, m.Buttons = "mentoring#moved", args{"session": session}.json(), choices("mentoring.come", "mentoring.cannot")
		msgs = append(msgs, m)
	}
	c.Told = len(msgs)
	a := args{"tgl": date(old.Starts), "jam": clock(old.Starts), "tgl2": date(starts), "jam2": clock(starts), "tujuan": bahasa.FitName(spot, newPlaceLength), "n": c.Told}
	if _, err := s.Enqueue(ctx, by.Now, append(msgs, tellMentor(by, urgent, "mentor.office_moved", a)...)...); err != nil {
		return c, false, fmt.Errorf("shift: %w", err)
	}
	return c, true, nil
}

// tellMentor is what the mentor hears of a change that somebody else made.
func tellMentor(by By, x prokus.Session, text string, a args) []prokus.Message {
	if by.Staff != nil || x.Mentor.ID == 0 {
		return nil
	}
	m := prokus.Message{
		Key: fmt.Sprintf("session.mentor:%d:%d", x.ID, by.Now.Unix()), Staff: x.Mentor.ID, Kind: prokus.KindNotice, Lang: x.Mentor.Lang, Text: text, Args: a.json(),
		NotAfter: x.Starts,
	}
	if x.Starts.Sub(by.Now) > prokus.ChangeAtOnce {
		m.NotBefore = prokus.AfterQuiet(by.Now.In(x.Starts.Location()))
	}
	return []prokus.Message{m}
}
