package twilio_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/channelstest"
	"github.com/kabar-prokus/kabar/channels/twilio"
)

// sentPicture is the handle that the turn gets of a picture.
func sentPicture(t *testing.T, a *twilio.Adapter, k *channelstest.Keeper, r *http.Request) string {
	t.Helper()
	if w := post(a.Messages(), r); w.Code != 200 || len(k.Kept()) != 1 {
		t.Fatalf("answer %d", w.Code)
	}
	return k.Kept()[0].Media
}

func TestA16FilesComeFromOurOwnAccount(t *testing.T) {
	d, k := double(t), &channelstest.Keeper{}
	c := config(&log{})
	c.BaseURL = d.URL()
	a := adapter(t, c, k, &statuses{})
	picture := append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte("x"), 5000)...)
	id := sentPicture(t, a, k, d.Request(public+twilio.MessagesPath, d.MediaForm("whatsapp:"+siti, "whatsapp:"+ours, "nota", "image/jpeg", picture)))
	var got bytes.Buffer
	if err := a.File(t.Context(), id, &got, 1<<20); err != nil || !bytes.Equal(got.Bytes(), picture) || d.Fetched() != 1 {
		t.Errorf("%d bytes, %v", got.Len(), err)
	}
	got.Reset()
	if err := a.File(t.Context(), id, &got, int64(len(picture)-1)); !errors.Is(err, channels.ErrTooBig) {
		t.Errorf("beyond the limit: %v", err)
	}
	if err := a.File(t.Context(), id, &got, int64(len(picture))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	for name, handle := range map[string]string{
		"nothing": "", "an address": "https://example.com/Messages/" + id, "a way out": id + "/../../../Calls",
		"another account": "../../AC9/Messages/" + id, "a query": id + "?x=1", "gone": "MM" + strings.Repeat("0", 32) + "/Media/ME" + strings.Repeat("0", 32),
	} {
		got.Reset()
		if err := a.File(t.Context(), handle, &got, 1<<20); err == nil || got.Len() != 0 {
			t.Errorf("%s: %d bytes, %v", name, got.Len(), err)
		}
	}
	c.AuthToken = "00000000000000000000000000000009"
	if err := adapter(t, c, k, &statuses{}).File(t.Context(), id, &got, 1<<20); err == nil || got.Len() != 0 {
		t.Errorf("with another token: %v", err)
	}
}

func TestA16NoFileFromAForeignPlace(t *testing.T) {
	asked := 0
	foreign := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	t.Cleanup(foreign.Close)
	to := ""
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to, http.StatusTemporaryRedirect)
	}))
	t.Cleanup(api.Close)
	c := config(&log{})
	c.BaseURL = api.URL
	a := adapter(t, c, &channelstest.Keeper{}, &statuses{})
	const handle = "MM00000000000000000000000000000001/Media/ME00000000000000000000000000000002"
	for _, to = range []string{
		foreign.URL, strings.Replace(foreign.URL, "http:", "https:", 1), "http://169.254.169.254/latest/", "http://mms.twiliocdn.com/a", "https://mms.twiliocdn.com.example.com/a",
		"https://mms.twiliocdn.com:8443/a", "https://s3-external-1.amazonaws.com/another.bucket/a", "file:///etc/passwd",
		api.URL + "/again", // round and round
	} {
		var got bytes.Buffer
		if err := a.File(t.Context(), handle, &got, 1<<20); err == nil || got.Len() != 0 || strings.Contains(err.Error(), "example") {
			t.Errorf("%s: %d bytes, %v", to, got.Len(), err)
		}
	}
	if asked != 0 {
		t.Errorf("a foreign server was asked %d times", asked)
	}
}
