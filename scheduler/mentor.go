package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// held runs a rule over the sessions of a day that somebody holds.
func (s *Scheduler) held(ctx context.Context, sel Selection, day time.Time, say func(Selection, prokus.Session) []prokus.Message) func() (bool, error) {
	return func() (bool, error) {
		return s.Store.Held(ctx, sel, day, func(x prokus.Session) []prokus.Message { return say(sel, x) })
	}
}

// headcount is what the mentor knows on the evening before: who comes, and what can still be done about it (J5-TG-01).
func (s *Scheduler) headcount(sel Selection, x prokus.Session) []prokus.Message {
	m := s.toMentor(sel, x, "mentor.card", s.Refs.Headcount)
	if x.Maybe > 0 {
		m.Text = "mentor.card_maybe"
	}
	keys := []map[string]any{{"key": "1", "label": "mentor.names_button"}}
	if x.Silent > 0 {
		keys = append(keys, map[string]any{"key": "2", "label": "mentor.nudge_n", "args": text.Args{"belum": text.Num(int64(x.Silent))}})
	}
	keys = append(keys, map[string]any{"key": "3", "label": "mentor.shift_button"}, map[string]any{"key": "4", "label": "mentor.call_off_button"})
	m.Buttons = encode(map[string]any{"options": keys})
	return []prokus.Message{m}
}

// board is the morning's count, with the code that the mentor writes on the board.
func (s *Scheduler) board(sel Selection, x prokus.Session) []prokus.Message {
	return []prokus.Message{s.toMentor(sel, x, "mentor.morning", "")}
}

// whoCame asks for the list of those who came, unless the mentor has sent it. What begins in the evening is asked in the
// morning after: the mentor is still at it.
func (s *Scheduler) whoCame(sel Selection, x prokus.Session) []prokus.Message {
	m := s.toMentor(sel, x, "mentor.who_came", s.Refs.Attendance)
	m.NotAfter = sel.Slot.Add(24 * time.Hour)
	if after := x.Starts.Add(2 * time.Hour); after.After(sel.Slot) {
		m.NotBefore = sel.Book.For(x.Area).AfterQuiet(after.In(x.Starts.Location()))
	}
	return []prokus.Message{m}
}

func (s *Scheduler) toMentor(sel Selection, x prokus.Session, key, opens string) prokus.Message {
	m := prokus.Message{
		Key: fmt.Sprintf("%s:%d:%s", sel.Rule, x.ID, x.Starts.Format(time.DateOnly)), Staff: x.Mentor.ID, Kind: prokus.KindMentoring, Lang: staffLang(x.Mentor),
		Text: key, Args: encode(sessionArgs(x)), Opens: opens, NotBefore: sel.Slot, NotAfter: x.Starts,
	}
	if opens != "" {
		m.OpensVars = encode(map[string]any{"session": x.ID})
	}
	return m
}

func sessionArgs(x prokus.Session) text.Args {
	num := func(n int) text.Arg { return text.Num(int64(n)) }
	return text.Args{
		"tgl": text.Date(x.Starts), "jam": text.Clock(x.Starts), "tempat": text.Str(bahasa.FitName(x.Place, placeLength)), "kodepapan": text.Str(x.Code),
		"diundang": num(x.Invited), "datang": num(x.Yes), "mungkin": num(x.Maybe), "tidak": num(x.No), "ganti": num(x.Moved), "belum": num(x.Silent),
		"hadir": num(x.Present),
	}
}
