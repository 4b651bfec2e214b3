package smsgate_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestA6WhoSigned(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world, r *http.Request, body []byte)
		want   int
		reason string
	}{
		"genuine":            {func(*world, *http.Request, []byte) {}, 204, "accepted"},
		"no signature":       {func(_ *world, r *http.Request, _ []byte) { r.Header.Del("X-Signature") }, 401, "forged"},
		"no time":            {func(_ *world, r *http.Request, _ []byte) { r.Header.Del("X-Timestamp") }, 401, "forged"},
		"two signatures":     {func(_ *world, r *http.Request, _ []byte) { r.Header.Add("X-Signature", "00") }, 403, "forged"},
		"capitals":           {func(_ *world, r *http.Request, _ []byte) { upper(r, "X-Signature") }, 403, "forged"},
		"another time":       {func(_ *world, r *http.Request, _ []byte) { r.Header.Set("X-Timestamp", "1780831801") }, 403, "forged"},
		"the other phone":    {func(w *world, r *http.Request, b []byte) { r.Header.Set("X-Signature", w.d.Sign(isat, b, at(r))) }, 403, "not_ours"},
		"body without time":  {func(w *world, r *http.Request, b []byte) { r.Header.Set("X-Signature", w.d.Sign(tsel, b, "")) }, 403, "forged"},
		"time with a zero":   {func(w *world, r *http.Request, b []byte) { sign(w, r, b, "0"+at(r)) }, 403, "forged"},
		"milliseconds":       {func(w *world, r *http.Request, b []byte) { sign(w, r, b, at(r)+"000") }, 403, "forged"},
		"an hour old":        {func(w *world, r *http.Request, b []byte) { signAt(w, r, b, -time.Hour) }, 403, "expired"},
		"an hour ahead":      {func(w *world, r *http.Request, b []byte) { signAt(w, r, b, time.Hour) }, 403, "expired"},
		"four minutes old":   {func(w *world, r *http.Request, b []byte) { signAt(w, r, b, -4*time.Minute) }, 204, "accepted"},
		"four minutes ahead": {func(w *world, r *http.Request, b []byte) { signAt(w, r, b, 4*time.Minute) }, 204, "accepted"},
	} {
		w := newWorld(t)
		e := w.d.Received(tsel, 1, siti, "YA", now)
		r := w.d.Request(address, e)
		c.change(w, r, e.Body)
		code := serve(w.Webhook(), r)
		if code != c.want || w.Counts()[c.reason] != 1 || (w.k.Count() == 1) != (c.want == 204) {
			t.Errorf("%s: answer %d, counted %v, %d handled", name, code, w.Counts(), w.k.Count())
		}
	}
}

func at(r *http.Request) string { return r.Header.Get("X-Timestamp") }

func upper(r *http.Request, name string) {
	r.Header.Set(name, strings.ToUpper(r.Header.Get(name)))
}

func sign(w *world, r *http.Request, body []byte, timestamp string) {
	r.Header.Set("X-Timestamp", timestamp)
	r.Header.Set("X-Signature", w.d.Sign(tsel, body, timestamp))
}

func signAt(w *world, r *http.Request, body []byte, by time.Duration) {
	sign(w, r, body, fmt.Sprint(now.Add(by).Unix()))
}

// A captured request works for the length of the window, and has no effect even then: it has the id of the first.
func TestA7AReplayedRequest(t *testing.T) {
	w := newWorld(t)
	e := w.d.Received(tsel, 1, siti, "YA", now)
	captured := w.d.Request(address, e)
	for i, c := range []struct {
		by   time.Duration
		want int
	}{{0, 204}, {5 * time.Minute, 204}, {time.Second, 403}, {48 * time.Hour, 403}} {
		w.clock.add(c.by)
		r := captured.Clone(t.Context())
		r.Body, _ = captured.GetBody()
		if code := serve(w.Webhook(), r); code != c.want {
			t.Errorf("try %d: answer %d", i, code)
		}
	}
	kept := w.k.Kept()
	if len(kept) != 2 || kept[0].ID != kept[1].ID {
		t.Errorf("%+v", kept)
	}
	// The phone's own repeat of the same message, signed anew two days later, is taken.
	if code := w.post(e); code != 204 || w.k.Last().ID != kept[0].ID {
		t.Errorf("answer %d", code)
	}
}
