package roster

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Text keys about grants. A stage's own text is textStage plus its code.
const (
	textStage         = "grant.changed."
	textCredited      = "grant.credited"
	textCreditedPlain = "grant.credited_plain" // bank or account are not known
	textNeutral       = "grant.changed.quietly"
	opensReceived     = "grant#received"
)

// secondThoughts is how long a change can be taken back before she hears of it (decisions.md, Grants).
const secondThoughts = 2 * time.Hour

// tell says the changes of this file, one message a person and day.
func (f *grantFile) tell(ctx context.Context, tx Tx) error {
	var news []GrantNews
	told := map[int64]bool{}
	for _, h := range f.order {
		if !h.moved || told[h.Person.ID] {
			continue
		}
		told[h.Person.ID] = true
		news = append(news, GrantNews{
			Person: h.Person.ID, Day: f.o.Now.In(h.Person.Location()).Format(time.DateOnly),
			Stage: h.Grant.Stage, Before: h.before, Message: f.message(h),
		})
	}
	if len(news) == 0 {
		return nil
	}
	return tx.TellGrant(ctx, f.o.Now, news)
}

// message is what she hears, or nil. Old history that is loaded for the first time is no news; whoever was not invited yet
// or said STOP is left alone; who has not agreed yet, or shares the number, hears that there is news and no figure (R14).
func (f *grantFile) message(h *holder) *prokus.Message {
	p, g := h.Person, *h.Grant
	if h.before == "" && f.o.Now.Sub(g.Since) > prokus.StaleAfter {
		return nil
	}
	if p.Status != prokus.Active || p.Consent != prokus.Agreed && p.Consent != prokus.Invited {
		return nil
	}
	args := personArgs(PersonRow{Name: p.Name, Salutation: p.Salutation}, "")
	delete(args, "tksk")
	m := &prokus.Message{
		Person: p.ID, Kind: prokus.KindNotice, Lang: p.Lang,
		NotBefore: prokus.AfterQuiet(f.o.Now.Add(secondThoughts).In(p.Location())),
	}
	rp := map[string]int64{"rp": g.Amount}
	switch {
	case h.Shared || p.Consent != prokus.Agreed:
		m.Text = textNeutral
	case g.Stage == prokus.Credited:
		m.Text, m.Opens = textCreditedPlain, opensReceived
		args["jumlah"], args["tgl"] = rp, map[string]string{"date": g.Since.Format(time.DateOnly)}
		if g.Bank != "" && g.AccountLast4 != "" {
			m.Text = textCredited
			args["bank"], args["akhir"] = g.Bank, g.AccountLast4
		}
	default:
		m.Text = textStage + string(g.Stage)
		if g.Stage == prokus.AtBank {
			args["jumlah"] = rp
		}
	}
	m.Args = encode(args)
	return m
}
