package prokus

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestSettings(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Settings() {
		if seen[s.Key] {
			t.Errorf("%s twice", s.Key)
		}
		seen[s.Key] = true
		if err := s.Check(s.Default, National); err != nil {
			t.Errorf("%s: the default %q: %v", s.Key, s.Default, err)
		}
	}
	r := DefaultRules()
	if c := r.Conflicts(); c != nil {
		t.Errorf("the defaults contradict themselves: %v", c)
	}
	for _, reason := range AllReasons() {
		if r.Case(reason) != CaseRuleFor(reason) {
			t.Errorf("%s: %+v, want %+v", reason, r.Case(reason), CaseRuleFor(reason))
		}
	}
	if r.Prompt != (Timing{"30 18 * * 0", 24 * time.Hour}) || r.QuietFrom != 20*60 || r.Maghrib != 15*time.Minute || !r.Ramadan || r.FallenTo != 60 {
		t.Errorf("defaults %+v", r)
	}
}

func TestSettingsRefuse(t *testing.T) {
	for _, c := range []struct {
		key, value, area string
		want             error
	}{
		{"week.prompt.at", "0 19 * * 0", "32.10", nil},
		{"week.prompt.at", "0 19 * * 6", "ID", nil},
		{"week.prompt.at", "0 19 * * 1", "ID", ErrDay},
		{"week.prompt.at", "0 19 * * *", "ID", ErrDay},
		{"week.prompt.at", "0 23 * * 0", "ID", ErrRange},
		{"week.prompt.at", "0 19 1 * 0", "ID", ErrForm},
		{"week.prompt.at", "0 19 * * 0,3", "ID", ErrForm},
		{"week.prompt.at", "00 19 * * 0", "ID", ErrForm},
		{"week.prompt.at", "60 19 * * 0", "ID", ErrForm},
		{"week.prompt.at", "@weekly", "ID", ErrForm},
		{"digest.at", "0 8 * * *", "32", nil},
		{"digest.at", "0 8 * * 1", "32", ErrDay},
		{"week.prompt.late", "24", "32", ErrLevel},
		{"week.prompt.late", "0", "ID", ErrRange},
		{"quiet.from", "20:30", "ID", nil},
		{"quiet.from", "8:30", "ID", ErrForm},
		{"quiet.from", "25:00", "ID", ErrForm},
		{"quiet.from", "03:00", "ID", ErrRange},
		{"quiet.friday", "ya", "ID", nil},
		{"quiet.friday", "true", "ID", ErrForm},
		{"case.DIAM2.weeks", "03", "ID", ErrForm},
		{"case.DIAM2.weeks", "-1", "ID", ErrForm},
		{"case.DIAM2.weeks", "99999999999999999999", "ID", ErrForm},
		{"case.ministry", "5", "32.10", ErrLevel},
		{"report.above", "20000000", "32.10", nil},
	} {
		s, ok := SettingByKey(c.key)
		if !ok {
			t.Fatalf("no setting %s", c.key)
		}
		if err := s.Check(c.value, c.area); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s = %q in %s: %v, want %v", c.key, c.value, c.area, err, c.want)
		}
	}
}

// The nation, a province, its kabupaten; a version to come, one that was withdrawn, rows of a newer program.
func TestRulebook(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 6, d, 9, 0, 0, 0, time.UTC) }
	all := []RuleVersion{
		{ID: 1, Area: "ID", Key: "case.DIAM2.weeks", Value: "2"},
		{ID: 2, Area: "32", Key: "case.DIAM2.weeks", Value: "3", From: day(1), Author: 7},
		{ID: 3, Area: "32.10", Key: "case.DIAM2.weeks", Value: "4", From: day(2), Author: 7},
		{ID: 4, Area: "32.10", Key: "case.DIAM2.weeks", Follows: true, From: day(5), Author: 7},
		{ID: 5, Area: "ID", Key: "case.DIAM2.weeks", Value: "1", From: day(20), Author: 7},
		{ID: 6, Area: "ID", Key: "case.DIAM2.moons", Value: "1", From: day(1), Author: 7},
		{ID: 7, Area: "32", Key: "case.DIAM2.weeks", Value: "many", From: day(3), Author: 7},
	}
	for _, c := range []struct {
		day   int
		weeks string // of the nation, the province, the kabupaten, one of its kecamatan, another province
	}{{1, "2 3 3 3 2"}, {2, "2 3 4 4 2"}, {5, "2 3 3 3 2"}, {20, "1 3 3 3 1"}} {
		b, err := NewRulebook(all, day(c.day))
		if !errors.Is(err, ErrKey) || !errors.Is(err, ErrForm) {
			t.Errorf("faulty rows are told as %v", err)
		}
		got := fmt.Sprint(b.For("ID").SilentWeeks, b.For("32").SilentWeeks, b.For("32.10").SilentWeeks, b.For("32.10.07").SilentWeeks, b.For("73.06.01").SilentWeeks)
		if got != c.weeks {
			t.Errorf("on the %d: %s, want %s", c.day, got, c.weeks)
		}
	}
	b, _ := NewRulebook(all, day(6))
	parts := b.Parts("case.DIAM2.weeks")
	if len(parts) != 3 || parts[0].Version != 0 || !slices.Equal(parts[0].Except, []string{"32", "32.10"}) || parts[1].Value != "3" || !slices.Equal(parts[1].Except, []string{"32.10"}) {
		t.Errorf("parts %+v", parts)
	}
	// Whoever went back is a part of its own since then, under what the province says.
	if p := parts[2]; p.Area != "32.10" || p.Value != "3" || p.Version != 4 || !p.Since.Equal(day(5)) {
		t.Errorf("the kabupaten that went back: %+v", p)
	}
	if (Rulebook{}).For("32.10").SilentWeeks != 2 {
		t.Error("an empty book has no defaults")
	}
}

func TestConflicts(t *testing.T) {
	for _, c := range []struct {
		key, value string
		want       Conflict
	}{
		{"week.remind2.at", "0 14 * * 1", Conflict{"week.remind1.at", "week.remind2.at"}},
		{"quiet.to", "08:00", Conflict{"digest.at", "quiet.to"}},
		{"case.KUNJUNG.remind", "2", Conflict{"case.KUNJUNG.remind", "case.KUNJUNG.escalate"}},
		{"case.ministry", "3", Conflict{"case.BENCANA.escalate", "case.ministry"}},
		{"ramadan.to", "16:00", Conflict{"ramadan.prompt.at", "ramadan.to"}},
		{"case.TURUN.percent", "85", Conflict{"case.TURUN.percent", "case.TURUN.recovered"}},
	} {
		b, err := NewRulebook([]RuleVersion{{ID: 1, Area: "ID", Key: c.key, Value: c.value}}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got := b.For("ID").Conflicts(); !slices.Contains(got, c.want) {
			t.Errorf("%s = %s: %v, want %v among them", c.key, c.value, got, c.want)
		}
	}
}

func FuzzSetting(f *testing.F) {
	f.Add("30 18 * * 0")
	f.Add("20:00")
	f.Add("ya")
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range Settings() {
			if v, err := s.read(text); err == nil && s.Kind == Cadence {
				m, day, daily, err := ReadCadence(text)
				if err != nil || WriteCadence(m, day, daily) != text || m != v.n {
					t.Errorf("%s: %q is read as %d %s", s.Key, text, m, day)
				}
			}
		}
	})
}
