package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Plan is a session that an office makes.
type Plan struct {
	Starts   time.Time // in the zone of its kecamatan
	Area     string    // kecamatan
	Place    string
	Mentor   int64 // 0: nobody is named yet
	Topic    string
	Capacity int
	Cluster  string // whom it is for: people whose cluster holds this word; empty: everybody
}

// Plans are how sessions come to be, besides lists.
type Plans interface {
	// MakeSession writes a session; fresh is false when there is one at that time and place, whose id it gives.
	MakeSession(ctx context.Context, p Plan) (id int64, fresh bool, err error)
	// InviteGroup fills the free seats of a planned session with people of its kecamatan who agreed, of a cluster if one is
	// named, and who have no other coming session of the same topic; those who attended least first.
	InviteGroup(ctx context.Context, session int64, cluster string, now time.Time) (invited int, err error)
}

// Planned is a session that was made, or was there already.
type Planned struct {
	prokus.Session
	Fresh   bool
	Invited int
}

// PlanSession makes a session and invites its group; its mentor is told at once, the group by the question of the day before.
func PlanSession(ctx context.Context, s Store, by By, p Plan) (out Planned, err error) {
	id, fresh, err := s.MakeSession(ctx, p)
	if err != nil {
		return out, fmt.Errorf("plan session: %w", err)
	}
	if fresh {
		if out.Invited, err = s.InviteGroup(ctx, id, p.Cluster, by.Now); err != nil {
			return out, fmt.Errorf("plan session: %w", err)
		}
	}
	out.Fresh = fresh
	if out.Session, _, err = s.Session(ctx, id); err != nil || !fresh {
		return out, err
	}
	x := out.Session
	a := args{"tgl": date(x.Starts), "jam": clock(x.Starts), "tujuan": bahasa.FitName(x.Place, newPlaceLength), "n": out.Invited}
	if _, err := s.Enqueue(ctx, by.Now, tellMentor(by, x, "mentor.office_new", a)...); err != nil {
		return out, fmt.Errorf("plan session: %w", err)
	}
	return out, nil
}

// InviteMore fills the free seats of a session that is planned.
func InviteMore(ctx context.Context, s Store, by By, session int64, cluster string) (int, error) {
	x, err := held(ctx, s, by, session)
	if err != nil {
		return 0, err
	}
	if x.Status != prokus.SessionPlanned || !by.Now.Before(x.Starts) {
		return 0, nil
	}
	return s.InviteGroup(ctx, session, cluster, by.Now)
}
