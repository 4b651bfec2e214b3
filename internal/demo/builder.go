package demo

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/areas"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// weeks of history before now.
const weeks = 8

type builder struct {
	*World
	index    *areas.Index
	texts    *text.Catalogue
	calendar prokus.Calendar
	chance   *rand.Rand
	lives    []life // beside People
	tksk     map[string]int64
	err      error
}

func newBuilder(now time.Time, index *areas.Index, texts *text.Catalogue, days []areas.Holiday) *builder {
	dates := make([]time.Time, len(days))
	for i, d := range days {
		dates[i] = d.Day
	}
	return &builder{
		World: &World{Now: now, BatchName: fmt.Sprintf("ProKUS %d", now.Year()), Opened: now.AddDate(0, -4, 0)},
		index: index, texts: texts, calendar: prokus.NewCalendar(dates), tksk: map[string]int64{},
		chance: rand.New(rand.NewPCG(19680607, 482919)), // always the same chances
	}
}

// week is the k-th week before the one that runs now, where somebody lives; 0 is the running one.
func (b *builder) week(k int, loc *time.Location) prokus.Week {
	return prokus.WeekOf(b.Now.In(loc)) - prokus.Week(k)
}

func (b *builder) person(id int64) *Person { return &b.People[id-1] }

// args are those that every text about a person may use.
func (b *builder) args(p *Person) text.Args {
	tksk := "pendamping"
	if id := b.tksk[p.Area]; id != 0 {
		tksk = b.Staff[id-1].Called()
	}
	ibu := "Ibu"
	if p.Title() == "Pak" {
		ibu = "Bapak"
	}
	return text.Args{"sapaan": text.Str(p.Title()), "nama": text.Name(p.First()), "tksk": text.Str(tksk), "ibu": text.Str(ibu), "awalan": text.Str("")}
}

// hear adds a message from a person and says which one it is.
func (b *builder) hear(p *Person, via, words, intent string, at time.Time) int {
	sender := string(p.Phone)
	if via == "telegram" {
		sender = p.Telegram
	}
	b.In = append(b.In, In{Person: p.ID, Via: via, Sender: sender, Text: words, Intent: intent, At: at})
	if at.After(p.LastSeen) {
		p.LastSeen = at
	}
	return len(b.In)
}

// say adds a message to a person as it would have been rendered. Nothing is said to people without a number.
func (b *builder) say(p *Person, o Out, args text.Args) {
	if p.Phone == "" || b.err != nil {
		return
	}
	o.Person, o.Lang = p.ID, p.Lang
	if o.Via == "" {
		o.Via = "sms"
		if p.Telegram != "" {
			o.Via = "telegram"
		}
	}
	o.Recipient = string(p.Phone)
	if o.Via == "telegram" {
		o.Recipient = p.Telegram
	}
	all := b.args(p)
	for k, v := range args {
		all[k] = v
	}
	b.render(o, all)
}

// tell adds a message to a member of staff.
func (b *builder) tell(s Staff, o Out, args text.Args) {
	if b.err != nil {
		return
	}
	o.Staff, o.Lang, o.Via, o.Recipient = s.ID, prokus.ID, "sms", string(s.Phone)
	b.render(o, args)
}

func (b *builder) render(o Out, args text.Args) {
	out, err := b.texts.Render(o.Text, string(o.Lang), args, text.Route{Via: o.Via})
	if err != nil {
		b.err = fmt.Errorf("text %s: %w", o.Text, err)
		return
	}
	raw, err := json.Marshal(args)
	if err != nil {
		b.err = fmt.Errorf("text %s: %w", o.Text, err)
		return
	}
	o.Args, o.Said, o.Segments = raw, out.Text, out.Parts
	b.Out = append(b.Out, o)
}
