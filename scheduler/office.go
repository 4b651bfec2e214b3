package scheduler

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Office is the week of a kabupaten as the head of its office hears it (J10-SMS-01).
type Office struct {
	Staff    prokus.Staff
	Code     string // of the kabupaten
	District string // its name: "Majalengka", "Kota Bandung"
	Week     prokus.Week
	Figures  prokus.Indicators // of the week that has closed
	Before   prokus.Indicators // of the one before
	Late     []AreaCount       // cases past their limit, by the names of kecamatan
}

// AreaCount is how many of something there are in a kecamatan.
type AreaCount struct {
	Name string
	N    int
}

// office is the weekly summary. A week in which nobody had to report (a pause of the programme) has none.
func (s *Scheduler) office(sel Selection, o Office) []prokus.Message {
	if o.Figures.Due == 0 {
		return nil
	}
	m := prokus.Message{
		Key: fmt.Sprintf("%s:%d:%s:%s", ruleOffice, o.Staff.ID, o.Code, o.Week), Staff: o.Staff.ID, Kind: prokus.KindDigest, Lang: staffLang(o.Staff),
		Text: "office.weekly", NotBefore: sel.Slot, NotAfter: sel.Slot.AddDate(0, 0, 2),
	}
	f, late := o.Figures, 0
	for _, c := range o.Late {
		late += c.N
	}
	a := text.Args{
		"kab": text.Str(bahasa.FitName(district(o.District), districtLength)), "rentang": text.Week(o.Week.Date()),
		"masuk": text.Num(int64(f.OnTime)), "wajib": text.Num(int64(f.Due)), "p": text.Num(int64(prokus.Percent(f.OnTime, f.Due))),
		"geser": shift(f, o.Before), "tengah": text.Key("office.median.few", nil), "perhatian": text.Num(int64(f.Attention)), "lewatn": text.Num(int64(late)),
	}
	if f.MedianTold() {
		a["tengah"] = text.Key("office.median.known", text.Args{"jumlah": text.Rp(f.Median)})
	}
	// As many kecamatan as one SMS holds; where some must be left out, those with the most cases stay.
	for n := len(o.Late); n >= 0; n-- {
		a["lewatkec"] = lateNames(o.Late, n)
		if _, err := s.Texts.Render(m.Text, string(m.Lang), a, text.Route{Via: "sms"}); err == nil {
			break
		}
	}
	m.Args = encode(a)
	return []prokus.Message{m}
}

// districtLength is the longest name of a kabupaten that the text is proven with.
const districtLength = 20

// district puts the kind before a name that has none: kota bear it already.
func district(name string) string {
	if strings.HasPrefix(name, "Kota ") {
		return name
	}
	return "Kab " + name
}

// shift says by how many points the share of those who reported in time has moved; nothing where no week is before.
func shift(now, before prokus.Indicators) text.Arg {
	if before.Due == 0 {
		return text.Str("")
	}
	n := int64(prokus.Percent(now.OnTime, now.Due) - prokus.Percent(before.OnTime, before.Due))
	switch {
	case n > 0:
		return text.Key("office.shift.up", text.Args{"n": text.Num(n)})
	case n < 0:
		return text.Key("office.shift.down", text.Args{"n": text.Num(-n)})
	}
	return text.Key("office.shift.same", nil)
}

// lateNames are n kecamatan with their cases, in the order of their names: ": Maja 1, Sukahaji 3".
func lateNames(all []AreaCount, n int) text.Arg {
	if n == 0 {
		return text.Str("")
	}
	most := slices.Clone(all)
	slices.SortStableFunc(most, func(x, y AreaCount) int { return cmp.Compare(y.N, x.N) })
	most = most[:n]
	slices.SortStableFunc(most, func(x, y AreaCount) int { return cmp.Compare(x.Name, y.Name) })
	var items []string
	for _, c := range most {
		items = append(items, fmt.Sprintf("%s %s", c.Name, bahasa.Number(int64(c.N))))
	}
	said := ": " + strings.Join(items, ", ")
	if n < len(all) {
		said += ", dll"
	}
	return text.Str(said)
}
