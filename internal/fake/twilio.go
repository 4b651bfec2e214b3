package fake

import (
	"crypto/rand"
	"encoding/hex"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Twilio is a local server that behaves like Twilio's Messages API: as strict, as slow and as broken as it is told to be.
// It remembers every message that it accepted and so is the judge of what was sent twice. Safe for concurrent use.
type Twilio struct {
	sid, token string
	server     *http.Server
	listener   net.Listener
	url        string
	done       chan struct{} // closed by Close: ends calls that hang
	background sync.WaitGroup

	mu       sync.Mutex
	now      func() time.Time
	calls    int
	early    int
	messages []*TwilioMessage
	plans    []twilioPlan
	numbers  map[string]twilioRefusal
	bucket   twilioBucket
	auto     []string // states to post after every acceptance

	contents    []*twilioContent
	contentDown bool
	heard       map[string]time.Time // when somebody last wrote by WhatsApp

	files   map[string]twilioFile // by the end of its address
	links   map[string]string     // to files, for once
	fetched int
}

// TwilioMessage is one message that the double accepted.
type TwilioMessage struct {
	SID, To, From, MessagingServiceSID, Body, StatusCallback string
	Status                                                   string
	ErrorCode                                                int
	ValidityPeriod                                           int // seconds; 36,000 if the call did not say
	Segments                                                 int
	At                                                       time.Time
	AnswerLost                                               bool   // accepted, but the caller was never told
	Template                                                 string // name of the content that it was made of
	Buttons                                                  []TwilioButton

	approved bool
}

// NewTwilio starts a double on a free local port. It panics if there is none.
func NewTwilio(accountSID, token string) *Twilio {
	t, err := ListenTwilio("127.0.0.1:0", accountSID, token)
	if err != nil {
		panic(err)
	}
	return t
}

// ListenTwilio starts a double at a fixed address such as "127.0.0.1:8091".
func ListenTwilio(addr, accountSID, token string) (*Twilio, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	t := &Twilio{
		sid: accountSID, token: token, listener: ln, url: "http://" + ln.Addr().String(), done: make(chan struct{}),
		now: time.Now, numbers: map[string]twilioRefusal{}, heard: map[string]time.Time{},
		files: map[string]twilioFile{}, links: map[string]string{},
	}
	t.server = &http.Server{Handler: t, ReadHeaderTimeout: 5 * time.Second}
	t.background.Go(func() { _ = t.server.Serve(ln) })
	return t, nil
}

// URL is the base address to give to the client (KABAR_TWILIO_URL).
func (t *Twilio) URL() string { return t.url }

// Close ends the server, whatever hangs in it, and its callbacks.
func (t *Twilio) Close() {
	t.mu.Lock()
	close(t.done)
	t.mu.Unlock()
	t.Stop()
	t.background.Wait()
}

// Stop makes the double go away, so that nobody listens at its address; what it recorded stays.
func (t *Twilio) Stop() {
	_ = t.listener.Close() // the server may not have begun to serve
	_ = t.server.Close()
}

// Clock replaces the time by which messages are dated and calls are limited.
func (t *Twilio) Clock(now func() time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now = now
}

// Calls counts the attempts to send that reached the double, refused ones too.
func (t *Twilio) Calls() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.calls
}

// Messages are all accepted messages, oldest first.
func (t *Twilio) Messages() []TwilioMessage { return t.find(func(*TwilioMessage) bool { return true }) }

// To are the messages accepted for one number, oldest first.
func (t *Twilio) To(number string) []TwilioMessage {
	return t.find(func(m *TwilioMessage) bool { return strings.TrimPrefix(m.To, "whatsapp:") == number })
}

// Count is how often this text was accepted for this number.
func (t *Twilio) Count(to, body string) int {
	return len(t.find(func(m *TwilioMessage) bool { return strings.TrimPrefix(m.To, "whatsapp:") == to && m.Body == body }))
}

// Doubled are the messages that were sent again: a later one with the same callback address, which holds the sender's own
// message id, or without one the same recipient and text.
func (t *Twilio) Doubled() []TwilioMessage {
	seen := map[string]bool{}
	return t.find(func(m *TwilioMessage) bool {
		key := m.StatusCallback
		if key == "" {
			key = m.To + "\x00" + m.Body
		}
		again := seen[key]
		seen[key] = true
		return again
	})
}

func (t *Twilio) find(match func(*TwilioMessage) bool) []TwilioMessage {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []TwilioMessage
	for _, m := range t.messages {
		if match(m) {
			out = append(out, *m)
		}
	}
	return out
}

// Forget drops all messages, counts and plans, for the next test against the same server.
func (t *Twilio) Forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls, t.early, t.messages, t.plans, t.auto = 0, 0, nil, nil, nil
	t.numbers, t.bucket = map[string]twilioRefusal{}, twilioBucket{}
}

func (t *Twilio) message(sid string) *TwilioMessage {
	i := slices.IndexFunc(t.messages, func(m *TwilioMessage) bool { return m.SID == sid })
	if i < 0 {
		return nil
	}
	return t.messages[i]
}

func twilioSID(prefix string) string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return prefix + hex.EncodeToString(b)
}
