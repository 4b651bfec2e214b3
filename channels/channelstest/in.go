package channelstest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
)

func runIn(t *testing.T, c Case) {
	t.Run("A1 genuine is answered after it is kept", func(t *testing.T) { genuine(t, c) })
	t.Run("A1 a repeat has the same id", func(t *testing.T) { repeated(t, c) })
	t.Run("A13 what was not kept is asked for again", func(t *testing.T) { failing(t, c) })
	t.Run("A9 too large", func(t *testing.T) { tooLarge(t, c) })
	t.Run("A10 wrong method and type", func(t *testing.T) { wrongType(t, c) })
	t.Run("A8 malformed", func(t *testing.T) { malformed(t, c) })
	t.Run("A6 forged", func(t *testing.T) { forged(t, c) })
	t.Run("A11 hostile text", func(t *testing.T) { hostile(t, c) })
}

// Keeper is a Handler that keeps what it is given, or fails with Err.
type Keeper struct {
	mu   sync.Mutex
	kept []channels.Inbound
	Err  error
}

// Handle keeps.
func (k *Keeper) Handle(_ context.Context, in channels.Inbound) (channels.Reply, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.Err != nil {
		return channels.Reply{}, k.Err
	}
	k.kept = append(k.kept, in)
	return channels.Reply{Text: "OK", End: true}, nil
}

// Kept is everything so far, oldest first.
func (k *Keeper) Kept() []channels.Inbound {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]channels.Inbound(nil), k.kept...)
}

// Count is how much was kept so far.
func (k *Keeper) Count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.kept)
}

// Last is the newest that was kept; it panics if there is none.
func (k *Keeper) Last() channels.Inbound {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept[len(k.kept)-1]
}

// answerWatch notes how much was kept when the first byte of the answer was written.
type answerWatch struct {
	*httptest.ResponseRecorder
	keeper *Keeper
	once   sync.Once
	then   int
}

func (w *answerWatch) note() { w.once.Do(func() { w.then = w.keeper.Count() }) }

func (w *answerWatch) WriteHeader(status int) {
	w.note()
	w.ResponseRecorder.WriteHeader(status)
}

func (w *answerWatch) Write(b []byte) (int, error) {
	w.note()
	return w.ResponseRecorder.Write(b)
}

// WriteString keeps io.WriteString from going round Write.
func (w *answerWatch) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// answered serves one request as a server receives it.
func answered(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, asServer(r))
	return w
}

// asServer turns a client's request into what a server sees.
func asServer(r *http.Request) *http.Request {
	s := r.Clone(r.Context())
	s.RequestURI = r.URL.RequestURI()
	s.Host = r.URL.Host
	s.RemoteAddr = "192.0.2.7:1234"
	u := *r.URL
	u.Scheme, u.Host = "", ""
	s.URL = &u
	if s.Body == nil {
		s.Body = http.NoBody
	}
	return s
}

func success(status int) bool { return status >= 200 && status < 300 }
func refused(status int) bool { return status >= 400 && status < 500 }

func genuine(t *testing.T, c Case) {
	k := &Keeper{}
	h := c.In.Serve(t, k)
	w := &answerWatch{ResponseRecorder: httptest.NewRecorder(), keeper: k}
	h.ServeHTTP(w, asServer(c.In.Request(t, Message{c.In.From, "LAPOR 350rb", c.In.ID(1)})))
	w.note() // an empty answer is written by the server afterwards
	if !success(w.Code) || w.then != 1 {
		t.Fatalf("answer %d, written when %d of 1 was kept: %s", w.Code, w.then, w.Body)
	}
	in := k.Kept()[0]
	want := c.In.From
	if c.In.WantAs != "" {
		want = c.In.WantAs
	}
	if in.Channel != c.Name || in.ID == "" || in.From != want || in.Text != "LAPOR 350rb" || string(in.Raw) != "LAPOR 350rb" ||
		in.Kind != channels.Text || in.Via == "" || in.ReceivedAt.IsZero() {
		t.Errorf("the Handler was given %+v", in)
	}
}

func repeated(t *testing.T, c Case) {
	k := &Keeper{}
	h := c.In.Serve(t, k)
	const times = 50
	var wg sync.WaitGroup
	codes := make([]int, times)
	for i := range times {
		r := c.In.Request(t, Message{c.In.From, "YA", c.In.ID(1)})
		wg.Go(func() { codes[i] = answered(h, r).Code })
	}
	wg.Wait()
	for _, code := range codes {
		if !success(code) {
			t.Fatalf("a repeat was answered %d", code)
		}
	}
	kept := k.Kept()
	if len(kept) != times {
		t.Fatalf("the Handler saw %d of %d: it and not the adapter knows what is a repeat", len(kept), times)
	}
	for _, in := range kept {
		if in.ID != kept[0].ID {
			t.Fatalf("ids %q and %q for one message", in.ID, kept[0].ID)
		}
	}
	answered(h, c.In.Request(t, Message{c.In.From, "YA", c.In.ID(2)}))
	if kept = k.Kept(); len(kept) != times+1 || kept[times].ID == kept[0].ID {
		t.Error("another message with the same words is taken for a repeat")
	}
}

func failing(t *testing.T, c Case) {
	w := answered(c.In.Serve(t, &Keeper{Err: errors.New("database is down")}), c.In.Request(t, Message{c.In.From, "YA", c.In.ID(1)}))
	if strings.Contains(w.Body.String(), "database") {
		t.Errorf("the answer tells the cause: %s", w.Body)
	}
	if c.In.Failed != nil {
		c.In.Failed(t, w)
		return
	}
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("answer %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
}

func tooLarge(t *testing.T, c Case) {
	k := &Keeper{}
	h := c.In.Serve(t, k)
	for _, known := range []bool{true, false} {
		for _, size := range []int{c.In.Limit + 1, 1 << 20} {
			r := c.In.Request(t, Message{c.In.From, "YA", c.In.ID(1)})
			read := &counter{Reader: bytes.NewReader(bytes.Repeat([]byte("a"), size))}
			r.Body, r.ContentLength = io.NopCloser(read), int64(size)
			if !known { // chunked
				r.ContentLength = -1
			}
			if w := answered(h, r); w.Code != http.StatusRequestEntityTooLarge {
				t.Errorf("%d bytes, length known %v: answer %d", size, known, w.Code)
			}
			if read.n > c.In.Limit+64<<10 {
				t.Errorf("%d bytes were read of a body that may have %d", read.n, c.In.Limit)
			}
		}
	}
	if len(k.Kept()) > 0 {
		t.Error("it was handled")
	}
}

type counter struct {
	io.Reader
	n int
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}

func wrongType(t *testing.T, c Case) {
	k := &Keeper{}
	h := c.In.Serve(t, k)
	genuine := func() *http.Request { return c.In.Request(t, Message{c.In.From, "YA", c.In.ID(1)}) }
	own := genuine().Method
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
		if method == own {
			continue
		}
		r := genuine()
		r.Method = method
		if w := answered(h, r); !refused(w.Code) {
			t.Errorf("%s: answer %d", method, w.Code)
		}
	}
	if own == http.MethodPost {
		for name, spoil := range map[string]func(*http.Request){
			"XML":               func(r *http.Request) { r.Header.Set("Content-Type", "text/xml") },
			"no type":           func(r *http.Request) { r.Header.Del("Content-Type") },
			"multipart":         func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") },
			"gzip":              func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") },
			"unreadable type":   func(r *http.Request) { r.Header.Set("Content-Type", ";;;") },
			"gzip of something": func(r *http.Request) { r.Header.Set("Content-Encoding", "br, gzip") },
		} {
			r := genuine()
			spoil(r)
			if w := answered(h, r); !refused(w.Code) {
				t.Errorf("%s: answer %d", name, w.Code)
			}
		}
	}
	if n := len(k.Kept()); n > 0 {
		t.Errorf("%d were handled", n)
	}
}

func malformed(t *testing.T, c Case) {
	k := &Keeper{}
	h := c.In.Serve(t, k)
	for name, request := range c.In.Malformed {
		if w := answered(h, request(t)); !refused(w.Code) {
			t.Errorf("%s: answer %d", name, w.Code)
		}
	}
	if kept := k.Kept(); len(kept) > 0 {
		t.Errorf("%d were handled, the first as %+v", len(kept), kept[0])
	}
	if len(c.In.Malformed) == 0 {
		t.Error("channelstest: the case names no malformed request")
	}
}
