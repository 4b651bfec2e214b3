package ussd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

const (
	bodyLimit  = 16 << 10 // bytes
	paramLimit = 40
)

// Handler takes the steps of all sessions: POST /channels/ussd/{secret}.
func (a *Adapter) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !a.genuine(r) {
			a.counts.Add("forged")
			a.c.Log.Warn("request refused", "channel", "ussd", "reason", "forged")
			http.NotFound(w, r)
			return
		}
		form, status, reason := read(w, r)
		if status != 0 {
			a.refuse(w, status, reason)
			return
		}
		in, v := decode(form)
		if v == step && a.c.ServiceCode != "" && in.To != "" && in.To != a.c.ServiceCode {
			// A direct code or a code that the operator gave besides: the secret has said that it is our gateway.
			a.counts.Add("other_code")
		}
		switch v {
		case malformed: // with the secret it is our gateway, and behind it somebody is looking at a screen
			a.counts.Add("malformed")
			a.c.Log.Warn("form not read", "channel", "ussd", "reason", "malformed")
			a.screen(w, channels.Reply{Text: a.c.Help(), End: true})
		case ended:
			a.counts.Add("ended")
			a.sessions.forget(in.Session)
			w.WriteHeader(http.StatusOK)
		case unreadable:
			a.counts.Add("unreadable")
			a.screen(w, channels.Reply{Text: a.c.Help(), End: true})
		case step:
			in.ReceivedAt = a.c.Now()
			if !a.sessions.owned(in.Session, in.From, in.ReceivedAt) {
				a.counts.Add("session_reused")
				a.c.Log.Warn("session refused", "channel", "ussd", "reason", "session of another phone")
				a.screen(w, channels.Reply{Text: a.c.Help(), End: true})
				return
			}
			a.screen(w, a.turn(r.Context(), in))
		}
	})
}

// read takes a small form; status 0 means that it is one.
func read(w http.ResponseWriter, r *http.Request) (form url.Values, status int, reason string) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, http.StatusMethodNotAllowed, "wrong_type"
	}
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if e := r.Header.Get("Content-Encoding"); err != nil || t != "application/x-www-form-urlencoded" || e != "" && !strings.EqualFold(e, "identity") {
		return nil, http.StatusUnsupportedMediaType, "wrong_type"
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) || bytes.Count(body, []byte{'&'}) >= paramLimit {
		return nil, http.StatusRequestEntityTooLarge, "too_large"
	}
	if err != nil {
		return nil, http.StatusBadRequest, "malformed"
	}
	if form, err = url.ParseQuery(string(body)); err != nil {
		return nil, 0, "" // an empty form: malformed
	}
	return form, 0, ""
}

func (a *Adapter) refuse(w http.ResponseWriter, status int, reason string) {
	a.counts.Add(reason)
	a.c.Log.Warn("request refused", "channel", "ussd", "status", status, "reason", reason)
	http.Error(w, http.StatusText(status), status)
}

// turn answers within the deadline, whatever the turn does. A slow turn goes on without us: it commits, and the same step
// sent again finds its stored answer.
func (a *Adapter) turn(ctx context.Context, in channels.Inbound) channels.Reply {
	busy := channels.Reply{Text: a.c.Busy(), End: true}
	select {
	case a.slots <- struct{}{}:
	default:
		a.counts.Add("busy")
		return busy
	}
	type outcome struct {
		reply channels.Reply
		err   error
	}
	done := make(chan outcome, 1)
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.c.Deadline+a.c.Finish)
	handle := func() (o outcome) {
		defer func() { // not in net/http's hands: a panic here would end the program
			if p := recover(); p != nil {
				o.err = fmt.Errorf("panic in a turn (%T): %s", p, debug.Stack()) // its value may hold what was typed
			}
		}()
		o.reply, o.err = a.handler.Handle(work, in)
		return o
	}
	a.turns.Go(func() {
		defer cancel()
		o := handle()
		<-a.slots // first, so that whoever has an answer finds the place free
		done <- o
	})
	late := time.NewTimer(a.c.Deadline)
	defer late.Stop()
	select {
	case o := <-done:
		if o.err != nil {
			a.counts.Add("failed")
			a.c.Log.Error("turn not kept", "channel", "ussd", "err", o.err)
			return busy
		}
		a.counts.Add("answered")
		return o.reply
	case <-late.C:
		a.counts.Add("busy")
		a.c.Log.Warn("turn too slow", "channel", "ussd", "deadline", a.c.Deadline)
		return busy
	}
}

func (a *Adapter) screen(w http.ResponseWriter, reply channels.Reply) {
	text, ok := fit(reply.Text)
	if !ok {
		a.counts.Add("unfit")
		a.c.Log.Error("a USSD screen had to be cut", "channel", "ussd", "runes", len([]rune(reply.Text)))
	}
	prefix := "CON "
	if reply.End {
		prefix = "END "
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, prefix+text)
}
