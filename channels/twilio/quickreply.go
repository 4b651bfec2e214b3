package twilio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	content "github.com/twilio/twilio-go/rest/content/v1"

	"github.com/kabar-prokus/kabar/channels"
)

// Twilio sends buttons only as a content that it keeps, even where nobody has to approve it. One content serves all messages
// with the same labels: its text and what comes back from a button are variables. It is made when it is first needed and
// found again by its name.
type quickReply struct {
	mu    sync.Mutex
	known map[string]string // name → SID
	read  bool              // those of earlier processes were looked up
	pause time.Time         // until when nothing is tried after a failure
}

const (
	contentMax   = 500 // different sets of labels; more are written out
	contentPages = 20
	contentPause = 5 * time.Minute
	contentTime  = 5 * time.Second
	contentName  = "kabar_qr_"
)

var contentSID = regexp.MustCompile(`^HX[0-9a-f]{32}$`)

// quickReplySID is the content for these labels; ok is false where they cannot be shown or Twilio does not help now.
func (a *Adapter) quickReplySID(ctx context.Context, text string, all []channels.Button) (sid string, ok bool) {
	if !showable(text, all) {
		return "", false
	}
	name := nameOf(all)
	q := &a.replies
	q.mu.Lock()
	defer q.mu.Unlock()
	if sid, ok := q.known[name]; ok {
		return sid, true
	}
	now := a.c.Now()
	if now.Before(q.pause) || len(q.known) >= contentMax {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, contentTime)
	defer cancel()
	if err := a.learn(ctx, name, all); err != nil {
		q.pause = now.Add(contentPause)
		a.counts.Add("no_quick_replies")
		a.c.Log.Warn("buttons are written out", "channel", "twilio", "err", err)
		return "", false
	}
	sid, ok = q.known[name]
	return sid, ok
}

// learn reads the contents that there are, once, and makes the one that is missing.
func (a *Adapter) learn(ctx context.Context, name string, all []channels.Button) error {
	q := &a.replies
	if !q.read {
		known := map[string]string{}
		token, number := "", ""
		for range contentPages {
			c := &call{ctx: ctx, a: a}
			p := &content.ListContentParams{}
			p.SetPageSize(pageSize)
			got, err := c.contents().PageContent(p, token, number)
			if err != nil {
				return c.failed(err)
			}
			for _, x := range got.Contents {
				if n := deref(x.FriendlyName); strings.HasPrefix(n, contentName) && contentSID.MatchString(deref(x.Sid)) {
					known[n] = *x.Sid
				}
			}
			next, err := url.Parse(deref(got.Meta.NextPageUrl))
			if err != nil || next.RawQuery == "" {
				break
			}
			token, number = next.Query().Get("PageToken"), next.Query().Get("Page")
		}
		q.known, q.read = known, true
	}
	if q.known[name] != "" {
		return nil
	}
	reply := content.TwilioQuickReply{Body: "{{1}}"}
	samples := map[string]string{"1": "Kabar"}
	for i, b := range all {
		reply.Actions = append(reply.Actions, content.QuickReplyAction{Type: "QUICK_REPLY", Title: b.Label, Id: fmt.Sprintf("{{%d}}", i+2)})
		samples[fmt.Sprint(i+2)] = "w:menu"
	}
	c := &call{ctx: ctx, a: a}
	p := &content.CreateContentParams{}
	p.SetContentCreateRequest(content.ContentCreateRequest{FriendlyName: name, Language: "id", Variables: samples, Types: content.Types{TwilioQuickReply: &reply}})
	made, err := c.contents().CreateContent(p)
	if err != nil {
		return c.failed(err)
	}
	if !contentSID.MatchString(deref(made.Sid)) {
		return fmt.Errorf("a content without an id")
	}
	q.known[name] = *made.Sid
	return nil
}

// nameOf names the content of these labels.
func nameOf(all []channels.Button) string {
	h := sha256.New()
	for _, b := range all {
		h.Write([]byte(b.Label + "\x00"))
	}
	return contentName + hex.EncodeToString(h.Sum(nil)[:12])
}

// quickReplyValues are the variables of that content: the text, then what each button sends back.
func quickReplyValues(text string, all []channels.Button) []string {
	out := []string{text}
	for _, b := range all {
		out = append(out, b.Data)
	}
	return out
}
