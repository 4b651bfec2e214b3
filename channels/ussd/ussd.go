// Package ussd speaks the contract of Africa's Talking and of the gateways that copied it: one form POST a step, answered
// by a screen that begins with CON or END. The answer rides home in the response, so nothing is sent from here.
//
// The contract has no signature. What protects it is the secret in the path, and whatever stands in front (addresses, mTLS).
package ussd

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// Path is where the handler is mounted, followed by the secret.
const Path = "/channels/ussd/"

// Config is what the adapter needs; Secret and Busy are required.
type Config struct {
	Secret      string
	ServiceCode string        // what people dial; steps of another are answered all the same and counted. Empty: any
	Busy        func() string // END text when we are too slow or broken: GSM-7, at most 182 septets
	Help        func() string // END text for what cannot be read; Busy's if nil
	// Deadline is how long a turn may take before the person is told to try again; zero means 2.5 s (faults.md F5).
	Deadline time.Duration
	// Finish is how long a turn may go on after that, so that dialling again finds its answer; zero means 30 s.
	Finish time.Duration
	// Waiting bounds the turns at work at once; beyond it people are told to try again. Zero means 256.
	Waiting int
	Log     *slog.Logger
	Now     func() time.Time
}

// Adapter is USSD as one channel.
type Adapter struct {
	c        Config
	secret   [sha256.Size]byte
	handler  channels.Handler
	slots    chan struct{}
	turns    sync.WaitGroup
	sessions sessions
	counts   channels.Counts
}

// New checks the configuration.
func New(c Config, h channels.Handler) (*Adapter, error) {
	if c.Secret == "" || strings.Contains(c.Secret, "/") {
		return nil, errors.New("ussd: a secret without slashes is needed, it is all that protects this channel")
	}
	if c.Busy == nil {
		return nil, errors.New("ussd: a text for when we are too slow is needed")
	}
	if c.Help == nil {
		c.Help = c.Busy
	}
	if c.Deadline <= 0 {
		c.Deadline = 2500 * time.Millisecond
	}
	if c.Finish <= 0 {
		c.Finish = 30 * time.Second
	}
	if c.Waiting <= 0 {
		c.Waiting = 256
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		return nil, errors.New("ussd: Now, the clock, is required")
	}
	return &Adapter{c: c, secret: sha256.Sum256([]byte(c.Secret)), handler: h, slots: make(chan struct{}, c.Waiting)}, nil
}

// Name is "ussd".
func (a *Adapter) Name() string { return "ussd" }

// Close waits for the turns that go on after their request was answered. Call it after the HTTP server has stopped.
func (a *Adapter) Close() { a.turns.Wait() }

// Counts tells how often each thing happened since the start: answered, ended (a session's end), other_code (dialled by
// another code than ours, answered all the same), and forged, malformed, too_large, wrong_type, unreadable, session_reused, busy, failed, unfit (an answer that had to be cut).
func (a *Adapter) Counts() map[string]uint64 { return a.counts.All() }

func (a *Adapter) genuine(r *http.Request) bool {
	given := sha256.Sum256([]byte(strings.TrimPrefix(r.URL.Path, Path)))
	return subtle.ConstantTimeCompare(given[:], a.secret[:]) == 1
}
