package bot

import (
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// grantStages have an answer of their own; stages of other sets are told by their label.
var grantStages = []prokus.Stage{
	prokus.Proposed, prokus.Verified, prokus.Decreed, prokus.AccountReady, prokus.AtBank, prokus.Credited, prokus.Receipts, prokus.Done,
	prokus.NameMismatch, prokus.AccountDormant, prokus.OnHold, prokus.Returned, prokus.Cancelled,
}

// mustAct are the stages in which she has something to do: it is said however old the information is (decisions.md).
var mustAct = map[prokus.Stage]bool{
	prokus.AccountReady: true, prokus.Credited: true, prokus.Receipts: true, prokus.NameMismatch: true, prokus.AccountDormant: true,
}

func grantVerbs() []verb {
	gives := []string{"jumlah", "masa", "bank", "kecamatan", "akhir", "tgl", "tglpendek", "total", "sisa", "alasan", "tahap", "langkah", "kemajuan", "huruf", "orang", "letter", "per"}
	var outcomes []string
	for _, s := range grantStages {
		outcomes = append(outcomes, string(s))
		if mustAct[s] {
			outcomes = append(outcomes, string(s)+"_stale")
		}
	}
	outcomes = append(outcomes, "bank_undated", "bank_stale", "none", "stale", "other", "prove")
	return []verb{{flows.Verb{Name: "grant.status", Outcomes: outcomes, Gives: gives, Says: []string{"grant.stage.*", "grant.bank", "grant.no_reason", "grant.step.*", "grant.line.*", "grant.todo.*", "status.as_of"}}, grantStatus}}
}

// grantStatus is where her money is: which step, what happens next, what she must do, and how old the information is.
func grantStatus(t *turn, v flows.Vars) (flows.Outcome, error) {
	if t.unproven(v) {
		return t.askProof("prove"), nil
	}
	g, step, ok, err := t.GrantOf(t.ctx, t.personID())
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("grant: %w", err)
	}
	if !ok {
		return outcome("none", nil)
	}
	loc := t.now.Location()
	vars := flows.Vars{
		"jumlah": text.Rp(g.Amount), "bank": text.Str(g.Bank), "kecamatan": text.Str(t.person().Kecamatan), "akhir": text.Str(g.AccountLast4),
		"tglpendek": text.Day(g.Known.In(loc)), "tgl": text.Day(g.Since), "langkah": text.Num(int64(step)), "tahap": text.Key("grant.stage."+string(g.Stage), nil),
		"masa": text.Str(""), "per": text.Str(""), "alasan": text.Str(g.Note),
	}
	if g.Bank == "" {
		vars["bank"] = text.Key("grant.bank", nil)
	}
	expected := !g.ExpectFrom.IsZero() && !g.ExpectTo.IsZero()
	if expected {
		vars["masa"] = text.Str(span(g.ExpectFrom, g.ExpectTo))
	}
	if g.Stage == prokus.Receipts {
		vars["jumlah"], vars["total"], vars["sisa"] = text.Rp(g.Spent), text.Rp(g.Amount), text.Rp(max(g.Amount-g.Spent, 0))
		due := g.ReceiptsDue
		if due.IsZero() {
			due = g.Since.AddDate(0, 0, receiptDays)
		}
		vars["tglpendek"] = text.Day(due)
	}
	if g.Stage == prokus.OnHold {
		by := g.ExpectTo
		if by.IsZero() {
			holidays, err := t.Holidays(t.ctx, t.person().Area, t.now)
			if err != nil {
				return flows.Outcome{}, fmt.Errorf("grant: %w", err)
			}
			by = prokus.NewCalendar(holidays).AddWorkingDays(t.now, holdDays)
		}
		vars["tgl"] = text.Date(by)
	}
	if g.Stage == prokus.Cancelled && g.Note == "" {
		vars["alasan"] = text.Key("grant.no_reason", nil)
	}
	if t.in.Via == channels.Telegram {
		if err := t.progress(g, vars); err != nil {
			return flows.Outcome{}, err
		}
	}
	name := "other"
	for _, s := range grantStages {
		if s == g.Stage {
			name = string(s)
		}
	}
	stale := g.Stale(t.now)
	if stale {
		vars["per"] = text.Key("status.as_of", text.Args{"tglpendek": text.Day(g.Known.In(loc))})
	}
	switch {
	case stale && mustAct[g.Stage]:
		vars["tgl"] = text.Day(g.Known.In(loc))
		name += "_stale"
	case stale && g.Stage == prokus.AtBank && expected && t.now.Format(time.DateOnly) <= g.ExpectTo.Format(time.DateOnly): // the bank's days are not over
		name = "bank_stale"
	case stale && g.Stage != prokus.Done && g.Stage != prokus.Cancelled && g.Stage != prokus.Returned:
		name = "stale"
	case g.Stage == prokus.AtBank && !expected:
		name = "bank_undated"
	}
	return outcome(name, vars)
}

const (
	receiptDays = 30 // receipts are due a month after the credit
	holdDays    = 4  // working days until an officer says why it is on hold
)
