package fake

import (
	"net/http"
	"net/url"
	"strings"
)

// twilioFile is what somebody sent with a message.
type twilioFile struct {
	kind    string
	content []byte
}

// MediaForm is what Twilio posts when somebody sends a picture or a voice note; kind is its type such as "image/jpeg". The file is
// given to whoever has the account's credentials, by way of an address that needs none, as Twilio does.
func (t *Twilio) MediaForm(from, to, text, kind string, content []byte) url.Values {
	f := t.InboundForm(from, to, text, twilioSID("MM"))
	media := "/Messages/" + f.Get("MessageSid") + "/Media/" + twilioSID("ME")
	t.mu.Lock()
	t.files[media] = twilioFile{kind, content}
	t.mu.Unlock()
	f.Set("NumMedia", "1")
	f.Set("MediaContentType0", kind)
	f.Set("MediaUrl0", t.url+"/2010-04-01/Accounts/"+t.sid+media)
	return f
}

// Fetched counts how often files were given.
func (t *Twilio) Fetched() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fetched
}

// serveMedia leads a caller with credentials to the file.
func (t *Twilio) serveMedia(w http.ResponseWriter, r *http.Request, media string) {
	t.mu.Lock()
	_, ok := t.files[media]
	token := twilioSID("")
	if ok {
		t.links[token] = media
	}
	t.mu.Unlock()
	if !ok {
		twilioRefusal{404, 20404, "The requested resource was not found"}.write(w)
		return
	}
	http.Redirect(w, r, t.url+twilioStored+token, http.StatusTemporaryRedirect)
}

// twilioStored is where files lie, each under an address that is good for once.
const twilioStored = "/stored/"

func (t *Twilio) serveStored(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.URL.Path, twilioStored)
	t.mu.Lock()
	f, ok := t.files[t.links[token]]
	delete(t.links, token)
	if ok {
		t.fetched++
	}
	t.mu.Unlock()
	if !ok {
		http.Error(w, "AccessDenied", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", f.kind)
	_, _ = w.Write(f.content)
}
