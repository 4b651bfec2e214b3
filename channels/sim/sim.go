// Package sim stands in for phones: a web page and a small JSON interface through which anybody can write to Kabar as any
// number, see what that number was sent, and move the programme's clock. It belongs to a demo and is never mounted in
// production.
//
// It is an adapter like the others: what is written goes through a channels.Handler, what is sent comes through a
// channels.Sender. What a phone shows is read from the inbox and the outbox, so that it survives a restart.
package sim

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// Clock is the programme's clock.
type Clock interface{ Now() time.Time }

// Mover moves the clock through everything that falls due on the way, and delivers it in order.
type Mover interface {
	Advance(ctx context.Context, to time.Time) (delivered int, err error)
}

// Settler waits until what a turn caused has left.
type Settler interface {
	Settle(ctx context.Context, inbox int64) error
}

// Store is what phones show, as the inbox and the outbox keep it. Times are in the zone of whoever owns the phone.
type Store interface {
	// Phone is every SMS of a number, oldest first.
	Phone(ctx context.Context, number string) ([]Message, error)
	// Caused are the messages that a turn caused and that left at once, on every road, in the order in which they were said.
	Caused(ctx context.Context, inbox int64) ([]Sent, error)
	// Chat is a whole chat, oldest first.
	Chat(ctx context.Context, chat string) ([]ChatMessage, error)
	// People are those who have a phone, staff first; find narrows by name, code or number.
	People(ctx context.Context, find string, limit int) ([]Owner, error)
	// Mark changes when anything was written or sent.
	Mark(ctx context.Context) (string, error)
	// Log is what was sent last, newest first.
	Log(ctx context.Context, limit int) ([]Sent, error)
	// LinkChat makes a chat an address of everybody on a number, if nobody has written from it yet. With prefer, scheduled
	// messages go to the chat from now on, and it is linked in any case.
	LinkChat(ctx context.Context, number, chat string, prefer bool, now time.Time) error
	// PreferPhone sends scheduled messages to the number again.
	PreferPhone(ctx context.Context, number string) error
	// KeepCard keeps how a chat message looks.
	KeepCard(ctx context.Context, c Card) error
	// EditCard changes the text and the buttons of a message that a chat shows; false if the chat shows no such message.
	EditCard(ctx context.Context, chat string, c Card, now time.Time) (bool, error)
}

// Config is what a simulator needs; all but the last lines is required.
type Config struct {
	Handler     channels.Handler
	Clock       Clock
	Mover       Mover
	Settler     Settler
	Store       Store
	IsBackwards func(error) bool // whether a Mover refused because the moment has passed

	USSDPath string // where USSD steps are posted, "/channels/ussd/demo"; empty: phones have no USSD
	USSDCode string // what people dial, "*123*77#"
	// RealTelegram says that the sender "telegram" is Telegram itself; then phones here have no chat.
	RealTelegram bool
	Log          *slog.Logger
}

// Sim is the simulator. It is safe for concurrent use.
type Sim struct {
	Config
	moves moves
}

// New makes a simulator.
func New(c Config) (*Sim, error) {
	if c.Handler == nil || c.Clock == nil || c.Mover == nil || c.Settler == nil || c.Store == nil || c.IsBackwards == nil {
		return nil, errors.New("sim: Handler, Clock, Mover, Settler, Store and IsBackwards are required")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Sim{Config: c, moves: newMoves()}, nil
}

// Routes is everything below /sim; mount it at "/sim" and "/sim/".
func (s *Sim) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim", s.page)
	mux.HandleFunc("GET /sim/{$}", s.page)
	mux.HandleFunc("GET /sim/static/{file}", s.static)

	mux.HandleFunc("GET /sim/api/clock", s.getClock)
	mux.HandleFunc("POST /sim/api/clock", s.postClock)
	mux.HandleFunc("POST /sim/api/sms", s.postSMS)
	mux.HandleFunc("GET /sim/api/sms/{number}", s.getSMS)

	mux.HandleFunc("GET /sim/api/setup", s.getSetup)
	mux.HandleFunc("GET /sim/api/state", s.getState)
	mux.HandleFunc("GET /sim/api/people", s.getPeople)
	mux.HandleFunc("POST /sim/api/chat", s.postChat)
	mux.HandleFunc("POST /sim/api/chat/press", s.postPress)
	mux.HandleFunc("POST /sim/api/chat/link", s.postLink)
	mux.HandleFunc("GET /sim/api/chat/{number}", s.getChat)
	return s.guard(spoken(mux))
}
