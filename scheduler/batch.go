package scheduler

import (
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Leaver is somebody whose batch has ended.
type Leaver struct {
	Reporter
	Batch  int64
	Closed time.Time // the date
}

// farewell says once that the weekly question ends with her batch. It leaves the day after, so that a slip can be taken back.
func (s *Scheduler) farewell(sel Selection, l Leaver) []prokus.Message {
	m := prokus.Message{
		Key: fmt.Sprintf("%s:%d:%d:%s", ruleBatch, l.ID, l.Batch, l.Closed.Format(time.DateOnly)), Person: l.ID, Kind: prokus.KindNotice, Lang: l.Lang,
		Text: "batch.closed", Args: encode(personArgs(l.Reporter)), NotBefore: sel.Slot, NotAfter: sel.Slot.Add(7 * 24 * time.Hour),
	}
	if l.Shared {
		m.Text = "batch.closed_shared"
	}
	return []prokus.Message{m}
}
