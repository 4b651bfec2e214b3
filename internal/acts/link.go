package acts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Links are the ways in which a number or chat becomes somebody's and ceases to be.
type Links interface {
	// PersonByCode is the active person with a code; she is locked.
	PersonByCode(ctx context.Context, code string) (p prokus.Person, ok bool, err error)
	// Ways are the active numbers and chats of a person or a member of staff, the primary one first.
	Ways(ctx context.Context, person, staff int64) ([]prokus.Address, error)
	// CertainWays are those of them that may be told of her: a number that was silent for sixty days may be a stranger's.
	CertainWays(ctx context.Context, person, staff int64, now time.Time) ([]prokus.Address, error)
	// LinkAddress makes a number or chat an active address of somebody, the primary one, and returns its id.
	LinkAddress(ctx context.Context, person, staff int64, kind, value string, now time.Time) (int64, error)
	// DropAddress takes a number or chat of any status from whoever has it, but for the person named.
	DropAddress(ctx context.Context, kind, value string, but int64, now time.Time) ([]int64, error)
	// GiveLetters gives those who share a number their letters; letters that were given never change.
	GiveLetters(ctx context.Context, value string) error
	// KeepNotice keeps that a number or chat was told of a link.
	KeepNotice(ctx context.Context, address int64, told string, now time.Time) error
	// UndoLink takes back the newest link of which a number was told since a moment, and gives the number its place again.
	UndoLink(ctx context.Context, told string, since, now time.Time) (u Undone, ok bool, err error)
	// ConfirmAddress makes a pending number active and primary; ok is false when it does not wait any more.
	ConfirmAddress(ctx context.Context, person int64, value string, now time.Time) (ok bool, err error)
}

// Undone is a link that was taken back.
type Undone struct {
	Person, Staff int64
	Kind, Value   string
}

// UndoLinkFor is how long BUKAN takes back a link (decisions.md).
const UndoLinkFor = 7 * 24 * time.Hour

// Linked is what linking came to.
type Linked struct {
	Old   string // the number by which she was reached until now; empty if none
	Fresh bool   // she agrees by registering herself
}

// Link makes a number or chat hers, the primary one, and tells the numbers and chats that were hers before (J1-SMS-02, J1-TG-01). The
// old ones stay until she says that they are gone. Registering herself is agreement.
func Link(ctx context.Context, s Store, by By, p prokus.Person, kind, value string) (Linked, error) {
	ways, err := s.CertainWays(ctx, p.ID, 0, by.Now)
	if err != nil {
		return Linked{}, fmt.Errorf("link: %w", err)
	}
	id, err := s.LinkAddress(ctx, p.ID, 0, kind, value, by.Now)
	if err != nil {
		return Linked{}, fmt.Errorf("link: %w", err)
	}
	out := Linked{Fresh: p.Consent != prokus.Agreed}
	for _, old := range ways {
		if old.Kind == kind && old.Value == value {
			continue
		}
		if out.Old == "" && old.Kind == "phone" {
			out.Old = old.Value
		}
		text, a := "link.told_chat", person(p).with(args{"ibu": p.Salutation})
		if kind == "phone" {
			text, a["akhirhp"] = "link.told_number", tail(value)
		}
		if err := tellLinked(ctx, s, by, id, old, prokus.Message{Person: p.ID, Lang: p.Lang, Text: text, Args: a.json()}); err != nil {
			return Linked{}, err
		}
	}
	if out.Fresh {
		if err := Agree(ctx, s, by, p); err != nil {
			return Linked{}, err
		}
	}
	_, err = s.CloseCases(ctx, p.ID, []prokus.Reason{prokus.HelpJoin, prokus.WrongNumber, prokus.DeadNumber}, "terhubung sendiri", by.Now)
	return out, err
}

// LinkStaff makes a chat that of a member of staff, and tells their number and former chat.
func LinkStaff(ctx context.Context, s Store, by By, to prokus.Staff, kind, value string) error {
	ways, err := s.Ways(ctx, 0, to.ID)
	if err != nil {
		return fmt.Errorf("link staff: %w", err)
	}
	id, err := s.LinkAddress(ctx, 0, to.ID, kind, value, by.Now)
	if err != nil {
		return fmt.Errorf("link staff: %w", err)
	}
	for _, old := range ways {
		if old.Kind == kind && old.Value == value {
			continue
		}
		m := prokus.Message{Staff: to.ID, Lang: to.Lang, Text: "link.told_staff", Args: args{"petugas": to.Called()}.json()}
		if err := tellLinked(ctx, s, by, id, old, m); err != nil {
			return err
		}
	}
	return nil
}

// tellLinked tells a number or chat that another was linked, and keeps that it was told.
func tellLinked(ctx context.Context, s Store, by By, address int64, to prokus.Address, m prokus.Message) error {
	m.Kind, m.Via, m.To, m.Cause = prokus.KindNotice, via(to), to.Value, by.Inbox
	if _, err := s.Enqueue(ctx, by.Now, m); err != nil {
		return fmt.Errorf("tell of a link: %w", err)
	}
	if err := s.KeepNotice(ctx, address, to.Value, by.Now); err != nil {
		return fmt.Errorf("tell of a link: %w", err)
	}
	return nil
}

// Share makes her one more person on a number that others answer on. From now on each has a letter (J1-SMS-04); those who are
// reached elsewhere are told there.
func Share(ctx context.Context, s Store, by By, p prokus.Person, number string, with []prokus.Person) (Linked, error) {
	out, err := Link(ctx, s, by, p, "phone", number)
	if err != nil {
		return out, err
	}
	if err := s.GiveLetters(ctx, number); err != nil {
		return out, fmt.Errorf("share: %w", err)
	}
	for _, other := range with {
		if err := tellShared(ctx, s, by, other, p, number); err != nil {
			return out, err
		}
	}
	return out, nil
}

// tellShared tells somebody who is reached elsewhere that one of her numbers has one more person on it.
func tellShared(ctx context.Context, s Store, by By, to, p prokus.Person, number string) error {
	ways, err := s.CertainWays(ctx, to.ID, 0, by.Now)
	if err != nil {
		return fmt.Errorf("share: %w", err)
	}
	letter := ""
	for _, w := range ways {
		if w.Kind == "phone" && w.Value == number {
			letter = w.Letter
		}
	}
	if letter == "" || ways[0].Value == number {
		return nil
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Person: to.ID, Kind: prokus.KindNotice, Via: via(ways[0]), To: ways[0].Value, Lang: to.Lang, Text: "shared.told", Cause: by.Inbox,
		Args: args{"akhirhp": tail(number), "huruf": letter, "orang": called(p)}.json(),
	})
	if err != nil {
		return fmt.Errorf("share: %w", err)
	}
	return nil
}

// TakeOver makes a number hers alone. Whoever had it is looked for by the TKSK if no other way to them is known; for seven
// days they can still take it back with BUKAN.
func TakeOver(ctx context.Context, s Store, by By, p prokus.Person, number string, from []prokus.Person) (Linked, error) {
	out, err := Link(ctx, s, by, p, "phone", number)
	if err != nil {
		return out, err
	}
	if _, err := s.DropAddress(ctx, "phone", number, p.ID, by.Now); err != nil {
		return out, fmt.Errorf("take over: %w", err)
	}
	for _, was := range from {
		if was.ID == p.ID {
			continue
		}
		left, err := s.CertainWays(ctx, was.ID, 0, by.Now)
		if err != nil {
			return out, fmt.Errorf("take over: %w", err)
		}
		if len(left) > 0 {
			continue
		}
		if _, err := OpenCase(ctx, s, by, was, prokus.WrongNumber, prokus.CaseDetail{}, ""); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Unlink is BUKAN at a number that was told of a link: the link is taken back at once (H1). ok is false when there is
// nothing to take back.
func Unlink(ctx context.Context, s Store, by By, told string) (u Undone, ok bool, err error) {
	u, ok, err = s.UndoLink(ctx, told, by.Now.Add(-UndoLinkFor), by.Now)
	if err != nil {
		return u, false, fmt.Errorf("unlink: %w", err)
	}
	return u, ok, nil
}

// ConfirmNumber is her YA to a number that an import changed: it is the primary one from now on, and is told so. ok is
// false when the number does not wait any more.
func ConfirmNumber(ctx context.Context, s Store, by By, p prokus.Person, number string) (ok bool, err error) {
	if ok, err = s.ConfirmAddress(ctx, p.ID, number, by.Now); err != nil || !ok {
		return false, err
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{
		Person: p.ID, Kind: prokus.KindNotice, Via: "sms", To: number, Lang: p.Lang, Text: "number.now_yours", Args: person(p).json(), Cause: by.Inbox,
	})
	if err != nil {
		return false, fmt.Errorf("confirm number: %w", err)
	}
	return true, nil
}

// RefuseNumber is her TIDAK: the number is dropped, and the TKSK finds out whose it is.
func RefuseNumber(ctx context.Context, s Store, by By, p prokus.Person, number string) (Opened, error) {
	if err := s.ReleaseAddress(ctx, p.ID, number, prokus.AddressWrong, by.Now); err != nil {
		return Opened{}, fmt.Errorf("refuse number: %w", err)
	}
	return OpenCase(ctx, s, by, p, prokus.WrongNumber, prokus.CaseDetail{}, prokus.Phone(number).Tail())
}

// tail is the end by which a number is named to those who may not see it whole.
func tail(number string) string { return strings.TrimPrefix(prokus.Phone(number).Tail(), "...") }

// via is the road to an address.
func via(a prokus.Address) string {
	if a.Kind == "phone" {
		return "sms"
	}
	return a.Kind
}

// called is how somebody is named to others, cut so that every text fits.
func called(p prokus.Person) string { return p.Title() + " " + bahasa.FitName(p.First(), 10) }
