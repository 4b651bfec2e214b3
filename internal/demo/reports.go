package demo

import (
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// sitiWeeks are the four weeks that the transcripts know, the last one last.
var sitiWeeks = []int64{600_000, 610_000, 640_000, 670_000}

// report plays everybody's weeks, the oldest first.
func (b *builder) report() {
	for i := range b.People {
		p, l := &b.People[i], b.lives[i]
		if l.course == unheard || l.course == invited {
			continue
		}
		past := prokus.Past{}
		highest := int64(0)
		for k := l.since; k >= 0; k-- {
			w := b.week(k, p.Location())
			b.prompt(p, w)
			amount, reason, ok := b.amount(i, k)
			at := b.reportTime(p, w)
			if ok && at.After(b.Now) {
				ok = false
			}
			if !ok {
				at = time.Time{}
			}
			b.remind(p, w, at)
			if !ok {
				past.Weeks = append([]prokus.PastWeek{{Week: w}}, past.Weeks...)
				continue
			}
			b.oneReport(p, w, amount, reason, at, past, highest)
			past.Weeks = append([]prokus.PastWeek{{Week: w, Reported: true, Amount: amount}}, past.Weeks...)
			past.Count++
			highest = max(highest, amount)
		}
	}
}

// amount is what somebody sold in the k-th week before now; ok is false when she did not say.
func (b *builder) amount(i, k int) (amount int64, reason string, ok bool) {
	l := b.lives[i]
	swing := int64(b.chance.IntN(21)-10) * l.base / 100 // always drawn, so that one life does not shift the others'
	luck := b.chance.IntN(10)
	if i == 0 {
		if k < 1 || k > len(sitiWeeks) {
			return 0, "", false
		}
		return sitiWeeks[len(sitiWeeks)-k], "", true
	}
	amount = l.base + swing
	switch l.course {
	case rising:
		amount += l.base * int64(weeks-k) * 3 / 100
	case falling:
		if k <= 2 {
			amount = amount * 50 / 100
		}
	case quiet:
		if k <= 2+i%3 {
			return 0, "", false
		}
	case resting:
		if k <= 2 {
			return 0, []string{"modal", "sakit"}[i%2], true
		}
	case stopped:
		if k <= 3 {
			return 0, "", false
		}
	case patchy:
		switch luck {
		case 0, 1:
			return 0, "", false
		case 2:
			return 0, []string{"hajatan", "sepi", "libur"}[i%3], true
		}
	}
	if k == 0 && luck < 6 { // on the Sunday evening itself most have not answered yet
		return 0, "", false
	}
	return (amount + 5_000) / 10_000 * 10_000, "", true
}

// reportTime is when she answers: mostly on Sunday evening, some on Monday, few on Tuesday, hardly anybody late.
func (b *builder) reportTime(p *Person, w prokus.Week) time.Time {
	minute := b.chance.IntN(80)
	switch n := b.chance.IntN(20); {
	case n < 13:
		return w.At(6, 18, 34+minute, p.Location())
	case n < 18:
		return w.At(7, 8+minute/10, minute%60, p.Location())
	case n < 19:
		return w.At(8, 17, 5+minute, p.Location())
	}
	return w.At(10, 9, minute, p.Location())
}

func (b *builder) oneReport(p *Person, w prokus.Week, amount int64, reason string, at time.Time, past prokus.Past, highest int64) {
	via := "sms"
	switch {
	case p.Telegram != "":
		via = "telegram"
	case p.ID%9 == 4:
		via = "ussd"
	}
	r := Report{Report: prokus.Report{
		Person: p.ID, Week: w, Amount: amount, Reason: reason, Source: prokus.BySelf, Channel: Channel(via), Late: !at.Before(w.Closes(p.Location())), At: at,
	}, Raw: written(amount, int(p.ID))}
	if p.Phone == "" {
		r.Source, r.Channel = prokus.ByProxy, Channel("sms")
		tksk := b.Staff[b.tksk[p.Area]-1]
		b.In = append(b.In, In{Staff: tksk.ID, Via: "sms", Sender: string(tksk.Phone), Text: fmt.Sprintf("lapor %s %s", p.Code, r.Raw), Intent: "REPORT", At: at})
	}
	var cause int
	if p.Phone != "" {
		cause = b.hear(p, via, r.Raw, "AMOUNT", at)
	}
	receipt, percent := prokus.ReceiptFor(amount, past, highest)
	args := text.Args{"jumlah": text.Rp(amount), "rentang": text.Week(w.Date()), "p": text.Num(percent), "n": text.Num(int64(past.Streak())), "total": text.Rp(lastOf(past))}
	b.say(p, Out{Kind: prokus.KindReceipt, Text: "report." + string(receipt), Via: receiptVia(via), Cause: cause, At: at.Add(3 * time.Second)}, args)
	if amount > 0 && p.ID > 1 && (int(p.ID)+int(w))%29 == 0 {
		b.correct(p, &r, via)
	}
	b.Reports = append(b.Reports, r)
}

// receiptVia: a USSD screen is followed by an SMS (R21).
func receiptVia(via string) string {
	if via == "ussd" {
		return "sms"
	}
	return via
}

// correct plays a mistake that she mends within the hour (J4-SMS-01).
func (b *builder) correct(p *Person, r *Report, via string) {
	at := r.At.Add(25 * time.Minute)
	if at.After(b.Now) || p.Phone == "" {
		return
	}
	old := r.Amount
	r.Amount = old - old/10/10_000*10_000
	if r.Amount == old {
		return
	}
	r.Changes = append(r.Changes, Change{Old: old, New: r.Amount, At: at, What: "correct"})
	cause := b.hear(p, via, "ubah "+written(r.Amount, int(p.ID)), "CORRECT", at)
	b.say(p, Out{Kind: prokus.KindReply, Text: "correct.changed", Via: receiptVia(via), Cause: cause, At: at.Add(3 * time.Second)}, text.Args{
		"rentang": text.Week(r.Week.Date()), "lama": text.Rp(old), "baru": text.Rp(r.Amount), "tglpendek": text.Day(r.Week.CorrectableUntil(p.Location())),
	})
}

func lastOf(past prokus.Past) int64 {
	if len(past.Weeks) == 0 {
		return 0
	}
	return past.Weeks[0].Amount
}

// written is an amount as this person writes amounts.
func written(amount int64, who int) string {
	if amount == 0 {
		return "0"
	}
	switch who % 4 {
	case 0:
		return fmt.Sprint(amount)
	case 1:
		return bahasa.Number(amount)
	case 2:
		return fmt.Sprintf("%d ribu", amount/1000)
	}
	return fmt.Sprintf("%drb", amount/1000)
}
