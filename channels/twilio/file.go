package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
)

// MaxFile is the most that is fetched: WhatsApp takes 16 MB, an MMS 5.
const MaxFile = 16 << 20

// fileTimeout bounds the fetching of one file.
const fileTimeout = time.Minute

// Of an attachment's address only the two ids are kept, so that nobody can make us fetch from elsewhere.
var (
	mediaPath   = regexp.MustCompile(`/Messages/((?:SM|MM)[0-9a-fA-F]{32}/Media/ME[0-9a-fA-F]{32})$`)
	mediaHandle = regexp.MustCompile(`^(?:SM|MM)[0-9a-fA-F]{32}/Media/ME[0-9a-fA-F]{32}$`)
)

// media reads the handle and kind of the first attachment: WhatsApp sends one a message, and MMS does not reach Indonesia.
func media(address, contentType string) (handle, kind string) {
	if m := mediaPath.FindStringSubmatch(address); m != nil {
		handle = m[1]
	}
	class, _, _ := strings.Cut(contentType, "/")
	switch class {
	case "image":
		return handle, "photo"
	case "audio":
		return handle, "voice"
	case "video":
		return handle, "video"
	}
	return handle, "document"
}

// File writes the photo, voice note or document behind Inbound.Media to w, from our own account. It stops with
// channels.ErrTooBig beyond limit bytes.
func (a *Adapter) File(ctx context.Context, handle string, w io.Writer, limit int64) error {
	if !mediaHandle.MatchString(handle) {
		return errors.New("twilio: not a file of a message")
	}
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.api()+"/2010-04-01/Accounts/"+a.c.AccountSID+"/Messages/"+handle, nil)
	if err != nil {
		return fmt.Errorf("twilio: fetch file: %w", withoutURL(err))
	}
	req.SetBasicAuth(a.c.AccountSID, a.c.AuthToken) // net/http gives them to no other host
	client := &http.Client{Transport: a.c.HTTP.Transport, CheckRedirect: a.onward}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("twilio: fetch file: %w", withoutURL(err))
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("twilio: fetch file: HTTP %d", res.StatusCode)
	}
	if err := channels.Copy(w, res.Body, min(limit, MaxFile)); err != nil {
		return fmt.Errorf("twilio: fetch %w", err)
	}
	return nil
}

// api is where Twilio's API answers.
func (a *Adapter) api() string {
	if a.base != nil {
		return a.base.String()
	}
	return "https://api.twilio.com"
}

// onward follows Twilio to where it stores files, and nowhere else.
func (a *Adapter) onward(r *http.Request, via []*http.Request) error {
	if len(via) > 3 {
		return errors.New("twilio leads from place to place")
	}
	if !a.stores(r.URL) {
		return errors.New("twilio leads to a foreign place")
	}
	return nil
}

// stores is true for the hosts of Twilio's files. Those of before 2024 lie in a bucket of Amazon's.
func (a *Adapter) stores(u *url.URL) bool {
	if a.base != nil && u.Scheme == a.base.Scheme && u.Host == a.base.Host {
		return true
	}
	return u.Scheme == "https" && (u.Host == "mms.twiliocdn.com" || u.Host == "media.twiliocdn.com" ||
		u.Host == "s3-external-1.amazonaws.com" && strings.HasPrefix(u.Path, "/media.twiliocdn.com/"))
}
