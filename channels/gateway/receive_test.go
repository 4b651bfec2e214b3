package gateway_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/gateway"
	"github.com/kabar-prokus/kabar/internal/fake"
)

// door is the inbound half of a shipped example.
type door struct {
	*gateway.Adapter
	k   *channelstest.Keeper
	st  *statuses
	log *log
	d   *fake.Aggregator
	now time.Time
}

func open(t testing.TB, name string, style fake.AggregatorStyle, change ...func(*gateway.Config)) *door {
	w := &door{k: &channelstest.Keeper{}, st: &statuses{}, log: &log{}, d: double(t, style), now: now}
	c := example(t, name)
	for _, f := range change {
		f(&c)
	}
	with := deps(w.log)
	with.Now = func() time.Time { return w.now }
	w.d.Clock(with.Now)
	w.Adapter = adapter(t, c, with, w.k, w.st)
	return w
}

func (w *door) post(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	s := r.Clone(r.Context())
	s.RequestURI = r.URL.RequestURI()
	w.Handler().ServeHTTP(rec, s)
	return rec
}

func form(f url.Values) *http.Request {
	r, _ := http.NewRequest("POST", public+gateway.Path+"contoh-masuk?kunci="+secret, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestWhatArrives(t *testing.T) {
	at := time.Date(2026, 6, 7, 18, 29, 5, 0, now.Location())
	w := open(t, "get", fake.AggregatorGET)
	if rec := w.post(w.d.Inbound(public+w.Route(), siti, "+6281100000021", "LAPOR 350rb", "x-1", at)); rec.Code != 200 || rec.Body.String() != "OK" {
		t.Fatalf("answer %d %s", rec.Code, rec.Body)
	}
	in := w.k.Last()
	if in.Channel != "gateway-contoh-get" || in.ID != "x-1" || in.From != siti || in.To != "+6281100000021" || in.Via != channels.SMS || !in.SentAt.Equal(at) || !in.ReceivedAt.Equal(now) {
		t.Errorf("%+v", in)
	}
	w = open(t, "post", fake.AggregatorPOST)
	if rec := w.post(w.d.Inbound(public+w.Route(), siti, "+6281100000022", "YA", "x-2", at)); rec.Code != 200 || rec.Body.String() != `{"ok":true}` || rec.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("answer %d %s", rec.Code, rec.Body)
	}
	if in := w.k.Last(); in.ID != "x-2" || !in.SentAt.Equal(at) || in.Text != "YA" {
		t.Errorf("%+v", in)
	}
	w.post(w.d.Inbound(public+w.Route(), siti, "+6281100000022", "YA", "x-3", now.Add(time.Hour)))
	if in := w.k.Last(); !in.SentAt.IsZero() || w.Counts()["clock_ahead"] != 1 {
		t.Errorf("from the future: %+v", in)
	}
}

// A missed call that an aggregator tells of is no message: it has no text, and the description says how to know it.
func TestAMissedCall(t *testing.T) {
	at := time.Date(2026, 6, 7, 18, 29, 5, 0, now.Location())
	w := open(t, "get", fake.AggregatorGET, func(c *gateway.Config) {
		c.Receive.Said.Call = &gateway.Condition{Field: "isi", Is: []string{"MISSED_CALL"}}
	})
	if rec := w.post(w.d.Inbound(public+w.Route(), siti, "+6281100000021", "MISSED_CALL", "c-1", at)); rec.Code != 200 {
		t.Fatalf("answer %d %s", rec.Code, rec.Body)
	}
	if in := w.k.Last(); in.Kind != channels.Call || in.Text != "" || in.From != siti || in.ID != "c-1" {
		t.Errorf("%+v", in)
	}
	w.post(w.d.Inbound(public+w.Route(), siti, "+6281100000021", "350rb", "c-2", at))
	if in := w.k.Last(); in.Kind != channels.Text || in.Text != "350rb" {
		t.Errorf("%+v", in)
	}
}

// The aggregator without ids: one SMS told four times is one, two equal reports in two weeks are two.
func TestA1WithoutIDsTheContentAndItsTimeAreTheIdentity(t *testing.T) {
	w := open(t, "inbound", fake.AggregatorGET)
	say := func(jam, text string) string {
		t.Helper()
		if rec := w.post(form(url.Values{"dari": {"081200000001"}, "pesan": {text}, "jam": {jam}})); rec.Code != 200 || rec.Body.String() != "diterima" {
			t.Fatalf("answer %d %s", rec.Code, rec.Body)
		}
		return w.k.Last().ID
	}
	first := say("07-06-2026 18:00:00", "500rb")
	for i := range 3 {
		w.now = now.Add(time.Duration(i*16) * time.Hour)
		if id := say("07-06-2026 18:00:00", " 500RB"); id != first {
			t.Errorf("told again: %q and %q", id, first)
		}
	}
	if sent := w.k.Last().SentAt; !sent.Equal(time.Date(2026, 6, 7, 11, 0, 0, 0, time.UTC)) {
		t.Errorf("sent %s: the week is that of the phone, not of the arrival", sent)
	}
	if id := say("1780830000", "500rb"); id != first {
		t.Errorf("the same moment in another layout: %q", id)
	}
	w.now = now.Add(7 * 24 * time.Hour)
	if id := say("14-06-2026 18:00:00", "500rb"); id == first {
		t.Error("next week's equal report is taken for a repeat")
	}
}

func TestWhatIsNeverAnswered(t *testing.T) {
	w := open(t, "get", fake.AggregatorGET)
	for from, count := range map[string]string{"TELKOMSEL": "short_sender", "93456": "short_sender", "": "short_sender", "+6281100000021": "own_number"} {
		before := w.Counts()[count]
		rec := w.post(w.d.Inbound(public+w.Route(), from, "+6281100000021", "Promo", "x", now))
		if rec.Code != 200 || w.k.Count() != 0 || w.Counts()[count] != before+1 {
			t.Errorf("%q: answer %d, %v", from, rec.Code, w.Counts())
		}
	}
}

func TestA3StatesAreMapped(t *testing.T) {
	m := fake.AggregatorMessage{ID: "agg-1", Reference: message(1).ID, At: now.Add(-time.Minute)}
	for _, c := range []struct {
		name, state, code string
		want              channels.State
		kept              string
		kind              channels.ErrorKind
	}{
		{"get", "terkirim", "", channels.Accepted, "", ""}, {"get", "diterima", "0", channels.Delivered, "", ""}, {"get", "gagal", "42", channels.Failed, "42", channels.OutOfReach},
		{"post", "queued", "", channels.Queued, "", ""}, {"post", "delivered", "", channels.Delivered, "", ""}, {"post", "undeliverable", "invalid_number", channels.Undelivered, "invalid_number", channels.Invalid},
	} {
		w := open(t, c.name, fake.AggregatorStyle(c.name))
		if rec := w.post(w.d.Report(public+w.Route(), m, c.state, c.code)); rec.Code != 200 || len(w.st.Kept) != 1 {
			t.Fatalf("%s %s: answer %d", c.name, c.state, rec.Code)
		}
		got := w.st.Kept[0]
		if got.State != c.want || got.Code != c.kept || got.Message != message(1).ID || got.ProviderID != "agg-1" || got.Channel != w.Name() || got.At.After(now) {
			t.Errorf("%s %s: %+v", c.name, c.state, got)
		}
		if kind, _ := w.KindOfCode(got.Code); kind != c.kind {
			t.Errorf("%s %s: code %s is %s", c.name, c.state, got.Code, kind)
		}
	}
}

func TestA12CallsThatTheDescriptionDoesNotName(t *testing.T) {
	w := open(t, "post", fake.AggregatorPOST)
	m := fake.AggregatorMessage{ID: "agg-1", At: now}
	if rec := w.post(w.d.Report(public+w.Route(), m, "teleported", "")); rec.Code != 200 || len(w.st.Kept) != 0 || w.Counts()["unknown_state"] != 1 {
		t.Errorf("a new state: %d %v", rec.Code, w.Counts())
	}
	if rec := w.post(w.d.Signed(public+w.Route(), map[string]any{"type": "balance", "data": 7})); rec.Code != 200 || w.Counts()["unknown_call"] != 1 {
		t.Errorf("a new kind: %d %v", rec.Code, w.Counts())
	}
	for name, v := range map[string]map[string]any{
		"no id": {"type": "status", "data": map[string]any{"status": "sent"}}, "no state": {"type": "status", "data": map[string]any{"id": "1"}},
	} {
		if rec := w.post(w.d.Signed(public+w.Route(), v)); rec.Code != 400 || len(w.st.Kept) != 0 {
			t.Errorf("%s: answer %d", name, rec.Code)
		}
	}
	w.st.Err = errors.New("down")
	if rec := w.post(w.d.Report(public+w.Route(), m, "sent", "")); rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
		t.Errorf("A13: answer %d", rec.Code)
	}
}

func TestA7ASignatureAges(t *testing.T) {
	w := open(t, "post", fake.AggregatorPOST)
	r := w.d.Inbound(public+w.Route(), siti, "+6281100000022", "YA", "x", now)
	for _, c := range []struct {
		age  time.Duration
		want int
	}{{0, 200}, {5 * time.Minute, 200}, {301 * time.Second, 403}, {-301 * time.Second, 403}} {
		w.now = now.Add(c.age)
		again := r.Clone(t.Context())
		again.Body, _ = r.GetBody()
		if rec := w.post(again); rec.Code != c.want {
			t.Errorf("%s old: answer %d", c.age, rec.Code)
		}
	}
	if w.Counts()["expired"] != 2 {
		t.Errorf("%v", w.Counts())
	}
}

func TestA6OtherWaysToProve(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c *gateway.Config)
		call   func(r *http.Request)
		want   int
	}{
		"a field":           {func(c *gateway.Config) { c.Receive.Proof = gateway.Proof{Field: "sandi", Secret: secret} }, nil, 200},
		"another's secret":  {func(c *gateway.Config) { c.Receive.Proof = gateway.Proof{Field: "sandi", Secret: secret + "x"} }, nil, 403},
		"a field not there": {func(c *gateway.Config) { c.Receive.Proof = gateway.Proof{Field: "kata", Secret: secret} }, nil, 401},
		"two headers": {func(c *gateway.Config) { c.Receive.Proof = gateway.Proof{Header: "X-T", Secret: secret} },
			func(r *http.Request) { r.Header["X-T"] = []string{secret, secret} }, 401},
		"hex of SHA-1 over the body": {func(c *gateway.Config) {
			c.Receive.Proof = gateway.Proof{Header: "X-S", Secret: "kunci-kunci-kunci", HMAC: "sha1", Coding: "hex", Prefix: "sha1="}
		}, func(r *http.Request) { r.Header.Set("X-S", "sha1="+sha1Hex(r)) }, 200},
		"the same in capitals": {func(c *gateway.Config) {
			c.Receive.Proof = gateway.Proof{Header: "X-S", Secret: "kunci-kunci-kunci", HMAC: "sha1", Coding: "hex"}
		}, func(r *http.Request) { r.Header.Set("X-S", strings.ToUpper(sha1Hex(r))) }, 403},
		"without its prefix": {func(c *gateway.Config) {
			c.Receive.Proof = gateway.Proof{Header: "X-S", Secret: "kunci-kunci-kunci", HMAC: "sha1", Coding: "hex", Prefix: "sha1="}
		}, func(r *http.Request) { r.Header.Set("X-S", sha1Hex(r)) }, 403},
		"by GET": {func(c *gateway.Config) {
			c.Receive.Method, c.Receive.Format, c.Receive.Proof = "GET", "query", gateway.Proof{Field: "sandi", Secret: secret}
		}, func(r *http.Request) {
			r.Method, r.Body = "GET", http.NoBody
			r.URL.RawQuery = url.Values{"sandi": {secret}, "dari": {siti}, "pesan": {"YA"}, "jam": {"07-06-2026 18:00:00"}}.Encode()
		}, 200},
	} {
		w := open(t, "inbound", fake.AggregatorGET, c.change)
		r := form(url.Values{"sandi": {secret}, "dari": {siti}, "pesan": {"YA"}, "jam": {"07-06-2026 18:00:00"}})
		if c.call != nil {
			c.call(r)
		}
		if rec := w.post(r); rec.Code != c.want || (w.k.Count() == 1) != (c.want == 200) {
			t.Errorf("%s: answer %d, %d handled", name, rec.Code, w.k.Count())
		}
	}
}

// sha1Hex signs a request's body as some aggregators still do.
func sha1Hex(r *http.Request) string {
	body, _ := r.GetBody()
	mac := hmac.New(sha1.New, []byte("kunci-kunci-kunci"))
	_, _ = io.Copy(mac, body)
	return hex.EncodeToString(mac.Sum(nil))
}

func TestA11NothingOfItIsLogged(t *testing.T) {
	w := open(t, "get", fake.AggregatorGET)
	r := w.d.Inbound(public+w.Route(), siti, "+6281100000021", "RAHASIA", "x", now)
	r.Header.Set("X-Callback-Token", "salah")
	w.post(r)
	w.k.Err = errors.New("database is down")
	w.post(w.d.Inbound(public+w.Route(), siti, "+6281100000021", "RAHASIA", "x", now))
	if text := w.log.String(); strings.Contains(text, "RAHASIA") || strings.Contains(text, siti[1:]) || strings.Contains(text, secret) || !strings.Contains(text, "forged") {
		t.Errorf("the log says %s", text)
	}
}

func TestARouteThatOnlySendsIsNotThere(t *testing.T) {
	w := open(t, "get", fake.AggregatorGET, func(c *gateway.Config) { c.Receive = nil })
	if rec := w.post(w.d.Inbound(public+w.Route(), siti, "+6281100000021", "YA", "x", now)); rec.Code != 404 {
		t.Errorf("answer %d", rec.Code)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add(`{"type":"inbound","data":{"from":"+6281200000001","to":"+6281100000022","text":"x","id":"1","received_at":"2026-06-07T11:00:00Z"}}`)
	f.Add(`{"type":"status","data":{"id":1e400,"status":"failed","error":[],"at":7}}`)
	f.Add("dari=081200000001&pesan=%ff%00&jam=1780830000")
	f.Fuzz(func(t *testing.T, body string) {
		for _, name := range []string{"post", "inbound"} {
			w := open(t, name, fake.AggregatorPOST)
			r := w.d.SignedBody(public+w.Route(), []byte(body))
			if name == "inbound" {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.URL.RawQuery = "kunci=" + secret
			}
			rec := w.post(r)
			if rec.Code >= 500 || rec.Code != 200 && w.k.Count()+len(w.st.Kept) > 0 {
				t.Fatalf("answer %d", rec.Code)
			}
			for _, in := range w.k.Kept() {
				if in.ID == "" || len(in.ID) > 128 || !strings.HasPrefix(in.From, "+") || strings.ContainsRune(in.Text+in.ID, 0) {
					t.Fatalf("%+v", in)
				}
			}
			for _, st := range w.st.Kept {
				if st.State.Rank() == 0 || st.ProviderID == "" || len(st.Code) > 32 || st.At.After(now) {
					t.Fatalf("%+v", st)
				}
			}
		}
	})
}
