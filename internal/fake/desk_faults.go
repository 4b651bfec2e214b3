package fake

import (
	"errors"
	"net/http"
	"slices"
)

// What the desk can let go wrong: how often, and how each provider does it.
const (
	deskDown = 6 // more than it takes to close a gate
	deskFew  = 3
	deskWait = 20 // seconds
)

// DeskFaults are the names of what can go wrong: down (the next calls fail), busy (told to wait), login (our credentials are
// refused), refused (the next message, for good), lost (the next message is taken, and nobody tells us).
func DeskFaults() []string { return []string{"down", "busy", "login", "refused", "lost"} }

// Break lets the next calls to a provider go wrong.
func (d *Desk) Break(provider, fault string) error {
	if !slices.Contains(DeskFaults(), fault) {
		return errors.New("no such fault")
	}
	play := map[string]func(){}
	switch provider {
	case "twilio", "whatsapp":
		t := d.Twilio
		play = map[string]func(){
			"down": func() { t.Unavailable(deskDown) }, "busy": func() { t.Throttle(deskFew, deskWait) }, "login": func() { t.Fail(deskFew, http.StatusUnauthorized, 20003) },
			"refused": func() { t.Fail(1, http.StatusBadRequest, 30007) }, "lost": func() { t.Reset(1, true) },
		}
	case "telegram":
		fail := func(f TelegramFault) func() {
			f.Method = "sendMessage"
			return func() { d.Telegram.Fail(f) }
		}
		play = map[string]func(){
			"down": fail(TelegramFault{Times: deskDown, Status: 502, HTML: true}), "busy": fail(TelegramFault{Status: 429, Description: "Too Many Requests", RetryAfter: deskWait}),
			"login": fail(TelegramFault{Times: deskFew, Status: 401, Description: "Unauthorized"}), "refused": fail(TelegramFault{Status: 400, Description: "Bad Request: chat not found"}),
			"lost": fail(TelegramFault{Reset: true, After: true}),
		}
	case "smsgate":
		g := d.SMSGate
		play = map[string]func(){
			"down": func() { g.Unavailable(deskDown) }, "busy": func() { g.Throttle(deskFew, deskWait) }, "login": func() { g.Fail(deskFew, http.StatusUnauthorized, "Unauthorized") },
			"refused": func() { g.Fail(1, http.StatusBadRequest, "invalid phone number") }, "lost": func() { g.Reset(1, true) },
		}
	case "gateway":
		a := d.Aggregator
		play = map[string]func(){
			"down": func() { a.Unavailable(deskDown) }, "busy": func() { a.Throttle(deskFew, deskWait) }, "login": func() { a.Fail(deskFew, "unauthorized") },
			"refused": func() { a.Fail(1, "rejected_by_operator") }, "lost": func() { a.Reset(1, true) },
		}
	case "smpp":
		c := d.SMSC
		play = map[string]func(){
			"down": func() { c.Fail(deskDown, SMSCSystemError) }, "busy": func() { c.Fail(deskFew, SMSCThrottled) }, "login": func() { c.Fail(deskFew, SMSCBadPassword) },
			"refused": func() { c.Fail(1, SMSCBadNumber) }, "lost": func() { c.Drop(1, true) },
		}
	}
	play[fault]()
	return nil
}
