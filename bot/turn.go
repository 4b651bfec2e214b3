package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	asked  bool // this turn put a question
	masked bool // the message held a 16-digit number, which nobody may send us (R15)
	aside  bool // what is asked concerns the number or chat, not a person
}

// run takes the turn to its end. What acts tell others waits until she is answered.
func (t *turn) run() error {
	others := &held{Tx: t.Tx}
	t.reply, t.Tx = t.Tx, others
	if err := t.steps(); err != nil && !errors.Is(err, errSilent) {
		return err
	}
	if err := t.offerLanguage(); err != nil {
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
	if err := t.doubt(); err != nil {
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
		return t.read()
	case channels.Choice:
		return t.readButton()
	case channels.Contact:
		return t.readContact()
	case channels.Call:
		return t.missedCall()
	case channels.Media:
		return t.readMedia()
	case channels.Blocked, channels.Unblocked:
		return t.BlockAddress(t.ctx, addressKind(t.in.Via), t.in.From, t.in.Kind == channels.Blocked, t.now)
	}
	return t.route("OTHER", flows.Vars{})
}

// loopReplies of the same words within loopTime are more than any human conversation takes: two machines are talking
// (faults.md A17).
const (
	loopReplies  = 20
	loopTime     = 5 * time.Minute
	unknownDaily = 10               // replies a day to somebody we do not know
	callPause    = 10 * time.Minute // between two answers to missed calls of one number
)

// missedCall takes a ring for what it is in a country where it costs nothing: "write to me". A number that we do not know gets
// no answer, one that rings again at once no second one.
func (t *turn) missedCall() error {
	if t.who.role == roleUnknown || t.who.role == roleDoubted {
		t.intent = "CALL"
		return nil
	}
	again, err := t.RangBefore(t.ctx, t.in.From, t.inbox, t.now.Add(-callPause))
	if err != nil {
		return fmt.Errorf("missed call: %w", err)
	}
	if again {
		t.intent = "CALL"
		return nil
	}
	if stop, err := t.loops(); err != nil || stop {
		return err
	}
	return t.route("CALL", flows.Vars{})
}

func (t *turn) loops() (bool, error) {
	n, err := t.SameReplies(t.ctx, t.in.From, t.now.Add(-loopTime))
	if err != nil {
		return false, fmt.Errorf("loop guard: %w", err)
	}
	if n >= loopReplies {
		t.intent = "LOOP"
		return true, t.looped()
	}
	if t.who.role != roleUnknown && t.who.role != roleDoubted {
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

// loopTopic is what the TKSK reads in the case.
const loopTopic = "pesan berulang-ulang"

// looped tells her TKSK, once, that a machine seems to answer at her number.
func (t *turn) looped() error {
	if t.who.person == nil {
		return nil
	}
	_, err := acts.OpenCase(t.ctx, t.Tx, t.by(), *t.who.person, prokus.OtherHelp, prokus.CaseDetail{Topic: loopTopic}, loopTopic)
	if err != nil {
		return fmt.Errorf("loop guard: %w", err)
	}
	return nil
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
	all := map[string]any{"ussd": text.Str(t.USSD), "awalan": text.Str(t.prefix())}
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

// laggard is how old a message may be when it reaches us: phones that stand in for gateways repeat for two days.
const laggard = 72 * time.Hour

// wrote is when she wrote, by the provider's clock where it says so: a report of Sunday 23:59 that arrives on Monday, or two
// days late, belongs to Sunday's week (faults.md D6). The age is measured on the provider's clock and taken off ours.
func (t *turn) wrote() time.Time {
	age := t.in.ReceivedAt.Sub(t.in.SentAt)
	if t.in.SentAt.IsZero() || age <= 0 || age > laggard {
		return t.now
	}
	return t.now.Add(-age)
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

// Choice says whether the place is its owner's open choice (R03).
func (p Place) Choice() bool { return flows.Choice(p.Options, len(p.Typed) > 0) }

// takes says whether a place expects an answer of a type.
func (p Place) takes(kind string) bool { return slices.Contains(p.Typed, kind) }
