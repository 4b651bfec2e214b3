package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Offers are the seats that broadcasts offer, and what people write back to broadcasts.
type Offers interface {
	// OfferTo is a broadcast that offered IKUT to a person, or to the number that she writes from: the newest one, or that
	// one. Those whose last day is long past are forgotten.
	OfferTo(ctx context.Context, person int64, from string, broadcast int64, now time.Time) (o prokus.Offer, ok bool, err error)
	// SeatOf is her place in the list of an offer; the zero Seat when she has none.
	SeatOf(ctx context.Context, broadcast, person int64) (prokus.Seat, error)
	// TakeOffered gives her the lowest free number, or a place in the queue when the last is taken. The offer is locked, so
	// of two who want the last seat one gets it.
	TakeOffered(ctx context.Context, broadcast, person int64, channel string, now time.Time) (prokus.Seat, error)
	// LeaveOffered frees her place. next is who moves up to her number, 0 when nobody waits; ok is false when she had none.
	LeaveOffered(ctx context.Context, broadcast, person int64, now time.Time) (left prokus.Seat, next int64, o prokus.Offer, ok bool, err error)
	// LastSeat is the newest seat or place in a queue that she took since a moment and still has.
	LastSeat(ctx context.Context, person int64, since time.Time) (broadcast int64, at time.Time, ok bool, err error)
	// LastTold is the newest broadcast that a person, or the number that she writes from, was told.
	LastTold(ctx context.Context, person int64, from string, now time.Time) (t prokus.Told, ok bool, err error)
	// KeepReply keeps an inbound as her answer to a broadcast, with those that are open already. due is what she is promised;
	// of one that is open, what she was promised before, unless that is over.
	KeepReply(ctx context.Context, broadcast, person, inbox int64, due, now time.Time) (promised time.Time, fresh bool, err error)
	Person(ctx context.Context, id int64) (prokus.Person, bool, error)
}

// Join is IKUT: a number of the list, or a place among those who wait. Twice is once.
func Join(ctx context.Context, s Store, by By, p prokus.Person, o prokus.Offer) (prokus.Seat, error) {
	seat, err := s.TakeOffered(ctx, o.Broadcast, p.ID, by.Channel, by.Now)
	if err != nil {
		return seat, fmt.Errorf("join: %w", err)
	}
	return seat, nil
}

// Withdraw frees her place, and tells whoever moves up. ok is false when she had none.
func Withdraw(ctx context.Context, s Store, by By, broadcast, who int64) (ok bool, err error) {
	left, next, o, ok, err := s.LeaveOffered(ctx, broadcast, who, by.Now)
	if err != nil || !ok || next == 0 {
		return ok, err
	}
	p, found, err := s.Person(ctx, next)
	if err != nil || !found {
		return ok, fmt.Errorf("withdraw: next %d, found %t: %w", next, found, err)
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang, Text: "offer.promoted", Cause: by.Inbox,
		Args: person(p).with(args{"ibu": p.Salutation, "lapak": o.Place, "acara": o.Event, "urut": fmt.Sprint(left.Number), "kursi": fmt.Sprint(o.Seats)}).json(),
	})
	if err != nil {
		return ok, fmt.Errorf("withdraw: %w", err)
	}
	return ok, nil
}

// Reply keeps her words for the unit that sent the broadcast, which answers within two working days (R16, R25). fresh is
// false when they belong to what she asked before.
func Reply(ctx context.Context, s Store, by By, p prokus.Person, t prokus.Told) (promised time.Time, fresh bool, err error) {
	now := by.Now.In(p.Location())
	holidays, err := s.Holidays(ctx, p.Area, now)
	if err != nil {
		return promised, false, fmt.Errorf("reply: %w", err)
	}
	rules, err := s.Rules(ctx, p.Area, by.Now)
	if err != nil {
		return promised, false, fmt.Errorf("reply: %w", err)
	}
	due := prokus.NewCalendar(holidays).AddWorkingDays(now, rules.PromiseDays)
	promised, fresh, err = s.KeepReply(ctx, t.Broadcast, p.ID, by.Inbox, due, by.Now)
	if err != nil {
		return promised, false, fmt.Errorf("reply: %w", err)
	}
	return promised, fresh, nil
}
