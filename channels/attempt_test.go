package channels

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAnAttemptKnowsWhetherAnythingMayHaveLeft(t *testing.T) {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	defer broken.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	_ = l.Close()
	for _, c := range []struct {
		url  string
		want ErrorKind
	}{{broken.URL, Ambiguous}, {nobody, Temporary}} {
		ctx, a := Watch(t.Context())
		r, _ := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/?to=0812345", strings.NewReader("x"))
		_, err := http.DefaultClient.Do(r)
		if err == nil {
			t.Fatal("answered")
		}
		se := a.Unanswered(err)
		if se.Kind != c.want || strings.Contains(se.Error(), "0812345") {
			t.Errorf("%v, want %s", se, c.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 6, 7, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"7": 7 * time.Second, "": 0, "-1": 0, "soon": 0, "999999999": 24 * time.Hour,
		"Sun, 07 Jun 2026 12:01:00 GMT": time.Minute, "Sun, 07 Jun 2026 11:00:00 GMT": 0,
	} {
		if got := RetryAfter(header, now); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
