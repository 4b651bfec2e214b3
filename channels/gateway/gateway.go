// Package gateway speaks with any SMS aggregator over HTTP by a description alone: the request that sends, what its answers
// mean, and what its calls to us look like. A new aggregator is a new description and no new program.
package gateway

import (
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// Path is where the aggregators call: their name follows.
const Path = "/channels/gateway/"

// LongNumber is the profile of cheap routes over local numbers, whose operators drop messages with digit runs over three,
// web addresses and some words.
const LongNumber = "long_number"

// Deps are what an adapter needs beside its description. Now is required.
type Deps struct {
	// HTTP is the client whose transport and time limit are used; nil means a plain one with 10 s.
	HTTP *http.Client
	Log  *slog.Logger
	Now  func() time.Time // the world's time
	// Patience is how long a turn may take before the request is answered 503 (faults.md A13); zero means 2 s.
	Patience time.Duration
}

// Adapter is one aggregator as one channel.
type Adapter struct {
	c        Config
	d        Deps
	handler  channels.Handler
	status   channels.StatusHandler
	own      map[string]bool
	patterns map[string]*regexp.Regexp
	zones    map[string]*time.Location
	counts   channels.Counts
}

// New checks a description, which Load has filled, and tells every fault in it at once.
func New(c Config, d Deps, h channels.Handler, st channels.StatusHandler) (*Adapter, error) {
	faults := c.faults()
	if d.Now == nil {
		faults = append(faults, errors.New("gateway: Now, the clock, is required"))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	client, limit := &http.Client{}, 10*time.Second
	if d.HTTP != nil {
		client.Transport = d.HTTP.Transport
		if d.HTTP.Timeout > 0 {
			limit = d.HTTP.Timeout
		}
	}
	client.Transport, client.Timeout = channels.Traced(client.Transport), limit
	// A redirect would be a second call.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	d.HTTP = client
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Patience <= 0 {
		d.Patience = 2 * time.Second
	}
	a := &Adapter{c: c, d: d, handler: h, status: st, own: map[string]bool{}, patterns: map[string]*regexp.Regexp{}, zones: map[string]*time.Location{}}
	for _, n := range c.Own {
		a.own[n] = true
	}
	if s := c.Send; s != nil {
		for _, e := range []Extract{s.Success.extract(), s.ID, s.Parts, s.Code} {
			a.patterns[e.Match] = regexp.MustCompile(e.Match) // checked above
		}
	}
	if r := c.Receive; r != nil {
		for _, zone := range r.zones() {
			loc, err := time.LoadLocation(zone)
			if err != nil {
				return nil, err
			}
			a.zones[zone] = loc
		}
	}
	return a, nil
}

func (r *Receive) zones() (out []string) {
	if r.Said != nil {
		out = append(out, r.Said.Zone)
	}
	if r.State != nil {
		out = append(out, r.State.Zone)
	}
	return out
}

// Name is the channel's: "gateway-" and the name of the route.
func (a *Adapter) Name() string { return "gateway-" + a.c.Name }

// Route is the address that this aggregator calls.
func (a *Adapter) Route() string { return Path + a.c.Name }

// Sends and Receives tell which halves the description has.
func (a *Adapter) Sends() bool    { return a.c.Send != nil }
func (a *Adapter) Receives() bool { return a.c.Receive != nil }

// Reports is true if the aggregator tells what became of messages.
func (a *Adapter) Reports() bool { return a.c.Receive != nil && a.c.Receive.State != nil }

// Style is how texts must be written for this route.
type Style struct {
	Profile  string            // "" or LongNumber
	Money    bahasa.MoneyStyle // Short for LongNumber
	MaxParts int               // segments at most
}

// Style is what the description says of texts.
func (a *Adapter) Style() Style {
	s := Style{Profile: a.c.Profile, MaxParts: max(1, a.c.MaxParts)}
	if s.Profile == LongNumber {
		s.Money = bahasa.Short
	}
	return s
}

// KindOfCode classes the codes of Status.Code by the description's table.
func (a *Adapter) KindOfCode(code string) (kind channels.ErrorKind, ok bool) {
	if a.c.Send == nil {
		return "", false
	}
	k, ok := a.c.Send.Codes[strings.TrimSpace(code)]
	return channels.ErrorKind(k), ok
}

// Counts tells how often each thing happened since the start: accepted, and for what was not accepted the reason (forged,
// expired, malformed, too_large, wrong_type, not_ours, short_sender, own_number, unavailable, unknown_state, unknown_call,
// clock_ahead). For /metrics.
func (a *Adapter) Counts() map[string]uint64 { return a.counts.All() }
