package smsgate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	textLimit = 1600            // runes; ten segments are less
	ahead     = 5 * time.Minute // how far a phone's clock may be before ours and is still believed
)

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// received is the payload of sms:received, and of mms:received, which has no text.
type received struct {
	Message     *string `json:"message"`
	Sender      string  `json:"sender"`
	PhoneNumber string  `json:"phoneNumber"` // what apps before 2026 call the sender
	Recipient   string  `json:"recipient"`   // often not known
	SIM         int     `json:"simNumber"`   // 0 where the phone does not tell
	At          string  `json:"receivedAt"`
	Transaction string  `json:"transactionId"`
}

// received makes an Inbound. From stays empty for senders that are never answered: names, short codes, our own numbers.
func (a *Adapter) received(e event, p *phone, now time.Time) (channels.Inbound, *refusal) {
	in := channels.Inbound{Channel: a.Name(), Via: channels.SMS, Kind: channels.Text, ReceivedAt: now}
	var r received
	if err := json.Unmarshal(e.Payload, &r); err != nil {
		return in, &malformed
	}
	at, err := time.Parse(time.RFC3339Nano, r.At)
	if err != nil || at.Year() < 2000 || at.Year() > 9999 {
		return in, &malformed
	}
	sender := r.Sender
	if sender == "" {
		sender = r.PhoneNumber
	}
	var said string
	switch {
	case e.Event == "mms:received":
		in.Kind, in.MediaKind = channels.Media, "document"
		said = "\x00mms " + r.Transaction
	case r.Message == nil:
		return in, &malformed
	default:
		in.Raw, in.Text = []byte(*r.Message), channels.Readable([]byte(*r.Message), textLimit)
		said = *r.Message
	}
	from := channels.Answerable(sender)
	switch {
	case from == "": // a short code, a name: a machine
		a.counts.Add("short_sender")
		return in, nil
	case a.own[from]: // two services that answer each other never stop
		a.counts.Add("own_number")
		return in, nil
	}
	in.From, in.To = from, a.ours(p, r)
	in.ID = a.recent.id(from, said, at, now)
	// The week is that of the moment at which the phone received the message, not of its arrival here.
	if in.SentAt = at; at.After(now.Add(ahead)) {
		a.counts.Add("clock_ahead")
		a.c.Log.Warn("a phone's clock is ahead of ours", "channel", "smsgate", "phone", p.Name)
		in.SentAt = time.Time{}
	}
	return in, nil
}

// ours is the number that the message was sent to.
func (a *Adapter) ours(p *phone, r received) string {
	for _, s := range p.SIMs {
		if s.Number == r.SIM || r.SIM == 0 && len(p.SIMs) == 1 {
			return s.Phone
		}
	}
	if to := channels.Answerable(r.Recipient); a.own[to] {
		return to
	}
	return ""
}

// recent knows the latest messages, to recognise one whose time the phone tells a little differently the second time.
type recent struct {
	mu    sync.Mutex
	heard map[[32]byte]hearing // by who and what
}

type hearing struct {
	at   time.Time // when the phone received it
	id   string
	last time.Time // when we heard of it
}

const (
	jitter   = 3 * time.Second
	hearings = 10_000
)

// id is the identity of a message: who wrote what, and the second in which the phone received it. The phone's own ids are of
// no use. Its messageId is a hash of the content, so two equal reports in two weeks share it; the event's id differs when
// one message is told twice. Spaces and capitals do not count, so that a message told by two ways of the app is one.
func (r *recent) id(from, said string, at, now time.Time) string {
	said = strings.ToLower(strings.Join(strings.Fields(said), " "))
	who := sha256.Sum256([]byte(from + "\x00" + said))
	r.mu.Lock()
	defer r.mu.Unlock()
	if h, ok := r.heard[who]; ok {
		if d := at.Sub(h.at); d >= -jitter && d <= jitter {
			h.last = now
			r.heard[who] = h
			return h.id
		}
	}
	sum := sha256.Sum256(append(who[:], at.UTC().Round(time.Second).Format(time.RFC3339)...))
	id := hex.EncodeToString(sum[:16])
	if r.heard == nil {
		r.heard = map[[32]byte]hearing{}
	}
	if len(r.heard) >= hearings {
		r.forget()
	}
	r.heard[who] = hearing{at: at, id: id, last: now}
	return id
}

// forget drops the half that was heard of longest ago. r.mu is held.
func (r *recent) forget() {
	var sum time.Duration
	var some time.Time
	for _, h := range r.heard {
		some = h.last
		break
	}
	for _, h := range r.heard {
		sum += h.last.Sub(some) / hearings
	}
	middle := some.Add(sum)
	for k, h := range r.heard {
		if !h.last.After(middle) {
			delete(r.heard, k)
		}
	}
}
