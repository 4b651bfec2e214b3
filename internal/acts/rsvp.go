package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// What can become of an answer about a session.
const (
	SeatKept  = "kept"
	SeatToday = "today" // a refusal on the day itself: the mentor is told
	SeatFull  = "full"  // she had given her seat up, and somebody else has it
	SeatBegan = "began" // it has begun
	SeatGone  = "gone"  // it was called off, or she is no longer invited
	SeatNone  = "none"  // nothing is planned
)

// RSVP records her answer about a session, or with session 0 about her next one: ya, tidak or mungkin. A refusal on the day
// itself is told to the mentor at once.
func RSVP(ctx context.Context, s Store, by By, p prokus.Person, session int64, answer, reason string) (i Invite, became string, err error) {
	i, became, err = inviteFor(ctx, s, by, p, session)
	if err != nil || became != SeatKept {
		return i, became, err
	}
	if !by.Now.Before(i.Starts) && answer != "tidak" {
		return i, SeatBegan, nil
	}
	if answer != "tidak" && (i.RSVP == "tidak" || i.RSVP == "ganti") {
		ok, err := s.TakeSeat(ctx, p.ID, i.Session, answer, i.Makeup, by.Now)
		if err != nil {
			return i, "", fmt.Errorf("rsvp: %w", err)
		}
		if !ok {
			return i, SeatFull, nil
		}
	} else if err := s.SaveRSVP(ctx, p.ID, i.Session, answer, reason, by.Now); err != nil {
		return i, "", fmt.Errorf("rsvp: %w", err)
	}
	i.RSVP = answer
	if answer == "tidak" && today(by.Now, i.Starts) {
		return i, SeatToday, declined(ctx, s, by, p, i)
	}
	return i, SeatKept, nil
}

// inviteFor is the invitation that an answer is about.
func inviteFor(ctx context.Context, s Store, by By, p prokus.Person, session int64) (i Invite, became string, err error) {
	ok := false
	if session == 0 {
		if i, ok, err = s.NextInvite(ctx, p.ID, by.Now); err == nil && !ok {
			return i, SeatNone, nil
		}
	} else if i, ok, err = s.InviteTo(ctx, p.ID, session); err == nil && (!ok || i.Status != prokus.SessionPlanned || !today(by.Now, i.Starts) && by.Now.After(i.Starts)) {
		return i, SeatGone, nil
	}
	if err != nil {
		return i, "", fmt.Errorf("rsvp: %w", err)
	}
	return i, SeatKept, nil
}

func today(now, starts time.Time) bool {
	return prokus.Day(now.In(starts.Location())).Equal(prokus.Day(starts))
}

// declined tells the mentor that somebody will not come after all, in time to know.
func declined(ctx context.Context, s Store, by By, p prokus.Person, i Invite) error {
	if i.MentorID == 0 || !by.Now.Before(i.Starts) {
		return nil
	}
	a := args{"penerima": name(p.First()), "tgl": date(i.Starts), "jam": clock(i.Starts)}
	_, err := s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("rsvp.no:%d:%d", i.Session, p.ID), Staff: i.MentorID, Kind: prokus.KindNotice, Text: "mentor.declined", Args: a.json(), Cause: by.Inbox,
		NotBefore: prokus.AfterQuiet(by.Now), NotAfter: i.Starts,
	})
	if err != nil {
		return fmt.Errorf("tell the mentor: %w", err)
	}
	return nil
}
