package fake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"time"
)

// SMSGateEvent is one webhook as a phone keeps it until it is taken: its body is written once and signed at each attempt.
type SMSGateEvent struct {
	Device string
	Body   []byte
}

// Received is somebody's SMS to a SIM of a phone. Its messageId is, as in the app, a hash of the content alone; each event
// made of the same SMS has an id of its own. A sender may be a name.
func (g *SMSGate) Received(device string, sim int, from, text string, at time.Time) SMSGateEvent {
	h := fnv.New32a()
	_, _ = io.WriteString(h, text)
	p := g.phone(device)
	return g.event(device, "sms:received", map[string]any{
		"messageId": fmt.Sprintf("%x", h.Sum32()), "message": text, "sender": from, "phoneNumber": from, "recipient": p.SIMs[sim-1],
		"simNumber": sim, "receivedAt": at.Format(smsgateDate),
	})
}

// Ping is a phone's sign of life with its health.
func (g *SMSGate) Ping(device string) SMSGateEvent {
	g.mu.Lock()
	health := g.phone(device).health()
	g.mu.Unlock()
	return g.event(device, "system:ping", map[string]any{"health": health})
}

// Told is what a phone tells about a message that it took: sms:sent, sms:delivered, sms:failed with the app's reason, or
// sms:cancelled. It panics if the phone does not have the message.
func (g *SMSGate) Told(device, id, event, reason string) SMSGateEvent {
	g.mu.Lock()
	m := g.message(device, id)
	if m == nil {
		g.mu.Unlock()
		panic("fake: phone " + device + " has no message " + id)
	}
	payload := map[string]any{"messageId": m.ID, "recipient": m.To, "phoneNumber": m.To, "simNumber": m.SIM}
	at := g.now().Format(smsgateDate)
	switch event {
	case "sms:sent":
		m.State, payload["sentAt"], payload["partsCount"] = "Sent", at, 1
	case "sms:delivered":
		m.State, payload["deliveredAt"] = "Delivered", at
	case "sms:cancelled":
		m.State, payload["cancelledAt"] = "Cancelled", at
	default:
		m.State, m.Reason, payload["failedAt"], payload["reason"] = "Failed", reason, at, reason
	}
	g.mu.Unlock()
	return g.event(device, event, payload)
}

// Event is any webhook of a phone, as a newer app may send it.
func (g *SMSGate) Event(device, event string, payload map[string]any) SMSGateEvent {
	return g.event(device, event, payload)
}

func (g *SMSGate) event(device, event string, payload map[string]any) SMSGateEvent {
	g.mu.Lock()
	g.events++
	n := g.events
	g.mu.Unlock()
	body, err := json.Marshal(map[string]any{
		"deviceId": device, "event": event, "id": fmt.Sprintf("evt-%06d", n), "webhookId": "hook-" + event, "payload": payload,
	})
	if err != nil {
		panic(err) // a test's own payload
	}
	return SMSGateEvent{device, body}
}

// Sign is a phone's signature over a body and the time of an attempt.
func (g *SMSGate) Sign(device string, body []byte, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(g.phone(device).Key))
	mac.Write(body)
	_, _ = io.WriteString(mac, timestamp)
	return hex.EncodeToString(mac.Sum(nil))
}

// Request is one attempt to deliver an event, signed now.
func (g *SMSGate) Request(address string, e SMSGateEvent) *http.Request {
	g.mu.Lock()
	timestamp := strconv.FormatInt(g.now().Unix(), 10)
	g.mu.Unlock()
	r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(e.Body))
	if err != nil {
		panic(err) // a test's own address
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "me.capcom.smsgateway/1.60.0")
	r.Header.Set("X-Timestamp", timestamp)
	r.Header.Set("X-Signature", g.Sign(e.Device, e.Body, timestamp))
	return r
}

// Deliver posts an event and returns the status of the answer. A phone does so up to fourteen times in about two days,
// until one is 2xx.
func (g *SMSGate) Deliver(ctx context.Context, address string, e SMSGateEvent) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second) // the app's own patience
	defer cancel()
	res, err := http.DefaultClient.Do(g.Request(address, e).WithContext(ctx))
	if err != nil {
		return 0, fmt.Errorf("fake smsgate: %w", err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
	return res.StatusCode, nil
}

// Auto posts these events about every message that a phone takes from now on; none ends that. For a demo: "sms:sent",
// "sms:delivered". A message that Android refuses is told as failed instead.
func (g *SMSGate) Auto(address string, events ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hook, g.auto = address, events
}

// report begins the webhooks about a new message, unless the double is being closed.
func (g *SMSGate) report(m *SMSGateMessage) {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.done:
		return
	default:
	}
	events, address, reason := g.auto, g.hook, m.Reason
	if len(events) == 0 {
		return
	}
	if m.State == "Failed" {
		events = []string{"sms:failed"}
	}
	device, id := m.Device, m.ID
	g.background.Go(func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() {
			select {
			case <-g.done:
				cancel()
			case <-ctx.Done():
			}
		}()
		for _, event := range events {
			if status, err := g.Deliver(ctx, address, g.Told(device, id, event, reason)); err != nil || status >= 300 {
				return
			}
		}
	})
}
