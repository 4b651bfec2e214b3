package acts

import (
	"context"
	"fmt"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// RSVP records her answer about her next session: ya, tidak or mungkin. ok is false when none is planned. A refusal on the
// day itself is told to the mentor at once.
func RSVP(ctx context.Context, s Store, by By, p prokus.Person, answer, reason string) (i Invite, ok bool, err error) {
	i, ok, err = s.NextInvite(ctx, p.ID, by.Now)
	if err != nil || !ok {
		return i, false, err
	}
	if err := s.SaveRSVP(ctx, p.ID, i.Session, answer, reason, by.Now); err != nil {
		return i, false, fmt.Errorf("rsvp: %w", err)
	}
	i.RSVP = answer
	if answer == "tidak" && i.MentorID != 0 && prokus.Day(by.Now.In(i.Starts.Location())).Equal(prokus.Day(i.Starts)) {
		a := args{"penerima": name(p.First()), "tgl": date(i.Starts), "jam": clock(i.Starts)}
		_, err = s.Enqueue(ctx, by.Now, prokus.Message{
			Key: fmt.Sprintf("rsvp.no:%d:%d", i.Session, p.ID), Staff: i.MentorID, Kind: prokus.KindNotice, Text: "mentor.declined", Args: a.json(), Cause: by.Inbox,
			NotBefore: prokus.AfterQuiet(by.Now), NotAfter: i.Starts,
		})
	}
	return i, true, err
}
