package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"github.com/kabar-prokus/kabar/channels"
)

// update is one update as far as it concerns us.
type update struct {
	id   int64             // Telegram's update_id: places the polling offset, never a key (faults.md E1)
	kind string            // for the log
	in   *channels.Inbound // nil: nobody in a private chat said anything to us
	tap  string            // the callback to be answered
	exit int64             // a group or channel to leave
}

var errNotAnUpdate = errors.New("telegram: not an update")

// decode reads one update. It fails only on what cannot have come from Telegram: a kind or a field that a later Bot API
// brings must not be refused, for Telegram would repeat it and hold back everything behind it.
func (a *Adapter) decode(body []byte) (update, error) {
	if !json.Valid(body) {
		return update{}, errNotAnUpdate
	}
	var u models.Update
	if err := json.Unmarshal(body, &u); err != nil {
		// The library's unions refuse values that they do not know; what we live on is in the plain fields.
		if u, err = decodeBare(body); err != nil {
			return update{}, errNotAnUpdate
		}
	}
	if u.ID <= 0 {
		return update{}, errNotAnUpdate
	}
	out := a.read(&u)
	out.id = u.ID
	if out.in != nil {
		out.in.Channel, out.in.Via = a.Name(), channels.Telegram
		out.in.To = strconv.FormatInt(a.bot.ID(), 10)
		out.in.ReceivedAt = a.now()
	}
	return out, nil
}

func (a *Adapter) read(u *models.Update) update {
	switch {
	case u.Message != nil:
		return readMessage(u.Message)
	case u.EditedMessage != nil:
		return readEdit(u.EditedMessage)
	case u.CallbackQuery != nil:
		return readTap(u.CallbackQuery)
	case u.MyChatMember != nil:
		return readMember(u.MyChatMember)
	case u.ChannelPost != nil:
		return update{kind: "channel_post", exit: u.ChannelPost.Chat.ID}
	case u.EditedChannelPost != nil:
		return update{kind: "edited_channel_post", exit: u.EditedChannelPost.Chat.ID}
	}
	// Polls, reactions, inline queries, payments, business chats: we ask Telegram for none of them.
	return update{kind: "unasked"}
}

// private reports whether a chat is one with a single person.
func private(c models.Chat) bool { return c.Type == models.ChatTypePrivate && c.ID > 0 }

func readMessage(m *models.Message) update {
	out := update{kind: "message"}
	switch {
	case m.LeftChatMember != nil || m.MigrateToChatID != 0:
		return out // about a group that we are leaving or that is no more
	case !private(m.Chat):
		out.exit = m.Chat.ID
		return out
	case m.From == nil || m.From.IsBot || service(m):
		return out
	}
	in := from(m.Chat.ID, m.From, m.Date)
	in.ID = fmt.Sprintf("m:%d:%d", m.Chat.ID, m.ID)
	in.Kind = channels.Other
	switch {
	case m.Text != "":
		in.Kind, in.Raw = channels.Text, raw(m.Text)
		in.Text = plainCommand(clean(m.Text))
	case m.Contact != nil:
		in.Kind, in.Phone = channels.Contact, e164(m.Contact.PhoneNumber)
		// The sender may share anybody's contact; only Telegram's own user id proves whose it is (faults.md E6).
		in.OwnPhone = in.Phone != "" && m.Contact.UserID != 0 && m.Contact.UserID == m.From.ID && m.From.ID == m.Chat.ID
	default:
		in.Media, in.MediaKind = media(m)
		if in.Media != "" {
			in.Kind = channels.Media
		}
		if m.Caption != "" {
			in.Text, in.Raw = clean(m.Caption), raw(m.Caption)
		}
	}
	out.in = &in
	return out
}

// readEdit: an edit without words (a moving live location, a button that came or went) tells us nothing.
func readEdit(m *models.Message) update {
	out := update{kind: "edited_message"}
	if !private(m.Chat) {
		out.exit = m.Chat.ID
		return out
	}
	text := m.Text
	if text == "" {
		text = m.Caption
	}
	if text == "" || m.From == nil || m.From.IsBot {
		return out
	}
	in := from(m.Chat.ID, m.From, m.EditDate)
	in.ID = fmt.Sprintf("e:%d:%d:%d", m.Chat.ID, m.ID, m.EditDate)
	in.Kind, in.Ref = channels.Edit, strconv.Itoa(m.ID)
	in.Text, in.Raw = plainCommand(clean(text)), raw(text)
	out.in = &in
	return out
}

// readTap reads a pressed button. Telegram does not say when it was pressed. Data longer than any of our buttons can
// carry is forged and becomes empty, which is no button's data (faults.md E7).
func readTap(q *models.CallbackQuery) update {
	out := update{kind: "callback_query", tap: q.ID}
	chat, ref := models.Chat{ID: q.From.ID, Type: models.ChatTypePrivate}, 0
	if m := q.Message.Message; m != nil {
		chat, ref = m.Chat, m.ID
	} else if m := q.Message.InaccessibleMessage; m != nil && m.Chat.ID != 0 {
		chat, ref = m.Chat, m.MessageID
	}
	if !private(chat) {
		out.exit = chat.ID
		return out
	}
	if q.ID == "" || q.From.IsBot || q.GameShortName != "" {
		return out
	}
	in := from(chat.ID, &q.From, 0)
	in.ID = "c:" + clean(q.ID)
	in.Kind = channels.Choice
	if len(q.Data) <= maxData {
		in.Choice = clean(q.Data)
	}
	if ref > 0 {
		in.Ref = strconv.Itoa(ref)
	}
	out.in = &in
	return out
}

func readMember(c *models.ChatMemberUpdated) update {
	out := update{kind: "my_chat_member"}
	status := c.NewChatMember.Type
	gone := status == models.ChatMemberTypeBanned || status == models.ChatMemberTypeLeft
	if !private(c.Chat) {
		if !gone {
			out.exit = c.Chat.ID
		}
		return out
	}
	in := from(c.Chat.ID, &c.From, c.Date)
	in.ID = fmt.Sprintf("s:%d:%d:%s", c.Chat.ID, c.Date, status)
	switch {
	case gone:
		in.Kind = channels.Blocked
	case status == models.ChatMemberTypeMember:
		in.Kind = channels.Unblocked
	default:
		return out
	}
	out.in = &in
	return out
}

func from(chat int64, u *models.User, date int) channels.Inbound {
	in := channels.Inbound{From: strconv.FormatInt(chat, 10), Language: language(u.LanguageCode)}
	if date > 0 {
		in.SentAt = time.Unix(int64(date), 0).UTC()
	}
	return in
}

// service reports messages that Telegram writes by itself into a private chat. Nobody expects an answer to them.
func service(m *models.Message) bool {
	return m.PinnedMessage != nil || m.MessageAutoDeleteTimerChanged != nil || m.ChatBackgroundSet != nil ||
		m.WriteAccessAllowed != nil || m.ForumTopicCreated != nil || m.ForumTopicEdited != nil
}

// media returns the handle and kind of what a message carries: a voice note or audio file is heard by a person, a video
// is seen by one. Stickers, moving pictures, places, polls and the like are none of these.
func media(m *models.Message) (id, kind string) {
	switch {
	case m.Animation != nil: // carries a document as well
		return "", ""
	case len(m.Photo) > 0:
		best := m.Photo[0]
		for _, p := range m.Photo[1:] {
			if p.Width*p.Height > best.Width*best.Height {
				best = p
			}
		}
		return best.FileID, "photo"
	case m.Voice != nil:
		return m.Voice.FileID, "voice"
	case m.Audio != nil:
		return m.Audio.FileID, "voice"
	case m.Video != nil:
		return m.Video.FileID, "video"
	case m.VideoNote != nil:
		return m.VideoNote.FileID, "video"
	case m.Document != nil:
		return m.Document.FileID, "document"
	}
	return "", ""
}

// plainCommand takes our own name off a command: "/status@KabarProkusBot" is "/status".
func plainCommand(s string) string {
	if !strings.HasPrefix(s, "/") {
		return s
	}
	word, rest := s, ""
	if i := strings.IndexAny(s, " \n\t"); i >= 0 {
		word, rest = s[:i], s[i:]
	}
	word, _, _ = strings.Cut(word, "@")
	return word + rest
}
