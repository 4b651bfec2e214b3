package twilio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/twilio"
)

func TestA6ForgedInEveryWayThatAnAddressCanDiffer(t *testing.T) {
	d := double(t)
	other := "https://kabar.example.id"
	for name, address := range map[string]string{
		"http for https":  "http://kabar.example.id" + twilio.MessagesPath,
		"other host":      "https://kabar.example.org" + twilio.MessagesPath,
		"the inner host":  "http://10.0.0.7:8080" + twilio.MessagesPath,
		"other port":      "https://kabar.example.id:8443" + twilio.MessagesPath,
		"status for text": other + twilio.StatusPath,
		"changed query":   other + twilio.MessagesPath + "?a=1",
		"other path":      other + "/channels/twilio/messages2",
		"no address":      "",
	} {
		l, k := &log{}, &channelstest.Keeper{}
		a := adapter(t, config(l), k, &statuses{})
		form := d.InboundForm(siti, ours, "RAHASIA", "")
		r := d.Request(public+twilio.MessagesPath, form)
		r.Header.Set("X-Twilio-Signature", d.Sign(address, form))
		if w := post(a.Messages(), r); w.Code != http.StatusForbidden || len(k.Kept()) != 0 {
			t.Errorf("%s: answer %d, %d handled", name, w.Code, len(k.Kept()))
		}
		if a.Counts()["forged"] != 1 {
			t.Errorf("%s: counted as %v", name, a.Counts())
		}
		if text := l.String(); strings.Contains(text, "RAHASIA") || strings.Contains(text, siti[1:]) || !strings.Contains(text, "forged") {
			t.Errorf("%s: the log says %s", name, text)
		}
	}
}

func TestA6AnotherAccountsTokenOrNone(t *testing.T) {
	d := double(t)
	form := d.InboundForm(siti, ours, "YA", "")
	for name, change := range map[string]func(c *twilio.Config){
		"another token":     func(c *twilio.Config) { c.AuthToken = "00000000000000000000000000000003" },
		"no public address": func(c *twilio.Config) { c.PublicURL = "" },
	} {
		c, k := config(&log{}), &channelstest.Keeper{}
		change(&c)
		if w := post(adapter(t, c, k, &statuses{}).Messages(), d.Request(public+twilio.MessagesPath, form)); w.Code != 403 || len(k.Kept()) > 0 {
			t.Errorf("%s: answer %d", name, w.Code)
		}
	}
	r := d.Request(public+twilio.MessagesPath, form)
	r.Header.Add("X-Twilio-Signature", "AAAA")
	if w := post(adapter(t, config(&log{}), &channelstest.Keeper{}, &statuses{}).Messages(), r); w.Code != 403 {
		t.Errorf("two signatures: answer %d", w.Code)
	}
}

func TestA6PublicAddressWithPortPathAndQuery(t *testing.T) {
	d := double(t)
	for _, base := range []string{"https://kabar.example.id:8443", "https://example.id/kabar", "https://example.id/kabar/", "http://127.0.0.1:8080"} {
		c, k := config(&log{}), &channelstest.Keeper{}
		c.PublicURL = base
		address := strings.TrimRight(base, "/") + twilio.MessagesPath + "?site=b"
		r := d.Request(address, d.InboundForm(siti, ours, "YA", ""))
		inner, _ := url.Parse("http://10.0.0.7" + twilio.MessagesPath + "?site=b")
		r.URL = inner
		if w := post(adapter(t, c, k, &statuses{}).Messages(), r); w.Code != 200 || len(k.Kept()) != 1 {
			t.Errorf("%s: answer %d", base, w.Code)
		}
	}
}

// The two bodies that were proven to pass the signature (V1, V2), and what else can be made of one signed request.
func TestA8TheSignatureCoversNoBorders(t *testing.T) {
	const address = public + twilio.MessagesPath
	plain := func() url.Values {
		return url.Values{"AccountSid": {account}, "Body": {"LAPOR 100"}, "From": {siti}, "MessageSid": {sid(1)}, "To": {ours}}
	}
	// evil is what somebody writes in a text message so that the signed sequence can be read in two ways.
	evil := plain()
	evil.Set("Body", "xFrom+6281299999999MessageSid"+sid(2)+"To"+ours+"Z")
	evilFrom := plain()
	evilFrom.Set("Body", "xFrom+6281299999999FromA")
	evilWhatsApp := plain()
	evilWhatsApp.Set("Body", "xFromwhatsapp:+6281299999999")
	evilWhatsApp.Set("From", "whatsapp:"+siti)
	evilWhatsApp.Set("To", "whatsapp:"+ours)
	withMedia := plain()
	withMedia.Set("NumMedia", "1")
	// evilName is how somebody calls himself on WhatsApp, where the name stands behind the id.
	evilName := plain()
	evilName.Set("From", "whatsapp:"+siti)
	evilName.Set("To", "whatsapp:"+ours)
	evilName.Set("ProfileName", "xFromwhatsapp:+6281299999999MessageSid"+sid(2)+"ProfileNamey")
	q := url.QueryEscape
	tail := "&MessageSid=" + sid(1) + "&To=" + q(ours)
	for name, c := range map[string]struct {
		sign url.Values
		body string
	}{
		"V1 a second value":                              {plain(), plain().Encode() + "&Body=LAPOR+999999"},
		"V2 one parameter of everything":                 {plain(), "AccountSid=" + account + "&" + q("BodyLAPOR 100From"+siti+"MessageSid") + "=" + sid(1) + "&To=" + q(ours)},
		"V2 everything in Body":                          {plain(), "AccountSid=" + account + "&Body=" + q("LAPOR 100From"+siti+"MessageSid"+sid(1)) + "&To=" + q(ours)},
		"text swallowed by its key":                      {plain(), "AccountSid=" + account + "&BodyLAPOR=+100&From=" + q(siti) + tail},
		"text begun in its key":                          {plain(), "AccountSid=" + account + "&Bo=dyLAPOR+100&From=" + q(siti) + tail},
		"text swallowed by the account":                  {plain(), "AccountSid=" + q(account+"BodyLAPOR 100") + "&From=" + q(siti) + tail},
		"sender cut":                                     {plain(), "AccountSid=" + account + "&Body=LAPOR+100&From" + q(siti[:4]) + "=" + q(siti[4:]) + tail},
		"another sender from the text, the rest hidden":  {evil, "AccountSid=" + account + "&Body=x&From=%2B6281299999999&MessageSid=" + sid(2) + "&To=" + q(ours) + "&Z=" + q("From"+siti+"MessageSid"+sid(1)+"To"+ours)},
		"another sender from the text, his own hidden":   {evilFrom, "AccountSid=" + account + "&Body=x&From=%2B6281299999999&FromA=" + q("From"+siti) + tail},
		"another sender from the text, his own as a key": {evilWhatsApp, "AccountSid=" + account + "&Body=x&From=" + q("whatsapp:+6281299999999") + "&Fromw=" + q("hatsapp:"+siti) + "&MessageSid=" + sid(1) + "&To=" + q("whatsapp:"+ours)},
		"another sender from a name":                     {evilName, "AccountSid=" + account + "&Body=" + q("LAPOR 100Fromwhatsapp:"+siti+"MessageSid"+sid(1)+"ProfileNamex") + "&From=" + q("whatsapp:+6281299999999") + "&MessageSid=" + sid(2) + "&ProfileName=y&To=" + q("whatsapp:"+ours)},
		"a strange version":                              {plainWith(plain(), "ApiVersion", "2010-04-01x"), plainWith(plain(), "ApiVersion", "2010-04-01x").Encode()},
		"the picture hidden":                             {withMedia, plain().Encode() + "&NumMedi=a1"},
	} {
		k := &channelstest.Keeper{}
		a := adapter(t, config(&log{}), k, &statuses{})
		w := post(a.Messages(), raw(t, address, c.sign, c.body))
		if w.Code != http.StatusBadRequest || len(k.Kept()) != 0 {
			t.Errorf("%s: answer %d, handled %+v", name, w.Code, k.Kept())
		}
		// The control: the signature alone would have let it pass, and the genuine reading does pass.
		if a.Counts()["malformed"] != 1 {
			t.Errorf("%s: refused as %v, so the test proves nothing", name, a.Counts())
		}
	}
	k := &channelstest.Keeper{}
	for _, genuine := range []url.Values{plain(), evilFrom, withMedia} {
		if w := post(adapter(t, config(&log{}), k, &statuses{}).Messages(), double(t).Request(address, genuine)); w.Code != 200 {
			t.Errorf("genuine %v: answer %d", genuine, w.Code)
		}
	}
}

func plainWith(f url.Values, key, value string) url.Values {
	f.Set(key, value)
	return f
}

func TestA8TheQueryHidesNothing(t *testing.T) {
	// A request signed for /messages?a=1 with everything in its form, read as if part of the form were the query.
	form := url.Values{"AccountSid": {account}, "Body": {"YA"}, "From": {siti}, "MessageSid": {sid(1)}, "To": {ours}}
	for _, query := range []string{"a=1MessageSid" + sid(2), "a=1From%2B6281299999999", "a=1AccountSid" + account, "a=%zz"} {
		k := &channelstest.Keeper{}
		a := adapter(t, config(&log{}), k, &statuses{})
		r := double(t).Request(public+twilio.MessagesPath, form)
		r.URL.RawQuery = query
		r.Header.Set("X-Twilio-Signature", double(t).Sign(public+twilio.MessagesPath+"?"+query, form))
		if w := post(a.Messages(), r); w.Code != 400 || len(k.Kept()) != 0 {
			t.Errorf("%s: answer %d", query, w.Code)
		}
	}
}
