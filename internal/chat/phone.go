package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Channels of a phone.
const (
	sms      = "sms"
	ussd     = "ussd"
	telegram = "telegram"
)

const history = 10 // messages shown at the start

// phone is what the terminal knows of its number.
type phone struct {
	*client
	paper
	words
	setup
	channel string
	quiet   bool // what was typed stands on the screen already
	sms     int  // SMS seen
	chat    int  // chat messages seen
	texts   map[string]string
	typed   int // sent from here and not yet seen in the phone
	buttons []pressable
	session string // of USSD, empty between sessions
	before  string // the channel from which she dialled
	inputs  []string
	mark    string
}

type pressable struct{ message, label, data string }

// start greets and shows what the phone has got so far.
func (p *phone) start(ctx context.Context) error {
	if err := p.get(ctx, "setup", &p.setup); err != nil {
		return err
	}
	var now moved
	if err := p.get(ctx, "clock", &now); err != nil {
		return err
	}
	if _, err := p.messages(ctx, sms); err != nil { // whether the number is one
		return err
	}
	var people []owner
	if err := p.get(ctx, "people?find="+url.QueryEscape(p.as), &people); err != nil {
		return err
	}
	who := ""
	for _, o := range people {
		if sameNumber(o.Number, p.as) {
			who += o.Name + ", "
		}
	}
	if who == "" {
		who = p.say("stranger") + ", "
	}
	p.line(bold, p.say("head", who+p.as, bahasa.DateLong(now.Now)))
	p.line(dim, p.say("hint"))
	if err := p.past(ctx); err != nil {
		return err
	}
	return p.choose(p.channel)
}

// past shows the last messages of the channel and takes everything else as seen.
func (p *phone) past(ctx context.Context) error {
	p.texts, p.buttons, p.day = map[string]string{}, nil, ""
	texts, err := p.messages(ctx, sms)
	if err != nil {
		return err
	}
	p.sms = len(texts)
	if p.channel != telegram {
		for _, m := range texts[max(0, len(texts)-history):] {
			p.showSMS(m)
		}
	}
	if !p.setup.Chat {
		return nil
	}
	chats, err := p.messages(ctx, "chat")
	if err != nil {
		return err
	}
	p.chat = len(chats)
	for i, m := range chats {
		p.texts[m.ID] = m.Text
		if p.channel == telegram && i >= len(chats)-history {
			p.showChat(m)
		}
	}
	if p.channel == telegram && len(chats) == 0 || p.channel == sms && len(texts) == 0 {
		p.line(dim, p.say("none"))
	}
	return nil
}

// choose changes the channel.
func (p *phone) choose(channel string) error {
	switch {
	case channel == ussd && p.USSDPath == "":
		return errors.New(p.say("off.ussd"))
	case channel == telegram && !p.setup.Chat:
		return errors.New(p.say("off.telegram"))
	case channel != sms && channel != ussd && channel != telegram:
		return errors.New(p.say("unknown", channel))
	}
	p.channel, p.session = channel, ""
	if channel == ussd {
		p.line(dim, p.say("now.ussd", p.USSDCode))
		return nil
	}
	p.line(dim, p.say("now."+channel))
	return nil
}

// news shows what has come since: SMS and chat, whatever channel is chosen, for it is one phone.
func (p *phone) news(ctx context.Context) error {
	texts, err := p.messages(ctx, sms)
	if err != nil {
		return err
	}
	for _, m := range texts[min(p.sms, len(texts)):] {
		if !p.own(m) {
			p.showSMS(m)
		}
	}
	p.sms = len(texts)
	if !p.setup.Chat {
		return nil
	}
	chats, err := p.messages(ctx, "chat")
	if err != nil {
		return err
	}
	for i, m := range chats {
		if text, known := p.texts[m.ID]; i >= p.chat && p.own(m) || i < p.chat && (!known || text == m.Text || m.ID == "") {
			continue
		}
		p.texts[m.ID] = m.Text
		p.showChat(m)
	}
	p.chat = len(chats)
	return nil
}

// own says whether a message is one that was typed here and stands on the screen.
func (p *phone) own(m message) bool {
	if m.Direction != "in" || !p.quiet || p.typed == 0 {
		return false
	}
	p.typed--
	return true
}

func (p *phone) showSMS(m message) {
	if m.Direction == "in" {
		p.message(m.At, cyan, p.say("me"), "", m.Text)
		return
	}
	p.message(m.At, green, p.say("kabar"), p.say("sms", p.say(m.Kind), m.Segments), m.Text)
}

func (p *phone) showChat(m message) {
	switch {
	case m.Direction == "in" && m.Kind == "choice":
		p.message(m.At, cyan, p.say("me"), "", p.say("pressed", m.Text))
		return
	case m.Direction == "in" && m.Kind == "contact":
		p.message(m.At, cyan, p.say("me"), "", p.say("shared"))
		return
	case m.Direction == "in":
		p.message(m.At, cyan, p.say("me"), "", m.Text)
		return
	}
	about := p.say("chat", p.say(m.Kind))
	if m.Edited {
		about += " · " + p.say("edited")
	}
	p.message(m.At, green, p.say("kabar"), about, m.Text)
	if len(m.Buttons) > 0 {
		p.buttons = nil
		var row []string
		for _, line := range m.Buttons {
			for _, b := range line {
				if b.URL != "" {
					row = append(row, "["+b.Label+"] "+b.URL)
					continue
				}
				p.buttons = append(p.buttons, pressable{m.ID, b.Label, b.Data})
				row = append(row, p.number(len(p.buttons))+" ["+b.Label+"]")
			}
		}
		p.line(cyan, "  "+strings.Join(row, "  "))
	}
	if m.AskPhone != "" {
		p.line(cyan, "  "+p.say("share", "{"+m.AskPhone+"}"))
	}
	if len(m.Keys) > 0 {
		var keys []string
		for _, row := range m.Keys {
			for _, key := range row {
				keys = append(keys, "{"+key+"}")
			}
		}
		p.line(dim, "  "+p.say("keys", strings.Join(keys, " ")))
	}
}

// write sends a line on the chosen channel and shows what comes of it.
func (p *phone) write(ctx context.Context, text string) error {
	if p.channel != ussd && p.dials(text) {
		p.before, p.channel, p.session = p.channel, ussd, ""
	}
	switch p.channel {
	case ussd:
		return p.step(ctx, text)
	case telegram:
		return p.act(ctx, "chat", map[string]any{"from": p.as, "text": text})
	}
	return p.act(ctx, "sms", map[string]any{"from": p.as, "text": text})
}

// act does something that Kabar answers. What went to other phones is said in a line of its own.
func (p *phone) act(ctx context.Context, path string, body map[string]any) error {
	var done answered
	p.typed++
	if err := p.post(ctx, path, body, &done); err != nil {
		p.typed--
		return err
	}
	if err := p.news(ctx); err != nil {
		return err
	}
	p.typed = 0
	if done.Toast != "" {
		p.line(red, p.say("toast", done.Toast))
	}
	for _, r := range done.Replies {
		if !sameNumber(r.To, p.as) {
			p.line(dim, p.say("elsewhere", r.To, r.Text))
		}
	}
	return nil
}

// dials says whether what was typed as an SMS is our service code: a phone dials it, whatever is on the screen.
func (p *phone) dials(text string) bool {
	return p.USSDPath != "" && strings.HasPrefix(text, strings.TrimSuffix(p.USSDCode, "#")) && strings.HasSuffix(text, "#")
}

// step dials, or answers the screen that is open.
func (p *phone) step(ctx context.Context, text string) error {
	session, inputs := p.session, p.inputs
	if session == "" {
		base := strings.TrimSuffix(p.USSDCode, "#")
		rest, ok := strings.CutPrefix(strings.TrimSuffix(text, "#"), base)
		if !ok || rest != "" && rest[0] != '*' {
			return errors.New(p.say("dial", p.USSDCode))
		}
		session, inputs = "term-"+rand.Text(), nil
		if rest != "" {
			inputs = strings.Split(rest[1:], "*")
		}
	} else {
		inputs = append(inputs[:len(inputs):len(inputs)], text)
	}
	screen, end, err := p.dial(ctx, p.setup, session, inputs)
	if err != nil {
		return err
	}
	p.session, p.inputs = session, inputs
	foot := p.say("count", len([]rune(screen)))
	if end {
		if p.session = ""; p.before != "" { // back to where she was when she dialled
			p.channel, p.before = p.before, ""
		}
		foot += " · " + p.say("over")
	}
	p.box(screen, foot)
	return p.news(ctx)
}

// move shows the clock, or moves it: "+36h", "36h" or a moment.
func (p *phone) move(ctx context.Context, to string) error {
	var now moved
	if to == "" {
		if err := p.get(ctx, "clock", &now); err != nil {
			return err
		}
		p.line(dim, p.say("clock", bahasa.DateLong(now.Now)))
		return nil
	}
	body := map[string]string{"by": strings.TrimPrefix(to, "+")}
	if _, err := time.Parse(time.RFC3339, to); err == nil {
		body = map[string]string{"to": to}
	}
	if err := p.post(ctx, "clock", body, &now); err != nil {
		return err
	}
	p.line(dim, p.say("moved", bahasa.DateLong(now.Now), now.Delivered))
	return p.news(ctx)
}

// sameNumber compares two spellings of a number.
func sameNumber(a, b string) bool { return digits(a) == digits(b) }

func digits(s string) string {
	d := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	if strings.HasPrefix(d, "0") {
		d = "62" + strings.TrimPrefix(d, "0")
	}
	return d
}
