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

// post serves one request as it arrives behind a proxy: over plain HTTP and under another host name.
func post(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	s := httptest.NewRequest(r.Method, "http://10.0.0.7:8080"+r.URL.RequestURI(), r.Body)
	s.Header = r.Header
	s.ContentLength = r.ContentLength
	w := httptest.NewRecorder()
	h.ServeHTTP(w, s)
	return w
}

// raw is a signed POST whose body is written here and not by url.Values: sign is what the signature covers.
func raw(t *testing.T, address string, sign url.Values, body string) *http.Request {
	r := double(t).Request(address, sign)
	out, err := http.NewRequest(http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	out.Header = r.Header
	return out
}

func TestA1AnswersWithEmptyTwiML(t *testing.T) {
	k := &channelstest.Keeper{}
	a := adapter(t, config(&log{}), k, &statuses{})
	w := post(a.Messages(), double(t).Request(public+twilio.MessagesPath, double(t).InboundForm(siti, ours, "Lapor 350rb", sid(1))))
	if w.Code != 200 || w.Body.String() != "<Response></Response>" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/xml") {
		t.Errorf("%d %s %s", w.Code, w.Header(), w.Body)
	}
	in := k.Kept()[0]
	if in.ID != sid(1) || in.From != siti || in.To != ours || in.Via != channels.SMS || in.Kind != channels.Text || !in.ReceivedAt.Equal(now) {
		t.Errorf("%+v", in)
	}
}

func TestA9TooManyParameters(t *testing.T) {
	d, k := double(t), &channelstest.Keeper{}
	a := adapter(t, config(&log{}), k, &statuses{})
	for n, want := range map[int]int{150: 200, 201: 413, 6_000: 413} {
		f := d.InboundForm(siti, ours, "YA", "")
		for i := range n {
			f.Set("P"+sid(i)[30:], "")
		}
		if w := post(a.Messages(), d.Request(public+twilio.MessagesPath, f)); w.Code != want {
			t.Errorf("%d more parameters: answer %d, want %d", n, w.Code, want)
		}
	}
}

func TestA10TypesInWhichAFormMayCome(t *testing.T) {
	d := double(t)
	a := adapter(t, config(&log{}), &channelstest.Keeper{}, &statuses{})
	for _, c := range []struct {
		header, value string
		want          int
	}{
		{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8", 200},
		{"Content-Type", "Application/X-WWW-Form-Urlencoded", 200},
		{"Content-Type", "application/x-www-form-urlencoded; charset=utf-16", 415},
		{"Content-Type", "application/json", 415},
		{"Content-Encoding", "identity", 200},
		{"Content-Encoding", "gzip", 415},
		{"Content-Encoding", "", 415},
	} {
		r := d.Inbound(public+twilio.MessagesPath, siti, ours, "YA")
		r.Header.Set(c.header, c.value)
		if w := post(a.Messages(), r); w.Code != c.want {
			t.Errorf("%s: %s: answer %d, want %d", c.header, c.value, w.Code, c.want)
		}
	}
	r := d.Inbound(public+twilio.MessagesPath, siti, ours, "YA")
	r.Method = http.MethodGet
	if w := post(a.Messages(), r); w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("GET: answer %d", w.Code)
	}
}

func TestA12ParametersThatTwilioAddsOneDay(t *testing.T) {
	d, k := double(t), &channelstest.Keeper{}
	f := d.InboundForm(siti, ours, "Lapor 350rb", "")
	f.Set("ChannelMetadata", `{"type":"sms","data":{"from":"+62"}}`)
	f.Set("FromDistrict", "Majalengka")
	f.Set("BodyLanguage", "id")
	f.Set("AddOns", "")
	w := post(adapter(t, config(&log{}), k, &statuses{}).Messages(), d.Request(public+twilio.MessagesPath, f))
	if w.Code != 200 || k.Kept()[0].Text != "Lapor 350rb" {
		t.Errorf("answer %d, %+v", w.Code, k.Kept())
	}
}

func TestA13TheTurnFailsOrHangs(t *testing.T) {
	d := double(t)
	c := config(&log{})
	c.Patience = 20 * time.Millisecond
	for name, h := range map[string]channels.Handler{
		"fails": &channelstest.Keeper{Err: errors.New("down")},
		"hangs": hanging{},
	} {
		w := post(adapter(t, c, h, &statuses{}).Messages(), d.Inbound(public+twilio.MessagesPath, siti, ours, "YA"))
		if w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: answer %d", name, w.Code)
		}
	}
}

func TestA13ATurnIsNotUndoneBecauseTwilioHungUp(t *testing.T) {
	ctx, hangUp := context.WithCancel(t.Context())
	hangUp()
	var seen error
	h := turn(func(ctx context.Context) error { seen = ctx.Err(); return nil })
	r := double(t).Inbound(public+twilio.MessagesPath, siti, ours, "YA").WithContext(ctx)
	w := httptest.NewRecorder()
	adapter(t, config(&log{}), h, &statuses{}).Messages().ServeHTTP(w, r)
	if w.Code != 200 || seen != nil {
		t.Errorf("answer %d, the turn's context: %v", w.Code, seen)
	}
}

type turn func(ctx context.Context) error

func (f turn) Handle(ctx context.Context, _ channels.Inbound) (channels.Reply, error) {
	return channels.Reply{}, f(ctx)
}

func TestA15NotOurNumber(t *testing.T) {
	const service = "MG00000000000000000000000000000005"
	for _, c := range []struct {
		name, to, service string
		change            func(*twilio.Config)
		want              int
	}{
		{"ours", ours, "", nil, 200},
		{"another number of the account", "+62812999999", "", nil, 403},
		{"WhatsApp of ours", "whatsapp:" + ours, "", nil, 200},
		{"WhatsApp, which is off", "whatsapp:" + ours, "", func(c *twilio.Config) { c.WhatsAppFrom = "" }, 403},
		{"any number of our messaging service", "+62812999999", service, func(c *twilio.Config) { c.From, c.MessagingServiceSID = "", service }, 200},
		{"a number of another service", "+62812999999", "MG00000000000000000000000000000006", func(c *twilio.Config) { c.From, c.MessagingServiceSID = "", service }, 403},
	} {
		cf, k, d := config(&log{}), &channelstest.Keeper{}, double(t)
		if c.change != nil {
			c.change(&cf)
		}
		from := siti
		if strings.HasPrefix(c.to, "whatsapp:") {
			from = "whatsapp:" + siti
		}
		f := d.InboundForm(from, c.to, "YA", "")
		if c.service != "" {
			f.Set("MessagingServiceSid", c.service)
		}
		w := post(adapter(t, cf, k, &statuses{}).Messages(), d.Request(public+twilio.MessagesPath, f))
		if w.Code != c.want || (len(k.Kept()) == 1) != (c.want == 200) {
			t.Errorf("%s: answer %d, want %d", c.name, w.Code, c.want)
		}
	}
}

func TestA16PicturesVoiceAndPlaces(t *testing.T) {
	const (
		handle  = "MM00000000000000000000000000000001/Media/ME00000000000000000000000000000002"
		address = "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Messages/" + handle
	)
	for _, c := range []struct {
		name  string
		form  map[string]string
		want  channels.InboundKind
		media string
		kind  string
	}{
		{"a photo", map[string]string{"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": "image/jpeg"}, channels.Media, handle, "photo"},
		{"a voice note", map[string]string{"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": "audio/ogg"}, channels.Media, handle, "voice"},
		{"a document", map[string]string{"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": "application/pdf"}, channels.Media, handle, "document"},
		{"a film", map[string]string{"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": "video/mp4"}, channels.Media, handle, "video"},
		{"another shape", map[string]string{"NumMedia": "1", "MediaUrl0": address + "/../../..", "MediaContentType0": "image/png"}, channels.Media, "", "photo"},
		{"no address to fetch from", map[string]string{"NumMedia": "1", "MediaUrl0": "file:///etc/passwd", "MediaContentType0": "image/png"}, channels.Media, "", "photo"},
		{"a place", map[string]string{"Latitude": "-6.8", "Longitude": "108.2"}, channels.Other, "", ""},
		{"nothing at all", map[string]string{}, channels.Text, "", ""},
	} {
		d, k := double(t), &channelstest.Keeper{}
		f := d.InboundForm("whatsapp:"+siti, "whatsapp:"+ours, "", "")
		for key, v := range c.form {
			f.Set(key, v)
		}
		w := post(adapter(t, config(&log{}), k, &statuses{}).Messages(), d.Request(public+twilio.MessagesPath, f))
		if w.Code != 200 || len(k.Kept()) != 1 {
			t.Fatalf("%s: answer %d", c.name, w.Code)
		}
		in := k.Kept()[0]
		if in.Kind != c.want || in.Media != c.media || in.MediaKind != c.kind || in.Via != channels.WhatsApp || in.From != siti || in.To != ours {
			t.Errorf("%s: %+v", c.name, in)
		}
	}
	d, k := double(t), &channelstest.Keeper{}
	f := d.InboundForm(siti, ours, "", "")
	f.Del("Body")
	if w := post(adapter(t, config(&log{}), k, &statuses{}).Messages(), d.Request(public+twilio.MessagesPath, f)); w.Code != 200 || k.Kept()[0].Text != "" {
		t.Errorf("without Body: answer %d", w.Code)
	}
}

func TestA17MachinesAreNotAnswered(t *testing.T) {
	for from, want := range map[string]struct {
		status int
		count  string
	}{
		"3636": {200, "short_sender"}, "88888": {200, "short_sender"}, // a short code cannot be answered
		"abc": {400, "malformed"}, "TELKOMSEL": {400, "malformed"}, "Kemensos-RI": {400, "malformed"}, "whatsapp:3636": {400, "malformed"}, "+0812": {400, "malformed"},
	} {
		d, k := double(t), &channelstest.Keeper{}
		a := adapter(t, config(&log{}), k, &statuses{})
		to := ours
		if strings.HasPrefix(from, "whatsapp:") {
			to = "whatsapp:" + ours
		}
		w := post(a.Messages(), d.Inbound(public+twilio.MessagesPath, from, to, "Selamat, Anda menang"))
		if w.Code != want.status || len(k.Kept()) != 0 || a.Counts()[want.count] != 1 {
			t.Errorf("%s: answer %d, %d handled, %v", from, w.Code, len(k.Kept()), a.Counts())
		}
	}
}

// FuzzMessages sends any body with a signature that fits it: nothing may break, and what is handled is clean.
func FuzzMessages(f *testing.F) {
	d := double(f)
	f.Add([]byte(d.InboundForm(siti, ours, "Lapor 350rb", sid(1)).Encode()))
	f.Add([]byte("AccountSid=" + account + "&Body=%00%ff&From=%2B6281200000001&MessageSid=" + sid(1) + "&To=%2B62812000000&NumMedia=1"))
	f.Add([]byte("a=1&a=2;%zz"))
	f.Fuzz(func(t *testing.T, body []byte) {
		k := &channelstest.Keeper{}
		h := adapter(t, config(&log{}), k, &statuses{}).Messages()
		form, _ := url.ParseQuery(string(body))
		r, _ := http.NewRequest(http.MethodPost, public+twilio.MessagesPath, strings.NewReader(string(body)))
		r.Header = d.Request(public+twilio.MessagesPath, form).Header
		w := post(h, r)
		if w.Code >= 500 {
			t.Fatalf("answer %d", w.Code)
		}
		for _, in := range k.Kept() {
			if w.Code != 200 || strings.ContainsRune(in.Text, 0) || strings.ToValidUTF8(in.Text, "") != in.Text || !strings.HasPrefix(in.From, "+") || len(in.ID) != 34 {
				t.Fatalf("answer %d, %+v", w.Code, in)
			}
		}
	})
}
