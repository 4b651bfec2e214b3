package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// aheadOfSession is how long before it a session may still be offered: people have to get there.
const aheadOfSession = 2 * time.Hour

// Alternatives are up to n other sessions with a free seat for somebody who cannot come, earliest first.
func Alternatives(ctx context.Context, s Store, by By, p prokus.Person, n int) ([]Invite, error) {
	all, err := s.FreeSessions(ctx, p, by.Now.Add(aheadOfSession), n)
	if err != nil {
		return nil, fmt.Errorf("alternatives: %w", err)
	}
	return all, nil
}

// Exchange moves her from one session to another in one step: the new seat is taken under its lock and the old one is free
// with the same commit. from 0 is somebody who joins besides. ok is false when the last seat is gone; then nothing changed.
func Exchange(ctx context.Context, s Store, by By, p prokus.Person, from, to int64, makeup bool) (i Invite, ok bool, err error) {
	old, had, err := s.InviteTo(ctx, p.ID, from)
	if err != nil {
		return i, false, fmt.Errorf("exchange: %w", err)
	}
	had = had && from != to
	if ok, err = s.TakeSeat(ctx, p.ID, to, "ya", makeup || had && old.Makeup, by.Now); err != nil {
		return i, false, fmt.Errorf("exchange: %w", err)
	}
	if i, _, err = s.InviteTo(ctx, p.ID, to); err != nil || !ok {
		return i, false, err
	}
	// A session that is over stays as it was: she did not exchange it, she missed it.
	if !had || old.Status != prokus.SessionPlanned || !by.Now.Before(old.Starts) {
		return i, true, nil
	}
	if err := s.Moved(ctx, p.ID, from, to, by.Now); err != nil {
		return i, false, fmt.Errorf("exchange: %w", err)
	}
	if old.RSVP != "tidak" && today(by.Now, old.Starts) {
		err = declined(ctx, s, by, p, old)
	}
	return i, true, err
}

// AskMentorToCall asks a mentor to call her about another day, and returns until when she is promised the call (R16). ok is
// false when no mentor is named.
func AskMentorToCall(ctx context.Context, s Store, by By, p prokus.Person, i Invite) (until time.Time, ok bool, err error) {
	if i.MentorID == 0 {
		return until, false, nil
	}
	holidays, err := s.Holidays(ctx, p.Area, by.Now)
	if err != nil {
		return until, false, fmt.Errorf("ask to call: %w", err)
	}
	until = prokus.NewCalendar(holidays).AddWorkingDays(by.Now.In(p.Location()), 1)
	phones, err := s.Ways(ctx, p.ID, 0)
	if err != nil {
		return until, false, fmt.Errorf("ask to call: %w", err)
	}
	hp := any(key("worklist.no_phone", nil))
	for _, a := range phones {
		if a.Kind == "phone" {
			hp = prokus.Phone(a.Value).Local()
			break
		}
	}
	a := args{"penerima": name(p.First()), "kode": p.Code, "hp": hp, "tgl": date(i.Starts), "tgl2": date(until)}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("mentor.call:%d:%d", i.Session, p.ID), Staff: i.MentorID, Kind: prokus.KindNotice, Text: "mentor.call", Args: a.json(), Cause: by.Inbox,
		NotBefore: prokus.AfterQuiet(by.Now.In(p.Location())),
	})
	if err != nil {
		return until, false, fmt.Errorf("ask to call: %w", err)
	}
	return until, true, nil
}
