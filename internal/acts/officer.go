package acts

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Officers are what a TKSK may do for people and about their own post.
type Officers interface {
	// LetterOf is her letter on a number that several people share; empty when the number is hers alone.
	LetterOf(ctx context.Context, person int64) (string, error)
	// OfficerChange is the newest change of her figures that an officer made since a moment and nobody took back.
	OfficerChange(ctx context.Context, person int64, since time.Time) (c Change, ok bool, err error)
	// TakeBack removes a week's report and keeps the change that did it.
	TakeBack(ctx context.Context, c Change) error
	// SetPersonStatus moves her out of the programme, or back.
	SetPersonStatus(ctx context.Context, person int64, status prokus.PersonStatus) error
	// SubstituteFor is a TKSK of another kecamatan of the same kabupaten, the nearest code first, who is not away then.
	SubstituteFor(ctx context.Context, staff int64, area string, from, to time.Time) (s prokus.Staff, ok bool, err error)
	SaveStaffLeave(ctx context.Context, staff, substitute int64, from, to time.Time) error
}

// SampledCall is the topic of a case in which the coordinator calls somebody whose figure a TKSK wrote down.
const SampledCall = "wakil"

// Proxy stores a week's figure that the TKSK was told, and tells her so, with her right to say that it is wrong (R13). One in
// twenty becomes a call by the coordinator, who asks her whether it is so (J7-SMS-04); the TKSK does not hear of it.
func Proxy(ctx context.Context, s Store, by By, p prokus.Person, r prokus.Report) (Told, error) {
	r.Source = prokus.ByProxy
	told, err := Report(ctx, s, by, p, r, "report")
	if err != nil {
		return told, err
	}
	if prokus.Sampled(p.Code, r.Week) {
		note := fmt.Sprintf("Telepon: betul lapor %s Rp%s lewat %s?", bahasa.Range(r.Week.Date()), bahasa.Number(r.Amount), by.Staff.Called())
		if _, err := OpenCase(ctx, s, by, p, prokus.CheckData, prokus.CaseDetail{Topic: SampledCall}, note); err != nil {
			return told, err
		}
	}
	return told, tellHer(ctx, s, by, p, "proxy.told", args{"rentang": week(r.Week), "jumlah": rp(r.Amount)})
}

// ProxyCorrect changes a week's figure for her, and tells her the old and the new one.
func ProxyCorrect(ctx context.Context, s Store, by By, p prokus.Person, w prokus.Week, amount int64) (Corrected, error) {
	c, err := Correct(ctx, s, by, p, w, amount)
	if err != nil {
		return c, err
	}
	return c, tellHer(ctx, s, by, p, "proxy.corrected", args{"rentang": week(w), "lama": rp(c.Old), "baru": rp(c.New)})
}

// tellHer says what an officer did. On a shared number it goes without figures and with her letter (R14).
func tellHer(ctx context.Context, s Store, by By, p prokus.Person, key string, a args) error {
	letter, err := s.LetterOf(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("tell her: %w", err)
	}
	a = person(p).with(a).with(args{"petugas": by.Staff.Called(), "ibu": p.Salutation})
	if letter != "" {
		key, a = "proxy.told_shared", person(p).with(args{"petugas": by.Staff.Called(), "huruf": letter})
	}
	_, err = s.Enqueue(ctx, by.Now, prokus.Message{Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang, Text: key, Args: a.json(), Cause: by.Inbox})
	if err != nil {
		return fmt.Errorf("tell her: %w", err)
	}
	return nil
}

// disputeFor is how long she may dispute what an officer changed (decisions.md).
const disputeFor = 7 * 24 * time.Hour

// Dispute is SALAH after an officer's change: the figure goes back to what it was, the coordinator looks into it, and the
// TKSK hears of it. ok is false when no officer changed anything of hers in the last seven days.
func Dispute(ctx context.Context, s Store, by By, p prokus.Person) (c Change, o Opened, ok bool, err error) {
	c, ok, err = s.OfficerChange(ctx, p.ID, by.Now.Add(-disputeFor))
	if err != nil || !ok {
		return c, o, false, err
	}
	r, had, err := s.ReportOf(ctx, p.ID, c.Week)
	if err != nil {
		return c, o, false, fmt.Errorf("dispute: %w", err)
	}
	back := Change{Person: p.ID, Week: c.Week, New: c.Old, What: "dispute", At: by.Now, Channel: by.Channel, Raw: by.Raw}
	if had {
		current := r.Amount
		back.Old = &current
	}
	if c.Old == nil {
		err = s.TakeBack(ctx, back)
	} else {
		r.Person, r.Week, r.Amount, r.Low, r.High = p.ID, c.Week, *c.Old, 0, 0
		if r.Source == "" {
			r.Source, r.Channel, r.At = prokus.BySelf, by.Channel, by.Now
		}
		err = s.SaveReport(ctx, r, back)
	}
	if err != nil {
		return c, o, false, fmt.Errorf("dispute: %w", err)
	}
	if err := s.MarkUndone(ctx, c.ID); err != nil {
		return c, o, false, fmt.Errorf("dispute: %w", err)
	}
	if o, err = OpenCase(ctx, s, by, p, prokus.Disputed, prokus.CaseDetail{}, ""); err != nil {
		return c, o, false, err
	}
	if o.TKSK != nil {
		a := args{"orang": p.Title() + " " + p.First(), "kode": p.Code, "rentang": week(c.Week), "no": fmt.Sprint(o.Case.Ticket)}
		_, err = s.Enqueue(ctx, by.Now, prokus.Message{
			Key: fmt.Sprintf("disputed:%d", c.ID), Staff: o.TKSK.ID, Kind: prokus.KindNotice, Lang: o.TKSK.Lang, Text: "dispute.told_staff", Args: a.json(),
			Cause: by.Inbox, NotBefore: prokus.AfterQuiet(by.Now.In(o.TKSK.Location())),
		})
	}
	return c, o, true, err
}

// NewNumber gives her the number that the TKSK found, and tries it: her YA closes the case (J7-SMS-02).
func NewNumber(ctx context.Context, s Store, by By, p prokus.Person, old, number string, id int64) error {
	if old != "" && old != number {
		if err := s.ReleaseAddress(ctx, p.ID, old, prokus.AddressDead, by.Now); err != nil {
			return fmt.Errorf("new number: %w", err)
		}
	}
	if _, err := s.LinkAddress(ctx, p.ID, 0, "phone", number, by.Now); err != nil {
		return fmt.Errorf("new number: %w", err)
	}
	if err := s.GiveLetters(ctx, number); err != nil {
		return fmt.Errorf("new number: %w", err)
	}
	a := person(p).with(args{"petugas": by.Staff.Called()})
	_, err := s.Enqueue(ctx, by.Now, prokus.Message{
		Person: p.ID, Kind: prokus.KindNotice, Via: "sms", To: number, Lang: p.Lang, Text: "number.try", Args: a.json(),
		Opens: "trial#asked", OpensVars: args{"case": id}.json(), Cause: by.Inbox,
	})
	if err != nil {
		return fmt.Errorf("new number: %w", err)
	}
	return nil
}

// Gone is that she died or moved away, as the TKSK says. Somebody who died is written to no more; the district checks both.
func Gone(ctx context.Context, s Store, by By, p prokus.Person, id int64, died bool) error {
	topic := "pindah"
	if died {
		topic = "meninggal"
	}
	if _, err := OpenCase(ctx, s, by, p, prokus.CheckData, prokus.CaseDetail{Topic: topic}, ""); err != nil {
		return err
	}
	c, ok, err := s.CaseByID(ctx, id)
	if err != nil || !ok {
		return fmt.Errorf("gone: found %t: %w", ok, err)
	}
	c.Status, c.Closed, c.Outcome = prokus.CaseClosed, by.Now, topic
	c.RemindAt, c.EscalateAt, c.Wake = time.Time{}, time.Time{}, time.Time{}
	if err := s.SaveCase(ctx, c, CaseEvent{At: by.Now, Staff: by.staff(), What: "closed", Note: topic}); err != nil {
		return fmt.Errorf("gone: %w", err)
	}
	if !died {
		return nil
	}
	if err := s.SetPersonStatus(ctx, p.ID, prokus.Deceased); err != nil {
		return fmt.Errorf("gone: %w", err)
	}
	if _, err := s.CancelQueued(ctx, p.ID, false, "meninggal"); err != nil {
		return fmt.Errorf("gone: %w", err)
	}
	return nil
}

// StaffAway keeps a TKSK's leave and tells whoever stands in.
func StaffAway(ctx context.Context, s Store, by By, substitute prokus.Staff, area string, from, to time.Time) error {
	if err := s.SaveStaffLeave(ctx, by.staff(), substitute.ID, from, to); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	a := args{"petugas": by.Staff.Called(), "kecamatan": area, "tgl": date(from), "tgl2": date(to)}
	_, err := s.Enqueue(ctx, by.Now, prokus.Message{
		Key: fmt.Sprintf("standin:%d:%s", by.staff(), from.Format(time.DateOnly)), Staff: substitute.ID, Kind: prokus.KindNotice, Lang: substitute.Lang,
		Text: "officer.stand_in", Args: a.json(), Cause: by.Inbox, NotBefore: prokus.AfterQuiet(by.Now.In(substitute.Location())),
	})
	if err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// notMetDays is after how many working days a case comes back when nobody was there.
const notMetDays = 1

// NotMet keeps that the TKSK went or called in vain: it is a try, no contact, and the case comes back on the next working
// day.
func NotMet(ctx context.Context, s Store, by By, id int64, p prokus.Person, note string) (prokus.Case, error) {
	c, ok, err := s.CaseByID(ctx, id)
	if err != nil || !ok || c.Status == prokus.CaseClosed {
		return c, fmt.Errorf("not met: found %t, %s: %w", ok, c.Status, err)
	}
	now := by.Now.In(p.Location())
	holidays, err := s.Holidays(ctx, p.Area, now)
	if err != nil {
		return c, fmt.Errorf("not met: %w", err)
	}
	c.Status, c.Wake = prokus.CaseSnoozed, morning(prokus.NewCalendar(holidays).AddWorkingDays(now, notMetDays))
	c.Outcome = "tidak ketemu"
	if err := s.SaveCase(ctx, c, CaseEvent{At: by.Now, Staff: by.staff(), What: "visited", Note: note}); err != nil {
		return c, fmt.Errorf("not met: %w", err)
	}
	return c, nil
}

// reopenFor is how long a TKSK may take an action back.
const reopenFor = 24 * time.Hour

// Reopen takes back what closed, watched or forwarded a case. ok is false when she has answered already, or it was long ago.
func Reopen(ctx context.Context, s Store, by By, id int64) (bool, error) {
	c, ok, err := s.CaseByID(ctx, id)
	if err != nil {
		return false, fmt.Errorf("reopen: %w", err)
	}
	if !ok || c.Status == prokus.CaseClosed && by.Now.Sub(c.Closed) > reopenFor {
		return false, nil
	}
	if err := s.CancelKeyed(ctx, c.Person, fmt.Sprintf("helped:%d", id), "dibatalkan petugas"); err != nil {
		return false, fmt.Errorf("reopen: %w", err)
	}
	c.Status, c.Closed, c.Wake, c.Outcome = prokus.CaseOpen, time.Time{}, time.Time{}, ""
	c.Owner, c.Escalated = by.staff(), time.Time{}
	if err := s.SaveCase(ctx, c, CaseEvent{At: by.Now, Staff: by.staff(), What: "reopened"}); err != nil {
		return false, fmt.Errorf("reopen: %w", err)
	}
	return true, nil
}
