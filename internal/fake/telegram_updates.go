package fake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// telegramUpdate is one update that the bot has not confirmed.
type telegramUpdate struct {
	id    int64
	chat  int64
	kind  string
	body  json.RawMessage
	tries int
}

type telegramHook struct {
	url, secret string
	lastError   string
	room        chan struct{} // as many as max_connections
}

// push queues an update and starts its delivery where a webhook is set. The caller holds the lock.
func (t *Telegram) push(chat int64, kind string, content any) {
	if len(t.allowed) > 0 && !slices.Contains(t.allowed, kind) {
		return
	}
	t.updateID++
	body, err := json.Marshal(map[string]any{"update_id": t.updateID, kind: content})
	if err != nil {
		panic(fmt.Sprintf("fake: update: %v", err)) // a mistake in a test
	}
	t.enqueue(&telegramUpdate{id: t.updateID, chat: chat, kind: kind, body: body})
}

func (t *Telegram) enqueue(u *telegramUpdate) {
	t.queue = append(t.queue, u)
	if t.past = append(t.past, u); len(t.past) > 10_000 {
		t.past = slices.Clone(t.past[5_000:])
	}
	t.notify()
	t.deliver()
}

// deliver starts a delivery for each chat that has updates and none under way: chats side by side, one chat in order, as
// the real one does. The caller holds the lock.
func (t *Telegram) deliver() {
	if t.hook.url == "" || t.ended.Err() != nil {
		return
	}
	for _, u := range t.queue {
		if !t.busy[u.chat] {
			t.busy[u.chat] = true
			hook := t.hook
			t.work.Go(func() { t.deliverChat(hook, u.chat) })
		}
	}
}

// deliverChat hands over the updates of one chat, each until it is answered 2xx, with growing pauses.
func (t *Telegram) deliverChat(hook telegramHook, chat int64) {
	pause := 20 * time.Millisecond
	for {
		u := t.nextFor(hook, chat)
		if u == nil {
			return
		}
		select {
		case hook.room <- struct{}{}:
		case <-t.ended.Done():
			return
		}
		err := t.handOver(hook, u)
		<-hook.room
		t.mu.Lock()
		if err == nil {
			t.queue = slices.DeleteFunc(t.queue, func(q *telegramUpdate) bool { return q == u })
			pause = 20 * time.Millisecond
		} else {
			t.hook.lastError = err.Error()
		}
		t.notify()
		t.mu.Unlock()
		if err == nil {
			continue
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, time.Second)
		case <-t.ended.Done():
			return
		}
	}
}

func (t *Telegram) nextFor(hook telegramHook, chat int64) *telegramUpdate {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hook.url == hook.url {
		for _, u := range t.queue {
			if u.chat == chat {
				return u
			}
		}
	}
	delete(t.busy, chat)
	t.deliver() // the webhook may have moved meanwhile
	return nil
}

func (t *Telegram) handOver(hook telegramHook, u *telegramUpdate) error {
	t.mu.Lock()
	u.tries++
	t.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.ended, 60*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.url, bytes.NewReader(u.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if hook.secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook.secret)
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return fmt.Errorf("wrong response from the webhook: %s", resp.Status)
	}
	return nil
}

var telegramSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// setWebhook takes plain http on the loopback interface, which the real one does not.
func (t *Telegram) setWebhook(ctx context.Context, p telegramForm) (any, *telegramError) {
	target, err := url.Parse(p.values["url"])
	switch {
	case p.values["url"] == "":
		return t.deleteWebhook(ctx, p)
	case err != nil || target.Host == "" || (target.Scheme != "https" && target.Hostname() != "127.0.0.1" && target.Hostname() != "localhost"):
		return nil, telegramBad("bad webhook: An HTTPS URL must be provided for webhook")
	case p.values["secret_token"] != "" && !telegramSecret.MatchString(p.values["secret_token"]):
		return nil, telegramBad("secret token contains unallowed characters")
	}
	room := p.number("max_connections")
	if room == 0 {
		room = 40
	}
	if room < 1 || room > 100 {
		return nil, telegramBad("max_connections is out of range")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.listen(p)
	t.hook = telegramHook{url: p.values["url"], secret: p.values["secret_token"], room: make(chan struct{}, room)}
	t.takeOver(nil)
	t.notify()
	t.deliver()
	return true, nil
}

// listen keeps the kinds of update that the bot asked for last. The caller holds the lock.
func (t *Telegram) listen(p telegramForm) {
	if raw, ok := p.values["allowed_updates"]; ok {
		var kinds []string
		if json.Unmarshal([]byte(raw), &kinds) == nil {
			t.allowed = kinds
		}
	}
	if p.values["drop_pending_updates"] == "true" {
		t.queue = nil
	}
}

func (t *Telegram) deleteWebhook(_ context.Context, p telegramForm) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hook = telegramHook{}
	t.listen(p)
	t.notify()
	return true, nil
}

func (t *Telegram) getWebhookInfo(context.Context, telegramForm) (any, *telegramError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return map[string]any{
		"url": t.hook.url, "has_custom_certificate": false, "pending_update_count": len(t.queue),
		"last_error_message": t.hook.lastError,
	}, nil
}

// takeOver ends the getUpdates under way with a 409, as the real one does for the older of two. The caller holds the lock.
func (t *Telegram) takeOver(newcomer chan struct{}) {
	if t.poller != nil {
		close(t.poller)
	}
	t.poller = newcomer
}

// getUpdates confirms everything below the offset and answers with what follows, waiting up to timeout seconds for it.
func (t *Telegram) getUpdates(ctx context.Context, p telegramForm) (any, *telegramError) {
	limit := int(p.number("limit"))
	if limit == 0 {
		limit = 100
	}
	timeout := time.NewTimer(time.Duration(p.number("timeout")) * time.Second)
	defer timeout.Stop()
	me := make(chan struct{})
	t.mu.Lock()
	if t.hook.url != "" {
		t.mu.Unlock()
		return nil, &telegramError{code: 409, text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	t.takeOver(me)
	t.notify()
	t.listen(p)
	if offset := p.number("offset"); offset > 0 {
		t.queue = slices.DeleteFunc(t.queue, func(u *telegramUpdate) bool { return u.id < offset })
		t.notify()
	}
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.poller == me {
			t.poller = nil
		}
	}()
	for {
		t.mu.Lock()
		changed := t.changed
		batch := []json.RawMessage{}
		for _, u := range t.queue[:min(limit, len(t.queue))] {
			u.tries++
			batch = append(batch, u.body)
		}
		t.mu.Unlock()
		if len(batch) > 0 {
			return batch, nil
		}
		select {
		case <-changed:
		case <-timeout.C:
			return batch, nil
		case <-me:
			return nil, &telegramError{code: 409, text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		case <-ctx.Done():
			return batch, nil
		case <-t.ended.Done():
			return batch, nil
		}
	}
}
