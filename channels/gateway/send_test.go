package gateway_test

import (
	"context"
	"encoding/json"
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

func refused(t *testing.T, err error) *channels.SendError {
	t.Helper()
	var se *channels.SendError
	if !errors.As(err, &se) {
		t.Fatalf("%v is no SendError", err)
	}
	return se
}

func TestBTheExamplesClassWhatTheirAggregatorsSay(t *testing.T) {
	for _, style := range []fake.AggregatorStyle{fake.AggregatorGET, fake.AggregatorPOST} {
		for reason, want := range map[string]channels.ErrorKind{
			"unauthorized": channels.Misconfig, "sender_not_allowed": channels.Misconfig, "insufficient_balance": channels.Misconfig, "invalid_number": channels.Invalid,
			"invalid_text": channels.Invalid, "rejected_by_operator": channels.Invalid, "opted_out": channels.BlockedBy, "unreachable": channels.OutOfReach,
			"rate_limited": channels.Throttled, "overloaded": channels.Temporary, "internal": channels.Ambiguous,
		} {
			a, d, _ := sender(t, style)
			d.Fail(1, reason)
			_, err := a.Send(t.Context(), message(1))
			se := refused(t, err)
			if se.Kind != want || se.Code == "" || d.Calls() != 1 {
				t.Errorf("%s, %s: %v", style, reason, se)
			}
			if want == channels.Throttled && se.RetryAfter != time.Minute {
				t.Errorf("%s: wait %s", style, se.RetryAfter)
			}
			if kind, ok := a.KindOfCode(se.Code); ok && kind != want {
				t.Errorf("%s, %s: its code %s is %s", style, reason, se.Code, kind)
			}
		}
	}
}

func TestWhatTheAggregatorGets(t *testing.T) {
	a, d, _ := sender(t, fake.AggregatorGET)
	m := message(1)
	m.Text = "a&b=c #1 {id} é\nakhir"
	sent, err := a.Send(t.Context(), m)
	if err != nil || sent != (channels.Sent{ProviderID: "get-000001", Segments: 1}) {
		t.Fatalf("%+v, %v", sent, err)
	}
	if got := d.Messages()[0]; got.Text != m.Text || got.To != siti || got.Reference != m.ID || got.Seconds != 3600 {
		t.Errorf("%+v", got)
	}
	a, d, _ = sender(t, fake.AggregatorPOST)
	m.Text, m.Before = strings.Repeat("panjang ", 30)+`"\`, now.Add(10*time.Second)
	if sent, err = a.Send(t.Context(), m); err != nil || sent.Segments != 2 {
		t.Fatalf("%+v, %v", sent, err)
	}
	if got := d.Messages()[0]; got.Text != m.Text || got.From != "+6281100000022" || got.Seconds != 60 {
		t.Errorf("%+v", got)
	}
	m.Before = time.Time{}
	if _, err = a.Send(t.Context(), m); err != nil || d.Messages()[1].Seconds != 86400 {
		t.Errorf("%+v, %v", d.Messages()[1], err)
	}
}

// What the double of a long-number route drops is refused for good, so that nobody waits for it.
func TestB11TheOperatorsFilter(t *testing.T) {
	a, d, _ := sender(t, fake.AggregatorGET)
	for text, refusedFor := range map[string]bool{
		"Tercatat 1 jt 250 rb": false, "Tercatat Rp1.250.000": true, "Dana cair": true, "Selamat pagi": true, "Hubungi 081200000001": true, "buka https://contoh.id": true,
	} {
		m := message(1)
		m.Text = text
		_, err := a.Send(t.Context(), m)
		if refusedFor != (err != nil) || err != nil && (refused(t, err).Kind != channels.Invalid || refused(t, err).Code != "61") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if len(d.Doubled()) != 0 {
		t.Errorf("%+v", d.Doubled())
	}
}

// described is an adapter by a description written in a test, pointed at a server that answers as told.
func described(t *testing.T, send string, answer http.HandlerFunc) *gateway.Adapter {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	all, err := gateway.Load([]byte("gateways:\n  - name: uji\n    own: [\"+6281100000021\"]\n    send:\n      url: "+s.URL+"/x\n"+send), func(string) string { return secret })
	if err != nil {
		t.Fatal(err)
	}
	return adapter(t, all[0], deps(&log{}), &channelstest.Keeper{}, &statuses{})
}

const asForm = `      method: POST
      form: {nohp: "{to_local}", pesan: "{text}", dari: "{from}", lama: "{minutes}"}
      basic: {user: kabar, password: "${GATEWAY_P}"}
      query: {v: "2"}
      success: {match: '^OK'}
`

func TestAFormWithBasicCredentials(t *testing.T) {
	var got url.Values
	a := described(t, asForm, func(w http.ResponseWriter, r *http.Request) {
		user, pass, _ := r.BasicAuth()
		_ = r.ParseForm()
		got = r.Form
		if user == "kabar" && pass == secret && r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
			_, _ = io.WriteString(w, "OK")
		}
	})
	sent, err := a.Send(t.Context(), message(7))
	if err != nil || sent.ProviderID != message(7).ID {
		t.Fatalf("%+v, %v", sent, err)
	}
	want := url.Values{"nohp": {"081200000001"}, "pesan": {message(7).Text}, "dari": {"+6281100000021"}, "lama": {"60"}, "v": {"2"}}
	if got.Encode() != want.Encode() {
		t.Errorf("%v", got)
	}
}

func TestAnswersThatAreNotUnderstood(t *testing.T) {
	const asJSON = `      method: POST
      json: {m: [{to: "{to_digits}", t: "{text}"}], lama: "{seconds}", tetap: 7}
      success: {field: ok, is: ["true"]}
      id: {field: m.0.id}
      code: {field: code}
      codes: {"5": invalid, http402: misconfig}
`
	for name, c := range map[string]struct {
		more   string
		status int
		body   string
		want   channels.ErrorKind
		code   string
	}{
		"taken":                            {"", 200, `{"ok":true,"m":[{"id":77}]}`, "", ""},
		"B3 taken without an id":           {"", 200, `{"ok":true,"m":[]}`, channels.Ambiguous, ""},
		"B3 taken with an endless id":      {"", 200, `{"ok":true,"m":[{"id":"` + strings.Repeat("7", 200) + `"}]}`, channels.Ambiguous, ""},
		"B3 a page with 200":               {"", 200, `<html>`, channels.Ambiguous, "http200"},
		"B3 a code of 200 that is new":     {"", 200, `{"code":6}`, channels.Ambiguous, "6"},
		"B9 a code of 200":                 {"", 200, `{"code":5}`, channels.Invalid, "5"},
		"B4 a new code, told what it is":   {"      otherwise: temporary\n", 200, `{"code":6}`, channels.Temporary, "6"},
		"B20 a status in the table":        {"", 402, "", channels.Misconfig, "http402"},
		"B20 401":                          {"", 401, "", channels.Misconfig, "http401"},
		"B20 redirected":                   {"", 302, "", channels.Misconfig, "http302"},
		"B9 400":                           {"", 400, "", channels.Invalid, "http400"},
		"B6 429":                           {"", 429, "", channels.Throttled, "http429"},
		"B4 503":                           {"", 503, "", channels.Temporary, "http503"},
		"B3 500":                           {"", 500, `{"ok":true}`, channels.Ambiguous, "http500"},
		"B3 504":                           {"", 504, "", channels.Ambiguous, "http504"},
		"a code that quotes the number":    {"", 400, `{"code":"bad number +6281200000001 and more and more"}`, channels.Invalid, "http400"},
		"success of a status not accepted": {"", 404, `{"ok":true,"m":[{"id":1}]}`, channels.Misconfig, "http404"},
	} {
		var body []byte
		a := described(t, asJSON+c.more, func(w http.ResponseWriter, r *http.Request) {
			body, _ = io.ReadAll(r.Body)
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		sent, err := a.Send(t.Context(), message(1))
		if c.want == "" {
			if err != nil || sent.ProviderID != "77" {
				t.Errorf("%s: %+v, %v", name, sent, err)
			}
			var v struct {
				M           []struct{ To, T string }
				Lama, Tetap int
			}
			if json.Unmarshal(body, &v) != nil || len(v.M) != 1 || v.M[0].To != siti[1:] || v.Lama != 3600 || v.Tetap != 7 {
				t.Errorf("%s: sent %s", name, body)
			}
			continue
		}
		if se := refused(t, err); se.Kind != c.want || se.Code != c.code || strings.Contains(se.Error(), siti[1:]) {
			t.Errorf("%s: %v, want %s with code %q", name, se, c.want, c.code)
		}
	}
}

func TestWhatHasNoWay(t *testing.T) {
	a, d, _ := sender(t, fake.AggregatorGET)
	for name, change := range map[string]func(*channels.Outbound){
		"WhatsApp": func(m *channels.Outbound) { m.Via = channels.WhatsApp }, "a chat": func(m *channels.Outbound) { m.To = "77" },
		"ourselves": func(m *channels.Outbound) { m.To = "+6281100000021" },
	} {
		m := message(1)
		change(&m)
		if _, err := a.Send(context.Background(), m); refused(t, err).Kind != channels.Invalid || d.Calls() != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	only := adapter(t, example(t, "inbound"), deps(&log{}), nil, nil)
	if _, err := only.Send(t.Context(), message(1)); refused(t, err).Kind != channels.Invalid {
		t.Errorf("%v", err)
	}
}
