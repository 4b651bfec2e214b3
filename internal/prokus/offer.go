package prokus

import "time"

// Offer is what a broadcast invites to: seats for those who answer IKUT first.
type Offer struct {
	Broadcast int64
	Event     string    // whose list it is, in the words of whoever wrote it: "bazar"
	Place     string    // what there are seats of: "lapak"
	Seats     int       // 1 to 9999
	LastDay   time.Time // the calendar date up to which IKUT counts, in the person's zone
	Told      time.Time // when it reached her
}

// Lengths of the words of an offer, so that every text about it stays one SMS.
const (
	MaxOfferEvent = 16
	MaxOfferPlace = 12
	MaxOfferSeats = 9999
)

// Closed says whether the last day is over.
func (o Offer) Closed(now time.Time) bool { return Day(now).After(Day(o.LastDay)) }

// Seat is somebody's place in the list of an offer.
type Seat struct {
	Number  int  // in the list, from 1; 0: none
	Waiting int  // place in the queue of those who wait, from 1; 0: does not wait
	Fresh   bool // it was given just now
}

// Told is the newest broadcast that somebody was told.
type Told struct {
	Broadcast int64
	Area      string // whose broadcast it is: a kabupaten, a province or "ID"
	AreaName  string
	At        time.Time
	LastDay   time.Time // of its offer, zero where it offers nothing
}

// ReplyFor is how long after a broadcast what she writes is taken for an answer to it.
const ReplyFor = 7 * 24 * time.Hour

// Answerable says whether a free message of hers still concerns it.
func (t Told) Answerable(now time.Time) bool {
	return now.Before(t.At.Add(ReplyFor)) || !t.LastDay.IsZero() && !Day(now).After(Day(t.LastDay))
}
