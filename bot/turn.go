package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// turn is one inbound on its way through.
type turn struct {
	*Bot
	Tx        // what verbs and acts see
	reply  Tx // the same, but messages go out at once
	ctx    context.Context
	in     channels.Inbound
	now    time.Time // in the writer's zone once we know who writes
	inbox  int64
	who    who
	text   string // what is to be read, without a shared number's letter
	intent string // how it was read, kept for the figures
	inline channels.Reply
	resume string        // a message that waited until we knew whose it is
	tksk   *prokus.Staff // of the person's kecamatan, loaded when first needed
	looked bool
}

// run takes the turn to its end. What acts tell others waits until she is answered.
func (t *turn) run() error {
	others := &held{Tx: t.Tx}
	t.reply, t.Tx = t.Tx, others
	if err := t.steps(); err != nil && !errors.Is(err, errSilent) {
		return err
	}
	if len(others.msgs) == 0 {
		return nil
	}
	if _, err := t.reply.Enqueue(t.ctx, t.now, others.msgs...); err != nil {
		return fmt.Errorf("tell others: %w", err)
	}
	return nil
}

// held keeps back what acts say to others, so that the answer to whoever writes comes first.
type held struct {
	Tx
	msgs []prokus.Message
}

// Enqueue keeps messages for the turn's end. Their ids are not known yet.
func (h *held) Enqueue(_ context.Context, _ time.Time, msgs ...prokus.Message) ([]string, error) {
	h.msgs = append(h.msgs, msgs...)
	return make([]string, len(msgs)), nil
}

func (t *turn) steps() error {
	if err := t.findWho(); err != nil {
		return err
	}
	if t.who.person != nil {
		if err := t.Seen(t.ctx, t.who.person.ID, t.now); err != nil {
			return fmt.Errorf("seen: %w", err)
		}
	}
	switch t.in.Kind {
	case channels.Text, channels.Edit:
		if t.in.Via == channels.USSD {
			return t.ussd()
		}
		if stop, err := t.loops(); err != nil || stop {
			return err
		}
		return t.readText()
	case channels.Choice:
		return t.readButton()
	case channels.Contact:
		return t.readContact()
	case channels.Call:
		return t.route("CALL", flows.Vars{})
	case channels.Media:
		return t.route("MEDIA_"+strings.ToUpper(t.in.MediaKind), flows.Vars{})
	case channels.Blocked, channels.Unblocked:
		return t.BlockAddress(t.ctx, addressKind(t.in.Via), t.in.From, t.in.Kind == channels.Blocked, t.now)
	}
	return t.route("OTHER", flows.Vars{})
}

// loopReplies in loopTime are as many as a human conversation takes; beyond them two machines are talking (faults.md A17).
const (
	loopReplies  = 20
	loopTime     = 5 * time.Minute
	unknownDaily = 10 // replies a day to somebody we do not know
)

func (t *turn) loops() (bool, error) {
	n, err := t.RepliesTo(t.ctx, t.in.From, t.now.Add(-loopTime))
	if err != nil {
		return false, fmt.Errorf("loop guard: %w", err)
	}
	if n >= loopReplies {
		t.intent = "LOOP"
		return true, nil
	}
	if t.who.role != roleUnknown {
		return false, nil
	}
	n, err = t.RepliesTo(t.ctx, t.in.From, t.now.Add(-24*time.Hour))
	if err != nil {
		return false, fmt.Errorf("loop guard: %w", err)
	}
	if n >= unknownDaily {
		t.intent = "LOOP"
	}
	return n >= unknownDaily, nil
}

// route starts the flow that a word leads to for this role. A word without a way ends in NONE, the words that we could not
// read.
func (t *turn) route(word string, vars flows.Vars) error {
	role := t.who.role
	if t.in.Via == channels.USSD {
		if role == roleMentor || role == roleCoordinator { // screens are for beneficiaries and TKSK
			role = roleUnknown
		}
		role = "ussd_" + role
	}
	t.intent = word
	ref, ok := t.Book.Route(role, word)
	if !ok && role == roleTKSK && t.who.person != nil { // a TKSK who is a beneficiary too
		ref, ok = t.Book.Route(roleBeneficiary, word)
	}
	if !ok {
		if ref, ok = t.Book.Route(role, "NONE"); !ok {
			return fmt.Errorf("routes: role %s has no NONE", role)
		}
	}
	res, err := t.Book.Start(ref, vars, t.do)
	if err != nil {
		return fmt.Errorf("flow %s: %w", ref, err)
	}
	return t.say(res, nil)
}

// do lets a verb of a flow act.
func (t *turn) do(name string, vars flows.Vars) (flows.Outcome, error) {
	v, ok := t.verbs[name]
	if !ok {
		return flows.Outcome{}, fmt.Errorf("verb %s is not known", name)
	}
	return v.do(t, vars)
}

// say turns a flow's result into outbox rows, the in-line answer and the open question. from is the place that was
// answered; it closes unless the flow keeps it.
func (t *turn) say(res flows.Result, from *Place) error {
	if from != nil && !res.Keep {
		if err := t.ClosePlace(t.ctx, from.ID); err != nil {
			return fmt.Errorf("close place: %w", err)
		}
	}
	if t.in.Via == channels.USSD {
		return t.sayUSSD(res)
	}
	var msgs []prokus.Message
	asks := -1 // the message that carries the question
	for _, s := range res.Said {
		if !s.On(string(t.in.Via)) {
			continue
		}
		switch {
		case s.Via == "sms" && t.in.Via != channels.SMS:
			if m, ok, err := t.receipt(s); err != nil {
				return err
			} else if ok {
				msgs = append(msgs, m)
			}
			continue
		case s.Via != "" && s.Via != string(t.in.Via):
			continue
		case s.As == flows.AsToast && t.in.Kind == channels.Choice:
			r, err := t.render(s.Key, s.Args)
			if err != nil {
				return err
			}
			t.inline.Toast = r
			continue
		case s.As == flows.AsEdit && t.in.Kind == channels.Choice && len(s.Options) == 0:
			r, err := t.render(s.Key, s.Args)
			if err != nil {
				return err
			}
			t.inline.EditText = r
			continue
		}
		m, err := t.message(s)
		if err != nil {
			return err
		}
		if s.Options != nil {
			asks = len(msgs)
		}
		msgs = append(msgs, m)
	}
	ids, err := t.reply.Enqueue(t.ctx, t.now, msgs...)
	if err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	if res.Wait == nil {
		return nil
	}
	p := t.place(res)
	if asks < 0 {
		asks = len(ids) - 1
	}
	if asks >= 0 {
		p.Message = ids[asks]
	}
	if err := t.OpenPlace(t.ctx, p); err != nil {
		return fmt.Errorf("open place: %w", err)
	}
	return nil
}

func (t *turn) place(res flows.Result) Place {
	return Place{
		Owner: t.owner(), Ref: res.Wait.Ref, Vars: res.Vars, Options: res.Wait.Options, Typed: res.Wait.Ask,
		Channel: t.in.Channel, Asked: t.now, Expires: t.now.Add(res.Wait.TTL),
	}
}

// message is a reply on the road by which the message came.
func (t *turn) message(s flows.Said) (prokus.Message, error) {
	m := prokus.Message{
		Person: t.personID(), Staff: t.staffID(), Channel: t.in.Channel, Via: string(t.in.Via), To: t.in.From, Kind: prokus.KindReply,
		Text: s.Key, Lang: t.lang(), Keyboard: s.Keyboard, Cause: t.inbox,
	}
	if m.Staff != 0 {
		m.Person = 0
	}
	var err error
	if m.Args, err = t.args(s.Key, s.Args); err != nil {
		return m, err
	}
	if t.in.Via == channels.Telegram && (len(s.Options) > 0 || len(s.Buttons) > 0) {
		m.Buttons, err = buttons(s, string(t.in.Via))
	}
	return m, err
}

// receipt is an SMS besides the answer on another road: USSD screens vanish (R21).
func (t *turn) receipt(s flows.Said) (prokus.Message, bool, error) {
	if t.who.person == nil {
		return prokus.Message{}, false, nil
	}
	phone, err := t.PhoneOf(t.ctx, t.who.person.ID)
	if err != nil {
		return prokus.Message{}, false, fmt.Errorf("receipt: %w", err)
	}
	if t.in.Via == channels.USSD { // the phone in her hand, registered or not
		phone = prokus.Phone(t.in.From)
	}
	if phone == "" {
		return prokus.Message{}, false, nil
	}
	a, err := t.args(s.Key, s.Args)
	return prokus.Message{
		Person: t.who.person.ID, Via: string(channels.SMS), To: string(phone), Kind: prokus.KindReceipt,
		Text: s.Key, Args: a, Lang: t.lang(), Cause: t.inbox,
	}, err == nil, err
}

// buttonsJSON is the form in which the outbox keeps what a channel with buttons shows.
type buttonsJSON struct {
	Options  []buttonOption `json:"options,omitempty"`
	Commands []string       `json:"commands,omitempty"`
}

type buttonOption struct {
	Key   string         `json:"key"`
	Label string         `json:"label"`
	Args  map[string]any `json:"args,omitempty"`
}

func buttons(s flows.Said, via string) (json.RawMessage, error) {
	b := buttonsJSON{Commands: s.Buttons}
	for _, o := range s.Options {
		if o.On(via) && o.LabelKey != "" {
			b.Options = append(b.Options, buttonOption{o.Key, o.LabelKey, o.LabelArgs})
		}
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("buttons: %w", err)
	}
	return raw, nil
}

// args are the values that a text needs: what everybody knows of the person, under what the flow knows.
func (t *turn) args(key string, vars flows.Vars) (json.RawMessage, error) {
	all := t.standing()
	for k, v := range vars {
		all[k] = v
	}
	raw, err := json.Marshal(t.Texts.Pick(key, all))
	if err != nil {
		return nil, fmt.Errorf("arguments of %s: %w", key, err)
	}
	return raw, nil
}

// standing are the values that every text may use without a verb giving them.
func (t *turn) standing() map[string]any {
	all := map[string]any{"ussd": text.Str(t.USSD)}
	if p := t.who.person; p != nil {
		all["sapaan"], all["nama"], all["ibu"] = text.Str(p.Title()), text.Name(p.First()), text.Str(p.Salutation)
		if s := t.companion(); s != nil {
			all["tksk"] = text.Str(s.Called())
		} else {
			all["tksk"] = text.Key("person.companion", nil)
		}
	} else {
		all["sapaan"], all["ibu"] = text.Str("Bu"), text.Str("Ibu")
	}
	if s := t.who.staff; s != nil {
		all["petugas"] = text.Str(s.Called())
	}
	return all
}

// companion is the TKSK of her kecamatan, nil when the post is vacant or cannot be looked up.
func (t *turn) companion() *prokus.Staff {
	if !t.looked && t.who.person != nil {
		t.looked = true
		if s, ok, err := t.TKSKFor(t.ctx, t.who.person.Area, t.now); err == nil && ok {
			t.tksk = &s
		}
	}
	return t.tksk
}

// render says a text at once, for what rides home with the answer.
func (t *turn) render(key string, vars flows.Vars) (string, error) {
	all := t.standing()
	for k, v := range vars {
		all[k] = v
	}
	r, err := t.Texts.Render(key, string(t.lang()), t.Texts.Pick(key, all), text.Route{Via: string(t.in.Via), Money: bahasa.Full, MaxParts: 1})
	if err != nil {
		return "", fmt.Errorf("render: %w", err)
	}
	return r.Text, nil
}

func (t *turn) by() acts.By {
	b := acts.By{Now: t.now, Channel: t.in.Channel, Inbox: t.inbox, Raw: t.in.Text}
	if t.who.acting == actingStaff {
		b.Staff = t.who.staff
	}
	return b
}

func (t *turn) lang() prokus.Lang {
	switch {
	case t.who.acting == actingStaff && t.who.staff != nil:
		return t.who.staff.Lang
	case t.who.person != nil:
		return t.who.person.Lang
	}
	return prokus.ID
}

// takes says whether a place expects an answer of a type.
func (p Place) takes(kind string) bool { return slices.Contains(p.Typed, kind) }
