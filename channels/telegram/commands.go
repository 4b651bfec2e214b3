package telegram

import (
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Command is one line of the menu beside the input field. The words come from flows/text.
type Command struct {
	Name        string // without "/": a-z, 0-9, _, at most 32
	Description string // at most 256
}

// Menu is a default menu for clients set to Lang (ISO 639-1); an empty Lang is for all others.
type Menu struct {
	Lang     string
	Commands []Command
}

var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func checkCommands(cmds []Command) error {
	if len(cmds) > 100 {
		return fmt.Errorf("telegram: %d commands, at most 100", len(cmds))
	}
	for _, c := range cmds {
		if !commandName.MatchString(c.Name) || c.Description == "" || len(c.Description) > 256 {
			return fmt.Errorf("telegram: command %q needs a lowercase name and a description", c.Name)
		}
	}
	return nil
}

// Commands sets the menu of one chat, once its person's role is known; without a chat, the menu of all private chats for
// clients in lang. A chat's menu is in the person's own language, whatever her phone is set to. No commands: the chat goes
// back to the default. The same role and language again cost no call.
//
// A menu is an offer, not a right: a command of another role may still arrive and is judged by the turn.
func (a *Adapter) Commands(ctx context.Context, chat, role, lang string, cmds []Command) error {
	if err := checkCommands(cmds); err != nil {
		return err
	}
	mark := fmt.Sprintf("%s %s %v", role, lang, cmds)
	a.mu.Lock()
	same := chat != "" && a.menus[chat] == mark
	a.mu.Unlock()
	if same {
		return nil
	}
	var scope models.BotCommandScope = &models.BotCommandScopeAllPrivateChats{}
	if chat != "" {
		id, err := strconv.ParseInt(chat, 10, 64)
		if err != nil || id <= 0 {
			return invalid("chat", "not a private chat")
		}
		scope, lang = &models.BotCommandScopeChat{ChatID: id}, ""
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if err := a.setCommands(ctx, scope, lang, cmds); err != nil {
		return a.classify(err)
	}
	if chat != "" {
		a.mu.Lock()
		if len(a.menus) >= chatsToKeep {
			clear(a.menus)
		}
		a.menus[chat] = mark
		a.mu.Unlock()
	}
	return nil
}

func (a *Adapter) setCommands(ctx context.Context, scope models.BotCommandScope, lang string, cmds []Command) error {
	if len(cmds) == 0 {
		_, err := a.bot.DeleteMyCommands(ctx, &bot.DeleteMyCommandsParams{Scope: scope, LanguageCode: lang})
		return err
	}
	p := &bot.SetMyCommandsParams{Scope: scope, LanguageCode: lang}
	for _, c := range cmds {
		p.Commands = append(p.Commands, models.BotCommand{Command: c.Name, Description: c.Description})
	}
	_, err := a.bot.SetMyCommands(ctx, p)
	return err
}
