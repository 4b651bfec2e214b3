package bot

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// say turns a flow's result into outbox rows, the in-line answer and the open question. from is the place that was
// answered; it closes unless the flow keeps it.
func (t *turn) say(res flows.Result, from *Place) error {
	if from != nil && !res.Keep {
		if err := t.ClosePlace(t.ctx, from.ID); err != nil {
			return fmt.Errorf("close place: %w", err)
		}
	}
	if res.Wait != nil {
		t.asked = true
	}
	if t.in.Via == channels.USSD {
		return t.sayUSSD(res)
	}
	var msgs []prokus.Message
	asks := -1     // the message that carries the question
	question := "" // the id of a question that an edited message carries
	mine := t.onThisRoad(res.Said)
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
		case s.As == flows.AsToast && t.inPlace():
			r, err := t.render(s.Key, s.Args)
			if err != nil {
				return err
			}
			t.inline.Toast = r
			continue
		case s.As == flows.AsEdit && t.inPlace():
			id, err := t.edit(s)
			if err != nil {
				return err
			}
			if s.Options != nil {
				question = id
			}
			continue
		}
		m, err := t.message(s)
		if err != nil {
			return err
		}
		if s.As == flows.AsPicture {
			if m.Picture, err = picture(s.Args); err != nil {
				return err
			}
		}
		if s.As == flows.AsEdit {
			if from == nil || from.Message == "" || t.in.Via != channels.Telegram {
				if mine > 1 {
					continue // nothing to replace, and there is something else to say
				}
			} else {
				m.Edits = from.Message
			}
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
	switch {
	case question != "":
		p.Message = question
	case asks >= 0:
		p.Message = ids[asks]
	}
	if err := t.OpenPlace(t.ctx, p); err != nil {
		return fmt.Errorf("open place: %w", err)
	}
	return nil
}

// inPlace says whether what was pressed can be answered where it stands: WhatsApp has no toasts, and what was sent there
// stays as it is.
func (t *turn) inPlace() bool { return t.in.Kind == channels.Choice && t.in.Via == channels.Telegram }

// toast answers a button in a word over it, or by a message where that cannot be.
func (t *turn) toast(key string) error {
	if !t.inPlace() {
		m, err := t.message(flows.Said{Key: key})
		if err != nil {
			return err
		}
		if _, err = t.reply.Enqueue(t.ctx, t.now, m); err != nil {
			return fmt.Errorf("toast: %w", err)
		}
		return nil
	}
	r, err := t.render(key, nil)
	if err != nil {
		return err
	}
	t.inline.Toast = r
	return nil
}

// pictureVar is the variable in which a verb describes the picture of a caption.
const pictureVar = "picture"

func picture(v flows.Vars) (json.RawMessage, error) {
	if v[pictureVar] == nil {
		return nil, nil
	}
	raw, err := json.Marshal(v[pictureVar])
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return raw, nil
}

// onThisRoad counts what is said as messages on the road on which she writes.
func (t *turn) onThisRoad(said []flows.Said) (n int) {
	for _, s := range said {
		if s.On(string(t.in.Via)) && (s.Via == "" || s.Via == string(t.in.Via)) && s.As != flows.AsToast {
			n++
		}
	}
	return n
}

func (t *turn) place(res flows.Result) Place {
	return Place{
		Owner: t.owner(), Ref: res.Wait.Ref, Vars: res.Vars, Options: res.Wait.Options, Typed: res.Wait.Ask,
		Channel: t.in.Channel, Asked: t.now, Expires: t.now.Add(res.Wait.TTL),
	}
}

// edit replaces the message whose button was pressed (R22). Its buttons get an id of their own, so that a second tap on the
// old ones is known to be stale.
func (t *turn) edit(s flows.Said) (id string, err error) {
	u, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("edit: %w", err)
	}
	id = u.String()
	if t.inline.EditText, err = t.render(s.Key, s.Args); err != nil {
		return "", err
	}
	t.inline.EditButtons = nil
	var row []channels.Button
	add := func(label, data string) {
		if row = append(row, channels.Button{Label: label, Data: data}); len(row) == buttonsInRow {
			t.inline.EditButtons, row = append(t.inline.EditButtons, row), nil
		}
	}
	for _, o := range s.Options {
		if o.On(string(t.in.Via)) && o.LabelKey != "" {
			add(t.label(o.LabelKey, o.LabelArgs), "o:"+id+":"+o.Key)
		}
	}
	for _, c := range s.Buttons {
		add(t.label("button."+c, nil), "w:"+c)
	}
	if row != nil {
		t.inline.EditButtons = append(t.inline.EditButtons, row)
	}
	return id, nil
}

// buttonsInRow is how many keys stand beside one another, as under messages that the scheduler sends.
const buttonsInRow = 3

func (t *turn) label(key string, args map[string]any) string {
	all := t.standing()
	for k, v := range args {
		all[k] = v
	}
	return t.Texts.LabelOn(key, string(t.lang()), string(t.in.Via), t.Texts.Pick(key, all))
}

// message is a reply on the road by which the message came.
func (t *turn) message(s flows.Said) (prokus.Message, error) {
	m := prokus.Message{
		Person: t.personID(), Staff: t.staffID(), Channel: t.in.Channel, Via: string(t.in.Via), To: t.in.From, Kind: prokus.KindReply,
		Text: t.onShared(s.Key), Lang: t.lang(), Keyboard: s.Keyboard, Cause: t.inbox,
	}
	if m.Staff != 0 {
		m.Person = 0
	}
	var err error
	if m.Args, err = t.args(m.Text, s.Args); err != nil {
		return m, err
	}
	if (t.in.Via == channels.Telegram || t.in.Via == channels.WhatsApp) && (len(s.Options) > 0 || len(s.Buttons) > 0 || s.Args[linksVar] != nil) {
		m.Buttons, err = buttons(s, string(t.in.Via), m.Staff != 0)
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
	key := t.onShared(s.Key)
	a, err := t.args(key, s.Args)
	return prokus.Message{
		Person: t.who.person.ID, Via: string(channels.SMS), To: string(phone), Kind: prokus.KindReceipt,
		Text: key, Args: a, Lang: t.lang(), Cause: t.inbox,
	}, err == nil, err
}

// buttonsJSON is the form in which the outbox keeps what a channel with buttons shows.
type buttonsJSON struct {
	Options  []buttonOption `json:"options,omitempty"`
	Commands []string       `json:"commands,omitempty"`
	Links    []buttonLink   `json:"links,omitempty"`
}

type buttonOption struct {
	Key   string         `json:"key"`
	Label string         `json:"label"`
	Args  map[string]any `json:"args,omitempty"`
}

// buttonLink opens an address.
type buttonLink struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// linksVar is the variable in which a verb names the links below what it says, for staff.
const linksVar = "links"

func buttons(s flows.Said, via string, staff bool) (json.RawMessage, error) {
	b := buttonsJSON{Commands: s.Buttons}
	for _, o := range s.Options {
		if o.On(via) && o.LabelKey != "" {
			b.Options = append(b.Options, buttonOption{o.Key, o.LabelKey, o.LabelArgs})
		}
	}
	if links, ok := s.Args[linksVar].([]buttonLink); ok && staff && via == string(channels.Telegram) {
		b.Links = links
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("buttons: %w", err)
	}
	return raw, nil
}
