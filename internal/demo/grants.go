package demo

import (
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// usualWay is how many days before now each step began, for somebody who got her money; a slower one is shifted.
var usualWay = []struct {
	stage prokus.Stage
	day   int
}{{prokus.Proposed, 96}, {prokus.Verified, 79}, {prokus.Decreed, 66}, {prokus.AccountReady, 49}, {prokus.AtBank, 35}, {prokus.Credited, 26}, {prokus.Receipts, 10}, {prokus.Done, 3}}

// sitiWay is Siti's: her money is at the bank (J2-SMS-01, the fifth step).
var sitiWay = []int{96, 79, 66, 27, 5}

// grants puts everybody's grant on a step: most have their money, every step and every exception has somebody.
func (b *builder) grants() {
	exceptions := []prokus.Stage{prokus.NameMismatch, prokus.AccountDormant, prokus.OnHold, prokus.Returned, prokus.Cancelled}
	for i := range b.People {
		p := &b.People[i]
		g := Grant{Grant: prokus.Grant{Person: p.ID, Amount: prokus.UsualGrant, Bank: "BRI", AccountLast4: fmt.Sprintf("%04d", 1000+(i*7919)%9000)}}
		if i == 0 {
			g.AccountLast4 = "4417"
			for n, day := range sitiWay {
				b.step(&g, p, usualWay[n].stage, day)
			}
			// The week after next, Monday to Friday.
			monday := b.week(-2, p.Location()).Date()
			g.ExpectFrom, g.ExpectTo = monday, monday.AddDate(0, 0, 4)
			b.Grants = append(b.Grants, g)
			continue
		}
		steps := []int{6, 7, 6, 7, 8, 6, 5, 7, 4, 6, 7, 3, 8, 2, 6, 1, 7}[i%17]
		for n := range steps {
			b.step(&g, p, usualWay[n].stage, usualWay[n].day-i%3)
		}
		if i%11 == 10 {
			b.step(&g, p, exceptions[i/11%len(exceptions)], 2)
		}
		b.finish(&g, p, i)
		b.Grants = append(b.Grants, g)
	}
}

func (b *builder) step(g *Grant, p *Person, to prokus.Stage, daysAgo int) {
	since := prokus.Day(b.Now.In(p.Location()).AddDate(0, 0, -max(daysAgo, 1)))
	g.Steps = append(g.Steps, Step{g.Stage, to, since})
	g.Stage, g.Since, g.Known = to, since, noon(since, p.Location())
}

// finish adds what the last step brings along, and what she was told about money that came in.
func (b *builder) finish(g *Grant, p *Person, i int) {
	for _, s := range g.Steps {
		if s.To != prokus.Credited {
			continue
		}
		g.ReceiptsDue = s.Since.AddDate(0, 0, 30)
		at := noon(s.Since, p.Location())
		if p.Consent != prokus.Agreed || at.Before(p.ConsentAt) {
			continue
		}
		b.say(p, Out{Key: "grant:%d:" + s.Since.Format(time.DateOnly), Kind: prokus.KindNotice, Text: "grant.credited", At: at}, text.Args{
			"jumlah": text.Rp(g.Amount), "bank": text.Str(g.Bank), "akhir": text.Str(g.AccountLast4), "tgl": text.Date(s.Since)})
		b.hear(p, "sms", "1", "", at.Add(20*time.Minute))
	}
	switch g.Stage {
	case prokus.Receipts:
		g.Spent = g.Amount * int64(40+i*13%55) / 100 / 50_000 * 50_000
	case prokus.Done:
		g.Spent = g.Amount
	case prokus.Credited:
		g.Spent = g.Amount * int64(i%4) * 10 / 100
		if i%4 == 0 {
			g.Note = "belum_diambil"
		}
	case prokus.Cancelled:
		g.Note = "sudah menerima program lain"
	case prokus.OnHold:
		g.ExpectTo = prokus.Day(b.calendar.AddWorkingDays(b.Now.In(p.Location()), 5))
	}
}

func noon(day time.Time, loc *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 10, 5, 0, 0, loc)
}
