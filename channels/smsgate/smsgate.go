// Package smsgate speaks with SMSGate ("SMS Gateway for Android"): ordinary phones with local SIM cards that send and
// receive SMS over HTTP. Several phones are one channel; a message leaves by a SIM of the recipient's own operator.
//
// Three things about these phones shape the package. Their ids do not identify inbound messages, so an inbound's id is made
// of who wrote what and when the phone received it. Webhooks are repeated for about two days, each time with a new
// signature. And a phone refuses a second message with an id that it has, which makes our own message id a safe key.
package smsgate

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Path is the address that the phones call, below our public one.
const Path = "/channels/smsgate"

// SIM is one card in a phone.
type SIM struct {
	Number    int               `json:"number"`    // its slot, from 1
	Phone     string            `json:"phone"`     // E.164
	Operators []prokus.Operator `json:"operators"` // whose numbers it reaches on-net; none: it is as good as any other
}

// Phone is one device that runs SMSGate.
type Phone struct {
	Name     string `json:"name"`   // how people call it: "telkomsel-1"
	Device   string `json:"device"` // the app's device id; may be empty when no other phone has the same key or address
	URL      string `json:"url"`    // of the phone itself, or of the server that it is connected to, with its path
	Login    string `json:"login"`
	Password string `json:"password"`
	Key      string `json:"key"` // with which the phone signs webhooks
	SIMs     []SIM  `json:"sims"`
	// PerHalfHour is how many segments the phone may send in 30 minutes; 0 means Android's own limit of 30.
	PerHalfHour int `json:"per_half_hour"`
}

// Phones reads the list of phones as JSON (SMSGATE_PHONES). A field that it does not know is a fault.
func Phones(text string) ([]Phone, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	var out []Phone
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("smsgate: the list of phones is not readable: %w", err)
	}
	if d.More() {
		return nil, errors.New("smsgate: there is more after the list of phones")
	}
	return out, nil
}

// Config is what the adapter needs. Phones, each with all but Device and PerHalfHour, and Now are required.
type Config struct {
	Phones []Phone
	// Own are further numbers of ours, which are never answered; those of the SIMs are added.
	Own []string
	// Window is how far the time of a signature may lie from ours; zero means 5 minutes. It bounds how long a captured
	// request can be played again, not how old a message may be: a phone signs each repeat anew.
	Window time.Duration
	// DownAfter is how long a phone may be silent before it counts as down; zero means 10 minutes.
	DownAfter time.Duration
	// HTTP is the client whose transport and time limit are used; nil means a plain one with 10 s.
	HTTP *http.Client
	Log  *slog.Logger
	Now  func() time.Time // the world's time, which the phones keep too
	// Patience is how long a turn may take before the request is answered 503 (faults.md A13); zero means 2 s.
	Patience time.Duration
}

// Adapter is a set of phones as one channel: a Sender, a Finder and a webhook.
type Adapter struct {
	c       Config
	handler channels.Handler
	status  channels.StatusHandler
	phones  []*phone
	own     map[string]bool
	http    *http.Client
	recent  recent
	counts  channels.Counts
}

// New checks the configuration and tells every fault in it at once.
func New(c Config, h channels.Handler, st channels.StatusHandler) (*Adapter, error) {
	if err := errors.Join(faults(c)...); err != nil {
		return nil, err
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	orDefault(&c.Window, 5*time.Minute)
	orDefault(&c.DownAfter, 10*time.Minute)
	orDefault(&c.Patience, 2*time.Second)
	a := &Adapter{c: c, handler: h, status: st, own: map[string]bool{}}
	limit := c.HTTP.Timeout
	orDefault(&limit, 10*time.Second)
	a.http = &http.Client{
		Transport: channels.Traced(c.HTTP.Transport), Timeout: limit,
		// A redirect would be a second call.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, n := range c.Own {
		a.own[n] = true
	}
	for _, p := range c.Phones {
		for _, s := range p.SIMs {
			a.own[s.Phone] = true
		}
		a.phones = append(a.phones, newPhone(p, c.Now()))
	}
	return a, nil
}

func orDefault(d *time.Duration, v time.Duration) {
	if *d <= 0 {
		*d = v
	}
}

func faults(c Config) (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("smsgate: "+format, args...)) }
	if c.Now == nil {
		fault("Now, the clock, is required")
	}
	if len(c.Phones) == 0 {
		fault("no phone")
	}
	names, shared, numbers := map[string]bool{}, map[string][]string{}, map[string]bool{}
	for i, p := range c.Phones {
		who := p.Name
		if who == "" {
			who = fmt.Sprintf("number %d of the list", i+1)
			fault("phone %s has no name", who)
		}
		if names[p.Name] && p.Name != "" {
			fault("two phones are called %s", who)
		}
		names[p.Name] = true
		if u, err := url.Parse(p.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.User != nil {
			fault("phone %s: its address must be http(s)://host and no more than a path", who)
		}
		if p.Login == "" || p.Password == "" {
			fault("phone %s: login and password are needed", who)
		}
		if len(p.Key) < 8 {
			fault("phone %s: the signing key needs at least 8 characters", who)
		}
		if p.PerHalfHour < 0 {
			fault("phone %s: a negative limit", who)
		}
		// Two that cannot be told apart would take each other's heartbeat, or send by each other's SIM.
		for what, value := range map[string]string{"signing key": p.Key, "address and login": p.URL + " " + p.Login} {
			others := shared[what+value]
			if len(others) > 0 && (p.Device == "" || slices.Contains(others, "") || slices.Contains(others, p.Device)) {
				fault("phone %s: another phone has the same %s, and no device id tells them apart", who, what)
			}
			shared[what+value] = append(others, p.Device)
		}
		if len(p.SIMs) == 0 {
			fault("phone %s has no SIM", who)
		}
		slots := map[int]bool{}
		for _, s := range p.SIMs {
			if s.Number < 1 || s.Number > 3 || slots[s.Number] {
				fault("phone %s: SIM slots are 1 to 3, each once", who)
			}
			slots[s.Number] = true
			if !e164.MatchString(s.Phone) || numbers[s.Phone] {
				fault("phone %s: the number of SIM %d must be like +62… and in no other slot", who, s.Number)
			}
			numbers[s.Phone] = true
			for _, op := range s.Operators {
				if !slices.Contains(prokus.Operators(), op) {
					fault("phone %s: no operator is called %q", who, op)
				}
			}
		}
	}
	for _, n := range c.Own {
		if !e164.MatchString(n) {
			fault("our own numbers must be like +62…")
		}
	}
	return faults
}

// Name is "smsgate".
func (a *Adapter) Name() string { return "smsgate" }

// Counts tells how often each thing happened since the start: accepted, and for what was not accepted the reason
// (forged, expired, malformed, too_large, wrong_type, not_ours, short_sender, own_number, unavailable, unknown_event,
// unknown_message, delivery_report, clock_ahead). For /metrics.
func (a *Adapter) Counts() map[string]uint64 { return a.counts.All() }
