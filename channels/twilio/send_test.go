package twilio_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/twilio"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// sending is an adapter before a double.
func sending(t *testing.T, change func(*twilio.Config)) (*twilio.Adapter, *fake.Twilio) {
	d := double(t)
	c := config(&log{})
	c.BaseURL = d.URL()
	if change != nil {
		change(&c)
	}
	return adapter(t, c, &channelstest.Keeper{}, &statuses{}), d
}

func outbound() channels.Outbound {
	return channels.Outbound{ID: message, To: siti, Via: channels.SMS, Kind: "reply", Text: "Terima kasih", At: now}
}

func TestSendSaysWhoFromWhereToAndForHowLong(t *testing.T) {
	const service = "MG00000000000000000000000000000005"
	for _, c := range []struct {
		name   string
		change func(*twilio.Config)
		out    func(*channels.Outbound)
		want   fake.TwilioMessage
	}{
		{"SMS", nil, nil, fake.TwilioMessage{To: siti, From: ours, ValidityPeriod: 36000, StatusCallback: public + "/channels/twilio/status?m=" + message}},
		{"by a messaging service", func(c *twilio.Config) { c.MessagingServiceSID = service }, nil,
			fake.TwilioMessage{To: siti, MessagingServiceSID: service, ValidityPeriod: 36000, StatusCallback: public + "/channels/twilio/status?m=" + message}},
		{"WhatsApp", nil, func(m *channels.Outbound) { m.Via = channels.WhatsApp },
			fake.TwilioMessage{To: "whatsapp:" + siti, From: "whatsapp:" + ours, ValidityPeriod: 36000, StatusCallback: public + "/channels/twilio/status?m=" + message}},
		{"without a public address", func(c *twilio.Config) { c.PublicURL = "" }, nil, fake.TwilioMessage{To: siti, From: ours, ValidityPeriod: 36000}},
		{"ten minutes", nil, func(m *channels.Outbound) { m.Before = now.Add(10 * time.Minute) },
			fake.TwilioMessage{To: siti, From: ours, ValidityPeriod: 600, StatusCallback: public + "/channels/twilio/status?m=" + message}},
		{"three days", nil, func(m *channels.Outbound) { m.Before = now.Add(72 * time.Hour) },
			fake.TwilioMessage{To: siti, From: ours, ValidityPeriod: 36000, StatusCallback: public + "/channels/twilio/status?m=" + message}},
		{"nearly over", nil, func(m *channels.Outbound) { m.Before = now.Add(-time.Second) },
			fake.TwilioMessage{To: siti, From: ours, ValidityPeriod: 1, StatusCallback: public + "/channels/twilio/status?m=" + message}},
	} {
		a, d := sending(t, c.change)
		m := outbound()
		if c.out != nil {
			c.out(&m)
		}
		sent, err := a.Send(t.Context(), m)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := d.Messages()[0]
		if sent.ProviderID != got.SID || sent.Segments != 1 || got.Body != m.Text {
			t.Errorf("%s: sent %+v, got %+v", c.name, sent, got)
		}
		if got.To != c.want.To || got.From != c.want.From || got.MessagingServiceSID != c.want.MessagingServiceSID ||
			got.ValidityPeriod != c.want.ValidityPeriod || got.StatusCallback != c.want.StatusCallback {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestSendByAWayThatIsOff(t *testing.T) {
	a, d := sending(t, func(c *twilio.Config) { c.WhatsAppFrom = "" })
	for _, via := range []channels.Via{channels.WhatsApp, channels.Telegram, channels.USSD, ""} {
		m := outbound()
		m.Via = via
		_, err := a.Send(t.Context(), m)
		if kind, _ := channels.KindOf(err); err == nil || kind != channels.Invalid || d.Calls() != 0 {
			t.Errorf("%q: %v, %d calls", via, err, d.Calls())
		}
	}
}

func TestB9EveryCodeOfTheTable(t *testing.T) {
	a, d := sending(t, nil)
	for _, c := range []struct {
		status, code int
		want         channels.ErrorKind
	}{
		{429, 20429, channels.Throttled}, {400, 63018, channels.Throttled}, {429, 14107, channels.Throttled}, {400, 21611, channels.Throttled},
		{400, 21211, channels.Invalid}, {400, 21614, channels.Invalid}, {400, 30005, channels.Invalid}, {400, 30006, channels.Invalid},
		{400, 21617, channels.Invalid}, {403, 21408, channels.Invalid}, {400, 30004, channels.Invalid}, {400, 30007, channels.Invalid},
		{400, 63016, channels.NoWindow}, {400, 63041, channels.NoWindow}, {400, 21655, channels.Invalid},
		{400, 21610, channels.BlockedBy}, {400, 30003, channels.OutOfReach},
		{401, 20003, channels.Misconfig}, {403, 20003, channels.Misconfig}, {400, 21606, channels.Misconfig}, {400, 21609, channels.Misconfig},
		{500, 20500, channels.Temporary}, {400, 30001, channels.Temporary}, {400, 30008, channels.Temporary},
		// unknown codes: what the HTTP status says
		{400, 99999, channels.Invalid}, {401, 99999, channels.Misconfig}, {403, 99999, channels.Misconfig}, {404, 99999, channels.Misconfig},
		{429, 99999, channels.Throttled}, {500, 99999, channels.Temporary}, {503, 99999, channels.Temporary}, {504, 99999, channels.Ambiguous},
	} {
		d.Fail(1, c.status, c.code)
		before := d.Calls()
		_, err := a.Send(t.Context(), outbound())
		kind, se := channels.KindOf(err)
		if err == nil || kind != c.want || se.Code == "" || d.Calls() != before+1 {
			t.Errorf("HTTP %d code %d: %v (%d calls), want %s", c.status, c.code, err, d.Calls()-before, c.want)
		}
	}
}

func TestB9WhatTwilioRefusesItself(t *testing.T) {
	a, d := sending(t, nil)
	for name, change := range map[string]func(*channels.Outbound){
		"a number that is none": func(m *channels.Outbound) { m.To = "0812" },
		"no text":               func(m *channels.Outbound) { m.Text = "" },
		"1,601 characters":      func(m *channels.Outbound) { m.Text = strings.Repeat("é", 1601) },
	} {
		m := outbound()
		change(&m)
		if kind, se := channels.KindOf(second(a.Send(t.Context(), m))); kind != channels.Invalid || strings.Contains(se.Error(), "0812") {
			t.Errorf("%s: %v", name, se)
		}
	}
	d.FailNumber(siti, 400, 21610)
	if kind, _ := channels.KindOf(second(a.Send(t.Context(), outbound()))); kind != channels.BlockedBy {
		t.Errorf("an opted-out number is %s", kind)
	}
	d.FailNumber(siti, 0, 0)
	if _, err := a.Send(t.Context(), outbound()); err != nil {
		t.Error(err)
	}
}

func second(_ channels.Sent, err error) error { return err }

func TestB20WrongCredentials(t *testing.T) {
	a, d := sending(t, func(c *twilio.Config) { c.AuthToken = "00000000000000000000000000000009" })
	kind, se := channels.KindOf(second(a.Send(t.Context(), outbound())))
	if kind != channels.Misconfig || se.Code != "20003" || d.Calls() != 1 {
		t.Errorf("%v, %d calls", se, d.Calls())
	}
}

func TestB3WhatMayHaveLeftIsAmbiguous(t *testing.T) {
	answer := func(status int, header, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if k, v, ok := strings.Cut(header, ": "); ok {
				w.Header().Set(k, v)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    channels.ErrorKind
	}{
		{"accepted, the answer is not JSON", answer(201, "", "<html>"), channels.Ambiguous},
		{"accepted, the answer has no id", answer(201, "", "{}"), channels.Ambiguous},
		{"accepted, the answer breaks off", answer(201, "Content-Length: 500", `{"sid":"SM`), channels.Ambiguous},
		{"created as failed", answer(201, "", `{"sid":"`+sid(1)+`","error_code":21610}`), channels.BlockedBy},
		{"a proxy's 502", answer(502, "", "<html>bad gateway"), channels.Temporary},
		{"a proxy's 504", answer(504, "", "<html>timeout"), channels.Ambiguous},
		{"a proxy's 403", answer(403, "", "blocked"), channels.Misconfig},
		{"a redirect is no second call", answer(307, "Location: /elsewhere", ""), channels.Misconfig},
		{"a redirect with a message in it", answer(302, "Location: /elsewhere", `{"sid":"`+sid(1)+`"}`), channels.Misconfig},
	} {
		calls := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { calls++; c.handler(w, r) }))
		conf := config(&log{})
		conf.BaseURL = s.URL
		kind, se := channels.KindOf(second(adapter(t, conf, &channelstest.Keeper{}, &statuses{}).Send(t.Context(), outbound())))
		if kind != c.want || calls != 1 {
			t.Errorf("%s: %v, %d calls, want %s", c.name, se, calls, c.want)
		}
		s.Close()
	}
}

// dying is a connection to a provider that goes away between two calls.
type dying struct {
	net.Conn
	dead *atomic.Bool
}

func (c dying) Write(b []byte) (int, error) {
	if c.dead.Load() {
		return 0, syscall.EPIPE
	}
	return c.Conn.Write(b)
}

func TestB4AnOldConnectionOnWhichNothingLeftIsNotAmbiguous(t *testing.T) {
	var dead atomic.Bool
	var dialler net.Dialer
	a, d := sending(t, func(c *twilio.Config) {
		c.HTTP = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dead.Load() {
				return nil, syscall.ECONNREFUSED
			}
			conn, err := dialler.DialContext(ctx, network, addr)
			return dying{conn, &dead}, err
		}}}
	})
	if _, err := a.Send(t.Context(), outbound()); err != nil {
		t.Fatal(err)
	}
	dead.Store(true)
	if kind, se := channels.KindOf(second(a.Send(t.Context(), outbound()))); kind != channels.Temporary || d.Calls() != 1 {
		t.Errorf("%v, %d calls", se, d.Calls())
	}
}

func TestB5OurOwnTimeLimitIsAmbiguousAndNothingIsHeld(t *testing.T) {
	a, d := sending(t, func(c *twilio.Config) {
		c.HTTP = &http.Client{Transport: &http.Transport{}, Timeout: time.Second} // as long as a busy machine may need to get it there
	})
	d.Hang(1, true)
	kind, se := channels.KindOf(second(a.Send(t.Context(), outbound())))
	if kind != channels.Ambiguous || !errors.Is(se, context.DeadlineExceeded) && !strings.Contains(se.Error(), "Timeout") {
		t.Errorf("%v", se)
	}
	if m := d.Messages(); len(m) != 1 || !m[0].AnswerLost {
		t.Errorf("the double did not take it: %+v", m)
	}
}

func TestB6TheStrictBucketIsNeverAskedEarly(t *testing.T) {
	a, d := sending(t, nil)
	d.Limit(1, 3)
	for range 3 {
		if _, err := a.Send(t.Context(), outbound()); err != nil {
			t.Fatal(err)
		}
	}
	kind, se := channels.KindOf(second(a.Send(t.Context(), outbound())))
	if kind != channels.Throttled || se.RetryAfter != 2*time.Second {
		t.Fatalf("%v, wait %s", se, se.RetryAfter)
	}
	d.Clock(func() time.Time { return now.Add(se.RetryAfter) })
	if _, err := a.Send(t.Context(), outbound()); err != nil || d.Early() != 0 {
		t.Errorf("after the wait: %v, %d early", err, d.Early())
	}
}

func TestB2FindKnowsAMessageByPersonTextAndTime(t *testing.T) {
	a, d := sending(t, nil)
	at := now
	d.Clock(func() time.Time { return at })
	for range 250 { // others, and more than one page
		m := outbound()
		m.To = "+6281200000002"
		if _, err := a.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	sent, err := a.Send(t.Context(), outbound())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(*channels.Outbound)
		found  bool
	}{
		{"the same", func(*channels.Outbound) {}, true},
		{"blanks at its end", func(m *channels.Outbound) { m.Text += "\n" }, true},
		{"another text", func(m *channels.Outbound) { m.Text = "Terima" }, false},
		{"another person", func(m *channels.Outbound) { m.To = "+6281200000003" }, false},
		{"by WhatsApp", func(m *channels.Outbound) { m.Via = channels.WhatsApp }, false},
		{"the same text of last week", func(m *channels.Outbound) { m.At = now.Add(-7 * 24 * time.Hour) }, false},
		{"the same text tomorrow", func(m *channels.Outbound) { m.At = now.Add(24 * time.Hour) }, false},
	} {
		m := outbound()
		c.change(&m)
		got, found, err := a.Find(t.Context(), m)
		if err != nil || found != c.found || found && got.ProviderID != sent.ProviderID {
			t.Errorf("%s: %+v, found %v, %v", c.name, got, found, err)
		}
	}
	busy := outbound()
	busy.To, busy.Text = "+6281200000002", "never sent"
	if _, found, err := a.Find(t.Context(), busy); err == nil {
		t.Errorf("250 messages in the window and 200 looked at: that is no proof, yet found %v", found)
	}
	for fault, play := range map[string]func(){"nobody listens": d.Stop} {
		play()
		if _, found, err := a.Find(t.Context(), outbound()); err == nil || strings.Contains(err.Error(), siti[1:]) {
			t.Errorf("%s: found %v, %v", fault, found, err)
		}
	}
}

func TestA4StatusCallbacksOfTheDoubleReachUs(t *testing.T) {
	st := &statuses{}
	c := config(&log{})
	d := double(t)
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	defer s.Close()
	c.BaseURL, c.PublicURL = d.URL(), s.URL
	a := adapter(t, c, &channelstest.Keeper{}, st)
	mux.Handle("POST "+twilio.StatusPath, a.Status())
	sent, err := a.Send(t.Context(), outbound())
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"delivered", "sent", "delivered"} { // any order, repeated
		if status, err := d.Callback(t.Context(), sent.ProviderID, state, 0); err != nil || status != 200 {
			t.Fatalf("%s: %d, %v", state, status, err)
		}
	}
	if len(st.Kept) != 3 || st.Kept[0].Message != message || st.Kept[1].State != channels.Accepted {
		t.Errorf("%+v", st.Kept)
	}
}

func TestB16ConfigurationIsJudgedAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*twilio.Config)
		want   []string
	}{
		"everything wrong": {func(c *twilio.Config) { *c = twilio.Config{PublicURL: "kabar"} }, []string{"account", "token", "sender", "public address"}},
		"underscore":       {func(c *twilio.Config) { c.PublicURL = "https://kabar_uji.example.id" }, []string{"underscore"}},
		"WhatsApp":         {func(c *twilio.Config) { c.WhatsAppFrom = "whatsapp:0812" }, []string{"WhatsApp"}},
		"token":            {func(c *twilio.Config) { c.AuthToken = "ra-hasia" }, []string{"token"}},
		"API address":      {func(c *twilio.Config) { c.BaseURL = "localhost" }, []string{"API address"}},
	} {
		conf := config(&log{})
		c.change(&conf)
		_, err := twilio.New(conf, &channelstest.Keeper{}, &statuses{})
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v does not tell %q", name, err, want)
			}
		}
		if strings.Contains(err.Error(), "ra-hasia") {
			t.Errorf("%s: the error tells the token", name)
		}
	}
}
