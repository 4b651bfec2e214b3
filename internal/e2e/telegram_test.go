package e2e

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/fake"
)

const dediChat = 7001

// TestTelegramByPolling and TestTelegramByWebhook: a TKSK links his chat by sharing his number, gets the digest there, and
// acts with its buttons, through the real client library against a Bot API of our own.
func TestTelegramByPolling(t *testing.T) {
	t.Parallel()
	tg := fake.NewTelegram("1000000003:polling")
	t.Cleanup(tg.Close)
	telegramStory(t, tg, "TELEGRAM_BOT_TOKEN=1000000003:polling", "KABAR_TELEGRAM_URL="+tg.URL)
}

func TestTelegramByWebhook(t *testing.T) {
	t.Parallel()
	tg := fake.NewTelegram("1000000004:webhook")
	t.Cleanup(tg.Close)
	addr := freePort(t)
	telegramStory(t, tg, "TELEGRAM_BOT_TOKEN=1000000004:webhook", "TELEGRAM_WEBHOOK_SECRET=s3cret", "KABAR_TELEGRAM_URL="+tg.URL,
		"KABAR_PUBLIC_URL=http://"+addr, "E2E_ADDR="+addr)
}

func telegramStory(t *testing.T, tg *fake.Telegram, env ...string) {
	p := start(t, env, "--empty", "--clock", "2026-06-10T09:40:00+07:00")
	p.imports("staff", staffList, 3)
	p.imports("people", peopleList, 2)
	p.wait("the bot to listen", waitLong, func() bool {
		url, _ := tg.Hook()
		return tg.Polling() || url != ""
	})
	chat := &chat{p: p, tg: tg, id: dediChat}
	chat.tells("/start", "pendamping")
	before := len(tg.FromBot(dediChat))
	tg.ShareContact(dediChat, dedi, dediChat)
	chat.more(before)
	if n := len(tg.Messages(dediChat)); n < 4 {
		t.Fatalf("%d messages after sharing the number", n)
	}

	p.sms(siti, "tolong")
	p.sms(siti, "6")
	before = len(tg.FromBot(dediChat))
	p.clock("2026-06-11T07:31:00+07:00")
	digest := chat.more(before)
	if !strings.Contains(digest.Text, "1 orang perlu dibantu") || len(digest.Buttons) == 0 {
		t.Fatalf("digest %q with buttons %v", digest.Text, digest.Buttons)
	}
	if got := p.last(dedi, "digest"); got.Text != "" {
		t.Errorf("the digest went by SMS too: %q", got.Text)
	}
	chat.presses("Mulai", "1/1 Siti Aminah")
	chat.presses("Sudah dikunjungi", "1/1 Siti: kunjungan dicatat. Hasilnya?")
	chat.presses("Selesai", "1/1 Siti: selesai 11 Jun")
	if n := len(tg.FromBot(dediChat)); n != before+1 {
		t.Errorf("%d messages for one digest: buttons edit theirs", n-before)
	}
	if len(tg.Left()) != 0 {
		t.Errorf("left chats %v", tg.Left())
	}
}

// chat is one person's chat with the bot.
type chat struct {
	p  *program
	tg *fake.Telegram
	id int64
}

// presses presses a button of the newest message that has it, and waits for what the chat then shows.
func (c *chat) presses(label, want string) {
	c.p.t.Helper()
	if !c.tg.PressLabel(c.id, label) {
		c.p.t.Fatalf("no button %s", label)
	}
	c.awaits(label, want)
}

// tells sends a text and waits for an answer that holds some words.
func (c *chat) tells(text, want string) {
	c.p.t.Helper()
	c.tg.SendText(c.id, text)
	c.awaits(text, want)
}

func (c *chat) awaits(text, want string) {
	c.p.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !c.holds(want) {
		if time.Now().After(deadline) {
			for _, m := range c.tg.Messages(c.id) {
				c.p.t.Logf("bot=%t %q (earlier %q) %v", m.FromBot, m.Text, m.Earlier, m.Buttons)
			}
			c.p.t.Fatalf("%q: no answer with %q", text, want)
		}
		if err := c.tg.WaitTaken(c.p.t.Context()); err != nil {
			c.p.t.Fatal(err)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func (c *chat) holds(want string) bool {
	for _, m := range c.tg.FromBot(c.id) {
		if strings.Contains(m.Text, want) {
			return true
		}
	}
	return false
}

// more waits for a message beyond the first n and returns the newest.
func (c *chat) more(n int) fake.TelegramMessage {
	c.p.t.Helper()
	ctx, cancel := context.WithTimeout(c.p.t.Context(), 30*time.Second)
	defer cancel()
	all, err := c.tg.WaitFromBot(ctx, c.id, n+1)
	if err != nil {
		c.p.t.Fatalf("waiting for message %d: %v", n+1, err)
	}
	return all[len(all)-1]
}
