package telegram

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/kabar-prokus/kabar/channels"
)

// after bounds what is done once the turn is kept: answering a button, editing its message, leaving a group.
const after = 20 * time.Second

// turn takes one update through the Handler. An error means that nothing was kept.
func (a *Adapter) turn(ctx context.Context, u update) (r channels.Reply, err error) {
	if u.in == nil {
		return r, nil
	}
	defer func() {
		if p := recover(); p != nil {
			// The value may hold what the person wrote.
			a.log.Error("a turn panicked", "kind", u.kind)
			err = errors.New("telegram: the turn panicked")
		}
	}()
	typing := time.AfterFunc(a.typingAfter, func() { a.typing(u.in) })
	defer typing.Stop()
	return a.handler.Handle(ctx, *u.in)
}

// typing shows that we are at work (R26). Whether it arrives does not matter.
func (a *Adapter) typing(in *channels.Inbound) {
	if in.Kind == channels.Blocked || a.pace.paused() > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	if _, err := a.bot.SendChatAction(ctx, &bot.SendChatActionParams{ChatID: in.From, Action: models.ChatActionTyping}); err != nil {
		a.log.Debug("typing not shown", "error", a.classify(err))
	}
}

// finish does what rides home with the acknowledgement. It outlives the request that brought the update, because the
// turn is kept and Telegram will not send it again.
func (a *Adapter) finish(ctx context.Context, u update, r channels.Reply) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), after)
	defer cancel()
	if u.exit != 0 {
		a.leave(ctx, u.exit)
	}
	if u.tap != "" {
		a.answer(ctx, u.tap, r.Toast)
	}
	if u.in == nil {
		return
	}
	defer a.menuFor(ctx, u.in, r)
	if r.EditText == "" {
		return
	}
	chat, _ := strconv.ParseInt(u.in.From, 10, 64)
	a.replace(ctx, chat, u.in.Ref, r)
}

// menuFor gives a chat the commands of whoever writes in it. Whether that works does not matter to the turn.
func (a *Adapter) menuFor(ctx context.Context, in *channels.Inbound, r channels.Reply) {
	if a.cfg.RoleMenu == nil || in.Kind == channels.Blocked || a.pace.paused() > 0 {
		return
	}
	var cmds []Command
	if r.Role != "" {
		cmds = a.cfg.RoleMenu(r.Role, r.Lang)
	} else if !a.hasMenu(in.From) {
		return // a stranger's chat has the default already
	}
	if err := a.Commands(ctx, in.From, r.Role, r.Lang, cmds); err != nil {
		a.log.Info("menu not set", "error", err)
	}
}

func (a *Adapter) hasMenu(chat string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.menus[chat] != ""
}

// answer clears the spinner on a pressed button, which Telegram shows until it is answered (R22).
func (a *Adapter) answer(ctx context.Context, tap, toast string) {
	err := a.insist(ctx, func(ctx context.Context) error {
		_, err := a.bot.AnswerCallbackQuery(ctx, &bot.AnswerCallbackQueryParams{
			CallbackQueryID: tap, Text: cut(toast, maxToast),
		})
		if err == nil || stale(err) {
			return nil
		}
		return a.classify(err)
	})
	if err != nil {
		a.log.Warn("button not answered", "error", err)
	}
}

// replace edits the message whose button was pressed; where that is gone, the person still gets the words.
func (a *Adapter) replace(ctx context.Context, chat int64, ref string, r channels.Reply) {
	m := channels.Outbound{To: strconv.FormatInt(chat, 10), Text: r.EditText, Buttons: r.EditButtons}
	if _, refused := check(m); refused != nil {
		a.log.Error("edit refused", "error", refused)
		return
	}
	err := error(invalid("ref", "message to edit not found"))
	if id, bad := strconv.Atoi(ref); bad == nil {
		err = a.insist(ctx, func(ctx context.Context) error {
			if late := a.pace.slot(ctx); late != nil {
				return late
			}
			return a.edit(ctx, chat, id, r.EditText, r.EditButtons)
		})
	}
	if uneditable(err) {
		_, err = a.Send(ctx, m)
	}
	if err != nil {
		a.log.Warn("message not edited", "error", err)
	}
}

func (a *Adapter) leave(ctx context.Context, chat int64) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if _, err := a.bot.LeaveChat(ctx, &bot.LeaveChatParams{ChatID: chat}); err != nil {
		a.log.Info("group not left", "error", a.classify(err))
	}
}

// insist tries a call that may be repeated without harm up to three times.
func (a *Adapter) insist(ctx context.Context, call func(context.Context) error) error {
	for try := 1; ; try++ {
		each, cancel := context.WithTimeout(ctx, callTimeout)
		err := call(each)
		cancel()
		if err == nil || try == 3 {
			return err
		}
		wait := a.retryAfter * time.Duration(try)
		switch kind, refusal := channels.KindOf(err); kind {
		case channels.Temporary, channels.Ambiguous:
		case channels.Throttled:
			wait = max(wait, refusal.RetryAfter)
		default:
			return err
		}
		if await(ctx, wait, nil); ctx.Err() != nil {
			return err
		}
	}
}
