package twilio

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
)

const textLimit = 1600 // runes, Twilio's own limit

// Messages takes what people write: POST /channels/twilio/messages. It answers 200 only after the turn is kept.
func (a *Adapter) Messages() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, no := a.genuine(w, r, MessagesPath)
		if no != nil {
			a.refuse(w, MessagesPath, no)
			return
		}
		in, no := a.decode(form)
		if no != nil {
			a.refuse(w, MessagesPath, no)
			return
		}
		if in.From == "" { // a short code: a machine, which is never answered
			a.counts.Add("short_sender")
			acknowledge(w)
			return
		}
		in.ReceivedAt = a.c.Now()
		// Not the request's own context: a turn that has begun should not be undone because Twilio hung up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), a.c.Patience)
		defer cancel()
		if _, err := a.handler.Handle(ctx, in); err != nil {
			a.unavailable(w, MessagesPath, err)
			return
		}
		a.counts.Add("accepted")
		acknowledge(w)
	})
}

var (
	shortSender = regexp.MustCompile(`^[0-9]{3,8}$`)
	ourButton   = regexp.MustCompile(`^[a-z]:[0-9A-Za-z:_-]{1,60}$`)
	mediaCount  = regexp.MustCompile(`^[0-9]{1,2}$`)
)

// decode makes an Inbound of a genuine form. From stays empty for senders that cannot be answered.
func (a *Adapter) decode(form url.Values) (channels.Inbound, *refusal) {
	malformed := &refusal{http.StatusBadRequest, "malformed"}
	in := channels.Inbound{
		Channel: a.Name(), ID: form.Get("MessageSid"), Via: channels.SMS, Kind: channels.Text,
		From: form.Get("From"), To: form.Get("To"), Raw: []byte(form.Get("Body")),
	}
	if in.From == "" || in.To == "" {
		return in, malformed
	}
	if strings.HasPrefix(in.From, whatsapp) {
		in.Via = channels.WhatsApp
		in.From = strings.TrimPrefix(in.From, whatsapp)
		in.To = strings.TrimPrefix(in.To, whatsapp)
	}
	if !a.ours(in.Via, in.To, form.Get("MessagingServiceSid")) {
		return in, &refusal{http.StatusForbidden, "not_ours"}
	}
	if !e164.MatchString(in.From) {
		if in.Via == channels.WhatsApp || !shortSender.MatchString(in.From) {
			return in, malformed
		}
		in.From = ""
	}
	in.Text = channels.Readable(in.Raw, textLimit)
	switch n := form.Get("NumMedia"); {
	case n != "" && !mediaCount.MatchString(n):
		return in, malformed
	case n != "" && n != "0" && n != "00":
		in.Kind = channels.Media
		in.Media, in.MediaKind = media(form.Get("MediaUrl0"), form.Get("MediaContentType0"))
	case len(in.Raw) == 0 && form.Has("Latitude"): // a shared place
		in.Kind = channels.Other
	case in.Via == channels.WhatsApp && ourButton.MatchString(form.Get("ButtonPayload")):
		// A template's own buttons come with words of their author's and are read as text.
		in.Kind, in.Choice, in.Ref = channels.Choice, form.Get("ButtonPayload"), form.Get("OriginalRepliedMessageSid")
	}
	return in, nil
}

// ours is true if the message was sent to one of our senders (faults.md A15).
func (a *Adapter) ours(via channels.Via, to, service string) bool {
	if via == channels.WhatsApp {
		return a.c.WhatsAppFrom != "" && to == a.c.WhatsAppFrom
	}
	if a.c.MessagingServiceSID != "" && service == a.c.MessagingServiceSID {
		return true
	}
	return a.c.From != "" && to == a.c.From
}

// segments reads num_segments, which Twilio sends as text; 0 if it does not say.
func segments(s *string) int {
	if s == nil {
		return 0
	}
	n, err := strconv.Atoi(*s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
