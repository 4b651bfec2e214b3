package telegram

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kabar-prokus/kabar/channels"
)

// Limits of the Bot API. Text is counted in UTF-16 units, as Telegram's clients do.
const (
	maxText  = 4096
	maxData  = 64 // bytes
	maxToast = 200
	maxHint  = 64   // characters in an empty input field
	maxWords = 1024 // of a picture's caption
)

// Send sends m, or edits the message named by EditRef and falls back to a new one where it can no longer be edited.
// Sent.ProviderID is Telegram's message id.
func (a *Adapter) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	chat, refused := check(m)
	if refused != nil {
		return channels.Sent{}, refused
	}
	leave, late := a.pace.enter(ctx, chat)
	if late != nil {
		return channels.Sent{}, late
	}
	defer leave()
	if ref, err := strconv.Atoi(m.EditRef); err == nil && ref > 0 && m.AskPhone == "" && m.Picture == nil {
		err := a.edit(ctx, chat, ref, m.Text, m.Buttons)
		if err == nil {
			return channels.Sent{ProviderID: m.EditRef}, nil
		}
		if !uneditable(err) {
			return channels.Sent{}, err
		}
	}
	return a.post(ctx, chat, m)
}

// check refuses what Telegram would refuse, before it costs a call.
func check(m channels.Outbound) (chat int64, refused *channels.SendError) {
	chat, err := strconv.ParseInt(m.To, 10, 64)
	switch {
	case err != nil || chat <= 0: // negative ids are groups and channels: never personal data
		return 0, invalid("chat", "the recipient is not a private chat")
	case strings.TrimSpace(m.Text) == "":
		return 0, invalid("empty", "the text is empty")
	case !utf8.ValidString(m.Text) || strings.ContainsRune(m.Text, 0):
		return 0, invalid("utf8", "the text is not clean UTF-8")
	case units(m.Text) > maxText:
		return 0, invalid("long", "the text is longer than 4096")
	case m.Picture != nil && units(m.Text) > maxWords:
		return 0, invalid("long", "the caption is longer than 1024")
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			if strings.TrimSpace(b.Label) == "" || (b.Data == "") != (b.URL != "") || len(b.Data) > maxData || !utf8.ValidString(b.Data) {
				return 0, invalid("button", "a button needs a label, and either 1 to 64 bytes of data or an address")
			}
		}
	}
	return chat, nil
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// post sends a new message.
func (a *Adapter) post(ctx context.Context, chat int64, m channels.Outbound) (channels.Sent, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var got *models.Message
	var err error
	if m.Picture != nil {
		got, err = a.bot.SendPhoto(ctx, &bot.SendPhotoParams{
			ChatID: chat, Photo: &models.InputFileUpload{Filename: "kabar.png", Data: bytes.NewReader(m.Picture)}, Caption: m.Text, ReplyMarkup: markup(m),
		})
	} else {
		got, err = a.bot.SendMessage(ctx, &bot.SendMessageParams{
			ChatID: chat, Text: m.Text, ReplyMarkup: markup(m), LinkPreviewOptions: noPreview(),
		})
	}
	if err != nil {
		return channels.Sent{}, a.classify(err)
	}
	a.setRefused(nil)
	if got == nil || got.ID == 0 {
		return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Err: errors.New("accepted without a message id")}
	}
	return channels.Sent{ProviderID: strconv.Itoa(got.ID)}, nil
}

// edit replaces text and buttons of our own message. A message that already says this counts as edited.
func (a *Adapter) edit(ctx context.Context, chat int64, ref int, text string, buttons [][]channels.Button) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	p := &bot.EditMessageTextParams{ChatID: chat, MessageID: ref, Text: text, LinkPreviewOptions: noPreview()}
	if len(buttons) > 0 {
		p.ReplyMarkup = inline(buttons) // without it Telegram takes the buttons away, which is what no buttons means
	}
	_, err := a.bot.EditMessageText(ctx, p)
	if err == nil || unchanged(err) {
		return nil
	}
	refusal := a.classify(err)
	if refusal.Kind == channels.Ambiguous {
		refusal.Kind = channels.Temporary // the same edit twice is the same message
	}
	return refusal
}

// key is an inline button. The library's own type adds an empty copy_text to every button.
type key struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

type keys struct {
	Rows [][]key `json:"inline_keyboard"`
}

func inline(buttons [][]channels.Button) keys {
	var k keys
	for _, row := range buttons {
		var r []key
		for _, b := range row {
			if b.URL == "" || opens(b.URL) {
				r = append(r, key{Text: b.Label, Data: b.Data, URL: b.URL})
			}
		}
		if len(r) > 0 {
			k.Rows = append(k.Rows, r)
		}
	}
	return k
}

// opens says whether Telegram takes an address: it refuses the whole message for the address of a machine that only its own
// house knows, such as localhost. The words matter more than the key.
func opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && strings.Contains(u.Hostname(), ".")
}

// markup is what hangs under a message: Telegram allows one of inline buttons and reply keyboard.
func markup(m channels.Outbound) models.ReplyMarkup {
	if len(m.Buttons) > 0 {
		return inline(m.Buttons)
	}
	var rows [][]models.KeyboardButton
	if m.AskPhone != "" {
		rows = append(rows, []models.KeyboardButton{{Text: m.AskPhone, RequestContact: true}})
	}
	for _, row := range m.Keys {
		for len(row) > 0 { // two to a row: wider keys are cut off on small phones
			n := min(len(row), 2)
			var r []models.KeyboardButton
			for _, label := range row[:n] {
				r = append(r, models.KeyboardButton{Text: label})
			}
			rows, row = append(rows, r), row[n:]
		}
	}
	switch {
	case len(rows) == 0:
		return nil
	case m.AskPhone != "":
		return &models.ReplyKeyboardMarkup{Keyboard: rows, ResizeKeyboard: true, OneTimeKeyboard: true}
	}
	return &models.ReplyKeyboardMarkup{Keyboard: rows, ResizeKeyboard: true, IsPersistent: true, InputFieldPlaceholder: cut(m.Hint, maxHint)}
}

func noPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: bot.True()}
}
