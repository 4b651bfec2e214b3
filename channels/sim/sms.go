package sim

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// patience bounds a turn and the wait for its delivery.
const patience = 60 * time.Second

// idLimit bounds the id that a caller may give a message.
const idLimit = 200

// reply is one message that a turn caused.
type reply struct {
	To       string `json:"to"`
	Text     string `json:"text"`
	At       string `json:"at"`
	Segments int    `json:"segments"`
	Via      string `json:"via,omitempty"` // only where it is not an SMS
}

func (s *Sim) postSMS(w http.ResponseWriter, r *http.Request) {
	var body struct {
		From *string `json:"from"`
		Text *string `json:"text"`
		ID   string  `json:"id"`
	}
	err := read(w, r, &body)
	if err != nil {
		s.fail(w, err)
		return
	}
	if body.From == nil || body.Text == nil {
		s.fail(w, bad(errors.New(`"from" and "text" are needed`)))
		return
	}
	in := channels.Inbound{Channel: "sim", Via: channels.SMS, Kind: channels.Text, Raw: []byte(*body.Text), Text: bahasa.Clean([]byte(*body.Text))}
	if in.From, err = phone(*body.From); err != nil {
		s.fail(w, bad(err))
		return
	}
	if in.ID, err = messageID(body.ID); err != nil {
		s.fail(w, err)
		return
	}
	_, replies, err := s.turn(r.Context(), in)
	if err != nil {
		s.fail(w, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Replies []reply `json:"replies"`
	}{replies})
}

// messageID is the caller's id, by which a repeat is known, or a fresh one.
func messageID(given string) (string, error) {
	if given == "" {
		return rand.Text(), nil
	}
	if id := bahasa.Clean([]byte(given)); id != given || len(id) > idLimit {
		return "", bad(errors.New(`"id" may have 200 bytes, without control characters`))
	}
	return given, nil
}

// turn takes an inbound through its turn and waits until what it caused has left. Whoever hangs up does not undo it.
func (s *Sim) turn(ctx context.Context, in channels.Inbound) (channels.Reply, []reply, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	in.To = "KABAR"
	in.ReceivedAt = s.Clock.Now()
	r, err := s.Handler.Handle(ctx, in)
	if err != nil {
		return r, nil, err
	}
	if err := s.Settler.Settle(ctx, r.Inbox); err != nil {
		return r, nil, err
	}
	sent, err := s.Store.Caused(ctx, r.Inbox)
	if err != nil {
		return r, nil, err
	}
	replies := make([]reply, 0, len(sent))
	for _, m := range sent {
		one := reply{To: m.To, Text: m.Text, At: stamp(m.At), Segments: m.Segments}
		if m.Via != channels.SMS {
			one.Via = string(m.Via)
		}
		replies = append(replies, one)
	}
	return r, replies, nil
}

func (s *Sim) getSMS(w http.ResponseWriter, r *http.Request) {
	number, err := phone(r.PathValue("number"))
	if err != nil {
		s.fail(w, bad(err))
		return
	}
	messages, err := s.Store.Phone(r.Context(), number)
	if err != nil {
		s.fail(w, err)
		return
	}
	if messages == nil {
		messages = []Message{}
	}
	answer(w, http.StatusOK, messages)
}
