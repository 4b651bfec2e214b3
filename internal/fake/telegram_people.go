package fake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Know lets these people have pressed Start once, without an update: the bot may write to them.
func (t *Telegram) Know(chats ...int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range chats {
		t.chat(id)
	}
}

// chat finds or opens a private chat (or a group, by its negative id). The caller holds the lock.
func (t *Telegram) chat(id int64) *telegramChat {
	c := t.chats[id]
	if c == nil {
		c = &telegramChat{id: id, group: id < 0}
		t.chats[id] = c
	}
	return c
}

func (t *Telegram) chatJSON(id int64) map[string]any {
	if id < 0 {
		return map[string]any{"id": id, "type": "supergroup", "title": "Kelompok"}
	}
	return map[string]any{"id": id, "type": "private", "first_name": telegramFirstName}
}

// telegramFirstName would break a message that puts names into markup (faults.md E10).
const telegramFirstName = "Siti_*[</b>"

func telegramPerson(id int64) map[string]any {
	return map[string]any{"id": id, "is_bot": false, "first_name": telegramFirstName, "language_code": "id"}
}

// say puts a message of a person into the chat and queues its update. The caller does not hold the lock.
func (t *Telegram) say(chat, person int64, text string, more map[string]any) (messageID int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.chat(chat)
	if person > 0 && chat > 0 && c.blocked {
		t.unblock(c) // a person who writes has pressed Restart
	}
	m := &TelegramMessage{Text: text}
	t.keep(c, m)
	content := map[string]any{
		"message_id": m.ID, "date": m.At.Unix(), "chat": t.chatJSON(chat), "from": telegramPerson(person),
	}
	for k, v := range more {
		content[k] = v
	}
	t.push(chat, "message", content)
	return m.ID
}

// SendText lets a person write. It returns the message's id.
func (t *Telegram) SendText(chat int64, text string) (messageID int) {
	more := map[string]any{"text": text}
	if strings.HasPrefix(text, "/") {
		word, _, _ := strings.Cut(text, " ")
		more["entities"] = []map[string]any{{"type": "bot_command", "offset": 0, "length": len(word)}}
	}
	return t.say(chat, chat, text, more)
}

// GroupText lets a person write in a group that holds the bot. Group ids are negative.
func (t *Telegram) GroupText(group, person int64, text string) (messageID int) {
	return t.say(group, person, text, map[string]any{"text": text})
}

// AddToGroup lets somebody add the bot to a group.
func (t *Telegram) AddToGroup(group, person int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.chat(group)
	t.member(group, person, "left", "member")
}

// EditText lets a person change what she wrote.
func (t *Telegram) EditText(chat int64, messageID int, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range t.chat(chat).messages {
		if m.ID == messageID && !m.FromBot {
			m.Earlier, m.Text = append(m.Earlier, m.Text), text
			t.push(chat, "edited_message", map[string]any{
				"message_id": m.ID, "date": m.At.Unix(), "edit_date": t.now().Unix(),
				"chat": t.chatJSON(chat), "from": telegramPerson(chat), "text": text,
			})
		}
	}
}

// Press lets a person press a button. Data and message need not exist: a modified client can send anything. It returns the
// callback's id.
func (t *Telegram) Press(chat int64, messageID int, data string) (callback string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	callback = fmt.Sprintf("%d", 4_382_000_000_000_000+len(t.taps))
	t.taps[callback] = &telegramTap{chat: chat}
	message := map[string]any{"message_id": messageID, "date": 0, "chat": t.chatJSON(chat)} // an inaccessible one
	for _, m := range t.chat(chat).messages {
		if m.ID == messageID {
			message = t.messageJSON(m)
		}
	}
	t.push(chat, "callback_query", map[string]any{
		"id": callback, "from": telegramPerson(chat), "chat_instance": "1", "data": data, "message": message,
	})
	return callback
}

// PressLabel presses the newest button with this label and reports whether there was one.
func (t *Telegram) PressLabel(chat int64, label string) bool {
	for _, m := range slices.Backward(t.Messages(chat)) {
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Label == label {
					t.Press(chat, m.ID, b.Data)
					return true
				}
			}
		}
	}
	return false
}

// ShareContact lets a person share a contact. Owner is the Telegram user whose number it is; 0: Telegram does not say.
func (t *Telegram) ShareContact(chat int64, phone string, owner int64) {
	contact := map[string]any{"phone_number": phone, "first_name": telegramFirstName}
	if owner != 0 {
		contact["user_id"] = owner
	}
	t.say(chat, chat, "", map[string]any{"contact": contact})
}

// Photo lets a person send a photo, in two sizes as Telegram does. It returns the handle of the larger.
func (t *Telegram) Photo(chat int64, caption string, body []byte) (fileID string) {
	small, large := t.store(body), t.store(body)
	t.say(chat, chat, caption, map[string]any{"caption": caption, "photo": []map[string]any{
		{"file_id": small, "file_unique_id": "u" + small, "width": 90, "height": 67, "file_size": len(body)},
		{"file_id": large, "file_unique_id": "u" + large, "width": 800, "height": 600, "file_size": len(body)},
	}})
	return large
}

// Voice lets a person send a voice note.
func (t *Telegram) Voice(chat int64, body []byte) (fileID string) {
	id := t.store(body)
	t.say(chat, chat, "", map[string]any{"voice": map[string]any{
		"file_id": id, "file_unique_id": "u" + id, "duration": 12, "mime_type": "audio/ogg", "file_size": len(body),
	}})
	return id
}

func (t *Telegram) store(body []byte) (fileID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := fmt.Sprintf("AgACAgQ%d", len(t.files))
	t.files[id] = body
	return id
}

// Block lets a person block the bot.
func (t *Telegram) Block(chat int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.chat(chat).blocked = true
	t.member(chat, chat, "member", "kicked")
}

// Unblock lets a person take the bot back.
func (t *Telegram) Unblock(chat int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.unblock(t.chat(chat))
}

func (t *Telegram) unblock(c *telegramChat) {
	c.blocked = false
	t.member(c.id, c.id, "kicked", "member")
}

func (t *Telegram) member(chat, person int64, before, after string) {
	status := func(s string) map[string]any {
		return map[string]any{"user": t.botUser(), "status": s, "until_date": 0}
	}
	t.push(chat, "my_chat_member", map[string]any{
		"chat": t.chatJSON(chat), "from": telegramPerson(person), "date": t.now().Unix(),
		"old_chat_member": status(before), "new_chat_member": status(after),
	})
}

// Update sends any update: kind is the field's name ("poll", "channel_post" …).
func (t *Telegram) Update(chat int64, kind string, content any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.push(chat, kind, content)
}

// RestartIDs lets update_id go on from n, as Telegram does after a week of silence.
func (t *Telegram) RestartIDs(n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.updateID = n
}

// Redeliver sends every update so far (the latest thousands) once more, as Telegram does when it missed our answer.
func (t *Telegram) Redeliver() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range slices.Clone(t.past) {
		t.queue = append(t.queue, &telegramUpdate{id: u.id, chat: u.chat, kind: u.kind, body: u.body})
	}
	t.notify()
	t.deliver()
}

// Messages returns a chat's messages of both sides as they stand now, oldest first.
func (t *Telegram) Messages(chat int64) []TelegramMessage {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []TelegramMessage
	if c := t.chats[chat]; c != nil {
		for _, m := range c.messages {
			out = append(out, *m)
		}
	}
	return out
}

// FromBot returns what the bot wrote into a chat, oldest first.
func (t *Telegram) FromBot(chat int64) []TelegramMessage {
	return slices.DeleteFunc(t.Messages(chat), func(m TelegramMessage) bool { return !m.FromBot })
}

// WaitFromBot waits until the bot has written n messages into a chat.
func (t *Telegram) WaitFromBot(ctx context.Context, chat int64, n int) ([]TelegramMessage, error) {
	err := t.Wait(ctx, func() bool { return len(t.FromBot(chat)) >= n })
	return t.FromBot(chat), err
}

// WaitTaken waits until the bot has confirmed every update.
func (t *Telegram) WaitTaken(ctx context.Context) error {
	return t.Wait(ctx, func() bool { return t.Pending() == 0 })
}

// Pending counts the updates that the bot has not confirmed.
func (t *Telegram) Pending() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.queue)
}

// Toasts returns what was shown over pressed buttons in a chat, oldest first; "" is a cleared spinner.
func (t *Telegram) Toasts(chat int64) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	for _, toast := range t.toasts {
		if toast.Chat == chat {
			out = append(out, toast.Text)
		}
	}
	return out
}

// Menu returns a command menu: scope "default", "all_private_chats" or "chat:<id>", and a language code or "".
func (t *Telegram) Menu(scope, lang string) []TelegramCommand {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.menus[scope+"/"+lang])
}

// Left returns the groups that the bot has left.
func (t *Telegram) Left() []int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.left)
}

// Calls counts the calls of one method, refused ones included.
func (t *Telegram) Calls(method string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls[method]
}

// Hook returns the webhook's address and secret.
func (t *Telegram) Hook() (url, secret string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.hook.url, t.hook.secret
}

// Polling reports whether a getUpdates waits for updates.
func (t *Telegram) Polling() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.poller != nil
}

// Sent returns what the bot wrote into all chats, oldest first.
func (t *Telegram) Sent() (out []TelegramMessage) {
	t.mu.Lock()
	chats := slices.Sorted(maps.Keys(t.chats))
	t.mu.Unlock()
	for _, c := range chats {
		out = append(out, t.FromBot(c)...)
	}
	slices.SortStableFunc(out, func(a, b TelegramMessage) int { return a.At.Compare(b.At) })
	return out
}
