package fake

import (
	"math"
	"net/http"
	"strings"
	"time"
)

// telegramLimit is Telegram's rate limit as a strict token bucket. It is off until Limit is called.
type telegramLimit struct {
	perSecond, perChat float64
	all                telegramBucket
	chats              map[int64]*telegramBucket
	violations         int
}

type telegramBucket struct {
	spent float64 // tokens missing from a full bucket
	at    time.Time
}

// Limit switches the rate limit on: at most all messages and edits a second, at most perChat new messages a second in one
// chat. What goes over is answered with 429 and counted. Telegram's own figures are 30 and 1.
func (t *Telegram) Limit(all, perChat float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.limit = telegramLimit{perSecond: all, perChat: perChat, chats: map[int64]*telegramBucket{}}
}

// Violations counts the calls that broke the limit.
func (t *Telegram) Violations() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.limit.violations
}

// take takes a token of each bucket or says how long to wait.
func (l *telegramLimit) take(now time.Time, chat int64, isNew bool) *telegramError {
	if l.perSecond == 0 {
		return nil
	}
	wait := l.all.missing(now, l.perSecond)
	var own *telegramBucket
	if isNew {
		if own = l.chats[chat]; own == nil {
			own = &telegramBucket{}
			l.chats[chat] = own
		}
		wait = max(wait, own.missing(now, l.perChat))
	}
	if wait > 0 {
		l.violations++
		seconds := int(math.Ceil(wait))
		return &telegramError{code: 429, text: "Too Many Requests: retry later", retryAfter: seconds}
	}
	l.all.spent++
	if own != nil {
		own.spent++
	}
	return nil
}

// missing refills the bucket, which holds one second's worth, and returns the seconds until it has a whole token.
func (b *telegramBucket) missing(now time.Time, rate float64) float64 {
	if !b.at.IsZero() {
		b.spent = max(b.spent-rate*max(now.Sub(b.at).Seconds(), 0), 0)
	}
	b.at = now
	size := max(rate, 1)
	return max(b.spent+1-size, 0) / rate
}

// TelegramFault is how a call goes wrong. Exactly one of Status, Reset and Hang is set.
type TelegramFault struct {
	Method      string // e.g. "sendMessage"; empty: whichever comes next
	Times       int    // how many calls; 0 is 1
	Status      int    // 429, 403, 400, 500 …
	Description string
	RetryAfter  int  // seconds, with 429
	HTML        bool // answer with a proxy's page instead of the Bot API's JSON
	Reset       bool // cut the connection without an answer
	Hang        bool // never answer
	After       bool // the call takes effect first, and only its answer is lost
}

// Fail makes coming calls go wrong, in the order of Fail's own calls.
func (t *Telegram) Fail(f TelegramFault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f.Times = max(f.Times, 1)
	t.faults = append(t.faults, f)
}

func (t *Telegram) takeFault(method string) (TelegramFault, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, f := range t.faults {
		if f.Method != "" && !strings.EqualFold(f.Method, method) {
			continue
		}
		if t.faults[i].Times--; t.faults[i].Times == 0 {
			t.faults = append(t.faults[:i:i], t.faults[i+1:]...)
		}
		t.notify()
		return f, true
	}
	return TelegramFault{}, false
}

func (t *Telegram) fail(w http.ResponseWriter, r *http.Request, f TelegramFault) {
	switch {
	case f.Reset:
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-t.ended.Done():
		}
	case f.HTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Status)
		_, _ = w.Write([]byte("<html><body><h1>Bad Gateway</h1></body></html>"))
	default:
		telegramRefuse(w, telegramError{code: f.Status, text: f.Description, retryAfter: f.RetryAfter})
	}
}
