package twilio_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/twilio"
)

const message = "0191a2b3-c4d5-7e6f-8a9b-0c1d2e3f4a5b"

// hanging waits until it is told to give up.
type hanging struct{}

func (hanging) Handle(ctx context.Context, _ channels.Inbound) (channels.Reply, error) {
	<-ctx.Done()
	return channels.Reply{}, ctx.Err()
}

func callback(t *testing.T, query string, change map[string]string) (*httptest.ResponseRecorder, *statuses, *twilio.Adapter) {
	t.Helper()
	st := &statuses{}
	a := adapter(t, config(&log{}), &channelstest.Keeper{}, st)
	f := url.Values{"AccountSid": {account}, "ApiVersion": {"2010-04-01"}, "From": {ours}, "To": {siti}, "MessageSid": {sid(1)},
		"SmsSid": {sid(1)}, "MessageStatus": {"delivered"}, "SmsStatus": {"delivered"}}
	for k, v := range change {
		if f.Set(k, v); v == "-" {
			f.Del(k)
		}
	}
	return post(a.Status(), double(t).Request(public+twilio.StatusPath+query, f)), st, a
}

func TestA3StatesAreMapped(t *testing.T) {
	for state, want := range map[string]channels.State{
		"accepted": channels.Queued, "scheduled": channels.Queued, "queued": channels.Queued, "sending": channels.Sending, "sent": channels.Accepted,
		"delivered": channels.Delivered, "read": channels.Read, "failed": channels.Failed, "canceled": channels.Failed, "undelivered": channels.Undelivered,
	} {
		w, st, _ := callback(t, "?m="+message, map[string]string{"MessageStatus": state})
		if w.Code != 200 || len(st.Kept) != 1 {
			t.Fatalf("%s: answer %d", state, w.Code)
		}
		if got := st.Kept[0]; got != (channels.Status{Channel: "twilio", Message: message, ProviderID: sid(1), State: want, At: now}) {
			t.Errorf("%s: %+v", state, got)
		}
	}
}

func TestA3StatesThatSayNothing(t *testing.T) {
	for _, state := range []string{"received", "receiving", "partially_delivered", "teleported"} {
		if w, st, a := callback(t, "?m="+message, map[string]string{"MessageStatus": state}); w.Code != 200 || len(st.Kept) != 0 || a.Counts()["unknown_state"] != 1 {
			t.Errorf("%s: answer %d, kept %v", state, w.Code, st.Kept)
		}
	}
}

func TestB9CodesAreKept(t *testing.T) {
	w, st, _ := callback(t, "?m="+message, map[string]string{"MessageStatus": "undelivered", "ErrorCode": "30003"})
	if w.Code != 200 || st.Kept[0].Code != "30003" || st.Kept[0].State != channels.Undelivered {
		t.Errorf("answer %d, %+v", w.Code, st.Kept)
	}
	if kind, ok := twilio.KindOfCode(st.Kept[0].Code); !ok || kind != channels.OutOfReach {
		t.Errorf("30003 is %s", kind)
	}
	if _, st, _ := callback(t, "?m="+message, map[string]string{"ErrorCode": "0"}); st.Kept[0].Code != "" {
		t.Errorf("code 0 kept as %q", st.Kept[0].Code)
	}
}

func TestA4ACallbackWithoutOurIDIsKnownByTheProviders(t *testing.T) {
	w, st, _ := callback(t, "", nil)
	if w.Code != 200 || len(st.Kept) != 1 || st.Kept[0].Message != "" || st.Kept[0].ProviderID != sid(1) {
		t.Errorf("answer %d, %+v", w.Code, st.Kept)
	}
}

func TestA6ForgedAndA8MalformedCallbacks(t *testing.T) {
	for name, query := range map[string]string{
		"no UUID": "?m=17", "a UUID and more": "?m=" + message + "0", "twice": "?m=" + message + "&m=" + message,
		"another key": "?x=" + message, "and another key": "?m=" + message + "&x=1", "empty": "?m=", "bad escape": "?m=%zz",
	} {
		if w, st, _ := callback(t, query, nil); w.Code != 400 || len(st.Kept) != 0 {
			t.Errorf("%s: answer %d", name, w.Code)
		}
	}
	for name, change := range map[string]map[string]string{
		"no state":                  {"MessageStatus": "-", "SmsStatus": "-"},
		"a code that is none":       {"ErrorCode": "30003From" + ours},
		"another account":           {"AccountSid": "AC00000000000000000000000000000009"},
		"an id of something else":   {"MessageSid": "CA00000000000000000000000000000001"},
		"the state behind its name": {"MessageStatus": "-", "SmsStatus": "-", "MessageStatu": "sdelivered"},
	} {
		if w, st, _ := callback(t, "?m="+message, change); w.Code != 400 || len(st.Kept) != 0 {
			t.Errorf("%s: answer %d, %+v", name, w.Code, st.Kept)
		}
	}
	st := &statuses{}
	a := adapter(t, config(&log{}), &channelstest.Keeper{}, st)
	d := double(t)
	f := url.Values{"AccountSid": {account}, "MessageSid": {sid(1)}, "MessageStatus": {"delivered"}}
	r := d.Request(public+twilio.StatusPath+"?m="+message, f)
	r.URL.RawQuery = "m=" + strings.Replace(message, "0", "1", 1)
	if w := post(a.Status(), r); w.Code != http.StatusForbidden || len(st.Kept) != 0 {
		t.Errorf("another message's id under a genuine signature: answer %d", w.Code)
	}
}

func TestA13AStatusThatWasNotKept(t *testing.T) {
	a := adapter(t, config(&log{}), &channelstest.Keeper{}, &statuses{Err: errors.New("down")})
	f := url.Values{"AccountSid": {account}, "MessageSid": {sid(1)}, "MessageStatus": {"delivered"}}
	if w := post(a.Status(), double(t).Request(public+twilio.StatusPath+"?m="+message, f)); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("answer %d", w.Code)
	}
}

func FuzzStatus(f *testing.F) {
	d := double(f)
	f.Add("m="+message, "AccountSid="+account+"&MessageSid="+sid(1)+"&MessageStatus=delivered&ErrorCode=30003")
	f.Add("m=%zz&m=1", "MessageStatus=;")
	f.Fuzz(func(t *testing.T, query, body string) {
		st := &statuses{}
		h := adapter(t, config(&log{}), &channelstest.Keeper{}, st).Status()
		form, _ := url.ParseQuery(body)
		s := httptest.NewRequest(http.MethodPost, twilio.StatusPath, strings.NewReader(body))
		s.URL.RawQuery = query
		address := public + twilio.StatusPath
		if query != "" {
			address += "?" + query
		}
		s.Header = d.Request(public, form).Header
		s.Header.Set("X-Twilio-Signature", d.Sign(address, form))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, s)
		if w.Code >= 500 {
			t.Fatalf("answer %d", w.Code)
		}
		for _, got := range st.Kept {
			if got.State.Rank() == 0 || len(got.ProviderID) != 34 || len(got.Message) != 0 && len(got.Message) != 36 || len(got.Code) > 6 || !got.At.Equal(now.Round(time.Second)) {
				t.Fatalf("%+v", got)
			}
		}
	})
}
