package fake

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Telegram is a double of the Bot API for one bot: a real HTTP server that is as strict as the real one about tokens,
// limits and shapes, plays the people on the other side, and remembers everything that was sent to them.
//
// It knows one bot and keeps everything in memory. It reads the wall clock, as the real one does; SetClock gives it
// another where a programme's clock is under test.
type Telegram struct {
	URL string // base URL for KABAR_TELEGRAM_URL

	token  string
	server *http.Server
	client *http.Client // calls the webhook
	stop   context.CancelFunc
	ended  context.Context
	work   sync.WaitGroup

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at every change: what the waiting methods wait on
	now      func() time.Time
	chats    map[int64]*telegramChat
	lastID   int // of messages; private chats of a bot share one counter
	updateID int64
	queue    []*telegramUpdate // not confirmed yet, oldest first
	past     []*telegramUpdate // the latest, for Redeliver
	allowed  []string
	hook     telegramHook
	busy     map[int64]bool // chats with a delivery under way
	poller   chan struct{}  // closed when another getUpdates takes over
	taps     map[string]*telegramTap
	toasts   []TelegramToast
	menus    map[string][]TelegramCommand
	files    map[string][]byte
	left     []int64
	calls    map[string]int
	faults   []TelegramFault
	limit    telegramLimit
}

// telegramChat is one private chat (or a group, which the bot may leave).
type telegramChat struct {
	id       int64
	group    bool
	blocked  bool
	messages []*TelegramMessage
}

// TelegramMessage is one message as it stands in a chat now.
type TelegramMessage struct {
	ID       int
	Chat     int64
	FromBot  bool
	Text     string   // or the caption
	Earlier  []string // the texts before each edit, oldest first
	Buttons  [][]TelegramButton
	Keys     [][]string // reply keyboard
	AskPhone string     // label of the key that shares the number
	OneTime  bool       // the reply keyboard goes away after use
	Always   bool       // the reply keyboard is persistent
	Photo    []byte
	Markup   string // parse_mode; ours is always empty
	At       time.Time
}

// TelegramButton is one inline button.
type TelegramButton struct{ Label, Data, URL string }

// TelegramToast is one answered callback.
type TelegramToast struct {
	Chat int64
	Text string // empty: only the spinner was cleared
}

// TelegramCommand is one line of a command menu.
type TelegramCommand struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// telegramTap is a pressed button that waits for its answer.
type telegramTap struct {
	chat     int64
	answered bool
}

// NewTelegram starts a double on a free port of the loopback interface. Token has the form 123456:ABC.
func NewTelegram(token string) *Telegram {
	t, err := NewTelegramAt("127.0.0.1:0", token)
	if err != nil {
		panic(fmt.Sprintf("fake: no loopback port: %v", err))
	}
	return t
}

// NewTelegramAt starts a double at a fixed address, for a demo with doubles.
func NewTelegramAt(addr, token string) (*Telegram, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("fake: telegram: %w", err)
	}
	t := &Telegram{
		URL: "http://" + l.Addr().String(), token: token, now: time.Now, changed: make(chan struct{}),
		chats: map[int64]*telegramChat{}, busy: map[int64]bool{}, taps: map[string]*telegramTap{},
		menus: map[string][]TelegramCommand{}, files: map[string][]byte{}, calls: map[string]int{},
		lastID: 100, updateID: 500,
	}
	t.client = &http.Client{Transport: &http.Transport{}}
	t.ended, t.stop = context.WithCancel(context.Background())
	t.server = &http.Server{Handler: t, ReadHeaderTimeout: 5 * time.Second}
	t.work.Go(func() { _ = t.server.Serve(l) })
	return t, nil
}

// Close ends all calls and deliveries under way.
func (t *Telegram) Close() {
	t.stop()
	_ = t.server.Close()
	t.work.Wait()
	t.client.CloseIdleConnections()
}

// SetClock gives the double another clock, for dates and for the rate limits.
func (t *Telegram) SetClock(now func() time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = now
}

// ServeHTTP is the Bot API: /bot<token>/<method> and /file/bot<token>/<path>.
func (t *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, file := strings.CutPrefix(r.URL.Path, "/file")
	path, ok := strings.CutPrefix(path, "/bot")
	token, method, found := strings.Cut(path, "/")
	switch {
	case !ok || !found:
		telegramRefuse(w, telegramError{code: 404, text: "Not Found"})
	case token != t.token:
		telegramRefuse(w, telegramError{code: 401, text: "Unauthorized"})
	case file:
		t.serveFile(w, method)
	default:
		t.call(w, r, method)
	}
}

func (t *Telegram) call(w http.ResponseWriter, r *http.Request, method string) {
	p, err := telegramParams(w, r)
	if err != nil {
		telegramRefuse(w, telegramError{code: 400, text: "Bad Request: can't parse the request"})
		return
	}
	do := t.method(method)
	if do == nil {
		telegramRefuse(w, telegramError{code: 404, text: "Not Found: method not found"})
		return
	}
	t.mu.Lock()
	t.calls[method]++
	t.mu.Unlock()
	fault, hit := t.takeFault(method)
	if hit && !fault.After {
		t.fail(w, r, fault)
		return
	}
	result, refused := do(r.Context(), p)
	t.mu.Lock()
	t.notify() // a refusal too is something to wait for
	t.mu.Unlock()
	switch {
	case refused != nil:
		telegramRefuse(w, *refused)
	case hit:
		t.fail(w, r, fault)
	default:
		telegramJSON(w, http.StatusOK, map[string]any{"ok": true, "result": result})
	}
}

func (t *Telegram) method(name string) func(context.Context, telegramForm) (any, *telegramError) {
	return map[string]func(context.Context, telegramForm) (any, *telegramError){
		"getme": t.getMe, "sendmessage": t.sendMessage, "sendphoto": t.sendPhoto,
		"editmessagetext": t.editMessageText, "editmessagereplymarkup": t.editMessageReplyMarkup,
		"answercallbackquery": t.answerCallbackQuery, "sendchataction": t.sendChatAction,
		"setmycommands": t.setMyCommands, "deletemycommands": t.deleteMyCommands,
		"setwebhook": t.setWebhook, "deletewebhook": t.deleteWebhook, "getwebhookinfo": t.getWebhookInfo,
		"getupdates": t.getUpdates, "leavechat": t.leaveChat, "getfile": t.getFile,
	}[strings.ToLower(name)]
}

// telegramError is a refusal in the Bot API's own words.
type telegramError struct {
	code       int
	text       string
	retryAfter int
}

func telegramBad(text string) *telegramError {
	return &telegramError{code: 400, text: "Bad Request: " + text}
}

func telegramRefuse(w http.ResponseWriter, e telegramError) {
	body := map[string]any{"ok": false, "error_code": e.code, "description": e.text}
	if e.retryAfter > 0 {
		body["parameters"] = map[string]any{"retry_after": e.retryAfter}
	}
	telegramJSON(w, e.code, body)
}

func telegramJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// notify wakes whoever waits for a change. The caller holds the lock.
func (t *Telegram) notify() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// Wait returns when ok holds, or with the context's error. ok is asked again after every change; it may call the methods
// that look (Messages, Toasts …).
func (t *Telegram) Wait(ctx context.Context, ok func() bool) error {
	for {
		t.mu.Lock()
		changed := t.changed
		t.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-t.ended.Done():
			return fmt.Errorf("fake: telegram is closed")
		}
	}
}
