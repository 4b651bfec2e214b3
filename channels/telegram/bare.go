package telegram

import (
	"encoding/json"

	"github.com/go-telegram/bot/models"
)

// bareMessage is the part of a message that every version of the Bot API writes alike.
type bareMessage struct {
	ID       int          `json:"message_id"`
	From     *models.User `json:"from"`
	Date     int          `json:"date"`
	EditDate int          `json:"edit_date"`
	Text     string       `json:"text"`
	Caption  string       `json:"caption"`
	Chat     bareChat     `json:"chat"`
}

type bareChat struct {
	ID   int64           `json:"id"`
	Type models.ChatType `json:"type"`
}

func (b *bareMessage) message() *models.Message {
	if b == nil {
		return nil
	}
	return &models.Message{
		ID: b.ID, From: b.From, Date: b.Date, EditDate: b.EditDate, Text: b.Text, Caption: b.Caption,
		Chat: models.Chat{ID: b.Chat.ID, Type: b.Chat.Type},
	}
}

// decodeBare reads an update that the library cannot: a text stays a text even where it is forwarded from something that
// was invented after this program. What else it carries is lost and becomes Other.
func decodeBare(body []byte) (models.Update, error) {
	var b struct {
		ID            int64        `json:"update_id"`
		Message       *bareMessage `json:"message"`
		EditedMessage *bareMessage `json:"edited_message"`
		ChannelPost   *bareMessage `json:"channel_post"`
		Callback      *struct {
			ID      string       `json:"id"`
			From    models.User  `json:"from"`
			Message *bareMessage `json:"message"`
			Data    string       `json:"data"`
		} `json:"callback_query"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return models.Update{}, err
	}
	u := models.Update{
		ID: b.ID, Message: b.Message.message(), EditedMessage: b.EditedMessage.message(),
		ChannelPost: b.ChannelPost.message(),
	}
	if q := b.Callback; q != nil {
		u.CallbackQuery = &models.CallbackQuery{ID: q.ID, From: q.From, Data: q.Data}
		u.CallbackQuery.Message.Message = q.Message.message()
	}
	return u, nil
}
