package main

import (
	"context"
	"time"

	"github.com/kabar-prokus/kabar/channels/telegram"
)

// startTelegram sets the webhook and menus, or polls. The channel returned closes when polling has ended.
func (p *program) startTelegram(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	if p.telegram == nil {
		close(done)
		return done
	}
	go func() {
		defer close(done)
		go p.learnBotName(ctx)
		if err := p.telegram.Start(ctx); err != nil {
			p.log.WarnContext(ctx, "telegram is not ready", "error", err)
		}
		if !p.telegram.Webhooks() {
			if err := p.telegram.Poll(ctx); err != nil && ctx.Err() == nil {
				p.log.ErrorContext(ctx, "telegram stopped", "error", err)
			}
		}
	}()
	return done
}

// telegramBot is the name of our bot, for the links that lead to it; empty while there is none.
func (p *program) telegramBot() string {
	if name := p.botName.Load(); name != nil {
		return *name
	}
	return ""
}

// nameAgain is how long we wait before asking Telegram for our name again.
const nameAgain = time.Minute

// learnBotName asks Telegram who we are, until it says so.
func (p *program) learnBotName(ctx context.Context) {
	for {
		name, err := p.telegram.Bot(ctx)
		if err == nil {
			p.botName.Store(&name)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(nameAgain):
		}
	}
}

// chatCommands are what the menu beside the input field offers, by role (console.md 9). A command of another role may still
// arrive and is judged by the turn.
var chatCommands = map[string][]string{
	"beneficiary": {"jual", "ubah", "status", "jadwal", "tolong", "tips", "grafik", "bahasa", "batal", "berhenti"},
	"tksk":        {"tugas", "rute", "cari", "lapor", "cuti", "tautan", "nomor", "batal"},
	"mentor":      {"sesi", "hadir", "batal"},
	"coordinator": {"menu"},
}

// commands are a role's, in a language.
func (p *program) commands(role, lang string) (out []telegram.Command) {
	for _, c := range chatCommands[role] {
		out = append(out, telegram.Command{Name: c, Description: p.texts.Label("command."+c, lang, nil)})
	}
	return out
}

// menus are the commands that chat apps offer before we know who writes, by language.
func (p *program) menus() []telegram.Menu {
	var out []telegram.Menu
	for _, lang := range []string{"id", "su", "jv", "en"} {
		m := telegram.Menu{Lang: lang, Commands: append([]telegram.Command{{Name: "start", Description: p.texts.Label("command.start", lang, nil)}}, p.commands("beneficiary", lang)...)}
		if lang == "id" {
			m.Lang = "" // whoever has no menu of his own language sees this one
		}
		out = append(out, m)
	}
	return out
}
