package smsgate_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/channels/smsgate"
)

// A phone refuses an id that it has: what was sent in doubt is not sent twice, even if it is tried again.
func TestB2TheSameIDAgain(t *testing.T) {
	w := newWorld(t)
	m := message(1, siti, "Halo")
	w.d.Reset(1, true)
	w.send(t, m, channels.Ambiguous)
	sent, _ := w.send(t, m, "")
	if w.d.Count(siti, "Halo") != 1 || sent.ProviderID != m.ID {
		t.Errorf("%+v, taken %d times", sent, w.d.Count(siti, "Halo"))
	}
}

// What failed at the phone is given to it again an hour later, under an id that leads back to ours.
func TestB10AfterAFailureTheNextTryHasAnIDOfItsOwn(t *testing.T) {
	w := newWorld(t)
	m := message(1, siti, "Halo")
	seen := map[string]bool{}
	for try := range 9 {
		sent, _ := w.send(t, m, "")
		if seen[sent.ProviderID] || len(sent.ProviderID) > 36 {
			t.Fatalf("try %d: id %q", try, sent.ProviderID)
		}
		seen[sent.ProviderID] = true
		if _, found, err := w.Find(t.Context(), m); !found || err != nil {
			t.Errorf("try %d: found %v, %v", try, found, err)
		}
		w.post(w.d.Told(tsel, sent.ProviderID, "sms:failed", "Send result: RESULT_ERROR_NO_SERVICE (Failed because service is currently unavailable)"))
		if st := w.st.Kept[try]; st.Message != m.ID || st.ProviderID != sent.ProviderID || st.Code != "ERROR_NO_SERVICE" {
			t.Errorf("try %d: %+v", try, st)
		}
		if _, found, err := w.Find(t.Context(), m); found || err != nil {
			t.Errorf("try %d, failed: found %v, %v", try, found, err)
		}
	}
	w.send(t, m, channels.Invalid)
	if n := len(w.d.Doubled()); n != 0 {
		t.Errorf("%d doubled", n)
	}
}

func TestB2OnlyAllPhonesTogetherProveThatItIsNowhere(t *testing.T) {
	w := newWorld(t)
	m := message(1, budi, "Halo")
	w.d.Reset(1, true)
	w.send(t, m, channels.Ambiguous)
	w.stop(tsel)
	if s, found, err := w.Find(t.Context(), m); !found || err != nil || s.ProviderID != m.ID {
		t.Errorf("a yes is enough: %v, %v", found, err)
	}
	if _, found, err := w.Find(t.Context(), message(2, budi, "Halo")); found || err == nil {
		t.Errorf("one phone did not answer, and that is taken for proof: %v", err)
	}
	w.d.Start(tsel)
	if _, found, err := w.Find(t.Context(), message(2, budi, "Halo")); found || err != nil {
		t.Errorf("all have answered: %v, %v", found, err)
	}
}

func TestB2ATunnelsNotFoundProvesNothing(t *testing.T) {
	tunnel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("<html>Tunnel not found</html>"))
	}))
	defer tunnel.Close()
	w := newWorld(t, func(c *smsgate.Config) { c.Phones[0].URL = tunnel.URL })
	if _, found, err := w.Find(t.Context(), message(1, siti, "Halo")); found || err == nil {
		t.Errorf("found %v, %v", found, err)
	}
}
