package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// A USSD session posts all its inputs each time. We keep how many were taken, so that only what is new acts: a step posted
// twice is a repeat (known by the inbox), and *123*77*1*750# brings several steps at once.

// ussd takes the new inputs of a session through the menus and answers with the last screen.
func (t *turn) ussd() error {
	taken, ok, err := t.USSDSession(t.ctx, t.in.Session, t.in.From, t.now)
	if err != nil {
		return fmt.Errorf("ussd session: %w", err)
	}
	if !ok { // a session that belongs to another phone (faults.md F8)
		t.intent = "SESSION_FOREIGN"
		return t.ussdEnd("ussd.error")
	}
	inputs := t.in.Inputs
	dialled := taken == 0
	if dialled {
		if err := t.ussdOpen(len(inputs) > 0); err != nil {
			return err
		}
		taken = 1 // the dialling itself
	} else if len(inputs) < taken { // fewer inputs than were taken: the gateway lost its count, we keep ours
		if len(inputs) > 0 {
			inputs = append(make([]string, taken-1), inputs[len(inputs)-1])
		}
	}
	fresh := inputs[min(taken-1, len(inputs)):]
	if !dialled && len(fresh) > 1 && slices.Contains(fresh, "") { // she typed "75*" herself: nobody sends an empty step between two
		taken += len(fresh) - 1
		fresh = []string{strings.Join(fresh, "*")}
	}
	for _, input := range fresh {
		taken++
		if t.inline.End {
			break
		}
		if err := t.ussdInput(strings.TrimSpace(input)); err != nil {
			return err
		}
	}
	return t.SaveUSSDSession(t.ctx, t.in.Session, taken, t.inline.End, t.now)
}

// ussdInput answers the screen that is open. What the screen does not offer goes to its else, or shows it again.
func (t *turn) ussdInput(input string) error {
	places, err := t.PlacesOf(t.ctx, t.owner(), t.now)
	if err != nil {
		return fmt.Errorf("ussd: %w", err)
	}
	if len(places) == 0 {
		return t.route("start", flows.Vars{})
	}
	p := places[0]
	t.pick(str(p.Vars, "letter")) // on a shared phone the first screen has asked whose session it is
	t.text = input
	a, ok := t.ussdAnswer(p, input)
	if ok {
		done, err := t.give(&p, a)
		if done || err != nil {
			return err
		}
		return t.route("start", flows.Vars{})
	}
	res, ok, err := t.Book.Else(p.Ref, p.Vars, t.do)
	if err != nil {
		return fmt.Errorf("ussd: %w", err)
	}
	if !ok {
		if res, err = t.Book.Start(p.Ref, p.Vars, t.do); err != nil {
			return fmt.Errorf("ussd: %w", err)
		}
	}
	return t.say(res, &p)
}

func (t *turn) ussdAnswer(p Place, input string) (flows.Answer, bool) {
	for _, o := range p.Options {
		if o.On(string(channels.USSD)) && strings.EqualFold(o.Key, input) {
			return flows.Answer{Option: o.Key, Text: input}, true
		}
	}
	if p.takes("amount") {
		// The screen says how it counts: 87 is 87 thousand, 1500000 is what it says (J3-USSD-01).
		if n, err := strconv.ParseInt(input, 10, 64); err == nil && n > 0 && len(input) <= 12 {
			if n < 10_000 {
				n *= 1000
			}
			return flows.Answer{Kind: "amount", Value: amountVar(bahasa.Amount{Verdict: bahasa.Value, Rupiah: n}), Text: input}, true
		}
	}
	if strings.ContainsAny(input, "*#") { // a slip of the keypad, not a figure
		return flows.Answer{}, false
	}
	for _, kind := range p.Typed {
		if kind == "amount" && !surely(input) {
			continue
		}
		if v, ok := typed(kind, input, t); ok {
			return flows.Answer{Kind: kind, Value: v, Text: input}, true
		}
	}
	return flows.Answer{}, false
}

// surely says whether words on the amount screen leave no doubt ("750rb", "1,5 juta", LIBUR). "-5" and "5-6" are slips: on a
// keypad typing anew is quicker than answering what was meant.
func surely(input string) bool {
	a := bahasa.ReadAmountAsked(input)
	return !strings.HasPrefix(input, "-") && !strings.HasPrefix(input, "+") && (a.Verdict == bahasa.Value || a.Kind == bahasa.KindSame)
}

// sayUSSD makes the screen of a flow's result: its last text with the options below. What is said "also" goes by SMS.
func (t *turn) sayUSSD(res flows.Result) error {
	screen := -1
	for i, s := range res.Said {
		if !s.On(string(channels.USSD)) {
			continue
		}
		switch s.Via {
		case "", string(channels.USSD):
			screen = i
		case string(channels.SMS):
			m, ok, err := t.receipt(s)
			if err != nil {
				return err
			}
			if ok {
				if _, err := t.reply.Enqueue(t.ctx, t.now, m); err != nil {
					return fmt.Errorf("ussd receipt: %w", err)
				}
			}
		}
	}
	if screen < 0 {
		return t.ussdEnd("ussd.error")
	}
	s := res.Said[screen]
	r, err := t.render(s.Key, s.Args)
	if err != nil {
		return err
	}
	lines := []string{r}
	if res.Wait != nil {
		for _, o := range res.Wait.Options {
			if o.LabelKey == "" || !o.On(string(channels.USSD)) {
				continue
			}
			a := t.standing()
			for k, v := range s.Args { // "Ganti jadi Rp200.000"
				a[k] = v
			}
			for k, v := range o.LabelArgs {
				a[k] = v
			}
			lines = append(lines, o.Key+" "+t.Texts.LabelOn(o.LabelKey, string(t.lang()), string(channels.USSD), t.Texts.Pick(o.LabelKey, a)))
		}
	}
	t.inline = channels.Reply{Text: bahasa.Plain(strings.Join(lines, "\n")), End: res.Wait == nil}
	if res.Wait == nil {
		return nil
	}
	p := t.place(res)
	p.Session = t.in.Session
	if err := t.OpenPlace(t.ctx, p); err != nil {
		return fmt.Errorf("ussd place: %w", err)
	}
	return nil
}

func (t *turn) ussdEnd(key string) error {
	r, err := t.render(key, nil)
	if err != nil {
		return err
	}
	t.inline = channels.Reply{Text: r, End: true}
	return nil
}
