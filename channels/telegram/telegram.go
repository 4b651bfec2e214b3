// Package telegram is the adapter for the Telegram Bot API.
//
// Sending goes through github.com/go-telegram/bot. Receiving does not: the library's webhook handler answers 200 to a
// wrong secret and before anything is kept, and its poller moves the offset before the handler ran. So this package has
// a webhook handler and a getUpdates loop of its own, which acknowledge an update only after the turn has committed.
//
// The service talks to persons in private chats. A group or channel gets no word from us: the bot leaves it (faults.md
// E11). Texts are sent plain, without parse_mode, so no name can break or forge markup (E10).
package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-telegram/bot"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	apiURL = "https://api.telegram.org"
	// callTimeout bounds one call to the Bot API, from dialling to the last byte of the answer.
	callTimeout = 15 * time.Second
	// Path is where Webhook has to be mounted; Start registers it behind Config.PublicURL.
	Path = "/channels/telegram"
)

// heard are the kinds of update we ask Telegram for; others are never sent to us.
var heard = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// secretForm is what Telegram accepts as a webhook secret.
var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// Config is everything the adapter needs. Token and Now are required.
type Config struct {
	Token         string // of the bot, from @BotFather
	WebhookSecret string // empty: long polling, and the webhook refuses everything
	BaseURL       string // KABAR_TELEGRAM_URL; empty: the real Bot API
	PublicURL     string // our own base URL as Telegram sees it, without Path
	Menus         []Menu // command menus for people whose role is not known yet; set by Start
	// RoleMenu is the menu of a chat whose person's role and language a turn has told; nil: chats keep the menus above.
	RoleMenu func(role, lang string) []Command
	Log      *slog.Logger
	HTTP     *http.Client // nil: one of our own
	Now      func() time.Time
}

// Adapter talks to one bot.
type Adapter struct {
	cfg     Config
	base    string
	bot     *bot.Bot
	carrier *carrier
	pace    *pace
	handler channels.Handler
	log     *slog.Logger
	now     func() time.Time

	// Waits that tests shorten.
	retryAfter  time.Duration // between tries of what rides home with a turn
	typingAfter time.Duration // a turn that takes longer shows "typing" (R26)
	pollFor     time.Duration // how long one getUpdates may hang
	backoff     [2]time.Duration

	mu      sync.Mutex
	menus   map[string]string // chat → role and language of the menu it has
	refused error             // the token is not taken
	deaf    error             // somebody else gets our updates
}

var _ channels.Sender = (*Adapter)(nil)

// New checks the configuration and makes no network call; Start does.
func New(c Config, h channels.Handler) (*Adapter, error) {
	id, key, ok := strings.Cut(c.Token, ":")
	if _, err := strconv.ParseInt(id, 10, 64); err != nil || !ok || key == "" {
		return nil, errors.New("telegram: the token must look like 123456:ABC…")
	}
	if c.WebhookSecret != "" && !secretForm.MatchString(c.WebhookSecret) {
		return nil, errors.New("telegram: the webhook secret must be 1 to 256 of A-Z a-z 0-9 _ -")
	}
	if c.Now == nil {
		return nil, errors.New("telegram: no clock")
	}
	for _, m := range c.Menus {
		if err := checkCommands(m.Commands); err != nil {
			return nil, err
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	a := &Adapter{
		cfg: c, base: strings.TrimRight(c.BaseURL, "/"), handler: h, log: c.Log.With("channel", "telegram"), now: c.Now,
		carrier: newCarrier(c.HTTP), pace: newPace(c.Now), menus: map[string]string{},
		retryAfter: time.Second, typingAfter: time.Second, pollFor: 25 * time.Second,
		backoff: [2]time.Duration{500 * time.Millisecond, 30 * time.Second},
	}
	if a.base == "" {
		a.base = apiURL
	}
	if t := a.carrier.client.Timeout; t > 0 && t/2 < a.pollFor {
		a.pollFor = t / 2
	}
	b, err := bot.New(c.Token, bot.WithSkipGetMe(), bot.WithServerURL(a.base),
		bot.WithHTTPClient(callTimeout, a.carrier),
		bot.WithErrorsHandler(func(err error) { a.log.Warn("telegram library", "error", a.masked(err)) }))
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", a.masked(err))
	}
	a.bot = b
	return a, nil
}

// Name is the channel's name in Inbound, Status and the outbox.
func (a *Adapter) Name() string { return "telegram" }

// Webhooks reports whether updates come by webhook; otherwise Poll has to run.
func (a *Adapter) Webhooks() bool { return a.cfg.PublicURL != "" && a.cfg.WebhookSecret != "" }

// Start tells Telegram how we want our updates, and sets the default menus. Updates that wait there are kept.
func (a *Adapter) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	if a.Webhooks() {
		_, err := a.bot.SetWebhook(ctx, &bot.SetWebhookParams{
			URL:         strings.TrimRight(a.cfg.PublicURL, "/") + Path,
			SecretToken: a.cfg.WebhookSecret, AllowedUpdates: heard, MaxConnections: 40,
		})
		if err != nil {
			return fmt.Errorf("telegram: set webhook: %w", a.classify(err))
		}
	} else if _, err := a.bot.DeleteWebhook(ctx, &bot.DeleteWebhookParams{}); err != nil {
		return fmt.Errorf("telegram: delete webhook: %w", a.classify(err))
	}
	for _, m := range a.cfg.Menus {
		if err := a.Commands(ctx, "", "", m.Lang, m.Commands); err != nil {
			return err
		}
	}
	return nil
}

// Bot returns the bot's user name, for the deep links that a TKSK prints. It asks Telegram, so it also proves the token.
func (a *Adapter) Bot(ctx context.Context) (username string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	me, err := a.bot.GetMe(ctx)
	if err != nil {
		return "", fmt.Errorf("telegram: who am I: %w", a.classify(err))
	}
	return me.Username, nil
}

// Health is nil while receiving and sending work; otherwise it says what an operator has to see to: a refused token, or
// another process that takes our updates (faults.md E2).
func (a *Adapter) Health() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return errors.Join(a.refused, a.deaf)
}

func (a *Adapter) setRefused(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refused = err
}

func (a *Adapter) setDeaf(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.deaf = err
}
