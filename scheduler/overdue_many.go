package scheduler

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// byOwner parts cases by whoever of returns, in the order of the first of each, each part in the order of today's numbers;
// those of nobody (0) are left out.
func byOwner(all []Overdue, of func(Overdue) int64) (parts [][]Overdue) {
	at := map[int64]int{}
	for _, o := range all {
		id := of(o)
		if id == 0 {
			continue
		}
		i, ok := at[id]
		if !ok {
			i = len(parts)
			at[id], parts = i, append(parts, nil)
		}
		parts[i] = append(parts[i], o)
	}
	for _, p := range parts {
		slices.SortStableFunc(p, func(a, b Overdue) int { return cmp.Compare(a.N, b.N) })
	}
	return parts
}

// remindMany says in one message what several reminders would; the limit that it names is the first to come.
func (s *Scheduler) remindMany(cases []Overdue) prokus.Message {
	first, last := cases[0], cases[0]
	people := map[int64]bool{}
	for _, o := range cases {
		people[o.Person.ID] = true
		if o.EscalateAt.Before(first.EscalateAt) {
			first = o
		}
		if o.EscalateAt.After(last.EscalateAt) {
			last = o
		}
	}
	m := prokus.Message{
		Key: manyKey(ruleRemind, first.Owner.ID, cases), Staff: first.Owner.ID, Kind: prokus.KindAlert, Lang: staffLang(first.Owner),
		NotBefore: newest(cases, func(o Overdue) int64 { return o.RemindAt.Unix() }).RemindAt, NotAfter: last.EscalateAt,
		Buttons: encode(map[string]any{"commands": []string{"tasks", "route"}}),
	}
	s.fitNames(&m, "case.remind_many", text.Args{
		"petugas": text.Name(first.Owner.Called()), "n": text.Num(int64(len(people))), "tgl": text.Date(first.EscalateAt.In(first.Person.Location())),
	}, cases)
	return m
}

// toldMany tells a TKSK in one message of several cases that went further.
func (s *Scheduler) toldMany(cases []Overdue) prokus.Message {
	first := cases[0]
	m := prokus.Message{
		Key: manyKey(ruleOverdue, first.Owner.ID, cases), Staff: first.Owner.ID, Kind: prokus.KindEscalation, Lang: staffLang(first.Owner),
		NotBefore: newest(cases, func(o Overdue) int64 { return o.EscalateAt.Unix() }).EscalateAt,
		Buttons:   encode(map[string]any{"commands": []string{"tasks", "route"}}),
	}
	s.fitNames(&m, "case.escalated_many", text.Args{
		"petugas": text.Name(first.Owner.Called()), "koordinator": text.Name(first.Coordinator.Called()), "n": text.Num(int64(len(cases))),
	}, cases)
	return m
}

// fitNames names as many cases as one SMS holds, "2 Ani 3 Yati", and how many there are besides.
func (s *Scheduler) fitNames(m *prokus.Message, key string, a text.Args, cases []Overdue) {
	names := make([]text.Arg, 0, len(cases))
	for _, o := range cases {
		names = append(names, text.Key("worklist.name", text.Args{"nomor": text.Num(int64(o.N)), "penerima": text.Name(o.Person.First())}))
	}
	for n := len(names); n > 0; n-- {
		m.Text = key
		if n < len(names) {
			m.Text += "_more"
		}
		a["sisanama"], a["lain"] = text.ListBy(" ", names[:n]...), text.Num(int64(len(names)-n))
		if _, err := s.Texts.Render(m.Text, string(m.Lang), a, text.Route{Via: "sms"}); err == nil {
			break
		}
	}
	m.Args = encode(a)
}

// manyKey is the natural key of one message for several cases: the same cases at the same times say it once.
func manyKey(rule string, owner int64, cases []Overdue) string {
	first := slices.MinFunc(cases, func(a, b Overdue) int { return cmp.Compare(a.ID, b.ID) })
	at := first.EscalateAt
	if rule == ruleRemind {
		at = first.RemindAt
	}
	return fmt.Sprintf("%s:staff:%d:%d:%d", rule, owner, first.ID, at.Unix())
}

// newest is the case with the greatest time.
func newest(cases []Overdue, at func(Overdue) int64) Overdue {
	return slices.MaxFunc(cases, func(a, b Overdue) int { return cmp.Compare(at(a), at(b)) })
}
