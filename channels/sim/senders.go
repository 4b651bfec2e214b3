package sim

import (
	"context"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
)

// chatPrefix begins the id of a chat here; the number of its phone follows.
const chatPrefix = "sim:"

// SMS is the sender "sim": every phone is switched on and in reach.
func (s *Sim) SMS() channels.Sender { return smsSender{} }

type smsSender struct{}

func (smsSender) Name() string { return "sim" }

// Send has nothing to do: a phone shows what the outbox marks as sent.
func (smsSender) Send(_ context.Context, m channels.Outbound) (channels.Sent, error) {
	return channels.Sent{ProviderID: m.ID, Segments: m.Segments}, nil
}

// Find proves that a message in doubt was not seen: what is not marked as sent is on no phone.
func (smsSender) Find(context.Context, channels.Outbound) (channels.Sent, bool, error) {
	return channels.Sent{}, false, nil
}

// Chat is the sender "telegram" while there is no real one.
func (s *Sim) Chat() channels.Sender { return chatSender{s} }

type chatSender struct{ *Sim }

func (chatSender) Name() string { return "telegram" }

// Send keeps how the message looks; the outbox keeps its words. Sending again keeps one card.
func (c chatSender) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	if !strings.HasPrefix(m.To, chatPrefix) {
		return channels.Sent{}, &channels.SendError{Kind: channels.Invalid, Code: "chat_not_found", Err: errNoChat}
	}
	card := Card{Message: m.ID, Buttons: m.Buttons, Keys: m.Keys, AskPhone: m.AskPhone}
	if m.EditRef != "" {
		edited, err := c.Store.EditCard(ctx, m.To, Card{Message: m.EditRef, Text: m.Text, Buttons: m.Buttons}, m.At)
		if err != nil {
			return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: err}
		}
		if edited {
			card.Edits = m.EditRef
		}
	}
	if err := c.Store.KeepCard(ctx, card); err != nil {
		return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: err}
	}
	return channels.Sent{ProviderID: m.ID}, nil
}

// Find proves that a message in doubt was not seen, as for SMS.
func (chatSender) Find(context.Context, channels.Outbound) (channels.Sent, bool, error) {
	return channels.Sent{}, false, nil
}
