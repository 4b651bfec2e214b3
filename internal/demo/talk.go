package demo

import (
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// invite plays the invitation of everybody who has a number (J1-SMS-01).
func (b *builder) invite() {
	for i := range b.People {
		p, l := &b.People[i], b.lives[i]
		if p.Phone == "" || l.course == unheard {
			continue
		}
		if l.course == invited { // some days ago, and no answer yet
			p.InvitedAt, p.Consent, p.ConsentAt = officeHour(b.Now.AddDate(0, 0, -5).In(p.Location())), prokus.Invited, time.Time{}
			p.Created = p.InvitedAt
		}
		b.say(p, Out{Key: "invite:%d:1", Kind: prokus.KindInvitation, Text: "invite.first", Via: "sms", At: p.InvitedAt}, nil)
		if l.course == invited {
			continue
		}
		cause := b.hear(p, "sms", "ya", "YES", p.ConsentAt)
		b.say(p, Out{Kind: prokus.KindReply, Text: "consent.thanks", Via: "sms", Cause: cause, At: p.ConsentAt.Add(2 * time.Second)}, nil)
		cause = b.hear(p, "sms", map[prokus.Lang]string{prokus.ID: "1", prokus.SU: "2", prokus.JV: "3"}[p.Lang], "", p.ConsentAt.Add(time.Minute))
		p.LangChosen = true
		b.say(p, Out{Kind: prokus.KindReply, Text: "consent.welcome", Via: "sms", Cause: cause, At: p.ConsentAt.Add(62 * time.Second)}, nil)
		if l.course == stopped {
			at := b.week(3, p.Location()).At(1, 10, 20, p.Location())
			p.Consent, p.ConsentAt = prokus.Stopped, at
			cause = b.hear(p, "sms", "STOP", "STOP", at)
			b.say(p, Out{Kind: prokus.KindReply, Text: "consent.stopped", Via: "sms", Cause: cause, At: at.Add(2 * time.Second)}, nil)
		}
	}
}

func officeHour(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, t.Location())
}

// prompt plays the Sunday question of a week, if its hour has come.
func (b *builder) prompt(p *Person, w prokus.Week) {
	at := w.At(6, 18, 30, p.Location())
	if p.Consent != prokus.Agreed || at.Before(p.ConsentAt) || at.After(b.Now) {
		return
	}
	b.say(p, Out{Key: "week.prompt:%d:" + w.String(), Kind: prokus.KindPrompt, Text: "prompt.week", At: at}, text.Args{"rentang": text.Week(w.Date())})
}

// remind plays Monday's reminder for who has not reported by then.
func (b *builder) remind(p *Person, w prokus.Week, reported time.Time) {
	at := w.At(7, 12, 30, p.Location())
	if p.Consent != prokus.Agreed || at.Before(p.ConsentAt) || at.After(b.Now) || !reported.IsZero() && reported.Before(at) {
		return
	}
	b.say(p, Out{Key: "week.remind1:%d:" + w.String(), Kind: prokus.KindReminder, Text: "remind.first", At: at}, text.Args{"rentang": text.Week(w.Date())})
}
