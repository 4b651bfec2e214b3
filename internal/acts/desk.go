package acts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// What the office may not do, and why.
var (
	ErrSame       = errors.New("the two are one record")
	ErrTwoGrants  = errors.New("both have a grant of the same batch, and money may have gone either way")
	ErrNotActive  = errors.New("the record is not active any more")
	ErrNotTheirs  = errors.New("that post is of another area or role")
	ErrBatchThere = errors.New("there is such a batch already")
)

// Desks are the changes that only an office makes.
type Desks interface {
	// MovePerson gives her another kecamatan and village; cases that are open go to whoever looks after it, and coming
	// sessions of another kabupaten are not hers any more.
	MovePerson(ctx context.Context, person int64, area, village string) error
	// Merge makes one record of two: what the duplicate has and the other lacks goes over, and the duplicate is closed.
	// ErrTwoGrants where money would have to be chosen.
	Merge(ctx context.Context, keep, duplicate prokus.Person, by By) error
	// Assign gives the post of TKSK in a kecamatan to somebody, 0 to nobody, with the open cases of the post. changed is false
	// where it is theirs already, ErrNotTheirs where they are no active TKSK.
	Assign(ctx context.Context, area string, staff int64, by By) (changed bool, err error)
	AreaName(ctx context.Context, code string) (string, error)
}

// MovePerson moves somebody to another kecamatan; she, her old TKSK and her new one are told (R13, R17). moved is false where
// she lives there already.
func MovePerson(ctx context.Context, s Store, by By, p prokus.Person, area, village string) (moved bool, err error) {
	if p.Area == area && (village == "" || village == p.Village) {
		return false, nil
	}
	if p.Status != prokus.Active {
		return false, ErrNotActive
	}
	now := by.Now.In(p.Location())
	old, hadOld, err := s.TKSKFor(ctx, p.Area, now)
	if err != nil {
		return false, fmt.Errorf("move: %w", err)
	}
	if err := s.MovePerson(ctx, p.ID, area, village); err != nil {
		return false, fmt.Errorf("move: %w", err)
	}
	if area == p.Area {
		return true, nil // only the village: nothing changes for anybody
	}
	kecamatan, err := s.AreaName(ctx, area)
	if err != nil {
		return false, fmt.Errorf("move: %w", err)
	}
	tksk, hasNew, err := s.TKSKFor(ctx, area, now)
	if err != nil {
		return false, fmt.Errorf("move: %w", err)
	}
	who := any(key("staff.someone", nil))
	if hasNew {
		who = name(tksk.Called())
	}
	letter, err := s.LetterOf(ctx, p.ID)
	if err != nil {
		return false, fmt.Errorf("move: %w", err)
	}
	text := "move.told"
	if letter != "" {
		text = "move.told_shared"
	}
	at := prokus.AfterQuiet(now)
	msgs := []prokus.Message{{
		Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang, Text: text, NotBefore: at,
		Args: person(p).with(args{"ibu": p.Salutation, "kecamatan": kecamatan, "tksk": who, "huruf": letter}).json(),
	}}
	a := args{"orang": p.Title() + " " + p.First(), "kode": p.Code, "kecamatan": kecamatan, "petugas": who}
	if hadOld && (!hasNew || old.ID != tksk.ID) {
		msgs = append(msgs, prokus.Message{Staff: old.ID, Kind: prokus.KindNotice, Lang: old.Lang, Text: "officer.person_left", Args: a.json(), NotBefore: at})
	}
	if hasNew && (!hadOld || old.ID != tksk.ID) {
		msgs = append(msgs, prokus.Message{Staff: tksk.ID, Kind: prokus.KindNotice, Lang: tksk.Lang, Text: "officer.person_came", Args: a.json(), NotBefore: at})
	}
	if _, err := s.Enqueue(ctx, by.Now, msgs...); err != nil {
		return false, fmt.Errorf("move: %w", err)
	}
	return true, nil
}

// Merge makes one record of two of the same person, and tells her which code counts (R13).
func Merge(ctx context.Context, s Store, by By, keep, duplicate prokus.Person) error {
	switch {
	case keep.ID == duplicate.ID:
		return ErrSame
	case keep.Status != prokus.Active || duplicate.Status != prokus.Active:
		return ErrNotActive
	}
	if _, err := s.CancelQueued(ctx, duplicate.ID, false, "data digabung"); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	if err := s.Merge(ctx, keep, duplicate, by); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	letter, err := s.LetterOf(ctx, keep.ID)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	text := "merge.told"
	if letter != "" {
		text = "merge.told_shared"
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("merge:%d", duplicate.ID), Person: keep.ID, Kind: prokus.KindNotice, Lang: keep.Lang, Text: text,
		Args: person(keep).with(args{"ibu": keep.Salutation, "kode": keep.Code, "huruf": letter}).json(), NotBefore: prokus.AfterQuiet(by.Now.In(keep.Location())),
	})
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	return nil
}

// Assign gives a kecamatan to a TKSK, or leaves the post vacant (0). The new one is told; the people of the kecamatan hear of it at
// ten, as of every change of their officer (R17): the scheduler tells them.
func Assign(ctx context.Context, s Store, by By, area string, staff int64) (bool, error) {
	changed, err := s.Assign(ctx, area, staff, by)
	if err != nil || !changed || staff == 0 {
		return changed, err
	}
	kecamatan, err := s.AreaName(ctx, area)
	if err != nil {
		return false, fmt.Errorf("assign: %w", err)
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Staff: staff, Kind: prokus.KindNotice, Text: "officer.assigned", Args: args{"kecamatan": kecamatan}.json(), NotBefore: prokus.AfterQuiet(by.Now),
	})
	if err != nil {
		return false, fmt.Errorf("assign: %w", err)
	}
	return true, nil
}

// TakeCase makes a coordinator the owner of a case: its clocks stop, and whoever had it sees who took it.
func TakeCase(ctx context.Context, s Store, by By, c prokus.Case, p prokus.Person) error {
	if c.Status == prokus.CaseClosed || c.Owner == by.staff() {
		return nil
	}
	was := c.Owner
	c.Owner, c.RemindAt, c.EscalateAt = by.staff(), time.Time{}, time.Time{}
	if c.Escalated.IsZero() {
		c.Escalated = by.Now
	}
	if err := s.SaveCase(ctx, c, CaseEvent{At: by.Now, Staff: by.staff(), What: "taken"}); err != nil {
		return fmt.Errorf("take case: %w", err)
	}
	if was == 0 || c.Confidential {
		return nil
	}
	a := args{"orang": p.Title() + " " + p.First(), "no": fmt.Sprint(c.Ticket), "koordinator": by.Staff.Called()}
	_, err := s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("taken:%d:%d", c.ID, by.staff()), Staff: was, Kind: prokus.KindNotice, Text: "officer.case_taken", Args: a.json(), Case: c.ID, NotBefore: prokus.AfterQuiet(by.Now),
	})
	if err != nil {
		return fmt.Errorf("take case: %w", err)
	}
	return nil
}

// CloseCase closes a case with what came of it; where its reason asks so, she is asked whether it helped.
func CloseCase(ctx context.Context, s Store, by By, c prokus.Case, p prokus.Person, outcome, note string) error {
	if c.Status == prokus.CaseClosed || c.Status == prokus.CaseAsked {
		return nil
	}
	c.Outcome = outcome
	if err := s.SaveCase(ctx, c, CaseEvent{At: by.Now, Staff: by.staff(), What: "told", Note: outcome}); err != nil {
		return fmt.Errorf("close case: %w", err)
	}
	_, _, err := ActOn(ctx, s, by, c.ID, Done, p, note)
	return err
}
