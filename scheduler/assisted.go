package scheduler

import (
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Assisted are the people of one kecamatan whom no message reaches and whose closed week is missing: the TKSK writes it down
// for them (LAPOR, J7-SMS-04).
type Assisted struct {
	Staff  prokus.Staff // the TKSK, or whoever stands in on a leave
	Area   string       // code of the kecamatan
	Name   string       // its name
	Week   prokus.Week
	People []prokus.Person // the first by name
	N      int             // how many there are
}

// kecamatanLength is how long the name of a kecamatan is in a text.
const kecamatanLength = 14

// assisted is the weekly list of people without a phone, once a week and kecamatan.
func (s *Scheduler) assisted(sel Selection, x Assisted) []prokus.Message {
	m := prokus.Message{
		Key: fmt.Sprintf("%s:%d:%s:%s", ruleAssist, x.Staff.ID, x.Area, x.Week), Staff: x.Staff.ID, Kind: prokus.KindDigest,
		Lang: staffLang(x.Staff), NotBefore: sel.Slot, NotAfter: prokus.Day(sel.Slot).AddDate(0, 0, 1),
	}
	a := text.Args{"kecamatan": text.Str(bahasa.FitName(x.Name, kecamatanLength)), "rentang": text.Week(x.Week.Date()), "n": text.Num(int64(x.N))}
	// As many as one SMS holds.
	for n := len(x.People); n > 0; n-- {
		var named []string
		for _, p := range x.People[:n] {
			named = append(named, bahasa.FitName(p.First(), shortName)+" "+p.Code)
		}
		m.Text, a["dampingan"], a["lain"] = "worklist.assisted", text.Str(strings.Join(named, ", ")), text.Num(int64(x.N-n))
		if n < x.N {
			m.Text = "worklist.assisted_more"
		}
		if _, err := s.Texts.Render(m.Text, string(m.Lang), a, text.Route{Via: "sms"}); err == nil {
			break
		}
	}
	m.Args = encode(a)
	return []prokus.Message{m}
}
