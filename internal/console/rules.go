package console

import (
	"net/http"
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// historyRows is how many versions a page shows.
const historyRows = 50

// ruleGroups are the parts of the list of rules, by the beginning of their keys.
var ruleGroups = []struct {
	name     string
	prefixes []string
}{
	{"waktu", []string{"week.", "digest.", "office.", "invite.", "mentoring."}},
	{"tenang", []string{"quiet.", "cap."}},
	{"ramadan", []string{"ramadan."}},
	{"laporan", []string{"report."}},
	{"ambang", []string{"case."}},
	{"kasus", nil}, // the table of reasons
}

// ruleGroup is one part of the list.
type ruleGroup struct {
	Name string
	Rows []ruleLine
}

// ruleLine is a setting as it holds in an area.
type ruleLine struct {
	Key    string
	Name   string
	Value  string // in words
	Area   string // where the version that decides it stands; empty: the program's default
	Where  string // the name of that area
	Own    bool   // the viewed area decides itself
	Fixed  bool   // the same in the whole country
	Change bool   // somebody has changed it since it was set up
}

type rulesPage struct {
	base
	Area   Area
	Areas  []Area
	Groups []ruleGroup
}

// rules lists all settings as they hold in an area.
func (c *console) rules(v *visit) error {
	area, areas, err := c.ruleArea(v, v.r.URL.Query().Get("wilayah"))
	if err != nil {
		return err
	}
	book, err := c.book(v)
	if err != nil {
		return err
	}
	p := rulesPage{base: c.base(v, "title.rules", "rules"), Area: area, Areas: areas}
	for _, g := range ruleGroups {
		group := ruleGroup{Name: g.name}
		for _, s := range prokus.Settings() {
			if groupOf(s.Key) == g.name {
				group.Rows = append(group.Rows, c.ruleLine(book, s, area.Code, areas))
			}
		}
		p.Groups = append(p.Groups, group)
	}
	return c.show(v, http.StatusOK, "aturan", p)
}

func groupOf(key string) string {
	if _, _, ok := reasonOf(key); ok {
		return "kasus"
	}
	for _, g := range ruleGroups {
		if slices.ContainsFunc(g.prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			return g.name
		}
	}
	return ""
}

// reasonOf takes a key of the table of cases apart: "case.KUNJUNG.remind".
func reasonOf(key string) (reason, what string, ok bool) {
	f := strings.Split(key, ".")
	if len(f) != 3 || f[0] != "case" || !slices.Contains([]string{"priority", "remind", "escalate", "closes"}, f[2]) {
		return "", "", false
	}
	return f[1], f[2], true
}

func (c *console) ruleLine(book prokus.Rulebook, s prokus.Setting, area string, areas []Area) ruleLine {
	l := ruleLine{Key: s.Key, Name: c.settingName(s.Key), Value: c.valueWords(s, book.Value(area, s.Key)), Fixed: !s.Local}
	if v, ok := book.Holds(area, s.Key); ok {
		l.Area, l.Where, l.Own, l.Change = v.Area, areaName(v.Area, areas), v.Area == area, v.Author != 0
	}
	return l
}

// settingName is what a setting is called on the pages.
func (c *console) settingName(key string) string {
	if reason, what, ok := reasonOf(key); ok {
		return c.words.of("reason."+reason) + ": " + c.words.of("setting."+what)
	}
	return c.words.of("setting." + key)
}

// valueWords says a value as people do: "Minggu 18.30", "3 hari kerja", "Rp50.000.000".
func (c *console) valueWords(s prokus.Setting, value string) string {
	switch s.Kind {
	case prokus.Cadence:
		minute, day, daily, err := prokus.ReadCadence(value)
		if err != nil {
			return value
		}
		at := clockWords(minute)
		if daily {
			return c.words.of("every."+s.Key) + " " + at
		}
		return c.words.of("day."+day.String()) + " " + at
	case prokus.Clock:
		return strings.Replace(value, ":", ".", 1)
	case prokus.Switch:
		return c.words.of("switch." + value)
	case prokus.Rupiah:
		return bahasa.Money(number(value), bahasa.Full)
	}
	unit := c.words["measure."+s.Key]
	if _, what, ok := reasonOf(s.Key); ok {
		unit = c.words["measure."+what]
	}
	return strings.TrimSpace(bahasa.Number(number(value)) + " " + unit)
}

// ruleArea is the area whose rules are looked at, among those that the viewer may change; the first is the viewer's own.
func (c *console) ruleArea(v *visit, code string) (Area, []Area, error) {
	areas, err := c.Store.RuleAreas(v.r.Context(), v.viewer.Scope())
	if err != nil {
		return Area{}, nil, err
	}
	if code = field(code, 8); code == "" && len(areas) > 0 {
		return areas[0], areas, nil
	}
	for _, a := range areas {
		if a.Code == code {
			return a, areas, nil
		}
	}
	return Area{}, nil, ErrNotFound
}

func (c *console) book(v *visit) (prokus.Rulebook, error) {
	all, err := c.Store.RuleVersions(v.r.Context())
	if err != nil {
		return prokus.Rulebook{}, err
	}
	book, err := prokus.NewRulebook(all, v.now)
	if err != nil {
		c.Log.ErrorContext(v.r.Context(), "rules that are not understood", "err", err)
	}
	return book, nil
}

func areaName(code string, areas []Area) string {
	for _, a := range areas {
		if a.Code == code {
			return a.Name
		}
	}
	if code == prokus.National {
		return "nasional"
	}
	return code
}
