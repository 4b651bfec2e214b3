package console

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Store is what the console reads and writes. It is fulfilled by package postgres. Methods that take a Scope answer
// ErrNotFound for records outside it: a foreign record and a missing one look the same.
type Store interface {
	Sessions
	Overview
	People
	Cases
	Messages
	Stories
	Broadcasts
	RuleBook
	Roadwork
	Outcomes
	Desk
	Replies
	Mentoring
	Merging
	Office
	Doors
	Months
	Media
}

// Scope is into whose records a viewer may look: areas by Kemendagri code, "ID" for the nation, and their role. It is read
// from the database at every request, so a right that is taken away is gone at once.
type Scope struct {
	Areas []string
	Role  prokus.Role
}

// Sees says whether confidential cases and conversations are shown. A complaint may be about the TKSK (programme.md 0.10).
func (s Scope) Sees() bool { return s.Role == prokus.Coordinator || s.Role == prokus.Ministry }

// Viewer is who is looking.
type Viewer struct {
	Staff prokus.Staff
	CSRF  string // token of the session, in every form
}

// Scope of the viewer.
func (v Viewer) Scope() Scope { return Scope{Areas: v.Staff.Areas, Role: v.Staff.Role} }

// Life of a session and of a one-time link (faults.md S5).
const (
	SessionLife  = 12 * time.Hour
	SessionIdle  = 30 * time.Minute
	LoginLinkTTL = 24 * time.Hour
)

// Sessions are log-ins; times are real time, not the programme's. Wrong, used and expired tokens are all ErrNotFound.
type Sessions interface {
	// UseLoginLink takes a one-time token and gives a session's.
	UseLoginLink(ctx context.Context, token string, now time.Time) (session string, err error)
	// LogIn opens a session without a link, for the demo's buttons.
	LogIn(ctx context.Context, staff int64, now time.Time) (session string, err error)
	Session(ctx context.Context, token string, now time.Time) (Viewer, error)
	LogOut(ctx context.Context, token string) error
	// DemoStaff are people to log in as: coordinators and somebody of every other role that has pages.
	DemoStaff(ctx context.Context) ([]prokus.Staff, error)
}

// Area is a place of the lists.
type Area struct {
	Code, Name, Parent string
}

// Overview is the first page.
type Overview interface {
	// Week counts week w; closed is the last closed week, over which and the one before activity is judged (D04).
	Week(ctx context.Context, s Scope, w, closed prokus.Week, reachable bool, now time.Time) (WeekFigures, error)
	// AreaWeeks are the kecamatan with people, with n weeks of reports that end with w, oldest first.
	AreaWeeks(ctx context.Context, s Scope, w prokus.Week, n int, reachable bool) ([]AreaWeeks, error)
	// Indicators are the figures of a week as they stood at a moment (console.md 7.2).
	Indicators(ctx context.Context, s Scope, w prokus.Week, reachable bool, asOf time.Time) (prokus.Indicators, error)
	// Summary says whether a coordinator wants the weekly summary, and SetSummary keeps it.
	Summary(ctx context.Context, staff int64) (bool, error)
	SetSummary(ctx context.Context, staff int64, wants bool, now time.Time) error
	// Decisions are what waits for this viewer, the most urgent first.
	Decisions(ctx context.Context, s Scope, staff int64, now time.Time, limit int) ([]Decision, error)
}

// WeekFigures are the tiles (console.md 7.1 and 7.2), each a numerator; Due and Registered are the denominators.
type WeekFigures struct {
	Registered int // E: active in the programme
	Due        int // W: had to report in the week
	OnTime     int // D01: of Due, reported by Tuesday 24:00
	Reported   int // of Due, reported at all
	Active     int // D04: of Due, reported in one of the last two weeks
	Attention  int // D07: of Registered, with an open alert
	OpenCases  int
	Overdue    int // of OpenCases, past their promised time
	Stuck      int // D24: grants over the time their stage may take
	Grants     int // grants under way
}

// AreaWeeks is one kecamatan over some weeks.
type AreaWeeks struct {
	Area       Area
	Kabupaten  string
	Registered int
	Due        int
	OnTime     int
	Attention  int
	Reports    []int // people who reported, a week each
}

// Decision is one thing that waits for the viewer.
type Decision struct {
	What   string // case, secret, broadcast
	ID     int64
	Name   string // of the person or the broadcast
	Where  string
	Reason prokus.Reason
	Ticket int
	Due    time.Time
	Late   bool
}

// People are the beneficiaries.
type People interface {
	Kecamatan(ctx context.Context, s Scope) ([]Area, error)
	People(ctx context.Context, s Scope, f PeopleFilter) (rows []PersonRow, total int, err error)
	// Person reads one with everything her page shows, and records who read it.
	Person(ctx context.Context, s Scope, code string, by int64, now time.Time) (PersonPage, error)
}

// PeopleFilter narrows the list. Week is the last closed week.
type PeopleFilter struct {
	Area     string
	Activity Activity
	Search   string // a part of the name, or a code
	Week     prokus.Week
	Offset   int
	Limit    int
}

// PersonRow is one line of the list.
type PersonRow struct {
	Code, Name, Title, Kecamatan, Village, Business string
	Status                                          prokus.PersonStatus
	Consent                                         prokus.Consent
	Stage                                           prokus.Stage
	LastWeek                                        prokus.Week // of her last report
	LastAmount                                      int64
	HasReport                                       bool
	OpenCases                                       int
}

// PersonPage is everything about one person that staff may see.
type PersonPage struct {
	Person     prokus.Person
	Kecamatan  string
	Kabupaten  string
	Batch      string
	TKSK       string
	UsualHours bool // she is asked at the usual hours in Ramadan too
	Addresses  []prokus.Address
	Grants     []GrantView
	Reports    []prokus.Report // newest first, at most 26 weeks
	Cases      []CaseRow
	Deeds      prokus.Deeds // up to the last closed week
	Moves      []ClassMove  // from class to class, newest first
	Talk       []Said       // newest first; nil for who may not read it
}

// GrantView is a grant with the way it went.
type GrantView struct {
	prokus.Grant
	BatchName string
	Stuck     bool
	Changes   []GrantChange
}

// GrantChange is one step of a grant.
type GrantChange struct {
	Stage prokus.Stage
	Since time.Time
	At    time.Time
	By    string
	Note  string
}
