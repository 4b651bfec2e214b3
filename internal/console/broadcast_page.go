package console

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// What the pages of broadcasts show at most.
const (
	broadcastRows = 100
	sampleRows    = 10 // before it is approved
	sentRows      = 5  // of what has left
)

type broadcastsPage struct {
	base
	Rows []Broadcast
}

func (c *console) broadcasts(v *visit) error {
	rows, err := c.Store.Broadcasts(v.r.Context(), v.viewer.Scope(), broadcastRows)
	if err != nil {
		return err
	}
	return c.show(v, http.StatusOK, "siaran", broadcastsPage{c.base(v, "title.broadcasts", "broadcasts"), rows})
}

// broadcastPage shows one broadcast: its form while it is a draft, then what was frozen, then how far it is.
type broadcastPage struct {
	base
	Broadcast
	Form     broadcastForm
	Choices  choices
	Problems []Problem
	Refused  bool // Problems are those of an act that was just refused, not what a draft still lacks
	Audience Audience
	Quote    Quote
	Samples  []sample
	Progress Progress
	MayYes   bool // the viewer could approve it
	Own      bool // waits, but for somebody else than the viewer
	Typed    bool // so many that the count must be typed
	Messages []Said
	Listed   []Taker // who has a seat
	Waiting  []Taker
	Replies  []ReplyRow // that nobody has settled
}

// sample is a message as one recipient would read it.
type sample struct {
	Recipient
	Text  string
	Parts int
}

// choices are what the form offers.
type choices struct {
	Areas   []Area
	Batches []Batch
	Langs   []prokus.Lang
}

func (c *console) broadcast(v *visit) error {
	id, err := v.id()
	if err != nil {
		return err
	}
	b, err := c.Store.Broadcast(v.r.Context(), v.viewer.Scope(), id)
	if err != nil {
		return err
	}
	return c.showBroadcast(v, http.StatusOK, b, formOf(b, v.now.Location()), nil)
}

// showBroadcast renders the page; problems are those of the act that was just refused.
func (c *console) showBroadcast(v *visit, status int, b Broadcast, f broadcastForm, refused []Problem) error {
	ctx, s := v.r.Context(), v.viewer.Scope()
	p := broadcastPage{base: c.base(v, "title.broadcast", "broadcasts"), Broadcast: b, Form: f, Problems: refused, Refused: len(refused) > 0}
	if b.Name != "" {
		p.Title = b.Name
	}
	var err error
	if p.Choices, err = c.choices(v, b); err != nil {
		return err
	}
	switch b.State {
	case Draft:
		if p.Audience, err = c.Store.Audience(ctx, s, b, v.now); err != nil {
			return err
		}
		p.Typed = len(p.Audience.People) > TypedAbove
		p.quote(b, c.Tariff)
		if len(refused) == 0 {
			p.Problems = b.Problems(p.Audience.Rules, v.now, v.now.Location())
			if p.Quote.Parts > MaxParts {
				p.Problems = append(p.Problems, Problem{Field: "teks_id", Key: "long"})
			}
			if p.Audience.Exceeded(p.Quote.Cost) {
				p.Problems = append(p.Problems, Problem{Field: "hitung", Key: "budget", Arg: bahasa.Money(p.Audience.Left, bahasa.Full)})
			}
		}
	case Submitted:
		// For the samples; what was frozen is what will go.
		if p.Audience, err = c.Store.Audience(ctx, s, b, v.now); err != nil {
			return err
		}
		p.quote(b, c.Tariff)
		p.MayYes = b.MayApprove(v.viewer.Staff) == nil
		p.Own = !p.MayYes
		p.Typed = b.Frozen.People > TypedAbove
	default:
		if p.Progress, err = c.Store.Progress(ctx, s, b.ID); err != nil {
			return err
		}
		if p.Messages, err = c.Store.Messages(ctx, s, MessageFilter{Broadcast: b.ID, Limit: sentRows}); err != nil {
			return err
		}
		if p.Replies, err = c.Store.Replies(ctx, s, b.ID, false, replyRows); err != nil {
			return err
		}
		if b.Offer == nil {
			break
		}
		takers, err := c.Store.Takers(ctx, s, b.ID, takerRows)
		if err != nil {
			return err
		}
		for _, t := range takers {
			if t.Number > 0 {
				p.Listed = append(p.Listed, t)
			} else {
				p.Waiting = append(p.Waiting, t)
			}
		}
	}
	return c.show(v, status, "satu_siaran", p)
}

func (p *broadcastPage) quote(b Broadcast, t Tariff) {
	p.Quote = QuoteFor(b.Wording, p.Audience.People, t)
	p.Samples = samples(b.Wording, p.Audience.People)
}

// AreaNames of the rule.
func (p broadcastPage) AreaNames() []string {
	out := make([]string, len(p.Rule.Areas))
	for i, code := range p.Rule.Areas {
		out[i] = code
		for _, a := range p.Choices.Areas {
			if a.Code == code {
				out[i] = a.Name
			}
		}
	}
	return out
}

// OneCostly is the only character that leaves GSM-7, nil if there are none or more.
func (p broadcastPage) OneCostly() *Costly {
	var one *Costly
	for _, m := range p.Quote.Meters {
		for _, c := range m.Costly {
			if one != nil && one.Char != c.Char {
				return nil
			}
			one = &c
		}
	}
	return one
}

// LongestValues are the longest values of the placeholders in the audience, as JSON for the meter in the browser.
func (p broadcastPage) LongestValues() string {
	l := Recipient{}
	if len(p.Audience.People) == 0 {
		l = longest
	}
	for _, r := range p.Audience.People {
		for _, v := range []struct {
			old *string
			new string
		}{{&l.Name, r.called()}, {&l.Salutation, prokus.Title(r.Salutation)}, {&l.TKSK, r.TKSK}, {&l.Kecamatan, r.Kecamatan}} {
			if len(v.new) > len(*v.old) {
				*v.old = v.new
			}
		}
	}
	values := map[string]string{}
	for _, k := range known {
		values[k] = fill(k, l)
	}
	b, err := json.Marshal(values)
	if err != nil {
		return "{}" // strings always marshal
	}
	return string(b)
}

// samples are the longest message of each language first, then the first people of the list.
func samples(w Wording, people []Recipient) []sample {
	longest := map[prokus.Lang]sample{}
	size := map[prokus.Lang]int{}
	var out []sample
	for _, r := range people {
		t := w.Say(r)
		parts, _, units := bahasa.Segments(t)
		if units > size[r.Lang] {
			size[r.Lang], longest[r.Lang] = units, sample{r, t, parts}
		}
	}
	for _, s := range longest {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b sample) int { return cmp.Compare(a.Lang, b.Lang) })
	for _, r := range people {
		if len(out) == sampleRows {
			break
		}
		if slices.ContainsFunc(out, func(s sample) bool { return s.Person == r.Person }) {
			continue
		}
		t := w.Say(r)
		parts, _, _ := bahasa.Segments(t)
		out = append(out, sample{r, t, parts})
	}
	return out
}

// choices of the form: the kecamatan of the broadcast's own area, within the viewer's scope.
func (c *console) choices(v *visit, b Broadcast) (ch choices, err error) {
	ch.Langs = broadcastLangs
	if ch.Batches, err = c.Store.Batches(v.r.Context()); err != nil {
		return ch, err
	}
	areas, err := c.Store.Kecamatan(v.r.Context(), v.viewer.Scope())
	if err != nil {
		return ch, err
	}
	for _, a := range areas {
		if within(a.Code, b.Area) {
			ch.Areas = append(ch.Areas, a)
		}
	}
	return ch, nil
}

// within says whether an area lies in another, by their codes.
func within(code, area string) bool {
	return area == "ID" || code == area || (len(code) > len(area) && code[:len(area)] == area && code[len(area)] == '.')
}

// Left is what has not left yet.
func (p Progress) Left() int { return p.Waiting + p.Queued }

// Handled is the share of the list that is done with, for a bar of 100.
func (p Progress) Handled() int {
	if p.People == 0 {
		return 0
	}
	return 100 * (p.People - min(p.People, p.Left())) / p.People
}

// takerList is a list with its page, for the template.
type takerList struct {
	Page broadcastPage
	Rows []Taker
}

// ListOf is a list of those who answered IKUT.
func (p broadcastPage) ListOf(rows []Taker) takerList { return takerList{p, rows} }

// Place is the place of a row in the queue.
func (takerList) Place(i int) int { return i + 1 }
