package bot

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Talk is what longer conversations read and keep besides.
type Talk interface {
	// SearchPeople finds active people of some kecamatan by a part of their name, and how many there are.
	SearchPeople(ctx context.Context, areas []string, name string, limit int) (found []prokus.Person, all int, err error)
	// AreasOf are the kecamatan that a member of staff looks after on a day, those of whom they stand in for included.
	AreasOf(ctx context.Context, staff int64, day time.Time) ([]string, error)
	// WorkNumbers is how many numbers a member of staff's list of the day has given.
	WorkNumbers(ctx context.Context, staff int64, now time.Time) (int, error)
	// PlaceOwner is whose open question a message's buttons belong to, empty when nobody's.
	PlaceOwner(ctx context.Context, message string) (string, error)
	// NextTip counts a tip as told and returns how many were told before.
	NextTip(ctx context.Context, person int64) (told int, err error)
	// Thousands is how often her bare figure was read as thousands and stood; CountThousand counts one more, of a week, and
	// DoubtThousand forgets them all when that week is changed.
	Thousands(ctx context.Context, person int64) (int, error)
	CountThousand(ctx context.Context, person int64, w prokus.Week) error
	DoubtThousand(ctx context.Context, person int64, w prokus.Week) error
	// LastIntent is how her message before an inbound was read, empty when there was none since a moment.
	LastIntent(ctx context.Context, person, before int64, since time.Time) (string, error)
	// OfferLang is true the first time: another language is offered once (R23).
	OfferLang(ctx context.Context, person int64) (first bool, err error)
	AreaName(ctx context.Context, code string) (string, error)
}
