package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Outcomes are what is seen and counted of how far somebody is.
type Outcomes interface {
	// Observe keeps what a TKSK saw of her business, or no longer sees; changed is false where that is what was known.
	Observe(ctx context.Context, person int64, what string, seen bool, staff int64, channel string, now time.Time) (changed bool, err error)
	// Deeds are what the score of some people looks at, up to a closed week.
	Deeds(ctx context.Context, people []int64, closed prokus.Week) (map[int64]prokus.Deeds, error)
}

// Observe records one of the two observations of the score and tells her (R13); changed is false where nothing is new.
func Observe(ctx context.Context, s Store, by By, p prokus.Person, what string, seen bool) (changed bool, err error) {
	if changed, err = s.Observe(ctx, p.ID, what, seen, by.staff(), by.Channel, by.Now); err != nil || !changed {
		return changed, err
	}
	text := "progress.noted"
	if !seen {
		text = "progress.taken_back"
	}
	letter, err := s.LetterOf(ctx, p.ID)
	if err != nil {
		return false, fmt.Errorf("observe: %w", err)
	}
	a := person(p).with(args{"petugas": by.Staff.Called(), "ibu": p.Salutation, "amatan": key("progress.seen."+what, nil)})
	if letter != "" { // several people read this number (R14)
		text, a = "progress.noted_shared", person(p).with(args{"petugas": by.Staff.Called(), "huruf": letter})
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang, Text: text, Args: a.json(), Cause: by.Inbox, NotBefore: prokus.AfterQuiet(by.Now.In(p.Location())),
	})
	if err != nil {
		return false, fmt.Errorf("observe: %w", err)
	}
	return true, nil
}
