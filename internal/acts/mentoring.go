package acts

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Sessions are the meetings of the mentors as those who are invited see them.
type Sessions interface {
	// Invites are the coming sessions of a person, earliest first, at most ten; those that she exchanged are not hers any more.
	Invites(ctx context.Context, person int64, now time.Time) ([]Invite, error)
	// NextInvite is the earliest of them.
	NextInvite(ctx context.Context, person int64, now time.Time) (i Invite, ok bool, err error)
	// InviteTo is her place on the list of one session, whatever became of it.
	InviteTo(ctx context.Context, person, session int64) (i Invite, ok bool, err error)
	SaveRSVP(ctx context.Context, person, session int64, rsvp, reason string, now time.Time) error
	// FreeSessions are coming sessions of her kabupaten with a free seat that she is not invited to, those of her own
	// kecamatan before others; the n first of them, earliest first.
	FreeSessions(ctx context.Context, p prokus.Person, after time.Time, n int) ([]Invite, error)
	// TakeSeat gives her a seat and an answer. ok is false when the last one is gone or the session is not planned any more:
	// seats are counted under the session's lock. makeup marks a session that stands for another.
	TakeSeat(ctx context.Context, person, session int64, rsvp string, makeup bool, now time.Time) (ok bool, err error)
	// Moved frees her old seat and keeps where she went.
	Moved(ctx context.Context, person, from, to int64, now time.Time) error
	// Attending are the sessions of hers for which a code counts now, the newest first.
	Attending(ctx context.Context, person int64, now time.Time) ([]Invite, error)
	SaveAttendance(ctx context.Context, person, session int64, came bool, source string, now time.Time) error
	// WrongCode counts a wrong code and says how many there were.
	WrongCode(ctx context.Context, person, session int64) (tries int, err error)
	SaveRating(ctx context.Context, person, session int64, rating int) error
	// Attended counts the sessions that she came to, and those of the programme that she was to come to.
	Attended(ctx context.Context, person int64) (came, planned int, err error)
	Mentors
	Plans
}

// Invite is a session to which a person is invited, with her answer.
type Invite struct {
	Session   int64
	Starts    time.Time // in her zone
	Place     string
	Kecamatan string
	Mentor    string // "Bu Rina"; empty if none is named yet
	MentorID  int64
	Topic     string
	Homework  string
	Status    prokus.SessionStatus
	Code      string
	RSVP      string // "", ya, tidak, mungkin, ganti
	Makeup    bool
	Attended  bool
	Tries     int
}

// What a text proves to fit (placeholders.yaml).
const (
	placeLength  = 20
	mentorLength = 12
)

func place(s string) string { return bahasa.FitName(s, placeLength) }

// mentorCalled is the mentor in a text: by name, or as the mentor.
func mentorCalled(name string) any {
	if name == "" {
		return key("staff.some_mentor", nil)
	}
	return bahasa.FitName(name, mentorLength)
}
