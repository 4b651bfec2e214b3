package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Grants are the changes that she makes to her own grant.
type Grants interface {
	// GrantOf is her newest grant and the number of its step (0 for exceptions).
	GrantOf(ctx context.Context, person int64) (g prokus.Grant, step int, ok bool, err error)
	// SaveReceived keeps what she answered to "received in full?" and returns her answer before, with its time.
	SaveReceived(ctx context.Context, grant int64, answer string, now time.Time) (before string, at time.Time, err error)
	// AddNota keeps a receipt and returns the sum of all of them, rupiah.
	AddNota(ctx context.Context, n Nota) (sum int64, err error)
	// CancelKeyed cancels what waits for her under a natural key, or under keys that begin with it and a colon.
	CancelKeyed(ctx context.Context, person int64, key, why string) error
}

// Nota is one receipt of what the grant bought.
type Nota struct {
	Grant   int64
	Amount  int64 // rupiah
	Media   string
	Channel string
	At      time.Time
	Staff   int64 // 0: herself
}

// Answers to "received in full?".
const (
	Whole  = "utuh"
	Cut    = "potongan"
	NotYet = "belum"
)

// againDays is after how many working days "not yet" is asked again; banks need a day or two (J2-SMS-04).
const againDays = 3

// ReceivedWhole says that the money came in full: nothing more is asked.
func ReceivedWhole(ctx context.Context, s Store, by By, g prokus.Grant) error {
	if _, _, err := s.SaveReceived(ctx, g.ID, Whole, by.Now); err != nil {
		return fmt.Errorf("received: %w", err)
	}
	return s.CancelKeyed(ctx, g.Person, againKey(g), "sudah dijawab")
}

// ReceivedCut opens a confidential case at the district: whoever took part of her money may be the one who helps her.
func ReceivedCut(ctx context.Context, s Store, by By, p prokus.Person, g prokus.Grant) (Opened, error) {
	if _, _, err := s.SaveReceived(ctx, g.ID, Cut, by.Now); err != nil {
		return Opened{}, fmt.Errorf("received: %w", err)
	}
	if err := s.CancelKeyed(ctx, g.Person, againKey(g), "sudah dijawab"); err != nil {
		return Opened{}, fmt.Errorf("received: %w", err)
	}
	return OpenCase(ctx, s, by, p, prokus.Deduction, prokus.CaseDetail{Topic: "bantuan"}, "")
}

// NotReceived asks again after three working days; when she says so a second time on a later day it is work for the
// district, and opened is set.
func NotReceived(ctx context.Context, s Store, by By, p prokus.Person, g prokus.Grant) (again time.Time, opened *Opened, err error) {
	before, at, err := s.SaveReceived(ctx, g.ID, NotYet, by.Now)
	if err != nil {
		return again, nil, fmt.Errorf("not received: %w", err)
	}
	now := by.Now.In(p.Location())
	if before == NotYet && prokus.Day(at.In(now.Location())).Before(prokus.Day(now)) {
		o, err := OpenCase(ctx, s, by, p, prokus.Stuck, prokus.CaseDetail{Topic: "belum masuk"}, "")
		return again, &o, err
	}
	holidays, err := s.Holidays(ctx, p.Area, now)
	if err != nil {
		return again, nil, fmt.Errorf("not received: %w", err)
	}
	again = prokus.NewCalendar(holidays).AddWorkingDays(now, againDays)
	again = time.Date(again.Year(), again.Month(), again.Day(), 10, 0, 0, 0, again.Location())
	a := person(p).with(args{"jumlah": rp(g.Amount), "tgl": date(g.Since)})
	key := "grant.credited_plain"
	if g.Bank != "" && g.AccountLast4 != "" {
		key = "grant.credited"
		a["bank"], a["akhir"] = g.Bank, g.AccountLast4
	}
	m := prokus.Message{
		Key: againKey(g) + ":" + again.Format(time.DateOnly), Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang, Text: key, Args: a.json(),
		Opens: "grant#received", NotBefore: again,
	}
	if letter, err := s.LetterOf(ctx, p.ID); err != nil {
		return again, nil, fmt.Errorf("not received: %w", err)
	} else if letter != "" { // others read this number: no figures (R14)
		m.Text, m.Args, m.Opens = "grant.changed.quietly", person(p).json(), ""
	}
	_, err = s.Enqueue(ctx, by.Now, m)
	if err != nil {
		return again, nil, fmt.Errorf("not received: %w", err)
	}
	return again, nil, nil
}

func againKey(g prokus.Grant) string { return fmt.Sprintf("received:%d", g.ID) }

// AddNota keeps a receipt. left is what of the grant has no receipt yet, never below zero.
func AddNota(ctx context.Context, s Store, by By, g prokus.Grant, amount int64, media string) (sum, left int64, err error) {
	sum, err = s.AddNota(ctx, Nota{Grant: g.ID, Amount: amount, Media: media, Channel: by.Channel, At: by.Now, Staff: by.staff()})
	if err != nil {
		return 0, 0, fmt.Errorf("nota: %w", err)
	}
	return sum, max(g.Amount-sum, 0), nil
}
