package prokus

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// RuleVersion is one version of one setting in one area. It is never edited, only superseded: what was decided while it held
// stays decided.
type RuleVersion struct {
	ID      int64
	Area    string // "ID", a province or a kabupaten
	Key     string
	Value   string
	Follows bool // the area goes back to what the area above says; Value is empty
	From    time.Time
	Author  int64 // 0: it came with the program
	Note    string
}

// Rulebook are the rules of the whole programme at one moment. It is made once a sweep.
type Rulebook struct {
	newest map[string]map[string]RuleVersion // area → key → the version that holds
	read   map[string]Rules                  // of areas that have rules of their own, and of the nation
}

// NewRulebook takes all versions and reads those that hold at a moment. A row that this program does not understand, left by
// a newer one, is passed over for the version before it; err names such rows, and the book can be used all the same.
func NewRulebook(versions []RuleVersion, now time.Time) (b Rulebook, err error) {
	b = Rulebook{newest: map[string]map[string]RuleVersion{}, read: map[string]Rules{}}
	var faults []error
	for _, v := range versions {
		s, known := SettingByKey(v.Key)
		fault := ErrKey
		if known {
			fault = nil
			if !v.Follows {
				fault = s.Check(v.Value, v.Area)
			} else if v.Area == National {
				fault = ErrLevel
			}
		}
		if fault != nil {
			faults = append(faults, fmt.Errorf("rule %d, %s in %s: %w", v.ID, v.Key, v.Area, fault))
			continue
		}
		if v.From.After(now) {
			continue
		}
		keys := b.newest[v.Area]
		if keys == nil {
			keys = map[string]RuleVersion{}
			b.newest[v.Area] = keys
		}
		if old, ok := keys[v.Key]; !ok || cmp.Or(old.From.Compare(v.From), cmp.Compare(old.ID, v.ID)) < 0 {
			keys[v.Key] = v
		}
	}
	for area := range b.newest {
		b.read[area] = b.make(area)
	}
	return b, errors.Join(faults...)
}

func (b Rulebook) make(area string) Rules {
	r := Rules{Cases: map[Reason]CaseRule{}}
	for _, s := range Settings() {
		text := s.Default
		if v, ok := b.Holds(area, s.Key); ok {
			text = v.Value
		}
		if v, err := s.read(text); err == nil { // NewRulebook has checked them
			s.set(&r, v)
		}
	}
	return r
}

// For are the rules of an area. The zero book has the defaults.
func (b Rulebook) For(area string) Rules {
	for a := area; a != ""; a = Above(a) {
		if r, ok := b.read[a]; ok {
			return r
		}
	}
	if r, ok := b.read[National]; ok {
		return r
	}
	return DefaultRules()
}

// Value is the text of a setting in an area.
func (b Rulebook) Value(area, key string) string {
	if v, ok := b.Holds(area, key); ok {
		return v.Value
	}
	s, _ := SettingByKey(key)
	return s.Default
}

// Holds is the version that decides a setting in an area: its own, or the nearest above. ok is false where nobody has written
// anything and the program's default holds.
func (b Rulebook) Holds(area, key string) (v RuleVersion, ok bool) {
	for a := cmp.Or(area, National); a != ""; a = Above(a) {
		if v, ok := b.newest[a][key]; ok && !v.Follows {
			return v, true
		}
	}
	return RuleVersion{}, false
}

// Own is an area's own newest version of a setting, which may say that it follows the area above.
func (b Rulebook) Own(area, key string) (RuleVersion, bool) {
	v, ok := b.newest[area][key]
	return v, ok
}

// RulePart is a part of the country in which one version of a setting decides: an area without those below it that have versions
// of their own. The parts of a setting cover the country and do not overlap.
type RulePart struct {
	Area    string
	Except  []string
	Value   string
	Version int64     // the newest version that made it so; 0: as it shipped
	Since   time.Time // since when; zero: always
}

// Parts divides the country by a setting, and by further ones that change with it. An area that has gone back to what is above
// stays a part of its own, so that whatever is counted by parts knows when it changed.
func (b Rulebook) Parts(key string, with ...string) []RulePart {
	keys := append([]string{key}, with...)
	areas := []string{National}
	for area, own := range b.newest {
		if area != National && slices.ContainsFunc(keys, func(k string) bool { _, ok := own[k]; return ok }) {
			areas = append(areas, area)
		}
	}
	slices.Sort(areas[1:])
	parts := make([]RulePart, 0, len(areas))
	for _, area := range areas {
		p := RulePart{Area: area, Value: b.Value(area, key)}
		for _, k := range keys {
			b.since(&p, k)
		}
		for _, other := range areas {
			if other != area && inside(other, area) {
				p.Except = append(p.Except, other)
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// since finds the versions that made a setting what it is in a part: its own, and those it follows.
func (b Rulebook) since(p *RulePart, key string) {
	for a := p.Area; a != ""; a = Above(a) {
		v, ok := b.newest[a][key]
		if !ok {
			continue
		}
		if v.Author != 0 {
			p.Version = max(p.Version, v.ID)
			if v.From.After(p.Since) {
				p.Since = v.From
			}
		}
		if !v.Follows {
			return
		}
	}
}

// inside says whether an area lies in another one.
func inside(area, other string) bool {
	for a := area; a != ""; a = Above(a) {
		if a == other {
			return true
		}
	}
	return false
}

func num(n int64) string { return strconv.FormatInt(n, 10) }

// Areas are those that have rules of their own, and the nation.
func (b Rulebook) Areas() []string {
	out := []string{National}
	for area := range b.newest {
		if area != National {
			out = append(out, area)
		}
	}
	slices.Sort(out[1:])
	return out
}
