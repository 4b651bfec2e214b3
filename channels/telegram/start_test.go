package telegram

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/fake"
)

func TestNewChecksItsSettings(t *testing.T) {
	good := Config{Token: testToken, WebhookSecret: testSecret, Now: time.Now}
	if _, err := New(good, nil); err != nil {
		t.Fatalf("good settings: %v", err)
	}
	for name, change := range map[string]func(*Config){
		"no token":        func(c *Config) { c.Token = "" },
		"half a token":    func(c *Config) { c.Token = "700100:" },
		"no bot id":       func(c *Config) { c.Token = "x:AAsecret" },
		"a bad secret":    func(c *Config) { c.WebhookSecret = "with space" },
		"a long secret":   func(c *Config) { c.WebhookSecret = strings.Repeat("x", 257) },
		"no clock":        func(c *Config) { c.Now = nil },
		"a bad menu":      func(c *Config) { c.Menus = []Menu{{Commands: []Command{{"Jual", "x"}}}} },
		"an unclear menu": func(c *Config) { c.Menus = []Menu{{Commands: []Command{{"jual", ""}}}} },
	} {
		c := good
		change(&c)
		if _, err := New(c, nil); err == nil || (len(c.Token) > 8 && strings.Contains(err.Error(), c.Token)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStart(t *testing.T) {
	menus := []Menu{
		{Commands: []Command{{"start", "Mulai"}, {"help", "Bantuan"}, {"settings", "Pengaturan"}}},
		{Lang: "su", Commands: []Command{{"start", "Ngamimitian"}}},
	}
	w := newWorld(t, func(c *Config) { c.PublicURL, c.Menus = "https://kabar.example.go.id/", menus })
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if url, secret := w.tg.Hook(); url != "https://kabar.example.go.id/channels/telegram" || secret != testSecret || !w.Webhooks() {
		t.Errorf("webhook %q %q", url, secret)
	}
	want := []fake.TelegramCommand{{Name: "start", Description: "Mulai"}, {Name: "help", Description: "Bantuan"}, {Name: "settings", Description: "Pengaturan"}}
	if got := w.tg.Menu("all_private_chats", ""); !reflect.DeepEqual(got, want) {
		t.Errorf("menu %+v", got)
	}
	if got := w.tg.Menu("all_private_chats", "su"); len(got) != 1 {
		t.Errorf("Sundanese menu %+v", got)
	}
	// The same bot without a secret polls, so the webhook has to go.
	w.cfg.WebhookSecret = ""
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if url, _ := w.tg.Hook(); url != "" || w.Webhooks() {
		t.Errorf("webhook %q is left", url)
	}
	w.tg.Fail(fake.TelegramFault{Status: 401, Description: "Unauthorized"})
	if err := w.Start(t.Context()); kind(err) != channels.Misconfig {
		t.Errorf("refused token: %v", err)
	}
	if name, err := w.Bot(t.Context()); err != nil || name != "KabarProkusBot" || w.Name() != "telegram" {
		t.Errorf("%q, %v", name, err)
	}
}

func TestCommandsOfAChat(t *testing.T) {
	w := newWorld(t)
	set := func(role, lang string, cmds ...Command) {
		t.Helper()
		if err := w.Commands(t.Context(), "4711", role, lang, cmds); err != nil {
			t.Fatal(err)
		}
	}
	set("tksk", "id", Command{"tugas", "Tugas hari ini"})
	set("tksk", "id", Command{"tugas", "Tugas hari ini"})
	if got := w.tg.Menu("chat:4711", ""); len(got) != 1 || w.tg.Calls("setMyCommands") != 1 {
		t.Errorf("%+v after %d calls", got, w.tg.Calls("setMyCommands"))
	}
	set("tksk", "su", Command{"tugas", "Pancen dinten ieu"})
	if got := w.tg.Menu("chat:4711", ""); len(got) != 1 || got[0].Description != "Pancen dinten ieu" {
		t.Errorf("%+v", got)
	}
	set("", "")
	if got := w.tg.Menu("chat:4711", ""); got != nil {
		t.Errorf("%+v is left", got)
	}
	if err := w.Commands(t.Context(), "-100200", "tksk", "id", []Command{{"tugas", "x"}}); kind(err) != channels.Invalid {
		t.Errorf("a group's menu: %v", err)
	}
	w.tg.Fail(fake.TelegramFault{Status: 429, RetryAfter: 3})
	if err := w.Commands(t.Context(), "4711", "tksk", "id", []Command{{"tugas", "x"}}); kind(err) != channels.Throttled {
		t.Errorf("%v", err)
	}
}

func TestFile(t *testing.T) {
	w := newWorld(t)
	voice := bytes.Repeat([]byte("ogg"), 1000)
	id := w.tg.Voice(siti, voice)
	var got bytes.Buffer
	if err := w.File(t.Context(), id, &got, MaxFile); err != nil || !bytes.Equal(got.Bytes(), voice) {
		t.Errorf("%d bytes, %v", got.Len(), err)
	}
	got.Reset()
	if err := w.File(t.Context(), id, &got, 2999); !errors.Is(err, channels.ErrTooBig) || got.Len() != 0 {
		t.Errorf("too big: %v, %d bytes", err, got.Len())
	}
	if err := w.File(t.Context(), "unknown", &got, MaxFile); kind(err) != channels.Invalid {
		t.Errorf("unknown: %v", err)
	}
	w.tg.Close()
	err := w.File(t.Context(), id, &got, MaxFile)
	if err == nil {
		t.Fatal("fetched from nowhere")
	}
	noToken(t, err)
}
