package scheduler

import (
	"fmt"
	"strconv"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// remindTKSK says which cases have not been looked at (J7-SMS-03): one message for each TKSK, however many they are.
func (s *Scheduler) remindTKSK(all []Overdue) []prokus.Message {
	var out []prokus.Message
	for _, own := range byOwner(all, func(o Overdue) int64 { return o.Owner.ID }) {
		if len(own) == 1 {
			out = append(out, s.remindOf(own[0]))
		} else {
			out = append(out, s.remindMany(own))
		}
	}
	return out
}

func (s *Scheduler) remindOf(o Overdue) prokus.Message {
	until := o.EscalateAt.In(o.Person.Location())
	m := prokus.Message{
		Key: fmt.Sprintf("%s:%d:%d", ruleRemind, o.ID, o.RemindAt.Unix()), Staff: o.Owner.ID, Kind: prokus.KindAlert, Lang: staffLang(o.Owner),
		Text: "case.remind", Case: o.ID, NotBefore: o.RemindAt, NotAfter: o.EscalateAt,
	}
	m.Args = encode(text.Args{
		"petugas": text.Name(o.Owner.Called()), "penerima": text.Name(o.Person.First()), "nomor": text.Str(strconv.Itoa(o.N)),
		"n": text.Num(int64(o.Days)), "tgl": text.Date(until),
	})
	m.Buttons = encode(map[string]any{"case": o.ID, "acts": caseActs})
	return m
}

// caseActs are the buttons below a message about one case (J7-TG-01).
var caseActs = []string{"h", "k", "t", "e"}

// escalate tells the TKSK once which cases went further, and the coordinator once for all of a kecamatan that went at the same
// time. Whoever acts first counts.
func (s *Scheduler) escalate(all []Overdue) []prokus.Message {
	var out []prokus.Message
	type desk struct {
		coordinator int64
		area        string
	}
	var desks []desk
	of := map[desk][]Overdue{}
	for _, o := range all {
		if o.Coordinator.ID == 0 {
			continue
		}
		d := desk{o.Coordinator.ID, o.Area}
		if of[d] == nil {
			desks = append(desks, d)
		}
		of[d] = append(of[d], o)
	}
	for _, own := range byOwner(all, func(o Overdue) int64 {
		if o.Coordinator.ID == 0 || o.Owner.ID == o.Coordinator.ID {
			return 0
		}
		return o.Owner.ID
	}) {
		if len(own) == 1 {
			out = append(out, s.toldTKSK(own[0]))
		} else {
			out = append(out, s.toldMany(own))
		}
	}
	for _, d := range desks {
		out = append(out, s.toldCoordinator(of[d]))
	}
	return out
}

func (s *Scheduler) toldTKSK(o Overdue) prokus.Message {
	return prokus.Message{
		Key: fmt.Sprintf("%s:%d:%d", ruleOverdue, o.ID, o.EscalateAt.Unix()), Staff: o.Owner.ID, Kind: prokus.KindEscalation,
		Lang: staffLang(o.Owner), Text: "case.escalated", Case: o.ID, NotBefore: o.EscalateAt,
		Args: encode(text.Args{
			"petugas": text.Name(o.Owner.Called()), "penerima": text.Name(o.Person.First()), "nomor": text.Str(strconv.Itoa(o.N)),
			"koordinator": text.Name(o.Coordinator.Called()),
		}),
		Buttons: encode(map[string]any{"case": o.ID, "acts": caseActs[:2]}),
	}
}

func (s *Scheduler) toldCoordinator(cases []Overdue) prokus.Message {
	first := cases[0]
	m := prokus.Message{
		Key:   fmt.Sprintf("%s:%d:%d:%d", ruleOverdue, first.Coordinator.ID, first.ID, first.EscalateAt.Unix()),
		Staff: first.Coordinator.ID, Kind: prokus.KindEscalation, Lang: staffLang(first.Coordinator), NotBefore: first.EscalateAt,
	}
	a := text.Args{"n": text.Num(int64(len(cases))), "kecamatan": text.Str(bahasa.FitName(first.Kecamatan, 14))}
	lines := make([]text.Arg, 0, len(cases))
	for _, o := range cases {
		lines = append(lines, text.Key("case.escalated_line", text.Args{
			"penerima": text.Name(o.Person.First()), "kode": text.Str(o.Person.Code), "kasus": caseOverdue(o.Case), "n": text.Num(int64(o.Days)),
		}))
	}
	// As many cases as one SMS holds; the page has them all.
	for n := len(lines); n > 0; n-- {
		m.Text = "case.escalated_district"
		if n < len(lines) {
			m.Text = "case.escalated_district_more"
		}
		a["lewat"], a["lain"] = text.ListBy("; ", lines[:n]...), text.Num(int64(len(lines)-n))
		if _, err := s.Texts.Render(m.Text, string(m.Lang), a, text.Route{Via: "sms"}); err == nil {
			break
		}
	}
	m.Args = encode(a)
	return m
}
