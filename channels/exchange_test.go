package channels

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWhatIsKeptOfARequestTellsNobodysSecret(t *testing.T) {
	for url, want := range map[string]string{
		"https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json": "POST api.twilio.com/2010-04-01/Accounts/…/Messages.json, 4 B",
		"https://api.telegram.org/bot1000000001:demo-token/sendMessage":                               "POST api.telegram.org/…/sendMessage, 4 B",
		"http://192.0.2.10:8080/messages/0f9c1f6e-2f2a-4f5b-8f1d-000000000001":                        "POST 192.0.2.10:8080/messages/…, 4 B",
		"https://kabar:rahasia@sms.example/api/v1/send?to=6281200000001&text=halo&key=rahasia":        "POST sms.example/api/v1/send, 4 B",
		"https://sms.example/send/6281200000001/SecretWithDigits42":                                   "POST sms.example/send/…/…, 4 B",
	} {
		r, err := http.NewRequest(http.MethodPost, url, strings.NewReader("body"))
		if err != nil {
			t.Fatal(err)
		}
		if got := Redacted(r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestACallIsObserved(t *testing.T) {
	n := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.WriteHeader(500 + n)
	}))
	defer srv.Close()
	client := &http.Client{Transport: Traced(nil)}
	ctx, trace := Observe(t.Context())
	for range 20 {
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/health", nil)
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	if got := strings.Count(trace.Request(), "GET "); got != tracedRequests || trace.Status() != 520 {
		t.Errorf("%d requests kept, status %d", got, trace.Status())
	}
	ctx, trace = Observe(t.Context())
	Note(ctx, "submit_sm")
	Note(t.Context(), "nobody looks")
	if trace.Request() != "submit_sm" || trace.Status() != 0 {
		t.Errorf("%q %d", trace.Request(), trace.Status())
	}
	srv.Close()
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL, nil)
	if _, err := client.Do(r); err == nil {
		t.Fatal("answered")
	}
	if !strings.HasPrefix(trace.Request(), "submit_sm; GET ") || trace.Status() != 0 {
		t.Errorf("%q %d", trace.Request(), trace.Status())
	}
}
