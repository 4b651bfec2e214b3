package scheduler

import (
	"context"
	"fmt"
	"time"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// chatKept is how long Telegram keeps what it could not deliver to us; what was written before is lost (faults.md E13).
const chatKept = 24 * time.Hour

// chatActive is how recently somebody must have written in a chat to be asked.
const chatActive = 7 * 24 * time.Hour

// Lost are the people who may have written while nobody listened.
type Lost interface {
	// LastSwept is when the clock was swept last; ok is false before the first time.
	LastSwept(ctx context.Context) (at time.Time, ok bool, err error)
	// LostChats are the next people after one who wrote in a chat between two moments and still have it, in the order of their ids.
	LostChats(ctx context.Context, from, to time.Time, after int64, limit int) ([]Chatter, error)
	// Say queues messages that nobody has queued yet, and counts them.
	Say(ctx context.Context, now time.Time, msgs ...prokus.Message) (n int, err error)
	// CountLost keeps how many people were asked after an outage.
	CountLost(ctx context.Context, from time.Time, n int, now time.Time) error
}

// Chatter is somebody with a chat.
type Chatter struct {
	Person     int64
	Chat       string
	Name       string
	Salutation string
	Lang       prokus.Lang
}

// askAgain asks those who use the chat to send again what they wrote while we were down for longer than Telegram keeps it. A
// second run finds the keys of the first.
func (s *Scheduler) askAgain(ctx context.Context, now time.Time) error {
	last, ok, err := s.Store.LastSwept(ctx)
	if err != nil || !ok || now.Sub(last) <= chatKept {
		return err
	}
	if _, on := s.senders["telegram"]; !on {
		return nil
	}
	asked := 0
	for after := int64(0); ; {
		people, err := s.Store.LostChats(ctx, last.Add(-chatActive), last, after, batch)
		if err != nil {
			return fmt.Errorf("lost chats: %w", err)
		}
		var msgs []prokus.Message
		for _, p := range people {
			after = p.Person
			who := prokus.Person{Name: p.Name, Salutation: p.Salutation}
			msgs = append(msgs, prokus.Message{
				Key: fmt.Sprintf("chat.lost:%d:%d", p.Person, last.Unix()), Person: p.Person, Channel: "telegram", Via: "telegram", To: p.Chat,
				Kind: prokus.KindNotice, Lang: p.Lang, Text: "chat.lost", NotBefore: prokus.AfterQuiet(now), NotAfter: now.Add(2 * chatKept),
				Args: encode(map[string]any{"sapaan": who.Title(), "nama": map[string]string{"name": who.First()}, "ibu": p.Salutation,
					"tgl": map[string]string{"date": last.Format(time.DateOnly)}, "tgl2": map[string]string{"date": now.Format(time.DateOnly)}}),
			})
		}
		n, err := s.Store.Say(ctx, now, msgs...)
		if err != nil {
			return fmt.Errorf("lost chats: %w", err)
		}
		asked += n
		if len(people) < batch {
			break
		}
	}
	s.Log.WarnContext(ctx, "chats were not heard for longer than Telegram keeps them", "from", last, "to", now, "asked", asked)
	return s.Store.CountLost(ctx, last, asked, now)
}
