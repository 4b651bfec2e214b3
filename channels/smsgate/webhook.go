package smsgate

import (
	"context"
	"net/http"

	"github.com/kabar-prokus/kabar/channels"
)

// Webhook takes what the phones tell: POST /channels/smsgate. It answers 2xx only after what was told is kept, so that a
// phone's repeats, which go on for about two days, are of use.
func (a *Adapter) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, p, no := a.genuine(w, r)
		if no != nil {
			a.refuse(w, no)
			return
		}
		now := a.c.Now()
		p.alive(now, a.c.DownAfter) // whatever it says, it is there
		// Not the request's own context: a turn that has begun should not be undone because the phone hung up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), a.c.Patience)
		defer cancel()
		var err error
		switch e.Event {
		case "sms:received", "mms:received":
			var in channels.Inbound
			if in, no = a.received(e, p, now); no == nil && in.From != "" {
				_, err = a.handler.Handle(ctx, in)
			}
		case "sms:sent", "sms:delivered", "sms:failed", "sms:cancelled":
			var st channels.Status
			var known bool
			if st, known, no = a.state(e, p, now); no == nil && known {
				err = a.status.HandleStatus(ctx, st)
			}
		case "system:ping":
			no = p.pinged(e.Payload)
		case "app:started":
		default: // an event that a newer app has
			a.counts.Add("unknown_event")
		}
		switch {
		case no != nil:
			a.refuse(w, no)
		case err != nil:
			a.unavailable(w, err)
		default:
			a.counts.Add("accepted")
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

func (a *Adapter) refuse(w http.ResponseWriter, r *refusal) {
	a.counts.Add(r.reason)
	a.c.Log.Warn("request refused", "channel", "smsgate", "status", r.status, "reason", r.reason)
	http.Error(w, http.StatusText(r.status), r.status)
}

// unavailable has the phone call again: nothing was kept.
func (a *Adapter) unavailable(w http.ResponseWriter, err error) {
	a.counts.Add("unavailable")
	a.c.Log.Error("turn not kept", "channel", "smsgate", "err", err)
	w.Header().Set("Retry-After", "2")
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}
