package prokus

import (
	"strings"
	"time"
)

// SessionStatus is where a session stands.
type SessionStatus string

// Session statuses.
const (
	SessionPlanned   SessionStatus = "rencana"
	SessionHeld      SessionStatus = "selesai" // the mentor has said who came
	SessionCancelled SessionStatus = "batal"
)

// Session is a meeting of a mentor with the people of a kecamatan.
type Session struct {
	ID        int64
	Starts    time.Time // in the zone of its kecamatan
	Area      string
	Kecamatan string
	Place     string
	Topic     string
	Status    SessionStatus
	Code      string // three digits on the board, for HADIR
	Homework  string
	Capacity  int
	Mentor    Staff // ID 0: nobody is named yet
	Headcount
}

// Headcount is how the invited answered. Who moved to another session counts among the invited.
type Headcount struct {
	Invited, Yes, Maybe, No, Moved, Silent int
	Present                                int // who came, as far as it is known
}

// Attendee is somebody on a session's list.
type Attendee struct {
	Person
	Number   int // in the mentor's list
	RSVP     string
	Attended *bool  // nil: not known
	Source   string // who says so: sendiri, mentor
}

// What goes for the code on the board, in local time of the session.
const (
	checkInBefore = 2 * time.Hour
	checkInUntil  = 12 // o'clock on the next day, before those who were absent are asked
	CheckInTries  = 5  // wrong codes, then the mentor's list counts
)

// CheckIn is when HADIR with the code counts for a session.
func CheckIn(starts time.Time) (from, until time.Time) {
	y, m, d := starts.Date()
	return starts.Add(-checkInBefore), time.Date(y, m, d+1, checkInUntil, 0, 0, 0, starts.Location())
}

// ChangeAtOnce is how near a session is when news about it leaves even in quiet hours (programme.md 1.3).
const ChangeAtOnce = 12 * time.Hour

// ShortPlace is a place as people say it who live there: Balai Desa Cengal is Balai Cengal.
func ShortPlace(place string) string {
	words := strings.Fields(place)
	var out []string
	for i, w := range words {
		switch strings.ToLower(w) {
		case "desa", "kelurahan":
			if i > 0 && i < len(words)-1 {
				continue
			}
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// ShortestPlace leaves out the kecamatan as well, for options in a line: Kantor Kec. Maja is Kantor Kec.
func ShortestPlace(place, kecamatan string) string {
	short := ShortPlace(place)
	if cut, ok := strings.CutSuffix(short, " "+kecamatan); ok && kecamatan != "" {
		switch strings.ToLower(lastWord(cut)) {
		case "kec.", "kec", "kecamatan":
			short = cut
		}
	}
	return strings.TrimRight(short, ".")
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }
