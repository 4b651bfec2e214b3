package demo

import (
	"slices"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// firstTicket of each kabupaten, so that numbers look like those of a programme that has been running.
const firstTicket = 3080

// cases opens what the histories give reason for, and leaves some that were closed. Tickets are numbered as they came.
func (b *builder) cases() {
	var all []Case
	for i := range b.People {
		p := &b.People[i]
		for _, c := range b.reasons(i, b.lives[i]) {
			c.Person, c.Area, c.Kabupaten = p.ID, p.Area, p.Area[:5]
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(x, y Case) int { return x.Opened.Compare(y.Opened) })
	tickets := map[string]int{}
	for _, c := range all {
		if tickets[c.Kabupaten] == 0 {
			tickets[c.Kabupaten] = firstTicket
		}
		tickets[c.Kabupaten]++
		c.Ticket = tickets[c.Kabupaten]
		b.open(b.person(c.Person), c)
	}
	b.digests()
}

// digests tells the TKSK who had nothing to do on the last Monday that there was nothing (J7-SMS-02).
func (b *builder) digests() {
	busy := map[int64]bool{}
	for _, c := range b.Cases {
		if c.Status != prokus.CaseClosed {
			busy[b.tksk[c.Area]] = true
		}
	}
	for _, s := range b.Staff {
		if s.Role != prokus.TKSK || busy[s.ID] {
			continue
		}
		at := b.week(0, s.Location()).At(0, 7, 30, s.Location())
		if at.After(b.Now) {
			at = at.AddDate(0, 0, -7)
		}
		b.tell(s, Out{Kind: prokus.KindDigest, Text: "worklist.empty", At: at}, text.Args{"tgl": text.Date(at), "petugas": text.Str(s.Called())})
	}
}

// reasons are the cases of one person, closed ones first. Siti has none open: the transcripts open hers.
func (b *builder) reasons(i int, l life) []Case {
	p := &b.People[i]
	closed := b.week(0, p.Location()).Starts(p.Location()).Add(30 * time.Hour) // Tuesday morning of the running week
	if closed.After(b.Now) {
		closed = closed.AddDate(0, 0, -7)
	}
	of := func(r prokus.Reason, at time.Time, d prokus.CaseDetail) Case {
		return Case{Case: prokus.Case{Reason: r, Opened: at, Detail: d}}
	}
	var out []Case
	if i%8 == 5 && l.since == weeks && l.course != unheard && p.Phone != "" {
		c := of(prokus.Visit, b.weekday(3, 2, 9, p), prokus.CaseDetail{When: "pagi", Topic: "modal"})
		c.Note, c.Closed = "kompor rusak tidak bisa jualan", b.weekday(3, 3, 11, p)
		out = append(out, c)
	}
	switch {
	case i == 3:
		out = append(out, of(prokus.DeadNumber, closed, prokus.CaseDetail{}))
	case l.course == quiet:
		out = append(out, of(prokus.Silent, closed, prokus.CaseDetail{Weeks: 2 + i%3}))
	case l.course == falling:
		out = append(out, of(prokus.Falling, closed, prokus.CaseDetail{Percent: 45}))
	case l.course == resting:
		out = append(out, of([]prokus.Reason{prokus.OutOfMoney, prokus.Sick}[i%2], closed.Add(-12*time.Hour), prokus.CaseDetail{}))
	case l.course == patchy && i%2 == 0:
		c := of(prokus.Visit, officeHour(b.Now.AddDate(0, 0, -1).In(p.Location())).Add(40*time.Minute), prokus.CaseDetail{When: "pagi", Topic: "kunjung"})
		c.Note = "gerobak rusak"
		out = append(out, c)
	case i == 9:
		out = append(out, of(prokus.Deduction, closed.Add(-3*time.Hour), prokus.CaseDetail{}))
	}
	return out
}

// weekday is an hour of a day (0 = Monday) of the k-th week before now.
func (b *builder) weekday(k, day, hour int, p *Person) time.Time {
	return b.week(k, p.Location()).At(day, hour, 40, p.Location())
}

// open gives a case its owner, its due times and its history.
func (b *builder) open(p *Person, c Case) {
	rule := prokus.CaseRuleFor(c.Reason)
	at := c.Opened.In(p.Location())
	c.ID = int64(len(b.Cases) + 1)
	c.Status, c.Priority, c.Confidential = prokus.CaseOpen, rule.Priority, rule.Confidential
	c.Due = b.calendar.AddWorkingDays(at, 2)
	c.Owner = b.tksk[p.Area]
	c.Events = []Event{{At: c.Opened, What: "opened"}}
	switch {
	case rule.ToDistrict:
		c.Owner = b.coordinatorOf(c.Kabupaten)
	default:
		c.RemindAt = b.calendar.AddWorkingDays(at, rule.RemindDays).Add(-8 * time.Hour)
		c.EscalateAt = b.calendar.AddWorkingDays(at, rule.EscalateDays)
	}
	tksk := c.Owner
	switch {
	case !c.Closed.IsZero():
		c.Acted, c.Status, c.Outcome, c.RemindAt, c.EscalateAt = c.Closed.Add(-time.Hour), prokus.CaseClosed, "dikunjungi", time.Time{}, time.Time{}
		c.Events = append(c.Events, Event{c.Acted, tksk, "visited", "sudah dibantu pinjaman kompor"}, Event{c.Closed, tksk, "closed", ""})
	case !c.EscalateAt.IsZero() && c.EscalateAt.Before(b.Now):
		c.Escalated, c.Owner = c.EscalateAt, b.coordinatorOf(c.Kabupaten)
		c.Events = append(c.Events, Event{c.RemindAt, 0, "reminded", ""}, Event{c.EscalateAt, 0, "escalated", ""})
		c.RemindAt, c.EscalateAt = time.Time{}, time.Time{}
	case !c.RemindAt.IsZero() && c.RemindAt.Before(b.Now):
		c.Events = append(c.Events, Event{c.RemindAt, 0, "reminded", ""})
		c.RemindAt = time.Time{}
	}
	b.Cases = append(b.Cases, c)
	if c.Note != "" && p.Phone != "" {
		cause := b.hear(p, "sms", "tolong "+c.Note, "HELP", c.Opened)
		b.say(p, Out{Kind: prokus.KindReply, Text: "help.noted", Via: "sms", Cause: cause, Case: c.ID, At: c.Opened.Add(2 * time.Second)},
			text.Args{"tgl": text.Date(c.Due), "no": text.Num(int64(c.Ticket)), "catatan": text.Quote(c.Note)})
	}
}
