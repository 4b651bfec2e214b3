package twilio

import (
	"context"
	"net/http"
	"net/url"
	"regexp"

	"github.com/kabar-prokus/kabar/channels"
)

// Status takes Twilio's status callbacks: POST /channels/twilio/status?m=UUID, where m is our own message id. Callbacks
// without m (a messaging service has its own callback address) are known by the provider's id alone.
func (a *Adapter) Status() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, no := a.genuine(w, r, StatusPath)
		if no != nil {
			a.refuse(w, StatusPath, no)
			return
		}
		s, known, ok := a.decodeStatus(r.URL.RawQuery, form)
		if !ok {
			a.refuse(w, StatusPath, &refusal{http.StatusBadRequest, "malformed"})
			return
		}
		if !known { // a state that Twilio added, or that says nothing about a message of ours
			a.counts.Add("unknown_state")
			acknowledge(w)
			return
		}
		s.At = a.c.Now()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), a.c.Patience)
		defer cancel()
		if err := a.status.HandleStatus(ctx, s); err != nil {
			a.unavailable(w, StatusPath, err)
			return
		}
		a.counts.Add("accepted")
		acknowledge(w)
	})
}

var errorCode = regexp.MustCompile(`^[0-9]{0,6}$`)

func (a *Adapter) decodeStatus(rawQuery string, form url.Values) (s channels.Status, known, ok bool) {
	s = channels.Status{Channel: a.Name(), ProviderID: form.Get("MessageSid"), Code: form.Get("ErrorCode")}
	q, err := url.ParseQuery(rawQuery)
	if err != nil || len(q) > 1 || len(q) == 1 && (len(q["m"]) != 1 || !uuidish.MatchString(q.Get("m"))) {
		return s, false, false
	}
	s.Message = q.Get("m")
	state := form.Get("MessageStatus")
	if state == "" {
		state = form.Get("SmsStatus")
	}
	if state == "" || !errorCode.MatchString(s.Code) {
		return s, false, false
	}
	if s.Code == "0" {
		s.Code = ""
	}
	s.State, known = stateOf(state)
	return s, known, true
}

func stateOf(s string) (channels.State, bool) {
	switch s {
	case "accepted", "scheduled", "queued":
		return channels.Queued, true
	case "sending":
		return channels.Sending, true
	case "sent":
		return channels.Accepted, true
	case "delivered":
		return channels.Delivered, true
	case "read":
		return channels.Read, true
	case "failed", "canceled":
		return channels.Failed, true
	case "undelivered":
		return channels.Undelivered, true
	}
	return "", false
}
