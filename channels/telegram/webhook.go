package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"mime"
	"net/http"
)

// maxBody bounds one update. Telegram's largest are a few dozen kilobytes.
const maxBody = 256 << 10

// secretHeader carries the secret that Start gave to Telegram.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Webhook is the handler for POST /channels/telegram. It answers 200 after the turn has committed and 503 when it has
// not, so that Telegram delivers the update again. Without the secret nothing is read, let alone kept.
func (a *Adapter) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refuse(w, http.StatusMethodNotAllowed)
			return
		}
		if !a.genuine(r.Header.Get(secretHeader)) {
			refuse(w, http.StatusUnauthorized)
			return
		}
		body, status := readBody(w, r)
		if status != http.StatusOK {
			refuse(w, status)
			return
		}
		u, err := a.decode(body)
		if err != nil {
			refuse(w, http.StatusBadRequest)
			return
		}
		reply, err := a.turn(r.Context(), u)
		if err != nil {
			a.log.Warn("update not kept", "kind", u.kind)
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusServiceUnavailable)
			return
		}
		// The acknowledgement goes first: what follows may wait for Telegram, and Telegram must not wait for us.
		w.Header().Set("Content-Length", "0")
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		a.finish(r.Context(), u, reply)
	})
}

// genuine compares in constant time; the hashes make the lengths equal too.
func (a *Adapter) genuine(secret string) bool {
	if a.cfg.WebhookSecret == "" {
		return false
	}
	got, want := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(a.cfg.WebhookSecret))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

func readBody(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || r.Header.Get("Content-Encoding") != "" {
		return nil, http.StatusUnsupportedMediaType
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusBadRequest
	}
	return body, http.StatusOK
}

// refuse answers with the bare status: a forger learns nothing.
func refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
}
