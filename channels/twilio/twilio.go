// Package twilio speaks with Twilio: SMS and WhatsApp in and out. It is the only room that sees Twilio's library.
//
// Inbound and status requests are trusted only after Twilio's own signature check over the configured public address, and
// then only in one exact shape, because the signature does not cover where a key ends and its value begins.
package twilio

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"

	"github.com/kabar-prokus/kabar/channels"
)

// The two addresses that Twilio calls, below Config.PublicURL.
const (
	MessagesPath = "/channels/twilio/messages"
	StatusPath   = "/channels/twilio/status"
)

// Config is what the adapter needs. AccountSID and AuthToken are required, and at least one of From, MessagingServiceSID
// and WhatsAppFrom.
type Config struct {
	AccountSID, AuthToken string
	From                  string // E.164 or an alphanumeric sender; not used for sending when MessagingServiceSID is set
	MessagingServiceSID   string
	WhatsAppFrom          string // E.164, with or without "whatsapp:"
	// PublicURL is the address by which Twilio reaches us. Signatures are computed over it, never over what a request
	// claims. Empty: every inbound request is refused and no status callbacks are asked for.
	PublicURL string
	// BaseURL replaces https://api.twilio.com (tests, proxies).
	BaseURL string
	// HTTP is the client whose transport and time limit are used; nil means a plain one with 10 s.
	HTTP *http.Client
	Log  *slog.Logger
	Now  func() time.Time
	// Patience is how long a turn may take before the request is answered 503 (faults.md A13); zero means 2 s.
	Patience time.Duration
}

// Adapter is Twilio as one channel: a Sender, a Finder and two HTTP handlers.
type Adapter struct {
	c         Config
	handler   channels.Handler
	status    channels.StatusHandler
	validator client.RequestValidator
	base      *url.URL // nil: Twilio's own address
	counts    channels.Counts
	replies   quickReply
}

var (
	alnum   = regexp.MustCompile(`^[a-zA-Z0-9]+$`)
	e164    = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	uuidish = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
)

const whatsapp = "whatsapp:"

// New checks the configuration and tells every fault in it at once.
func New(c Config, h channels.Handler, st channels.StatusHandler) (*Adapter, error) {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("twilio: "+format, args...)) }
	if !alnum.MatchString(c.AccountSID) {
		fault("the account SID must be letters and digits")
	}
	if !alnum.MatchString(c.AuthToken) { // the library refuses others only when it sends
		fault("the auth token must be letters and digits")
	}
	c.WhatsAppFrom = strings.TrimPrefix(c.WhatsAppFrom, whatsapp)
	if c.From == "" && c.MessagingServiceSID == "" && c.WhatsAppFrom == "" {
		fault("no sender: a number, a messaging service or a WhatsApp number is needed")
	}
	if c.WhatsAppFrom != "" && !e164.MatchString(c.WhatsAppFrom) {
		fault("the WhatsApp sender must be a number like +62…")
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		switch {
		case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
			fault("the public address must be http(s)://host")
		case strings.Contains(u.Hostname(), "_"): // Twilio refuses such callbacks one message at a time (faults.md B16)
			fault("the public address has an underscore in its host, which Twilio refuses")
		}
	}
	a := &Adapter{handler: h, status: st, validator: client.NewRequestValidator(c.AuthToken), replies: quickReply{known: map[string]string{}}}
	if c.BaseURL != "" {
		u, err := url.Parse(strings.TrimRight(c.BaseURL, "/"))
		if err != nil || u.Host == "" {
			fault("the API address must be http(s)://host")
		}
		a.base = u
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{}
	}
	if c.HTTP.Timeout == 0 {
		c.HTTP = &http.Client{Transport: c.HTTP.Transport, Timeout: 10 * time.Second}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		return nil, errors.New("twilio: Now, the clock, is required")
	}
	if c.Patience <= 0 {
		c.Patience = 2 * time.Second
	}
	a.c = c
	return a, nil
}

// Name is "twilio".
func (a *Adapter) Name() string { return "twilio" }

// Counts tells how often each thing happened since the start: accepted, and for what was not accepted the reason
// (forged, malformed, too_large, wrong_type, not_ours, short_sender, unavailable, unknown_state, no_quick_replies: buttons
// that had to be written out). For /metrics.
func (a *Adapter) Counts() map[string]uint64 { return a.counts.All() }
