package console

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Channel is a road out or in as it is configured.
type Channel struct {
	Name    string // as messages carry it
	Title   string
	On      bool
	Missing string // the setting without which it is off
	Sends   bool
	Price   int64  // of an SMS segment, rupiah
	Prices  string // by operator, where it differs
	Rate    string // "29/s"; empty: no limit
	Order   int    // place among the senders, from 1
	// Templates of WhatsApp that may not be sent, with what WhatsApp says of them.
	Templates []RefusedTemplate
}

// RefusedTemplate stands for one of our texts and may not be sent.
type RefusedTemplate struct{ Text, Lang, State string }

// Traffic is how a channel stood in the last day.
type Traffic struct {
	Channel         string
	In, Out, Failed int
	LastIn, LastOut time.Time
	Minute          int // messages that left in the last minute
	Waiting         int // messages that wait for it
	Gate            string
	Until           time.Time // the gate is closed
}

// GatewayPhone is one phone of a gateway.
type GatewayPhone struct {
	Channel, Name string
	SeenAt        time.Time
	Silent        bool
	Battery       int // percent; -1: it never said
	Charging      bool
}

// Outage is a time in which a channel or a phone did not work.
type Outage struct {
	Channel, Unit, Reason string
	From, To              time.Time // To zero: it lasts
}

// Budget is the cap of one kabupaten, or of all ("ID"), and what was spent.
type Budget struct {
	Area, Name     string
	Daily, Monthly int64 // rupiah; 0: no cap
	Today, Month   int64
}

// Credit is what is left of a sender's prepaid credit.
type Credit struct {
	Channel string
	Left    int64
	Expires time.Time // zero: nobody said
	At      time.Time // when it was noted
}

// Alarm is something that the operator is told while it lasts.
type Alarm struct {
	Kind, About string
	Since       time.Time
}

// Roads is everything that the page of channels shows from the database.
type Roads struct {
	Traffic []Traffic
	Phones  []GatewayPhone
	Outages []Outage
	Budgets []Budget // of the viewer's areas
	Credits []Credit
	Alarms  []Alarm
}

// Roadwork is what the console reads and changes about channels and money.
type Roadwork interface {
	Roads(ctx context.Context, s Scope, now time.Time) (Roads, error)
	// SetBudget caps an area of the scope; 0 lifts a cap. Other areas are ErrNotFound.
	SetBudget(ctx context.Context, s Scope, area string, daily, monthly int64, d Doing) error
	// NoteCredit notes prepaid credit, from which what is sent is taken off.
	NoteCredit(ctx context.Context, channel string, amount int64, expires time.Time, d Doing) error
}

type channelsPage struct {
	base
	Roads
	Channels []channelRow
	Problems []Problem
}

type channelRow struct {
	Channel
	Traffic
}

func (c *console) channelsPage(v *visit) error { return c.showChannels(v, http.StatusOK, nil) }

func (c *console) showChannels(v *visit, status int, problems []Problem) (err error) {
	p := channelsPage{base: c.base(v, "title.channels", "channels"), Problems: problems}
	if p.Roads, err = c.Store.Roads(v.r.Context(), v.viewer.Scope(), v.now); err != nil {
		return err
	}
	for _, ch := range c.channels() {
		row := channelRow{Channel: ch}
		if i := slices.IndexFunc(p.Traffic, func(t Traffic) bool { return t.Channel == ch.Name }); i >= 0 {
			row.Traffic = p.Traffic[i]
		}
		p.Channels = append(p.Channels, row)
	}
	return c.show(v, status, "saluran", p)
}

func (c *console) channels() []Channel {
	if c.Channels == nil {
		return nil
	}
	return c.Channels()
}

// Prepaid are the senders whose credit somebody may note.
func (p channelsPage) Prepaid() (names []string) {
	for _, r := range p.Channels {
		if r.On && r.Sends {
			names = append(names, r.Name)
		}
	}
	return names
}

// setBudget caps what broadcasts may cost.
func (c *console) setBudget(v *visit) error {
	var problems []Problem
	read := func(name string) int64 {
		s := field(v.r.PostForm.Get(name), 20)
		if s == "" {
			return 0
		}
		n, ok := rupiahUpTo(s, maxBudget)
		if !ok {
			problems = append(problems, Problem{Field: name, Key: "money"})
		}
		return n
	}
	daily, monthly := read("harian"), read("bulanan")
	if len(problems) > 0 {
		return c.showChannels(v, http.StatusUnprocessableEntity, problems)
	}
	area := field(v.r.PostForm.Get("wilayah"), 10)
	if area == "" {
		return errForm
	}
	if err := c.Store.SetBudget(v.r.Context(), v.viewer.Scope(), area, daily, monthly, v.doing("anggaran pesan")); err != nil {
		return err
	}
	return v.redirect("/saluran", "budget")
}

// noteCredit keeps what somebody read off a SIM.
func (c *console) noteCredit(v *visit) error {
	amount, ok := rupiahUpTo(field(v.r.PostForm.Get("pulsa"), 20), maxBudget)
	if !ok {
		return c.showChannels(v, http.StatusUnprocessableEntity, []Problem{{Field: "pulsa", Key: "money"}})
	}
	var expires time.Time
	if s := strings.TrimSpace(v.r.PostForm.Get("berlaku")); s != "" {
		var err error
		if expires, err = time.Parse(time.DateOnly, s); err != nil || expires.Before(prokus.Day(v.now)) {
			return c.showChannels(v, http.StatusUnprocessableEntity, []Problem{{Field: "berlaku", Key: "expiry_day"}})
		}
	}
	name := field(v.r.PostForm.Get("saluran"), 40)
	if !slices.ContainsFunc(c.channels(), func(ch Channel) bool { return ch.Name == name && ch.On && ch.Sends }) {
		return errForm
	}
	if err := c.Store.NoteCredit(v.r.Context(), name, amount, expires, v.doing("pulsa "+name)); err != nil {
		return err
	}
	return v.redirect("/saluran", "credit")
}

// maxBudget bounds a cap, rupiah.
const maxBudget = 100_000_000_000
