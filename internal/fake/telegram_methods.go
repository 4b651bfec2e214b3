package fake

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

const telegramBotName = "KabarProkusBot"

func (t *Telegram) botUser() map[string]any {
	id, _, _ := strings.Cut(t.token, ":")
	n, _ := strconv.ParseInt(id, 10, 64)
	return map[string]any{"id": n, "is_bot": true, "first_name": "KABAR", "username": telegramBotName}
}

func (t *Telegram) getMe(context.Context, telegramForm) (any, *telegramError) {
	return t.botUser(), nil
}

// recipient finds the chat of a call. The caller holds the lock.
func (t *Telegram) recipient(p telegramForm) (*telegramChat, *telegramError) {
	if p.values["chat_id"] == "" {
		return nil, telegramBad("chat_id is empty")
	}
	c := t.chats[p.number("chat_id")]
	switch {
	case c == nil:
		return nil, telegramBad("chat not found")
	case c.blocked && c.group:
		return nil, &telegramError{code: 403, text: "Forbidden: bot was kicked from the group chat"}
	case c.blocked:
		return nil, &telegramError{code: 403, text: "Forbidden: bot was blocked by the user"}
	}
	return c, nil
}

func (t *Telegram) sendMessage(_ context.Context, p telegramForm) (any, *telegramError) {
	text, refused := p.text("text", 4096)
	if refused != nil {
		return nil, refused
	}
	return t.post(p, &TelegramMessage{Text: text})
}

func (t *Telegram) sendPhoto(_ context.Context, p telegramForm) (any, *telegramError) {
	photo := p.files["photo"]
	if len(photo) == 0 {
		return nil, telegramBad("there is no photo in the request")
	}
	if p.values["caption"] == "" {
		return t.post(p, &TelegramMessage{Photo: photo})
	}
	caption, refused := p.text("caption", 1024)
	if refused != nil {
		return nil, refused
	}
	return t.post(p, &TelegramMessage{Photo: photo, Text: caption})
}

func (t *Telegram) post(p telegramForm, m *TelegramMessage) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m.Chat, m.FromBot, m.Markup = p.number("chat_id"), true, p.values["parse_mode"]
	if refused := p.markup(m); refused != nil {
		return nil, refused
	}
	c, refused := t.recipient(p)
	if refused != nil {
		return nil, refused
	}
	if refused := t.limit.take(t.now(), m.Chat, true); refused != nil {
		return nil, refused
	}
	t.keep(c, m)
	return t.messageJSON(m), nil
}

// keep gives m its id and date and puts it into its chat. The caller holds the lock.
func (t *Telegram) keep(c *telegramChat, m *TelegramMessage) {
	t.lastID++
	m.ID, m.Chat, m.At = t.lastID, c.id, t.now()
	c.messages = append(c.messages, m)
	t.notify()
}

func (t *Telegram) messageJSON(m *TelegramMessage) map[string]any {
	out := map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": t.chatJSON(m.Chat), "text": m.Text}
	if m.FromBot {
		out["from"] = t.botUser()
	}
	return out
}

// ours finds a message of the bot that may be edited. The caller holds the lock.
func (t *Telegram) ours(p telegramForm) (*TelegramMessage, *telegramError) {
	c, refused := t.recipient(p)
	if refused != nil {
		return nil, refused
	}
	for _, m := range c.messages {
		if int64(m.ID) != p.number("message_id") {
			continue
		}
		if !m.FromBot {
			return nil, telegramBad("message can't be edited")
		}
		return m, nil
	}
	return nil, telegramBad("message to edit not found")
}

func (t *Telegram) editMessageText(_ context.Context, p telegramForm) (any, *telegramError) {
	text, refused := p.text("text", 4096)
	if refused != nil {
		return nil, refused
	}
	return t.edit(p, func(m *TelegramMessage) { m.Text = text })
}

func (t *Telegram) editMessageReplyMarkup(_ context.Context, p telegramForm) (any, *telegramError) {
	return t.edit(p, func(*TelegramMessage) {})
}

func (t *Telegram) edit(p telegramForm, change func(*TelegramMessage)) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	m, refused := t.ours(p)
	if refused != nil {
		return nil, refused
	}
	after := *m
	change(&after)
	after.Buttons = nil
	if refused := p.markup(&after); refused != nil {
		return nil, refused
	}
	if after.Text == m.Text && reflect.DeepEqual(after.Buttons, m.Buttons) {
		return nil, telegramBad("message is not modified: specified new message content and reply markup are exactly " +
			"the same as a current content and reply markup of the message")
	}
	if refused := t.limit.take(t.now(), m.Chat, false); refused != nil {
		return nil, refused
	}
	if after.Text != m.Text {
		after.Earlier = append(after.Earlier[:len(after.Earlier):len(after.Earlier)], m.Text)
	}
	*m = after
	t.notify()
	return t.messageJSON(m), nil
}

// answerCallbackQuery takes one answer for each pressed button.
func (t *Telegram) answerCallbackQuery(_ context.Context, p telegramForm) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tap := t.taps[p.values["callback_query_id"]]
	if tap == nil || tap.answered {
		return nil, telegramBad("query is too old and response timeout expired or query ID is invalid")
	}
	if utf8.RuneCountInString(p.values["text"]) > 200 {
		return nil, telegramBad("MESSAGE_TOO_LONG")
	}
	tap.answered = true
	t.toasts = append(t.toasts, TelegramToast{Chat: tap.chat, Text: p.values["text"]})
	t.notify()
	return true, nil
}

func (t *Telegram) sendChatAction(_ context.Context, p telegramForm) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, refused := t.recipient(p); refused != nil {
		return nil, refused
	}
	t.notify()
	return true, nil
}

func (t *Telegram) leaveChat(_ context.Context, p telegramForm) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c, refused := t.recipient(p)
	if refused != nil {
		return nil, refused
	}
	if !c.group {
		return nil, telegramBad("chat member status can't be changed in private chats")
	}
	c.blocked = true
	t.left = append(t.left, c.id)
	t.notify()
	return true, nil
}

var telegramCommandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func (t *Telegram) setMyCommands(_ context.Context, p telegramForm) (any, *telegramError) {
	var cmds []TelegramCommand
	if err := json.Unmarshal([]byte(p.values["commands"]), &cmds); err != nil || len(cmds) > 100 {
		return nil, telegramBad("can't parse commands")
	}
	for _, c := range cmds {
		if n := utf8.RuneCountInString(c.Description); !telegramCommandName.MatchString(c.Name) || n < 1 || n > 256 {
			return nil, telegramBad("BOT_COMMAND_INVALID")
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	scope, refused := telegramScope(p)
	if refused != nil {
		return nil, refused
	}
	t.menus[scope] = cmds
	t.notify()
	return true, nil
}

func (t *Telegram) deleteMyCommands(_ context.Context, p telegramForm) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	scope, refused := telegramScope(p)
	if refused != nil {
		return nil, refused
	}
	delete(t.menus, scope)
	t.notify()
	return true, nil
}

// telegramScope names a menu as Menu does: "all_private_chats/id", "chat:4711/".
func telegramScope(p telegramForm) (string, *telegramError) {
	s := struct {
		Type string `json:"type"`
		Chat int64  `json:"chat_id"`
	}{Type: "default"}
	if raw := p.values["scope"]; raw != "" {
		if err := json.Unmarshal([]byte(raw), &s); err != nil || s.Type == "" {
			return "", telegramBad("can't parse BotCommandScope")
		}
	}
	lang := p.values["language_code"]
	if lang != "" && len(lang) != 2 {
		return "", telegramBad("invalid language code specified")
	}
	if s.Type == "chat" {
		return fmt.Sprintf("chat:%d/%s", s.Chat, lang), nil
	}
	return s.Type + "/" + lang, nil
}

func (t *Telegram) getFile(_ context.Context, p telegramForm) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	id := p.values["file_id"]
	body, ok := t.files[id]
	switch {
	case !ok:
		return nil, telegramBad("invalid file_id")
	case len(body) > 20<<20:
		return nil, telegramBad("file is too big")
	}
	return map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": len(body), "file_path": "files/" + id}, nil
}

func (t *Telegram) serveFile(w http.ResponseWriter, path string) {
	t.mu.Lock()
	body, ok := t.files[strings.TrimPrefix(path, "files/")]
	t.mu.Unlock()
	if !ok {
		telegramRefuse(w, telegramError{code: 404, text: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(body)
}
