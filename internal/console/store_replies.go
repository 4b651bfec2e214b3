package console

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Replies are what people answered to broadcasts: seats taken and words of their own (R25).
type Replies interface {
	// Takers are those with a seat by number, then those who wait in their order.
	Takers(ctx context.Context, s Scope, broadcast int64, limit int) ([]Taker, error)
	// WithdrawTaker takes somebody off the list; whoever moves up is told.
	WithdrawTaker(ctx context.Context, s Scope, broadcast, person int64, by prokus.Staff, now time.Time) error
	// Replies of broadcasts of the scope: those nobody has settled, by what was promised, or the newest that are done.
	// broadcast 0 is all.
	Replies(ctx context.Context, s Scope, broadcast int64, done bool, limit int) ([]ReplyRow, error)
	// OpenReplies counts those that nobody has settled, and those past what was promised.
	OpenReplies(ctx context.Context, s Scope, now time.Time) (open, late int, err error)
	// Reply reads one with its lines, and records who read it.
	Reply(ctx context.Context, s Scope, id int64, by int64, now time.Time) (ReplyPage, error)
	// AnswerReply says words to her by the road that she wrote on, and settles the reply if done. Without words it only settles.
	AnswerReply(ctx context.Context, s Scope, id int64, by prokus.Staff, words string, done bool, now time.Time) error
}

// ReplyRow is one line of the inbox of a unit.
type ReplyRow struct {
	ID                       int64
	Broadcast                int64
	BroadcastName            string
	Area, AreaName           string // whose broadcast it is
	Code, Name, Kecamatan    string
	Lang                     prokus.Lang
	Last                     string // her newest words
	Opened, Due, Done, Heard time.Time
	DoneBy                   string
	Lines                    int
}

// ReplyPage is a reply with the broadcast that it answers and all that was said since.
type ReplyPage struct {
	ReplyRow
	Called string // how she is addressed before her name
	Text   string // the broadcast as she got it
	Via    string // how she wrote last
	Says   []Said // oldest first
}
