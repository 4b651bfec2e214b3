package scheduler

import (
	"fmt"
	"strconv"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
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
		"tgl": text.Date(sel.Slot), "n": text.Num(int64(len(d.Items))), "tksk": text.Name(d.Staff.Called()),
		"x": text.Num(int64(d.Reported)), "y": text.Num(int64(d.Due)), "p": text.Num(percent(d.Reported, d.Due)),
	}
	switch {
	case len(d.Items) > 0:
		m.Text, m.Args = s.fitDigest(a, m.Lang, d.Items)
		m.Opens = s.Refs.Worklist
		m.Buttons = encode(map[string]any{"commands": []string{"tasks", "route", "caseload"}})
	case sel.Slot.Weekday() == time.Monday && d.Due > 0:
		m.Text, m.Args = "digest.empty", encode(a)
	default:
		return nil
	}
	return []prokus.Message{m}
}

// fitDigest names as many cases as one SMS holds.
func (s *Scheduler) fitDigest(a text.Args, lang prokus.Lang, items []prokus.WorkItem) (key string, args []byte) {
	key, n := "digest.all", len(items)
	if n > digestNames {
		key, n = "digest.more", digestNamesMore
	}
	for ; n > 0; n-- {
		if n < len(items) {
			key = "digest.more"
		}
		lines := make([]text.Arg, 0, n)
		for _, i := range items[:n] {
			lines = append(lines, CaseLine(i))
		}
		a["daftar"], a["sisa"] = text.ListBy(". ", lines...), text.Num(int64(len(items)-n))
		if _, err := s.Texts.Render(key, string(lang), a, text.Route{Via: "sms"}); err == nil {
			break
		}
	}
	return key, encode(a)
}

// CaseLine is a line of a worklist: "1 Siti minta kunjung".
func CaseLine(i prokus.WorkItem) text.Arg {
	return text.Key("case.line", text.Args{
		"nomor": text.Str(strconv.Itoa(i.N)), "penerima": text.Name(i.Person.First()), "kasus": CaseShort(i.Case),
	})
}

// CaseShort says a case in two or three words, "2mg diam"; CaseLong in full, "2 minggu diam".
func CaseShort(c prokus.Case) text.Arg { return text.Key("case.short."+string(c.Reason), caseArgs(c)) }

// CaseLong says a case in full words.
func CaseLong(c prokus.Case) text.Arg { return text.Key("case.long."+string(c.Reason), caseArgs(c)) }

func caseArgs(c prokus.Case) text.Args {
	return text.Args{"n": text.Num(int64(c.Detail.Weeks)), "p": text.Num(int64(c.Detail.Percent))}
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
