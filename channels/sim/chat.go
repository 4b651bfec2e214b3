package sim

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// buttonLimit is Telegram's limit of what a button carries, bytes.
const buttonLimit = 64

var errChatOff = &problem{http.StatusNotFound, "chat_off", errors.New("chats are with Telegram itself; phones here have none")}

// chatBody is what somebody does in a chat: From writes Text, shares her own number (Contact), or presses the button Data
// of our message Message.
type chatBody struct {
	From    *string `json:"from"`
	Text    *string `json:"text"`
	ID      string  `json:"id"`
	Contact bool    `json:"contact"`
	Message string  `json:"message"`
	Data    string  `json:"data"`
	Prefer  bool    `json:"prefer"`
}

type chatAnswer struct {
	Replies []reply `json:"replies"`
	Toast   string  `json:"toast,omitempty"`
}

// postChat writes into a chat. A phone's first message links its chat to everybody on the number, so that nobody has to
// register to try it; a chat that begins with a link ("/start …") is left to register by itself (J1-TG-01).
func (s *Sim) postChat(w http.ResponseWriter, r *http.Request) {
	body, in, err := s.readChat(w, r)
	if err != nil {
		s.fail(w, err)
		return
	}
	switch {
	case body.Contact:
		in.Kind, in.Phone, in.OwnPhone = channels.Contact, strings.TrimPrefix(in.From, chatPrefix), true
	case body.Text != nil:
		in.Kind, in.Raw, in.Text = channels.Text, []byte(*body.Text), bahasa.Clean([]byte(*body.Text))
	default:
		s.fail(w, bad(errors.New(`"text" or "contact" is needed`)))
		return
	}
	if in.Kind == channels.Text && !strings.HasPrefix(in.Text, "/start ") || body.Prefer {
		number := strings.TrimPrefix(in.From, chatPrefix)
		if err := s.Store.LinkChat(r.Context(), number, in.From, body.Prefer, s.Clock.Now()); err != nil {
			s.fail(w, err)
			return
		}
	}
	s.chatTurn(w, r, in)
}

// postPress presses a button.
func (s *Sim) postPress(w http.ResponseWriter, r *http.Request) {
	body, in, err := s.readChat(w, r)
	if err != nil {
		s.fail(w, err)
		return
	}
	clean := bahasa.Clean([]byte(body.Data))
	if body.Message == "" || clean == "" || clean != body.Data || len(clean) > buttonLimit || bahasa.Clean([]byte(body.Message)) != body.Message ||
		len(body.Message) > idLimit {
		s.fail(w, bad(errors.New(`"message" and "data" of a button are needed`)))
		return
	}
	in.Kind, in.Choice, in.Ref = channels.Choice, clean, body.Message
	s.chatTurn(w, r, in)
}

// postLink links a chat and says whether scheduled messages go there.
func (s *Sim) postLink(w http.ResponseWriter, r *http.Request) {
	body, in, err := s.readChat(w, r)
	if err == nil {
		number := strings.TrimPrefix(in.From, chatPrefix)
		if body.Prefer {
			err = s.Store.LinkChat(r.Context(), number, in.From, true, s.Clock.Now())
		} else {
			err = s.Store.PreferPhone(r.Context(), number)
		}
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Preferred bool `json:"preferred"`
	}{body.Prefer})
}

func (s *Sim) readChat(w http.ResponseWriter, r *http.Request) (body chatBody, in channels.Inbound, err error) {
	if s.RealTelegram {
		return body, in, errChatOff
	}
	if err = read(w, r, &body); err != nil {
		return body, in, err
	}
	if body.From == nil {
		return body, in, bad(errors.New(`"from" is needed`))
	}
	number, err := phone(*body.From)
	if err != nil {
		return body, in, bad(err)
	}
	in = channels.Inbound{Channel: "telegram", Via: channels.Telegram, From: chatPrefix + number}
	in.ID, err = messageID(body.ID)
	return body, in, err
}

// chatTurn takes what was done through its turn; what rides home changes the message whose button was pressed.
func (s *Sim) chatTurn(w http.ResponseWriter, r *http.Request, in channels.Inbound) {
	done, replies, err := s.turn(r.Context(), in)
	if err == nil && done.EditText != "" && in.Ref != "" {
		err = s.edit(r.Context(), in, done)
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	answer(w, http.StatusOK, chatAnswer{replies, done.Toast})
}

func (s *Sim) edit(ctx context.Context, in channels.Inbound, done channels.Reply) error {
	card := Card{Message: in.Ref, Text: done.EditText, Buttons: done.EditButtons}
	_, err := s.Store.EditCard(context.WithoutCancel(ctx), in.From, card, s.Clock.Now())
	return err
}

func (s *Sim) getChat(w http.ResponseWriter, r *http.Request) {
	number, err := phone(r.PathValue("number"))
	switch {
	case s.RealTelegram:
		s.fail(w, errChatOff)
		return
	case err != nil:
		s.fail(w, bad(err))
		return
	}
	messages, err := s.Store.Chat(r.Context(), chatPrefix+number)
	if err != nil {
		s.fail(w, err)
		return
	}
	if messages == nil {
		messages = []ChatMessage{}
	}
	answer(w, http.StatusOK, messages)
}
