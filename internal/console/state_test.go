package console

import (
	"errors"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Every act in every state: what is possible, and where it leads. Everything else is refused and changes nothing.
func TestStates(t *testing.T) {
	now := time.Date(2026, 6, 10, 14, 30, 0, 0, time.UTC)
	author := prokus.Staff{ID: 1, Name: "Nani", Role: prokus.Coordinator, Active: true}
	second := prokus.Staff{ID: 2, Name: "Yusuf", Role: prokus.Coordinator, Active: true}
	all := []State{Draft, Submitted, Approved, Running, Paused, Done, Cancelled}
	acts := map[string]struct {
		do func(*Broadcast) error
		to map[State]State
	}{
		"edit": {func(b *Broadcast) error { return b.Edit(author, 7, Wording{Name: "x"}, Rule{}, now) },
			map[State]State{Draft: Draft, Submitted: Draft, Approved: Draft}},
		"submit": {func(b *Broadcast) error { return b.Submit(author, 7, Frozen{Hash: "h", People: 3}, "", now) },
			map[State]State{Draft: Submitted}},
		"approve":  {func(b *Broadcast) error { return b.Approve(second, "h", now) }, map[State]State{Submitted: Approved}},
		"refuse":   {func(b *Broadcast) error { return b.Refuse(second, "why") }, map[State]State{Submitted: Draft}},
		"withdraw": {func(b *Broadcast) error { return b.Withdraw(author) }, map[State]State{Submitted: Draft, Approved: Draft}},
		"pause":    {func(b *Broadcast) error { return b.Pause(author) }, map[State]State{Running: Paused}},
		"resume":   {func(b *Broadcast) error { return b.Resume(author, now) }, map[State]State{Paused: Running}},
		"cancel": {func(b *Broadcast) error { return b.Cancel(author, now) },
			map[State]State{Draft: Cancelled, Submitted: Cancelled, Approved: Cancelled, Running: Cancelled, Paused: Cancelled}},
	}
	for name, act := range acts {
		for _, from := range all {
			b := Broadcast{State: from, Version: 7, Author: StaffRef{ID: 1}, Editor: StaffRef{ID: 1}, Frozen: Frozen{Hash: "h", People: 3}}
			err := act.do(&b)
			to, ok := act.to[from]
			switch {
			case ok && (err != nil || b.State != to):
				t.Errorf("%s from %s: %v, now %s; want %s", name, from, err, b.State, to)
			case !ok && (!errors.Is(err, ErrState) || b.State != from):
				t.Errorf("%s from %s: %v, now %s; want it refused", name, from, err, b.State)
			}
			if ok && to == Draft && b.Frozen != (Frozen{}) {
				t.Errorf("%s from %s keeps what was frozen", name, from)
			}
		}
	}
}

func TestWhoMayApprove(t *testing.T) {
	coordinator := func(id int64) prokus.Staff { return prokus.Staff{ID: id, Role: prokus.Coordinator, Active: true} }
	tests := []struct {
		name string
		by   prokus.Staff
		hash string
		want error
	}{
		{"a second coordinator", coordinator(3), "h", nil},
		{"the ministry", prokus.Staff{ID: 4, Role: prokus.Ministry, Active: true}, "h", nil},
		{"the author", coordinator(1), "h", ErrOwn},
		{"the last editor", coordinator(2), "h", ErrOwn},
		{"a TKSK", prokus.Staff{ID: 5, Role: prokus.TKSK, Active: true}, "h", ErrRole},
		{"a mentor", prokus.Staff{ID: 6, Role: prokus.Mentor, Active: true}, "h", ErrRole},
		{"somebody who left", prokus.Staff{ID: 7, Role: prokus.Coordinator}, "h", ErrRole},
		{"who saw another version", coordinator(3), "old", ErrStale},
		{"who saw nothing", coordinator(3), "", ErrStale},
	}
	for _, tt := range tests {
		b := Broadcast{State: Submitted, Author: StaffRef{ID: 1}, Editor: StaffRef{ID: 2}, Frozen: Frozen{Hash: "h"}}
		if err := b.Approve(tt.by, tt.hash, time.Now()); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestHashBindsWordsRuleTimeAndPeople(t *testing.T) {
	base := Broadcast{Wording: Wording{Name: "a", Texts: map[prokus.Lang]string{prokus.ID: "x"}}, Rule: Rule{Areas: []string{"32.10.07"}}}
	want := HashOf(base, []int64{1, 2})
	if HashOf(base, []int64{1, 2}) != want {
		t.Fatal("the same is not the same")
	}
	for name, change := range map[string]func(*Broadcast){
		"text":  func(b *Broadcast) { b.Texts = map[prokus.Lang]string{prokus.ID: "y"} },
		"lang":  func(b *Broadcast) { b.UseID = []prokus.Lang{prokus.SU} },
		"rule":  func(b *Broadcast) { b.Rule.Activity = Silent },
		"areas": func(b *Broadcast) { b.Rule.Areas = nil },
		"time":  func(b *Broadcast) { b.SendAt = time.Unix(1, 0) },
		"once":  func(b *Broadcast) { b.OncePerNumber = true },
	} {
		b := base
		change(&b)
		if HashOf(b, []int64{1, 2}) == want {
			t.Errorf("another %s has the same hash", name)
		}
	}
	if HashOf(base, []int64{1, 2, 3}) == want {
		t.Error("another list has the same hash")
	}
}
