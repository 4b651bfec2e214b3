package scheduler

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// digestNames is how many cases a digest names at most; beyond five it names three and offers LAGI (J7-SMS-02).
const digestNames, digestNamesMore = 5, 3

// digest is the TKSK's morning list: none on days off, none when nothing is open but on Mondays.
func (s *Scheduler) digest(sel Selection, d Digest) []prokus.Message {
	if !d.Working {
		return nil
	}
	m := prokus.Message{
		Key: fmt.Sprintf("%s:%d:%s", ruleDigest, d.Staff.ID, sel.Slot.Format(time.DateOnly)), Staff: d.Staff.ID, Kind: prokus.KindDigest,
		Lang: staffLang(d.Staff), NotBefore: sel.Slot, NotAfter: sel.Slot.Add(12 * time.Hour),
	}
	a := text.Args{
		"tgl": text.Date(sel.Slot), "n": text.Num(int64(len(d.Items))), "petugas": text.Name(d.Staff.Called()),
		"x": text.Num(int64(d.Reported)), "y": text.Num(int64(d.Due)), "p": text.Num(percent(d.Reported, d.Due)),
	}
	if a["laporanlalu"] = text.Str(""); d.Due > 0 { // in a week in which nobody had to report there is nothing to say of it
		a["laporanlalu"] = text.Key("digest.turnout", text.Args{"x": a["x"], "y": a["y"], "p": a["p"]})
	}
	switch {
	case len(d.Items) > 0:
		var shown int
		m.Text, m.Args, shown = s.fitDigest(a, m.Lang, d.Items)
		m.Opens, m.OpensVars = s.Refs.Worklist, encode(map[string]any{"from": shown})
		m.Buttons = encode(map[string]any{"commands": []string{"tasks", "route", "people"}})
	case sel.Slot.Weekday() == time.Monday && d.Due > 0:
		m.Text, m.Args = "digest.monday", encode(a)
	default:
		return nil
	}
	return []prokus.Message{m}
}

// fitDigest names as many cases as one SMS holds; shown is how many, where LAGI goes on.
func (s *Scheduler) fitDigest(a text.Args, lang prokus.Lang, items []prokus.WorkItem) (key string, args []byte, shown int) {
	key, n := "digest.list", len(items)
	if n > digestNames {
		key, n = "digest.list_more", digestNamesMore
	}
	var names []text.Arg
	for _, i := range items {
		names = append(names, text.Name(i.Person.First()))
	}
	a["namanama"] = text.List(names...)
	for ; n > 0; n-- {
		if n < len(items) {
			key = "digest.list_more"
		}
		var lines []text.Arg
		for _, i := range items[:n] {
			lines = append(lines, caseLine(i))
		}
		a["daftar"], a["daftar3"], a["lain"] = text.ListBy(" ", lines...), text.ListBy(" ", lines...), text.Num(int64(len(items)-n))
		if _, err := s.Texts.Render(key, string(lang), a, text.Route{Via: "sms"}); err == nil {
			break
		}
	}
	return key, encode(a), n
}

// shortName is how long a name is in a list.
const shortName = 8

// caseLine is a line of a worklist: "1 Siti minta kunjung."
func caseLine(i prokus.WorkItem) text.Arg {
	return text.Key("worklist.item", text.Args{
		"nomor": text.Num(int64(i.N)), "penerima": text.Name(i.Person.First()), "singkat": text.Str(bahasa.FitName(i.Person.First(), shortName)),
		"kasuspendek": caseShort(i.Case),
	})
}

// caseShort says a case in two or three words, "2mg diam".
func caseShort(c prokus.Case) text.Arg {
	key := "case.short." + strings.ToLower(string(c.Reason))
	if c.Reason == prokus.Visit && c.Detail.Call {
		key += "_call"
	}
	return text.Key(key, text.Args{"n": text.Num(int64(max(c.Detail.Weeks, 2))), "p": text.Num(int64(c.Detail.Percent))})
}

// caseOverdue says it to the coordinator, who does not know the short words: "2 minggu diam".
func caseOverdue(c prokus.Case) text.Arg {
	if c.Reason == prokus.Silent {
		return text.Key("case.silent_weeks", text.Args{"n": text.Num(int64(max(c.Detail.Weeks, 2)))})
	}
	return caseShort(c)
}

func percent(x, y int) int64 {
	if y == 0 {
		return 0
	}
	return int64((200*x/y + 1) / 2)
}

func staffLang(s prokus.Staff) prokus.Lang {
	if s.Lang == "" {
		return prokus.ID
	}
	return s.Lang
}
