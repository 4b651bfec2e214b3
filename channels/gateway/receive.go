package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	textLimit = 1600            // runes
	ahead     = 5 * time.Minute // how far an aggregator's clock may be before ours and is still believed
	unix      = "unix"
	unixMS    = "unix_ms"
)

// Handler takes what the aggregator tells: messages and states, by one address. It answers 2xx only after that is kept.
func (a *Adapter) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.c.Receive == nil {
			http.NotFound(w, r)
			return
		}
		f, no := a.genuine(w, r)
		if no != nil {
			a.refuse(w, no)
			return
		}
		// Not the request's own context: a turn that has begun should not be undone because the caller hung up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), a.d.Patience)
		defer cancel()
		var err error
		said, state := a.c.Receive.Said, a.c.Receive.State
		switch isState := state != nil && f.meets(state.When); {
		case isState && (state.When != nil || said == nil || !f.meets(said.When)):
			var st channels.Status
			var known bool
			if st, known, no = a.state(f); no == nil && known {
				err = a.status.HandleStatus(ctx, st)
			}
		case said != nil && f.meets(said.When):
			var in channels.Inbound
			if in, no = a.said(f); no == nil && in.From != "" {
				_, err = a.handler.Handle(ctx, in)
			}
		default: // a kind of call that the description does not name
			a.counts.Add("unknown_call")
		}
		switch {
		case no != nil:
			a.refuse(w, no)
		case err != nil: // nothing was kept: it must call again
			a.counts.Add("unavailable")
			a.d.Log.Error("turn not kept", "channel", a.Name(), "err", err)
			w.Header().Set("Retry-After", "2")
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		default:
			a.counts.Add("accepted")
			a.acknowledge(w)
		}
	})
}

func (a *Adapter) acknowledge(w http.ResponseWriter) {
	answer := a.c.Receive.Answer
	if answer == "" {
		answer = "OK"
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if strings.HasPrefix(answer, "{") {
		w.Header().Set("Content-Type", "application/json")
	}
	_, _ = io.WriteString(w, answer)
}

func (a *Adapter) refuse(w http.ResponseWriter, r *refusal) {
	a.counts.Add(r.reason)
	a.d.Log.Warn("request refused", "channel", a.Name(), "status", r.status, "reason", r.reason)
	http.Error(w, http.StatusText(r.status), r.status)
}

// said makes an Inbound. From stays empty for senders that are never answered: names, short codes, our own numbers.
func (a *Adapter) said(f fields) (channels.Inbound, *refusal) {
	m, now := a.c.Receive.Said, a.d.Now()
	in := channels.Inbound{Channel: a.Name(), Via: channels.SMS, Kind: channels.Text, ReceivedAt: now}
	sender, ok := f.get(m.From)
	words, ok2 := f.get(m.Text)
	if m.Call != nil && f.meets(m.Call) {
		in.Kind, words, ok2 = channels.Call, "", true // "" is no message that anybody writes: its identity is a call's
	}
	if !ok || !ok2 {
		return in, &malformed
	}
	at, ok := a.time(f, m.Time, m.Layouts, m.Zone)
	if !ok && m.Repeat == "content" {
		return in, &malformed
	}
	if to, ok := f.get(m.To); ok {
		in.To = channels.Answerable(to)
		if len(a.own) > 0 && !a.own[in.To] { // faults.md A15
			return in, &refusal{http.StatusForbidden, "not_ours"}
		}
	}
	in.From = channels.Answerable(sender)
	switch {
	case in.From == "":
		a.counts.Add("short_sender")
		return in, nil
	case a.own[in.From]: // two services that answer each other never stop
		a.counts.Add("own_number")
		in.From = ""
		return in, nil
	}
	in.Raw, in.Text = []byte(words), channels.Readable([]byte(words), textLimit)
	if m.Repeat == "id" {
		if in.ID, ok = f.name(m.ID, idLimit); !ok {
			return in, &malformed
		}
	} else {
		in.ID = contentID(in.From, words, at)
	}
	if in.SentAt = at; at.After(now.Add(ahead)) {
		a.counts.Add("clock_ahead")
		in.SentAt = time.Time{}
	}
	return in, nil
}

// contentID is a message's identity where the aggregator's ids are none: who wrote what in which second.
func contentID(from, words string, at time.Time) string {
	words = strings.ToLower(strings.Join(strings.Fields(words), " "))
	sum := sha256.Sum256([]byte(from + "\x00" + words + "\x00" + at.UTC().Round(time.Second).Format(time.RFC3339)))
	return hex.EncodeToString(sum[:16])
}

// time reads a time by the first layout that fits; ok is false if there is none that can be read.
func (a *Adapter) time(f fields, field string, layouts []string, zone string) (time.Time, bool) {
	v, ok := f.get(field)
	if !ok {
		return time.Time{}, false
	}
	v = strings.TrimSpace(v)
	for _, l := range layouts {
		var t time.Time
		switch l {
		case unix, unixMS:
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				continue
			}
			if t = time.Unix(n, 0); l == unixMS {
				t = time.UnixMilli(n)
			}
		default:
			var err error
			if t, err = time.ParseInLocation(l, v, a.zones[zone]); err != nil {
				continue
			}
		}
		if t.Year() >= 2000 && t.Year() <= 9999 {
			return t, true
		}
	}
	return time.Time{}, false
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)

// state makes a Status; known is false for a state that the description does not list.
func (a *Adapter) state(f fields) (s channels.Status, known bool, no *refusal) {
	d := a.c.Receive.State
	s = channels.Status{Channel: a.Name(), At: a.d.Now()}
	s.ProviderID, _ = f.name(d.ID, idLimit)
	if ours, ok := f.name(d.Ours, idLimit); ok && uuid.MatchString(ours) {
		s.Message = strings.ToLower(ours)
	}
	state, ok := f.name(d.State, idLimit)
	if !ok || s.ProviderID == "" && s.Message == "" {
		return s, false, &malformed
	}
	if s.ProviderID == "" {
		s.ProviderID = s.Message
	}
	to, known := d.States[state]
	if !known {
		a.counts.Add("unknown_state")
		return s, false, nil
	}
	s.State = channels.State(to)
	if code, ok := f.name(d.Code, codeLimit); ok && (s.State == channels.Failed || s.State == channels.Undelivered) {
		s.Code = code
	}
	if at, ok := a.time(f, d.Time, d.Layouts, d.Zone); ok && at.Before(s.At) {
		s.At = at
	}
	return s, true, nil
}
