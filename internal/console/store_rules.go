package console

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// RuleBook are the rules as versions, and the calendar of days. Rules are no secret: every leader may read them all.
type RuleBook interface {
	RuleVersions(ctx context.Context) ([]prokus.RuleVersion, error)
	// RuleAreas are the areas whose rules somebody of the scope may change, the widest first.
	RuleAreas(ctx context.Context, s Scope) ([]Area, error)
	// RuleHistory are the versions of a setting in an area and in those above it, newest first.
	RuleHistory(ctx context.Context, area, key string, limit int) ([]RuleRow, error)
	// WriteRule adds a version. ErrStale when another than seen is the newest of that area by now; ErrNotFound outside the scope.
	WriteRule(ctx context.Context, s Scope, v prokus.RuleVersion, seen int64, now time.Time) error
	Calendar
}

// RuleRow is a version with who wrote it.
type RuleRow struct {
	prokus.RuleVersion
	Where   string
	By      string // empty: it came with the program
	Written time.Time
}

// Planner rehearses the coming days. The scheduler is one.
type Planner interface {
	// Outlook is what leaves in the coming days in an area (empty: everywhere): message by message, or in sums where there are too
	// many people.
	Outlook(ctx context.Context, from time.Time, days int, within string) (prokus.Outlook, error)
	Preview(ctx context.Context, v prokus.RuleVersion, from time.Time, days int) (prokus.Preview, error)
}

// Calendar are the dated rows: holidays, pauses of the programme, Ramadan.
type Calendar interface {
	// Days are the rows of the areas of a scope and of those above, from a date on.
	Days(ctx context.Context, s Scope, from time.Time) ([]CalendarDay, error)
	// DayEffect says what a row would move; nothing is kept.
	DayEffect(ctx context.Context, s Scope, d CalendarDay, gone bool, now time.Time) (DayEffect, error)
	// SaveDay adds a row, or takes one that lies ahead away, and moves the dates of open cases with it.
	SaveDay(ctx context.Context, s Scope, by int64, d CalendarDay, gone bool, now time.Time) (DayEffect, error)
}

// What a dated row is.
const (
	Holiday = "libur"   // no working day
	Pause   = "jeda"    // nobody is asked, no streak breaks
	Fast    = "ramadan" // the hours of Ramadan
)

// CalendarDay is a dated row: From to To, both included; a holiday is one day.
type CalendarDay struct {
	What     string
	From, To time.Time // midnight UTC
	Name     string
	Area     string
	Where    string // name of the area
	Mine     bool   // the viewer may take it away
}

// DayEffect is what a dated row moves.
type DayEffect struct {
	Cases    int       // open cases whose dates move
	First    time.Time // the earliest of those dates, as it stands
	Promised int       // of Cases, those whose promised date moves
	Digests  int       // TKSK who get no list on that day
	People   int       // who are not asked in the weeks of a pause, or at other hours
}
