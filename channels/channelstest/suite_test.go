package channelstest_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
)

// The suite is tried on a small adapter for an invented provider (JSON in, a secret in a header, a plain POST out), which
// can be broken in one way at a time. Whole, it must pass; broken, the suite must say so.
type toy struct {
	broken  string
	handler channels.Handler
	url     string
	http    *http.Client
}

const (
	toySecret = "s3cret"
	toyLimit  = 8 << 10
)

type toyMessage struct{ ID, From, Text string }

func (a *toy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.broken != "takes any secret" && r.Header.Get("X-Secret") != toySecret {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	if a.broken != "takes any method" && r.Method != http.MethodPost {
		http.Error(w, "no", http.StatusMethodNotAllowed)
		return
	}
	if a.broken != "takes any type" && (r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Content-Encoding") != "") {
		http.Error(w, "no", http.StatusUnsupportedMediaType)
		return
	}
	limit := int64(toyLimit)
	if a.broken == "reads without end" {
		limit = 1 << 30
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		http.Error(w, "no", http.StatusRequestEntityTooLarge)
		return
	}
	var m toyMessage
	if err := json.Unmarshal(body, &m); (err != nil || m.ID == "") && a.broken != "takes anything" {
		http.Error(w, "no", http.StatusBadRequest)
		return
	}
	in := channels.Inbound{Channel: "toy", ID: m.ID, From: m.From, Via: channels.SMS, Kind: channels.Text, Raw: []byte(m.Text),
		Text: channels.Readable([]byte(m.Text), 500), ReceivedAt: time.Unix(1, 0)}
	switch a.broken {
	case "hands on raw text":
		in.Text = m.Text
	case "makes its own ids":
		in.ID = rand.Text()
	case "fails on emoji":
		if strings.Contains(m.Text, "🙏") {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
	case "answers first":
		w.WriteHeader(200)
	}
	if _, err := a.handler.Handle(r.Context(), in); err != nil && a.broken != "hides failure" {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "busy", http.StatusServiceUnavailable)
	}
}

func (a *toy) Name() string { return "toy" }

func (a *toy) Send(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	if a.broken == "ignores the context" {
		ctx = context.Background()
	} else if ctx.Err() != nil {
		return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: ctx.Err()}
	}
	s, err := a.post(ctx, m)
	if err != nil && a.broken == "tries again" {
		s, err = a.post(ctx, m)
	}
	return s, err
}

func (a *toy) post(ctx context.Context, m channels.Outbound) (channels.Sent, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, strings.NewReader(m.ID))
	if err != nil {
		return channels.Sent{}, err
	}
	res, err := a.http.Do(r)
	switch {
	case err != nil && a.broken == "does not class":
		return channels.Sent{}, err
	case err != nil && strings.Contains(err.Error(), "refused"):
		return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: errors.New("nobody there")}
	case err != nil && a.broken == "takes a reset for a refusal":
		return channels.Sent{}, &channels.SendError{Kind: channels.Temporary, Err: errors.New("reset")}
	case err != nil:
		return channels.Sent{}, &channels.SendError{Kind: channels.Ambiguous, Err: errors.New("no answer")}
	}
	defer res.Body.Close()
	switch kind := channels.ErrorKind(res.Header.Get("X-Kind")); {
	case kind != "" && a.broken == "tells the number":
		return channels.Sent{}, &channels.SendError{Kind: kind, Err: errors.New("not to " + m.To), RetryAfter: channelstest.RetryAfter}
	case kind != "" && a.broken == "forgets the wait":
		return channels.Sent{}, &channels.SendError{Kind: kind, Err: errors.New("refused")}
	case kind != "":
		return channels.Sent{}, &channels.SendError{Kind: kind, Err: errors.New("refused"), RetryAfter: channelstest.RetryAfter}
	}
	return channels.Sent{ProviderID: m.ID}, nil
}

// toyProvider is the double of the invented provider.
type toyProvider struct {
	mu       sync.Mutex
	calls    int
	accepted map[string]int
	next     channelstest.Fault
}

func (p *toyProvider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.calls++
	fault := p.next
	p.next = ""
	if fault == "" || fault == channelstest.LostAnswer {
		p.accepted[string(id)]++
	}
	p.mu.Unlock()
	switch fault {
	case channelstest.LostAnswer:
		panic(http.ErrAbortHandler)
	case channelstest.NoAnswer:
		<-r.Context().Done()
	case "":
	default:
		w.Header().Set("X-Kind", string(map[channelstest.Fault]channels.ErrorKind{
			channelstest.Throttle: channels.Throttled, channelstest.Block: channels.BlockedBy, channelstest.BadNumber: channels.Invalid,
			channelstest.Unavailable: channels.Temporary, channelstest.BadCredentials: channels.Misconfig,
		}[fault]))
	}
}

func toyCase(broken string) channelstest.Case {
	request := func(body, secret string) *http.Request {
		r, _ := http.NewRequest(http.MethodPost, "http://toy.example/in", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Secret", secret)
		return r
	}
	return channelstest.Case{
		Name: "toy",
		In: &channelstest.In{
			Serve: func(_ testing.TB, h channels.Handler) http.Handler { return &toy{broken: broken, handler: h} },
			Request: func(_ testing.TB, m channelstest.Message) *http.Request {
				body, _ := json.Marshal(toyMessage{m.ID, m.From, m.Text})
				return request(string(body), toySecret)
			},
			From: "+6281200000001", ID: func(n int) string { return strings.Repeat("i", n) }, Limit: toyLimit, Text: 500,
			Forge: []channelstest.Forgery{channelstest.ForgeHeader("X-Secret")},
			Malformed: map[string]func(testing.TB) *http.Request{
				"not JSON": func(testing.TB) *http.Request { return request("{", toySecret) },
				"no id":    func(testing.TB) *http.Request { return request("{}", toySecret) },
			},
		},
		Out: &channelstest.Out{
			Message: channels.Outbound{To: "+6281200000001", Via: channels.SMS, Text: "Halo"},
			Start: func(t testing.TB) (channels.Sender, channelstest.Provider) {
				p := &toyProvider{accepted: map[string]int{}}
				s := httptest.NewServer(p)
				t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
				return &toy{broken: broken, url: s.URL, http: s.Client()}, channelstest.Provider{
					Calls:    func() int { p.mu.Lock(); defer p.mu.Unlock(); return p.calls },
					Accepted: func(m channels.Outbound) int { p.mu.Lock(); defer p.mu.Unlock(); return p.accepted[m.ID] },
					Play: func(_ testing.TB, f channelstest.Fault) bool {
						if f == channelstest.Down {
							s.Close()
							return true
						}
						p.mu.Lock()
						defer p.mu.Unlock()
						p.next = f
						return f != channelstest.Unreachable
					},
				}
			},
		},
	}
}

// TestToy is the adapter, whole or as broken as the environment says.
func TestToy(t *testing.T) { channelstest.Run(t, toyCase(os.Getenv("KABAR_TOY_BROKEN"))) }

func TestTheSuiteCatches(t *testing.T) {
	for broken, says := range map[string]string{
		"takes any secret": "A6", "takes any method": "A10", "takes any type": "A10", "reads without end": "A9", "takes anything": "A8",
		"hands on raw text": "A11", "makes its own ids": "A1", "fails on emoji": "A11", "answers first": "A1", "hides failure": "A13",
		"ignores the context": "B5", "tries again": "B3", "does not class": "B3", "takes a reset for a refusal": "B3",
		"tells the number": "B9", "forgets the wait": "B6",
	} {
		t.Run(broken, func(t *testing.T) {
			t.Parallel()
			c := exec.Command(os.Args[0], "-test.run=^TestToy$", "-test.short", "-test.timeout=5m")
			c.Env = append(os.Environ(), "KABAR_TOY_BROKEN="+broken)
			out, err := c.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestToy/"+says) {
				t.Errorf("passed, or for another reason: %v\n%s", err, out)
			}
		})
	}
}
