package console

import (
	"errors"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// What can be wrong with a step of a broadcast. Pages say each in words.
var (
	ErrNotFound  = errors.New("not found")
	ErrState     = errors.New("not possible in this state")
	ErrStale     = errors.New("changed by somebody else meanwhile")
	ErrOwn       = errors.New("an approver is neither author nor last editor")
	ErrRole      = errors.New("not for this role")
	ErrCount     = errors.New("the count that was confirmed is not the count")
	ErrEmpty     = errors.New("nobody is in the audience")
	ErrUnchecked = errors.New("the text cannot go out as it is")
	ErrBudget    = errors.New("it would cost more than what is left")
)

// Editable says whether the words may still change; an edit of a submitted or approved broadcast voids that (R28).
func (b *Broadcast) Editable() bool {
	return b.State == Draft || b.State == Submitted || b.State == Approved
}

// Edit replaces words, rule and time, and makes it a draft again. version is the one that the editor saw.
func (b *Broadcast) Edit(by prokus.Staff, version int, w Wording, r Rule, sendAt time.Time) error {
	switch {
	case !mayWrite(by):
		return ErrRole
	case version != b.Version:
		return ErrStale
	case !b.Editable():
		return ErrState
	}
	b.Wording, b.Rule, b.SendAt = w, r, sendAt
	b.Editor = StaffRef{ID: by.ID, Name: by.Called()}
	b.draft()
	b.Refusal = ""
	return nil
}

// Submit hands the broadcast to an approver with its list frozen.
func (b *Broadcast) Submit(by prokus.Staff, version int, f Frozen, note string, now time.Time) error {
	switch {
	case !mayWrite(by):
		return ErrRole
	case version != b.Version:
		return ErrStale
	case b.State != Draft:
		return ErrState
	case f.People == 0:
		return ErrEmpty
	}
	b.State, b.Frozen, b.Note, b.Submitted, b.Refusal = Submitted, f, note, now, ""
	return nil
}

// MayApprove says whether a member of staff could approve it: a second person, never who wrote or last edited it.
func (b *Broadcast) MayApprove(by prokus.Staff) error {
	switch {
	case !mayWrite(by):
		return ErrRole
	case b.State != Submitted:
		return ErrState
	case by.ID == b.Author.ID || by.ID == b.Editor.ID:
		return ErrOwn
	}
	return nil
}

// Approve releases exactly what was frozen under hash, once.
func (b *Broadcast) Approve(by prokus.Staff, hash string, now time.Time) error {
	if err := b.MayApprove(by); err != nil {
		return err
	}
	if hash == "" || hash != b.Frozen.Hash {
		return ErrStale
	}
	b.State, b.Approved, b.Approver = Approved, now, StaffRef{ID: by.ID, Name: by.Called()}
	return nil
}

// Refuse sends it back to its author with a reason.
func (b *Broadcast) Refuse(by prokus.Staff, reason string) error {
	if err := b.MayApprove(by); err != nil {
		return err
	}
	b.draft()
	b.Refusal = reason
	return nil
}

// Withdraw takes it back to the draft before anything has left.
func (b *Broadcast) Withdraw(by prokus.Staff) error {
	if !mayWrite(by) {
		return ErrRole
	}
	if b.State != Submitted && b.State != Approved {
		return ErrState
	}
	b.draft()
	return nil
}

// Pause holds what has not left yet.
func (b *Broadcast) Pause(by prokus.Staff) error {
	return b.move(by, Paused, Running)
}

// Resume goes on after a pause. What failed before it was looked at is not held against it again.
func (b *Broadcast) Resume(by prokus.Staff, now time.Time) error {
	if err := b.move(by, Running, Paused); err != nil {
		return err
	}
	b.Halted, b.Resumed = "", now
	return nil
}

// Cancel ends it for good; what is out is out.
func (b *Broadcast) Cancel(by prokus.Staff, now time.Time) error {
	if err := b.move(by, Cancelled, Draft, Submitted, Approved, Running, Paused); err != nil {
		return err
	}
	b.Ended = now
	return nil
}

func (b *Broadcast) move(by prokus.Staff, to State, from ...State) error {
	if !mayWrite(by) {
		return ErrRole
	}
	for _, s := range from {
		if b.State == s {
			b.State = to
			return nil
		}
	}
	return ErrState
}

func (b *Broadcast) draft() {
	b.State, b.Frozen, b.Approver = Draft, Frozen{}, StaffRef{}
	b.Submitted, b.Approved = time.Time{}, time.Time{}
}

func mayWrite(s prokus.Staff) bool {
	return s.Active && (s.Role == prokus.Coordinator || s.Role == prokus.Ministry)
}
