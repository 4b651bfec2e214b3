// Package monthly writes the monthly report of a TKSK as a document that offices open, correct and sign (console.md J10):
// what was done, visits, cases with what came of them, the weekly reports, and room for signatures. The document is a small
// fixed set of Office Open XML parts; every value is escaped.
package monthly

import (
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Report is the month of one kecamatan.
type Report struct {
	Month                time.Time // its first day, in the zone of the kecamatan
	Kecamatan, Kabupaten string
	TKSK                 string // who holds the post; empty: vacant
	Institution          string
	Coordinator          string
	Made                 time.Time
	People               int // active in the programme
	Visits, Calls        int // of the month
	Proxies              int // weekly figures that were written down for people
	Opened, Closed       int // cases
	StillOpen            int
	Deeds                []Deed
	Cases                []Case
	Weeks                []Week
	More                 bool // the lists are cut at their limits
	ActionWord           func(code string) string
	ReasonWord           func(prokus.Reason) string
}

// Deed is one line of what was done.
type Deed struct {
	At               time.Time
	What             string // code of an event: visited, contacted, closed, proxy, observed …
	Person, By, Note string
}

// Case is one that was open in the month.
type Case struct {
	Ticket         int
	Person, Code   string
	Reason         prokus.Reason
	Opened, Closed time.Time
	Outcome        string
}

// Week is a week that ended in the month.
type Week struct {
	prokus.Week
	prokus.Indicators
}
