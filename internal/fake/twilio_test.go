package fake

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"
)

const (
	twilioAccount = "AC00000000000000000000000000000001"
	twilioToken   = "00000000000000000000000000000002"
	twilioOurs    = "+62812000000"
	twilioSiti    = "+6281200000001"
)

func twilioDouble(t *testing.T) *Twilio {
	d := NewTwilio(twilioAccount, twilioToken)
	t.Cleanup(d.Close)
	return d
}

// call speaks with the double as any HTTP client does.
func (t *Twilio) call(method, path string, form url.Values) (int, http.Header, map[string]any, error) {
	r, err := http.NewRequest(method, t.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.SetBasicAuth(twilioAccount, twilioToken)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer res.Body.Close()
	out := map[string]any{}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		err = json.NewDecoder(res.Body).Decode(&out)
	}
	return res.StatusCode, res.Header, out, err
}

const twilioMessages = "/2010-04-01/Accounts/" + twilioAccount + "/Messages.json"

func twilioForm(change map[string]string) url.Values {
	f := url.Values{"To": {twilioSiti}, "From": {twilioOurs}, "Body": {"Halo"}}
	for k, v := range change {
		if f.Set(k, v); v == "" {
			f.Del(k)
		}
	}
	return f
}

func TestTwilioRefusesWhatTheRealOneRefuses(t *testing.T) {
	d := twilioDouble(t)
	for name, c := range map[string]struct {
		change map[string]string
		code   float64
	}{
		"no To":              {map[string]string{"To": ""}, 21604},
		"a local number":     {map[string]string{"To": "081200000001"}, 21211},
		"no sender":          {map[string]string{"From": ""}, 21603},
		"a sender too long":  {map[string]string{"From": "KementerianSosial"}, 21212},
		"a wrong service":    {map[string]string{"MessagingServiceSid": "MG1"}, 21701},
		"to itself":          {map[string]string{"To": twilioOurs}, 21266},
		"mixed ways":         {map[string]string{"To": "whatsapp:" + twilioSiti}, 63007},
		"no body":            {map[string]string{"Body": ""}, 21602},
		"1,601 characters":   {map[string]string{"Body": strings.Repeat("é", 1601)}, 21617},
		"callback nowhere":   {map[string]string{"StatusCallback": "status"}, 21609},
		"callback with _":    {map[string]string{"StatusCallback": "https://a_b.example.id/"}, 21609},
		"validity of 11 h":   {map[string]string{"ValidityPeriod": "39600"}, 21621},
		"validity of a word": {map[string]string{"ValidityPeriod": "long"}, 21621},
	} {
		status, _, body, err := d.call("POST", twilioMessages, twilioForm(c.change))
		if err != nil || status != 400 || body["code"] != c.code {
			t.Errorf("%s: %d %v, %v", name, status, body, err)
		}
	}
	if d.Calls() != 13 || len(d.Messages()) != 0 {
		t.Errorf("%d calls, %d accepted", d.Calls(), len(d.Messages()))
	}
	r, _ := http.NewRequest("POST", d.URL()+twilioMessages, nil)
	r.SetBasicAuth(twilioAccount, "wrong")
	res, err := http.DefaultClient.Do(r)
	if err != nil || res.StatusCode != 401 {
		t.Errorf("wrong token: %v, %v", res, err)
	} else {
		res.Body.Close()
	}
	for _, path := range []string{"/", "/2010-04-01/Accounts/AC9/Messages.json", twilioMessages + "x"} {
		if status, _, _, err := d.call("POST", path, nil); err != nil || status != 404 {
			t.Errorf("%s: %d, %v", path, status, err)
		}
	}
}

func TestTwilioRecordsAndCountsWhatWasSentTwice(t *testing.T) {
	d := twilioDouble(t)
	first := twilioForm(map[string]string{"StatusCallback": "https://kabar.example.id/s?m=1"})
	for _, f := range []url.Values{first, twilioForm(map[string]string{"StatusCallback": "https://kabar.example.id/s?m=2"}), first} {
		if status, _, body, err := d.call("POST", twilioMessages, f); err != nil || status != 201 || body["status"] != "queued" {
			t.Fatalf("%d %v, %v", status, body, err)
		}
	}
	if n := d.Count(twilioSiti, "Halo"); n != 3 {
		t.Errorf("counted %d", n)
	}
	if doubled := d.Doubled(); len(doubled) != 1 || doubled[0].StatusCallback != first.Get("StatusCallback") {
		t.Errorf("doubled %+v", doubled)
	}
	d.Forget()
	if len(d.Messages()) != 0 || d.Calls() != 0 {
		t.Error("it does not forget")
	}
}

func TestTwilioListsNewestFirstInPages(t *testing.T) {
	d := twilioDouble(t)
	at := time.Date(2026, 6, 7, 10, 0, 0, 0, time.UTC)
	d.Clock(func() time.Time { return at })
	for i := range 5 {
		at = at.Add(time.Hour)
		if _, _, _, err := d.call("POST", twilioMessages, twilioForm(map[string]string{"Body": string(rune('a' + i))})); err != nil {
			t.Fatal(err)
		}
	}
	_, _, _, _ = d.call("POST", twilioMessages, twilioForm(map[string]string{"To": "+6281200000002"}))
	read := func(query url.Values) (bodies string, next any) {
		status, _, page, err := d.call("GET", twilioMessages+"?"+query.Encode(), nil)
		if err != nil || status != 200 {
			t.Fatalf("%d, %v", status, err)
		}
		for _, m := range page["messages"].([]any) {
			bodies += m.(map[string]any)["body"].(string)
		}
		return bodies, page["next_page_uri"]
	}
	bodies, next := read(url.Values{"To": {twilioSiti}, "PageSize": {"2"}})
	for next != nil {
		var more string
		u, err := url.Parse(next.(string))
		if err != nil || u.Path != twilioMessages {
			t.Fatalf("next page %v", next)
		}
		more, next = read(u.Query())
		bodies += more
	}
	if bodies != "edcba" {
		t.Errorf("pages hold %q", bodies)
	}
	if bodies, _ := read(url.Values{"To": {twilioSiti}, "DateSent>": {"2026-06-07"}}); bodies != "" {
		t.Errorf("messages that wait have no DateSent, listed %q", bodies)
	}
	for _, m := range d.To(twilioSiti) {
		d.mu.Lock()
		d.message(m.SID).Status = "sent"
		d.mu.Unlock()
	}
	for query, want := range map[string]string{"DateSent>=2026-06-07T13:00:00Z": "edc", "DateSent<=2026-06-07T12:00:00Z": "ba", "DateSent=2026-06-07": "edcba", "DateSent=2026-06-08": ""} {
		i := strings.LastIndexAny(query[:10], "<>=") + 1
		if bodies, _ := read(url.Values{"To": {twilioSiti}, strings.TrimSuffix(query[:i], "="): {strings.TrimPrefix(query[i:], "=")}}); bodies != want {
			t.Errorf("%s lists %q, want %q", query, bodies, want)
		}
	}
}

func TestTwilioPlaysFaults(t *testing.T) {
	d := twilioDouble(t)
	send := func() (int, http.Header, map[string]any, error) {
		return d.call("POST", twilioMessages, twilioForm(nil))
	}
	d.Fail(1, 400, 30007)
	if status, _, body, err := send(); status != 400 || body["code"] != 30007.0 {
		t.Errorf("%d %v, %v", status, body, err)
	}
	d.Throttle(1, 9)
	if status, h, body, err := send(); status != 429 || h.Get("Retry-After") != "9" || body["code"] != 20429.0 {
		t.Errorf("%d %v %v, %v", status, h, body, err)
	}
	d.Unavailable(2)
	for range 2 {
		if status, h, _, err := send(); status != 503 || h.Get("Content-Type") != "text/html" {
			t.Errorf("%d %v, %v", status, h, err)
		}
	}
	d.Reset(1, true)
	if _, _, _, err := send(); err == nil || len(d.Messages()) != 1 || !d.Messages()[0].AnswerLost {
		t.Errorf("accepted and lost: %v, %+v", err, d.Messages())
	}
	d.Reset(1, false)
	if _, _, _, err := send(); err == nil || len(d.Messages()) != 1 {
		t.Errorf("lost on the way: %v, %d accepted", err, len(d.Messages()))
	}
	d.FailNumber(twilioSiti, 400, 21614)
	if _, _, body, _ := send(); body["code"] != 21614.0 {
		t.Errorf("%v", body)
	}
	d.FailNumber(twilioSiti, 0, 0)
	d.InboundForm(twilioSiti, twilioOurs, " stop ", "")
	if _, _, body, _ := send(); body["code"] != 21610.0 {
		t.Errorf("after STOP: %v", body)
	}
	d.InboundForm(twilioSiti, twilioOurs, "START", "")
	if status, _, _, _ := send(); status != 201 {
		t.Errorf("after START: %d", status)
	}
	d.Hang(1, true)
	done := make(chan error, 1)
	go func() { _, _, _, err := send(); done <- err }()
	for len(d.Messages()) != 3 { // taken, and silent
		runtime.Gosched()
	}
	d.Stop()
	if err := <-done; err == nil {
		t.Error("a call that hangs was answered")
	}
}

func TestTwilioLimitsStrictly(t *testing.T) {
	d := twilioDouble(t)
	at := time.Date(2026, 6, 7, 10, 0, 0, 0, time.UTC)
	d.Clock(func() time.Time { return at })
	d.Limit(2, 2)
	var codes []int
	send := func() {
		status, _, _, err := d.call("POST", twilioMessages, twilioForm(nil))
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, status)
	}
	send()
	send()
	send() // 429, wait 1 s
	if d.Early() != 0 {
		t.Error("the first 429 is not yet a fault")
	}
	send() // too early
	at = at.Add(time.Second)
	send()
	if !slices.Equal(codes, []int{201, 201, 429, 429, 201}) || d.Early() != 1 {
		t.Errorf("answers %v, %d early", codes, d.Early())
	}
}

func TestTwilioSignsAsTheirLibraryChecks(t *testing.T) {
	d := twilioDouble(t)
	v := client.NewRequestValidator(twilioToken)
	const address = "https://kabar.example.id/channels/twilio/messages?a=1"
	for _, text := range []string{"", "LAPOR 350rb", "é 🙏 & = + %", "\x00\xff"} {
		r := d.Inbound(address, "whatsapp:"+twilioSiti, "whatsapp:"+twilioOurs, text)
		body, err := io.ReadAll(r.Body)
		if err != nil || !v.ValidateBody(address, body, r.Header.Get("X-Twilio-Signature")) {
			t.Errorf("%q: the signature is not theirs, %v", text, err)
		}
	}
}

func TestTwilioCallsBackInAnyOrder(t *testing.T) {
	var mu sync.Mutex
	var got []string
	heard := make(chan struct{}, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		mu.Lock()
		got = append(got, r.PostForm.Get("MessageStatus")+r.PostForm.Get("ErrorCode")+r.URL.Query().Get("m"))
		mu.Unlock()
		heard <- struct{}{}
	}))
	defer s.Close()
	d := twilioDouble(t)
	f := twilioForm(map[string]string{"StatusCallback": s.URL + "/?m=7"})
	if _, _, _, err := d.call("POST", twilioMessages, f); err != nil {
		t.Fatal(err)
	}
	sid := d.Messages()[0].SID
	for _, c := range []struct {
		state string
		code  int
	}{{"undelivered", 30003}, {"sent", 0}} {
		if status, err := d.Callback(t.Context(), sid, c.state, c.code); err != nil || status != 200 {
			t.Fatalf("%d, %v", status, err)
		}
	}
	d.Auto("sent", "delivered")
	if _, _, _, err := d.call("POST", twilioMessages, f); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		<-heard
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"undelivered300037", "sent7", "sent7", "delivered7"}; !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
}

func TestTwilioAtAFixedAddress(t *testing.T) {
	d := twilioDouble(t)
	address := strings.TrimPrefix(d.URL(), "http://")
	if second, err := ListenTwilio(address, twilioAccount, twilioToken); err == nil {
		second.Close()
		t.Fatal("two listen at one address")
	} else if errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
	d.Stop()
	second, err := ListenTwilio(address, twilioAccount, twilioToken)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if status, _, _, err := second.call("POST", twilioMessages, twilioForm(nil)); err != nil || status != 201 {
		t.Errorf("%d, %v", status, err)
	}
}

func TestTwilioCountsSegmentsAsTheBillDoes(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"", 1}, {strings.Repeat("a", 160), 1}, {strings.Repeat("a", 161), 2}, {strings.Repeat("a", 306), 2}, {strings.Repeat("a", 307), 3},
		{strings.Repeat("{", 80), 1}, {strings.Repeat("{", 81), 2}, {strings.Repeat("ê", 70), 1}, {strings.Repeat("ê", 71), 2}, {strings.Repeat("🙏", 36), 2},
		{strings.Repeat("a", 143) + "🙏", 3},
	} {
		if got := twilioSegments(c.text); got != c.want {
			t.Errorf("%d characters: %d segments, want %d", len([]rune(c.text)), got, c.want)
		}
	}
}
