package scheduler

import (
	"fmt"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// newsOfOfficer is how long it is worth saying that somebody else looks after her now.
const newsOfOfficer = 7 * 24 * time.Hour

// Successor is somebody who has another TKSK than before.
type Successor struct {
	Reporter
	Staff int64    // the new one
	Heard []string // the TKSK that messages to her ever named
	Moved string   // the one she was told of when an office moved her, since the last change here
}

// successor says once who looks after her now (R17): to those who know another name, and not where a move told it already.
func (s *Scheduler) successor(sel Selection, p Successor) []prokus.Message {
	other := func(name string) bool { return name != p.TKSK }
	if p.TKSK == "" || p.Moved == p.TKSK || !slices.ContainsFunc(p.Heard, other) {
		return nil
	}
	m := prokus.Message{
		Key:    fmt.Sprintf("%s:%d:%d:%s", ruleOfficer, p.ID, p.Staff, sel.Slot.Format(time.DateOnly)),
		Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang, Text: "companion.new", Args: encode(personArgs(p.Reporter)),
		NotBefore: sel.Slot, NotAfter: sel.Slot.Add(newsOfOfficer),
	}
	if p.Shared {
		m.Text = "companion.new_shared"
	}
	return []prokus.Message{m}
}
