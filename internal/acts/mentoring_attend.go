package acts

import (
	"context"
	"fmt"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// What can become of HADIR with a code.
const (
	CodeRight  = "here"
	CodeWrong  = "wrong"
	CodeLocked = "locked" // too many wrong ones: the mentor's list counts
	CodeNone   = "none"   // no session of hers is on
)

// Came is that somebody was there.
type Came struct {
	Invite
	N, Of int // the how manieth of her sessions, of how many
}

// CheckIn takes the code on the board. It counts from two hours before the session until noon of the next day, and
// closes the case of somebody who stayed away before.
func CheckIn(ctx context.Context, s Store, by By, p prokus.Person, code string) (c Came, became string, err error) {
	all, err := s.Attending(ctx, p.ID, by.Now)
	if err != nil || len(all) == 0 {
		return c, CodeNone, err
	}
	for _, i := range all {
		if i.Code == "" || i.Code != code || i.Tries >= prokus.CheckInTries {
			continue
		}
		c.Invite = i
		if !i.Attended {
			if err := s.SaveAttendance(ctx, p.ID, i.Session, true, "sendiri", by.Now); err != nil {
				return c, "", fmt.Errorf("check in: %w", err)
			}
			if _, err := s.CloseCases(ctx, p.ID, []prokus.Reason{prokus.NoShow}, "hadir", by.Now); err != nil {
				return c, "", fmt.Errorf("check in: %w", err)
			}
		}
		c.N, c.Of, err = s.Attended(ctx, p.ID)
		return c, CodeRight, err
	}
	c.Invite = all[0]
	tries, err := s.WrongCode(ctx, p.ID, all[0].Session)
	if err != nil {
		return c, "", fmt.Errorf("check in: %w", err)
	}
	if tries >= prokus.CheckInTries {
		return c, CodeLocked, nil
	}
	return c, CodeWrong, nil
}

// Rate keeps whether a session was useful to her (1, 2, 3), and finds the next one.
func Rate(ctx context.Context, s Store, by By, p prokus.Person, session int64, rating int) (next Invite, ok bool, err error) {
	if err := s.SaveRating(ctx, p.ID, session, rating); err != nil {
		return next, false, fmt.Errorf("rate: %w", err)
	}
	return s.NextInvite(ctx, p.ID, by.Now)
}
