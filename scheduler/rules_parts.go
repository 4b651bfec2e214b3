package scheduler

import (
	"context"
	"strconv"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// SlotKey names who is swept together: the people of a zone in a part of the country, under one version of a rule's time. A
// new version is a new slot, so that what another replica still sweeps under the old one is never mistaken for it.
type SlotKey struct {
	Rule, Zone, Area string
	Version          int64
}

// Standing is up to where a slot was swept; Ran says whether any of its slots has been run or skipped.
type Standing struct {
	SweptTo time.Time
	Ran     bool
}

// part is a rule in one part of the country.
type part struct {
	Rule
	prokus.RulePart
}

// parts are a rule's times by part of the country.
func (r Rule) parts(book prokus.Rulebook) []part {
	if r.Setting == "" {
		return []part{{r, prokus.RulePart{Area: prokus.National}}}
	}
	var with []string
	if r.Ramadan {
		with = []string{"ramadan.kept"}
	}
	late := saidAs(r.Name)
	if hours, err := strconv.Atoi(book.Value(prokus.National, late+".late")); err == nil {
		r.Late = time.Duration(hours) * time.Hour
	}
	var out []part
	for _, p := range book.Parts(r.Setting+".at", with...) {
		if r.Ramadan && !book.For(p.Area).Ramadan {
			continue
		}
		own := r
		own.Cron, own.Since = p.Value, p.Since
		out = append(out, part{own, p})
	}
	return out
}

func (p part) key(zone string) SlotKey { return SlotKey{p.Name, zone, p.Area, p.Version} }

// begin is from where a slot that is not known yet is swept. It takes over from what stood for its people before: where that
// has run already, the rest of the week (or day) is done, and nobody is told twice; where not, the new time still has them.
func (p part) begin(zone string, known map[SlotKey]Standing, now time.Time) time.Time {
	for area := p.Area; area != ""; area = prokus.Above(area) {
		var newest Standing
		for k, s := range known {
			if k.Rule == p.Name && k.Zone == zone && k.Area == area && s.SweptTo.After(newest.SweptTo) {
				newest = s
			}
		}
		switch {
		case newest.SweptTo.IsZero():
		case newest.Ran:
			return p.ends(newest.SweptTo.In(prokus.Zone(zone))).Add(-time.Second)
		default:
			return newest.SweptTo
		}
	}
	// A rule begins with the minute in which it is first seen: nothing of the past is due.
	return now.Truncate(time.Minute).Add(-time.Second)
}

// bookAge is how old a rulebook may be that deliveries are judged by; a sweep always reads its own.
const bookAge = time.Minute

type readBook struct {
	prokus.Rulebook
	at   time.Time
	next time.Time // when a version that is already written begins to hold; zero: none
}

// rulebook is the book for deliveries at a moment.
func (s *Scheduler) rulebook(ctx context.Context, now time.Time) (prokus.Rulebook, error) {
	if b := s.book.Load(); b != nil && !now.Before(b.at) && now.Sub(b.at) < bookAge && (b.next.IsZero() || now.Before(b.next)) {
		return b.Rulebook, nil
	}
	return s.readRules(ctx, now)
}

// readRules reads the rules that hold at a moment. What is not understood is told, and the version before it holds.
func (s *Scheduler) readRules(ctx context.Context, now time.Time) (prokus.Rulebook, error) {
	all, err := s.Store.RuleVersions(ctx)
	if err != nil {
		return prokus.Rulebook{}, err
	}
	b := &readBook{at: now}
	if b.Rulebook, err = prokus.NewRulebook(all, now); err != nil {
		s.Log.Error("rules that are not understood", "error", err)
	}
	for _, v := range all {
		if v.From.After(now) && (b.next.IsZero() || v.From.Before(b.next)) {
			b.next = v.From
		}
	}
	s.book.Store(b)
	return b.Rulebook, nil
}
