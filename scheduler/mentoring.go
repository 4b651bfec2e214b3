package scheduler

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// eve is the question on the day before a session (J5-SMS-01).
func (s *Scheduler) eve(sel Selection, i Invitee) []prokus.Message {
	if i.RSVP == "tidak" || i.RSVP == "ganti" {
		return nil
	}
	m := s.mentoring(sel, i, "mentoring.eve", s.Refs.RSVP)
	m.Buttons = options("mentoring.come", "mentoring.cannot", "mentoring.other_day")
	return []prokus.Message{m}
}

// morning goes to who said yes, and asks who did not say for sure.
func (s *Scheduler) morning(sel Selection, i Invitee) []prokus.Message {
	switch i.RSVP {
	case "ya":
		m := s.mentoring(sel, i, "mentoring.morning", s.Refs.Morning)
		if i.Homework != "" {
			a := invitedArgs(i)
			a["tugas"] = text.Quote(i.Homework)
			m.Text, m.Args = "mentoring.morning_homework", encode(a)
		}
		return []prokus.Message{m}
	case "", "mungkin":
		m := s.mentoring(sel, i, "mentoring.morning_ask", s.Refs.Morning)
		m.Buttons = options("mentoring.come", "mentoring.cannot")
		return []prokus.Message{m}
	}
	return nil
}

// missed is the one question after a session that she missed, with another to make up for it (J5-SMS-03). Where there is
// none she still hears what the mentor's list says of her (R13).
func (s *Scheduler) missed(sel Selection, i Invitee) []prokus.Message {
	if i.Next.IsZero() {
		m := s.mentoring(sel, i, "mentoring.missed_plain", "")
		m.OpensVars, m.NotAfter = nil, sel.Slot.Add(24*time.Hour)
		return []prokus.Message{m}
	}
	m := s.mentoring(sel, i, "mentoring.missed", s.Refs.Missed)
	a := invitedArgs(i)
	next := i.Next.In(i.Location())
	a["tgl"], a["jam"], a["tempat"] = text.Date(next), text.Clock(next), text.Str(bahasa.FitName(i.NextSpot, placeLength))
	m.Args, m.OpensVars, m.NotAfter = encode(a), encode(map[string]any{"session": i.NextID, "missed": i.Session}), i.Next
	m.Buttons = options("mentoring.join", "button.no")
	return []prokus.Message{m}
}

func (s *Scheduler) mentoring(sel Selection, i Invitee, key, opens string) prokus.Message {
	return prokus.Message{
		Key: fmt.Sprintf("%s:%d:%d:%s", sel.Rule, i.Session, i.ID, i.Starts.In(i.Location()).Format(time.DateOnly)), Person: i.ID, Kind: prokus.KindMentoring, Lang: i.Lang, Text: key,
		Args: encode(invitedArgs(i)), Opens: opens, OpensVars: encode(map[string]any{"session": i.Session}), NotBefore: sel.Slot, NotAfter: i.Starts,
	}
}

// placeLength is the longest name of a place that texts are proven with.
const placeLength = 20

func invitedArgs(i Invitee) text.Args {
	a := personArgs(i.Reporter)
	at := i.Starts.In(i.Location())
	mentor := text.Key("staff.some_mentor", nil)
	if i.Mentor != "" {
		mentor = text.Str(bahasa.FitName(i.Mentor, mentorLength))
	}
	a["tgl"], a["jam"], a["tempat"], a["mentor"] = text.Date(at), text.Clock(at), text.Str(bahasa.FitName(i.Spot, placeLength)), mentor
	a["materi"] = text.Str("")
	if i.Topic != "" {
		a["materi"] = text.Key("mentoring.about", text.Args{"topik": text.Quote(strings.ToLower(i.Topic))})
	}
	return a
}

const mentorLength = 12

// options are the answers 1, 2, 3 with their labels, for channels with buttons.
func options(texts ...string) []byte {
	var all []string
	for i, l := range texts {
		all = append(all, fmt.Sprint(i+1), l)
	}
	return encode(map[string]any{"options": labels(all...)})
}

// labels pairs keys of options with the texts of their labels.
func labels(pairs ...string) (out []map[string]string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, map[string]string{"key": pairs[i], "label": pairs[i+1]})
	}
	return out
}
