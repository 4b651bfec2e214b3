package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/internal/fake"
)

const dediChat, sitiChat = 7001, 7002

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
	chat.tells("/rute", "Rute hari ini (1 desa)")
	all := tg.FromBot(dediChat)
	if row := all[len(all)-1].Buttons[0]; row[1].Label != "Buka peta" || row[1].URL != "https://www.openstreetmap.org/search?query=Cengal%2C+Maja%2C+Majalengka" {
		t.Errorf("the way to go has the buttons %+v", row)
	}
	chat.presses("Mulai", "1/1 Siti Aminah")
	chat.presses("Sudah dikunjungi", "1/1 Siti: kunjungan dicatat. Hasilnya?")
	chat.presses("Selesai", "1/1 Siti: selesai 11 Jun")
	if n := len(tg.FromBot(dediChat)); n != before+2 {
		t.Errorf("%d messages for one digest and one /rute: buttons edit theirs", n-before)
	}
	p.wait("the TKSK's menu", waitLong, func() bool { return commands(tg, dediChat) == "tugas rute cari lapor cuti tautan nomor batal" })
	sitiInAChat(t, p, tg)
	tg.AddToGroup(-100500, dediChat)
	p.wait("the group to be left", waitLong, func() bool { return len(tg.Left()) == 1 })
	if tg.Left()[0] != -100500 || len(tg.FromBot(-100500)) != 0 {
		t.Errorf("left chats %v", tg.Left())
	}
}

// commands are the menu of a chat.
func commands(tg *fake.Telegram, chat int64) string {
	var names []string
	for _, c := range tg.Menu(fmt.Sprintf("chat:%d", chat), "") {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

// sitiInAChat is a beneficiary in Telegram: a link that the TKSK hands over, the keyboard, a report, the picture of her weeks,
// /cancel, and a voice note that her TKSK can hear in the console.
func sitiInAChat(t *testing.T, p *program, tg *fake.Telegram) {
	t.Helper()
	dediInChat := &chat{p: p, tg: tg, id: dediChat}
	dediInChat.tells("/tautan "+p.code("Siti Aminah"), "start=")
	all := tg.FromBot(dediChat)
	_, token, _ := strings.Cut(all[len(all)-1].Text, "start=")
	token, _, _ = strings.Cut(token, "\n")
	c := &chat{p: p, tg: tg, id: sitiChat}
	c.tells("/start "+token, "Untuk memastikan ini Bu Siti")
	tg.ShareContact(sitiChat, siti, sitiChat)
	c.awaits("her number", "Pilih bahasa")
	c.presses("Indonesia", "Bahasa: Indonesia")
	c.awaits("her language", "Pilih di bawah ini kapan saja")
	all = tg.FromBot(sitiChat)
	if last := all[len(all)-1]; len(last.Keys) != 2 || len(last.Keys[0]) != 2 || !last.Always {
		t.Errorf("the keyboard is %v, persistent %t; want 2x2 that stays", last.Keys, last.Always)
	}
	p.wait("her menu", waitLong, func() bool { return strings.HasPrefix(commands(tg, sitiChat), "jual ubah status") })
	c.tells("700rb", "Rp700.000 untuk minggu mana?")
	c.presses("1-7 Jun", "Tercatat Rp700.000 untuk 1-7 Jun")
	c.tells("/grafik", "8 minggu terakhir. Tertinggi Rp700.000")
	all = tg.FromBot(sitiChat)
	if pic := all[len(all)-1].Photo; len(pic) < 1000 || string(pic[1:4]) != "PNG" {
		t.Errorf("the picture has %d bytes", len(pic))
	}
	c.tells("/bahasa", "Pilih bahasa")
	c.tells("/cancel", "tidak jadi")
	c.tells("/start "+token, "sudah")
	voice := []byte("OggS\x00\x02" + strings.Repeat("suara", 400))
	tg.Voice(sitiChat, voice)
	c.awaits("her voice", "Suara Ibu sudah kami terima")
	if !heard(t, p.logIn("Dedi"), voice) {
		t.Error("her TKSK cannot hear her voice")
	}
}

// heard looks for a voice note in the cases of whoever is logged in.
func heard(t *testing.T, office func(path string) string, voice []byte) bool {
	t.Helper()
	page := office("/kasus")
	if !strings.Contains(page, "Perlu dibantu lapor") {
		t.Fatal("the case of her voice is not listed")
	}
	for _, part := range strings.Split(page, `href="/kasus/`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		for _, file := range strings.Split(office("/kasus/"+id), `src="/kasus/`)[1:] {
			path, _, _ := strings.Cut(file, `"`)
			if office("/kasus/"+path) == string(voice) {
				return true
			}
		}
	}
	return false
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
	ctx, cancel := context.WithTimeout(c.p.t.Context(), waitLong)
	defer cancel()
	if err := c.tg.Wait(ctx, func() bool { return c.tg.Pending() == 0 && c.holds(want) }); err != nil {
		for _, m := range c.tg.Messages(c.id) {
			c.p.t.Logf("bot=%t %q (earlier %q) %v", m.FromBot, m.Text, m.Earlier, m.Buttons)
		}
		c.p.t.Fatalf("%q: no answer with %q: %v", text, want, err)
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
	ctx, cancel := context.WithTimeout(c.p.t.Context(), waitLong)
	defer cancel()
	all, err := c.tg.WaitFromBot(ctx, c.id, n+1)
	if err != nil {
		c.p.t.Fatalf("waiting for message %d: %v", n+1, err)
	}
	return all[len(all)-1]
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// code is somebody's code, from the list that the office exports.
func (p *program) code(name string) string {
	p.t.Helper()
	out, _ := p.command("", "export", "people", "--csv")
	for line := range strings.Lines(out) {
		if strings.Contains(line, name) {
			return sixDigits.FindString(line)
		}
	}
	p.t.Fatalf("%s is not in the list:\n%s", name, out)
	return ""
}

// logIn opens the console as a member of staff, by a one-time link, and reads pages.
func (p *program) logIn(who string) (page func(path string) string) {
	p.t.Helper()
	out, code := p.command("", "login", who)
	_, token, ok := strings.Cut(strings.TrimSpace(out), "/masuk/")
	if code != 0 || !ok {
		p.t.Fatalf("no log-in link (%d): %s", code, out)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	do := func(method, path string) string {
		p.t.Helper()
		r, err := http.NewRequest(method, p.base+path, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		res, err := client.Do(r)
		if err != nil {
			p.t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode >= 300 {
			p.t.Fatalf("%s %s: %d %v", method, path, res.StatusCode, err)
		}
		return string(b)
	}
	do(http.MethodPost, "/masuk/"+token)
	return func(path string) string { return do(http.MethodGet, path) }
}
