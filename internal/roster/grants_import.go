package roster

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// receiptDays is how long after the money came in receipts are due, when the file does not say (journeys.md 4.7, LPJ).
const receiptDays = 30

// ImportGrants reads a list of where grants stand. Several rows for one person are her history: the latest day is where she
// stands, and she hears of it once.
func ImportGrants(ctx context.Context, store Store, t *Table, o Options) (Result, error) {
	s, err := openSheet(t, Grants, o)
	if err != nil {
		return Result{}, err
	}
	return s.run(ctx, store, func(ctx context.Context, tx Tx, res *Result) error {
		f := &grantFile{sheet: s, people: map[string]*holder{}}
		err := s.inChunks(res, func(rows []chunkRow) error { return f.take(ctx, tx, rows, res) })
		if err != nil || o.DryRun {
			return err
		}
		return f.tell(ctx, tx)
	})
}

type grantFile struct {
	*sheet
	people map[string]*holder
	order  []*holder // who changed, as the file had them
}

// holder is somebody whose grant the file speaks of, with the file's rows so far laid over what is known.
type holder struct {
	KnownGrant
	before  prokus.Stage // before this file
	latest  time.Time    // day of the latest row of this file
	moved   bool
	touched bool // since the last save
	steps   []GrantStep
}

func (f *grantFile) take(ctx context.Context, tx Tx, rows []chunkRow, res *Result) error {
	read := make([]*grantCells, len(rows))
	var codes []string
	for i, row := range rows {
		read[i] = f.readGrant(row.Row, row.err)
		if _, ok := f.people[read[i].code]; len(read[i].Problems) == 0 && !ok {
			codes = append(codes, read[i].code)
		}
	}
	found, err := tx.GrantsOf(ctx, codes)
	if err != nil {
		return err
	}
	for _, k := range found {
		h := &holder{KnownGrant: k}
		if k.Grant != nil {
			h.before = k.Grant.Stage
		}
		f.people[k.Person.Code] = h
	}
	f.findLatest(read)
	for _, g := range read {
		if len(g.Problems) == 0 {
			f.lay(g, f.people[g.code])
		}
		res.add(g.RowResult)
	}
	if f.o.DryRun {
		return nil
	}
	var keep []GrantRow
	for _, g := range read {
		if h := f.people[g.code]; h != nil && h.touched {
			slices.SortStableFunc(h.steps, func(a, b GrantStep) int { return a.Since.Compare(b.Since) })
			keep = append(keep, GrantRow{*h.Grant, h.steps})
			h.touched, h.steps = false, nil
		}
	}
	if len(keep) == 0 {
		return nil
	}
	return tx.SaveGrants(ctx, f.o.Now, f.o.By, keep)
}

// findLatest finds, of each person's good rows, the day of the latest: it says where the grant stands, wherever in the list
// it is; the others are history.
func (f *grantFile) findLatest(read []*grantCells) {
	for _, g := range read {
		if f.check(g); len(g.Problems) > 0 {
			continue
		}
		h := f.people[g.code]
		if g.since.IsZero() {
			g.since = prokus.Day(f.o.Now.In(h.Person.Location()))
			if h.Grant != nil && h.Grant.Stage == g.stage {
				g.since = h.Grant.Since
			}
		}
		if g.since.After(h.latest) {
			h.latest = g.since
		}
	}
}

// check says what a row may not say about this person.
func (f *grantFile) check(g *grantCells) {
	if len(g.Problems) > 0 {
		return
	}
	h := f.people[g.code]
	switch {
	case h == nil || !areas.Within(h.Person.Area, f.o.Area):
		g.fault(Code, "Kode %s tidak ada di wilayah ini.", g.code) // the same words for both: codes of others are no news
		return
	case h.Person.Status != prokus.Active && h.Person.Status != prokus.Graduated:
		g.fault(Code, "Orang dengan kode %s sudah tidak aktif.", g.code)
		return
	case h.Person.Batch == 0:
		g.fault(Code, "Orang dengan kode %s belum punya angkatan.", g.code)
		return
	case !h.allowed(g.stage):
		g.fault(Stage, "Tahap '%s' tidak ada di angkatan ini.", g.stage)
		return
	}
	g.RowResult.Name = h.Person.Name
}

// lay puts a row over a grant: a step of the past, or where it stands.
func (f *grantFile) lay(g *grantCells, h *holder) {
	if g.since.Before(h.latest) {
		f.layPast(g, h, g.since)
		return
	}
	now := f.stands(g, h, g.since)
	g.Verdict = Changed
	if h.Grant == nil {
		g.Verdict = New
	} else {
		g.differences(*h.Grant, now)
		if len(g.Changes) == 0 {
			g.Verdict = Unchanged
			return
		}
	}
	if h.Grant == nil || h.Grant.Stage != now.Stage || !h.Grant.Since.Equal(now.Since) {
		step := GrantStep{now.Stage, now.Since, now.Note}
		h.steps, h.Past = append(h.steps, step), append(h.Past, step)
	}
	h.moved = h.moved || h.Grant == nil || h.Grant.Stage != now.Stage
	h.Grant = &now
	f.touch(h)
}

// layPast adds a step that is older than what the file said already.
func (f *grantFile) layPast(g *grantCells, h *holder, since time.Time) {
	for _, s := range h.Past {
		if s.Stage == g.stage && s.Since.Equal(since) {
			g.Verdict = Unchanged
			return
		}
	}
	step := GrantStep{g.stage, since, g.expect.note}
	h.steps, h.Past = append(h.steps, step), append(h.Past, step)
	g.Verdict = Changed
	g.change(Stage, "", fmt.Sprintf("%s (%s)", g.stage, bahasa.DateShort(since)))
	f.touch(h)
}

func (f *grantFile) touch(h *holder) {
	if !h.touched {
		h.touched = true
		f.order = append(f.order, h)
	}
}

// stands is the grant as the row says it; what the row leaves out stays, but expectations belong to their stage.
func (f *grantFile) stands(g *grantCells, h *holder, since time.Time) prokus.Grant {
	now := prokus.Grant{Person: h.Person.ID, Batch: h.Person.Batch, Amount: h.BatchAmount}
	if h.Grant != nil {
		now = *h.Grant
	}
	if now.Stage != g.stage {
		now.ExpectFrom, now.ExpectTo, now.Note = time.Time{}, time.Time{}, ""
	}
	now.Stage, now.Since, now.Known = g.stage, since, f.o.Now
	if g.amount != 0 {
		now.Amount = g.amount
	}
	now.Bank, now.AccountLast4 = said(g.bank, now.Bank), said(g.last4, now.AccountLast4)
	if !g.expect.to.IsZero() {
		now.ExpectFrom, now.ExpectTo = g.expect.from, g.expect.to
	}
	if g.expect.spent != 0 {
		now.Spent = g.expect.spent
	}
	switch {
	case !g.expect.due.IsZero():
		now.ReceiptsDue = g.expect.due
	case g.stage == prokus.Credited && (h.Grant == nil || h.Grant.Stage != prokus.Credited || !h.Grant.Since.Equal(since)):
		now.ReceiptsDue = since.AddDate(0, 0, receiptDays)
	}
	now.Note = said(g.expect.note, now.Note)
	return now
}

func (g *grantCells) differences(was, now prokus.Grant) {
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return bahasa.DateShort(t)
	}
	g.change(Stage, string(was.Stage), string(now.Stage))
	g.change(Date, day(was.Since), day(now.Since))
	g.change(Amount, bahasa.Money(was.Amount, bahasa.Full), bahasa.Money(now.Amount, bahasa.Full))
	g.change(Bank, was.Bank, now.Bank)
	g.change(Account, was.AccountLast4, now.AccountLast4)
	g.change(Note, was.Note, now.Note)
	g.change("perkiraan", day(was.ExpectFrom)+"-"+day(was.ExpectTo), day(now.ExpectFrom)+"-"+day(now.ExpectTo))
	g.change("nota", bahasa.Money(was.Spent, bahasa.Full), bahasa.Money(now.Spent, bahasa.Full))
	g.change("batas nota", day(was.ReceiptsDue), day(now.ReceiptsDue))
}
