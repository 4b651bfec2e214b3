package console

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// ruleForm is a change as it was filled in.
type ruleForm struct {
	Value   string // number, rupiah, switch
	Day     string // "0" to "6"
	Clock   string
	Raw     string // a value as it is kept: an old one taken up again
	Follows bool
	From    string // a date; empty: at once
	Note    string
	Seen    int64 // the newest version of the area that the form was made from
	Area    string
}

func readRuleForm(q url.Values) ruleForm {
	f := ruleForm{Value: field(q.Get("nilai"), 20), Day: field(q.Get("hari"), 1), Clock: field(q.Get("jam"), 5), Raw: field(q.Get("mentah"), 20),
		Follows: q.Get("ikut") == "1", From: field(q.Get("mulai"), 10), Note: field(q.Get("catatan"), 200), Area: field(q.Get("wilayah"), 8)}
	f.Seen, _ = strconv.ParseInt(q.Get("dari"), 10, 64) // unreadable: stale
	return f
}

// version turns the form into a version of a setting.
func (f ruleForm) version(s prokus.Setting, area string, now time.Time) (v prokus.RuleVersion, problems []Problem) {
	v = prokus.RuleVersion{Area: area, Key: s.Key, Follows: f.Follows, From: now, Note: f.Note}
	if f.From != "" {
		day, err := dateIn(f.From, now.Location())
		y, m, d := now.Date()
		switch {
		case err != nil:
			problems = append(problems, Problem{Field: "mulai", Key: "date"})
		case day.Before(time.Date(y, m, d, 0, 0, 0, 0, now.Location())):
			problems = append(problems, Problem{Field: "mulai", Key: "date_past"})
		case day.After(now):
			v.From = day
		}
	}
	if f.Note == "" {
		problems = append(problems, Problem{Field: "catatan", Key: "note"})
	}
	if f.Follows {
		if area == prokus.National {
			problems = append(problems, Problem{Field: "nilai", Key: "rule_form"})
		}
		return v, problems
	}
	v.Value = f.value(s)
	switch err := s.Check(v.Value, area); {
	case errors.Is(err, prokus.ErrRange):
		problems = append(problems, Problem{Field: "nilai", Key: "rule_range", Arg: fmt.Sprint(rangeWords(s))})
	case errors.Is(err, prokus.ErrLevel):
		problems = append(problems, Problem{Field: "nilai", Key: "rule_level"})
	case errors.Is(err, prokus.ErrDay):
		problems = append(problems, Problem{Field: "nilai", Key: "rule_day"})
	case err != nil:
		problems = append(problems, Problem{Field: "nilai", Key: "rule_form"})
	}
	return v, problems
}

// value is what was typed, in the form in which it is kept.
func (f ruleForm) value(s prokus.Setting) string {
	if f.Raw != "" {
		return f.Raw
	}
	m := clockForm.FindStringSubmatch(f.Clock)
	switch s.Kind {
	case prokus.Clock:
		if m != nil {
			return fmt.Sprintf("%02d:%s", number(m[1]), m[2])
		}
		return f.Clock
	case prokus.Cadence:
		day, err := strconv.Atoi(f.Day)
		if m == nil || err != nil && len(s.Days) > 0 {
			return ""
		}
		return prokus.WriteCadence(60*number(m[1])+number(m[2]), time.Weekday(day), len(s.Days) == 0)
	case prokus.Rupiah:
		return strings.NewReplacer("Rp", "", ".", "", " ", "").Replace(f.Value)
	}
	return f.Value
}

// rangeWords are the ends of a setting's range.
func rangeWords(s prokus.Setting) string {
	switch s.Kind {
	case prokus.Clock, prokus.Cadence:
		return clockWords(s.Min) + "–" + clockWords(s.Max)
	}
	return fmt.Sprintf("%d–%d", s.Min, s.Max)
}

// number reads digits; anything else is 0, which is refused elsewhere where it matters.
func number(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func clockWords(minute int64) string { return fmt.Sprintf("%02d.%02d", minute/60, minute%60) }

func dateIn(s string, loc *time.Location) (time.Time, error) {
	for _, form := range dateForms {
		if d, err := time.ParseInLocation(form, s, loc); err == nil {
			return d, nil
		}
	}
	return time.Time{}, errClock
}

// rulePage is one setting: how it stands, its history, and the form.
type rulePage struct {
	base
	Setting   prokus.Setting
	Line      ruleLine
	Area      Area
	Areas     []Area
	Form      ruleForm
	Above     string // what it would be if the area followed the one above; empty: it has none
	CanFollow bool
	History   []ruleRow
	Problems  []Problem
	Limits    string
	Conflicts []string
}

type ruleRow struct {
	RuleRow
	Words string
	Holds bool
	Ahead bool
}

// rule shows one setting.
func (c *console) rule(v *visit) error {
	s, area, areas, err := c.setting(v, v.r.URL.Query().Get("wilayah"))
	if err != nil {
		return err
	}
	return c.showRule(v, http.StatusOK, s, area, areas, ruleForm{}, nil, nil)
}

func (c *console) setting(v *visit, area string) (prokus.Setting, Area, []Area, error) {
	s, ok := prokus.SettingByKey(v.r.PathValue("key"))
	if !ok {
		return s, Area{}, nil, ErrNotFound
	}
	a, all, err := c.ruleArea(v, area)
	return s, a, all, err
}

func (c *console) showRule(v *visit, status int, s prokus.Setting, area Area, areas []Area, f ruleForm, problems []Problem, conflicts []string) error {
	book, err := c.book(v)
	if err != nil {
		return err
	}
	rows, err := c.Store.RuleHistory(v.r.Context(), area.Code, s.Key, historyRows)
	if err != nil {
		return err
	}
	p := rulePage{base: c.base(v, "title.rule", "rules"), Setting: s, Line: c.ruleLine(book, s, area.Code, areas), Area: area, Areas: areas, Form: f,
		Problems: problems, Limits: rangeWords(s), Conflicts: conflicts}
	holds, _ := book.Holds(area.Code, s.Key)
	own, has := book.Own(area.Code, s.Key)
	p.Form.Area, p.Form.Seen = area.Code, 0
	for _, r := range rows {
		if r.Area == area.Code && r.ID > p.Form.Seen {
			p.Form.Seen = r.ID
		}
		p.History = append(p.History, ruleRow{r, c.valueWords(s, r.Value), r.ID == holds.ID, r.From.After(v.now)})
	}
	if above := prokus.Above(area.Code); above != "" {
		p.Above, p.CanFollow = c.valueWords(s, book.Value(above, s.Key)), has && !own.Follows
	}
	if len(problems) == 0 && conflicts == nil {
		p.Form.fill(s, book.Value(area.Code, s.Key))
	}
	return c.show(v, status, "satu_aturan", p)
}

// fill puts a value into the form's fields.
func (f *ruleForm) fill(s prokus.Setting, value string) {
	f.Value = value
	switch s.Kind {
	case prokus.Clock:
		f.Clock = strings.Replace(value, ":", ".", 1)
	case prokus.Cadence:
		if minute, day, _, err := prokus.ReadCadence(value); err == nil {
			f.Day, f.Clock = strconv.Itoa(int(day)), clockWords(minute)
		}
	}
}

// checkRule reads a posted change; where it cannot be, it shows the form again and done is true.
func (c *console) checkRule(v *visit) (s prokus.Setting, area Area, areas []Area, f ruleForm, ver prokus.RuleVersion, done bool, err error) {
	f = readRuleForm(v.r.PostForm)
	if s, area, areas, err = c.setting(v, f.Area); err != nil {
		return s, area, areas, f, ver, false, err
	}
	var problems []Problem
	ver, problems = f.version(s, area.Code, v.now)
	ver.Author = v.viewer.Staff.ID
	if len(problems) > 0 {
		return s, area, areas, f, ver, true, c.showRule(v, http.StatusUnprocessableEntity, s, area, areas, f, problems, nil)
	}
	conflicts, err := c.conflicts(v, ver)
	if err != nil {
		return s, area, areas, f, ver, false, err
	}
	if len(conflicts) > 0 {
		return s, area, areas, f, ver, true, c.showRule(v, http.StatusUnprocessableEntity, s, area, areas, f, []Problem{{Field: "nilai", Key: "rule_conflict"}}, conflicts)
	}
	return s, area, areas, f, ver, false, nil
}

// conflicts are the settings with which a change cannot hold together, in its area and in those below.
func (c *console) conflicts(v *visit, ver prokus.RuleVersion) (out []string, err error) {
	all, err := c.Store.RuleVersions(v.r.Context())
	if err != nil {
		return nil, err
	}
	at := ver.From
	before, _ := prokus.NewRulebook(all, at) // what is not understood is told by book
	ver.ID = 1 << 62
	after, _ := prokus.NewRulebook(append(slices.Clone(all), ver), at)
	for _, area := range after.Areas() {
		old := before.For(area).Conflicts()
		for _, x := range after.For(area).Conflicts() {
			if (x.Key == ver.Key || x.With == ver.Key) && !slices.Contains(old, x) {
				other := x.Key
				if other == ver.Key {
					other = x.With
				}
				if name := c.settingName(other); !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
		}
	}
	return out, nil
}

// saveRule writes the version that was looked at before.
func (c *console) saveRule(v *visit) error {
	s, area, areas, f, ver, done, err := c.checkRule(v)
	if err != nil || done {
		return err
	}
	err = c.Store.WriteRule(v.r.Context(), v.viewer.Scope(), ver, f.Seen, v.now)
	if errors.Is(err, ErrStale) {
		return c.showRule(v, http.StatusConflict, s, area, areas, ruleForm{}, []Problem{{Field: "nilai", Key: "rule_stale"}}, nil)
	}
	if err != nil {
		return err
	}
	c.plans.forget()
	http.Redirect(v.w, v.r, "/aturan/"+s.Key+"?wilayah="+url.QueryEscape(area.Code)+"&ok=rule", http.StatusSeeOther)
	return nil
}
