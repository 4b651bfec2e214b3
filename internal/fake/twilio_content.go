package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// twilioContent is one entry of Twilio's Content API: a text with variables and quick replies.
type twilioContent struct {
	sid, name, body string
	buttons         []twilioAction
	approved        bool   // for WhatsApp: may begin a conversation
	status          string // what WhatsApp says of it, where it is not approved
}

type twilioAction struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	ID    string `json:"id"`
}

// TwilioButton is a quick reply as it arrived: what it shows and what comes back as ButtonPayload.
type TwilioButton struct{ Title, Payload string }

// windowLength is how long WhatsApp takes free text after somebody has written.
const windowLength = 24 * time.Hour

// Approve adds an approved template, with titles of quick replies if it has some, and returns its SID.
func (t *Twilio) Approve(name, body string, titles ...string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := &twilioContent{sid: twilioSID("HX"), name: name, body: body, approved: true}
	for _, title := range titles {
		c.buttons = append(c.buttons, twilioAction{"QUICK_REPLY", title, strings.ToLower(title)})
	}
	t.contents = append(t.contents, c)
	return c.sid
}

// Disapprove takes an approval away: "pending", "rejected", "paused" …
func (t *Twilio) Disapprove(sid, status string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.contentOf(sid); c != nil {
		c.approved, c.status = false, status
	}
}

// contentOf finds an entry. t.mu is held.
func (t *Twilio) contentOf(sid string) *twilioContent {
	for _, c := range t.contents {
		if c.sid == sid {
			return c
		}
	}
	return nil
}

// serveApproval says what WhatsApp has decided about an entry.
func (t *Twilio) serveApproval(w http.ResponseWriter, sid string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.contentOf(sid)
	switch {
	case t.contentDown:
		w.WriteHeader(http.StatusServiceUnavailable)
	case c == nil:
		twilioRefusal{404, 20404, "The requested resource was not found"}.write(w)
	default:
		status := c.status
		if c.approved {
			status = "approved"
		} else if status == "" {
			status = "unsubmitted"
		}
		twilioJSON(w, 200, map[string]any{"sid": sid, "account_sid": t.sid, "url": t.url + "/v1/Content/" + sid + "/ApprovalRequests",
			"whatsapp": map[string]any{"type": "whatsapp", "name": c.name, "category": "UTILITY", "status": status, "rejection_reason": ""}})
	}
}

// Contents counts the entries that were made by the API.
func (t *Twilio) Contents() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range t.contents {
		if !c.approved {
			n++
		}
	}
	return n
}

// NoContents answers the Content API 503 from now on, or again as it should.
func (t *Twilio) NoContents(down bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.contentDown = down
}

// heardNow notes that somebody wrote by WhatsApp, which opens the window. t.mu is held.
func (t *Twilio) heardNow(from string) {
	if strings.HasPrefix(from, "whatsapp:") {
		t.heard[from] = t.now()
	}
}

// CloseWindow forgets that somebody wrote by WhatsApp.
func (t *Twilio) CloseWindow(number string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.heard, "whatsapp:"+number)
}

func (t *Twilio) serveContent(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.contentDown {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	switch r.Method {
	case http.MethodPost:
		t.createContent(w, r)
	case http.MethodGet:
		size, page := 50, 0
		if n, err := strconv.Atoi(r.URL.Query().Get("PageSize")); err == nil && n > 0 && n <= 500 {
			size = n
		}
		if n, err := strconv.Atoi(r.URL.Query().Get("Page")); err == nil && n > 0 {
			page = n
		}
		out, next := []map[string]any{}, any(nil)
		for i := page * size; i < len(t.contents) && len(out) < size; i++ {
			out = append(out, t.contents[i].json(t.sid))
		}
		if (page+1)*size < len(t.contents) {
			next = fmt.Sprintf("%s/v1/Content?PageSize=%d&Page=%d&PageToken=PT%d", t.url, size, page+1, page+1)
		}
		twilioJSON(w, 200, map[string]any{"contents": out, "meta": map[string]any{"page": page, "page_size": size, "next_page_url": next, "key": "contents"}})
	default:
		twilioRefusal{405, 20004, "Method not allowed"}.write(w)
	}
}

var twilioVariable = regexp.MustCompile(`\{\{([0-9]+)\}\}`)

func (t *Twilio) createContent(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name     string `json:"friendly_name"`
		Language string `json:"language"`
		Types    struct {
			QuickReply *struct {
				Body    string         `json:"body"`
				Actions []twilioAction `json:"actions"`
			} `json:"twilio/quick-reply"`
		} `json:"types"`
		Variables map[string]string `json:"variables"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in)
	q := in.Types.QuickReply
	ok := err == nil && r.Header.Get("Content-Type") == "application/json" && in.Name != "" && len(in.Language) == 2 && q != nil && q.Body != "" && len(q.Actions) >= 1 && len(q.Actions) <= 10
	if ok {
		for _, a := range q.Actions {
			ok = ok && a.Title != "" && utf8.RuneCountInString(a.Title) <= 20 && utf8.RuneCountInString(a.ID) <= 200
		}
	}
	if !ok {
		twilioRefusal{400, 20001, "Invalid content"}.write(w)
		return
	}
	c := &twilioContent{sid: twilioSID("HX"), name: in.Name, body: q.Body, buttons: q.Actions}
	t.contents = append(t.contents, c)
	twilioJSON(w, 201, c.json(t.sid))
}

func (c *twilioContent) json(account string) map[string]any {
	return map[string]any{
		"sid": c.sid, "account_sid": account, "friendly_name": c.name, "language": "id", "variables": map[string]string{},
		"types": map[string]any{"twilio/quick-reply": map[string]any{"body": c.body, "actions": c.buttons}},
		"url":   "https://content.twilio.com/v1/Content/" + c.sid, "date_created": "2026-01-01T00:00:00Z", "date_updated": "2026-01-01T00:00:00Z",
	}
}

// fill makes the text and buttons of a message from a content, as strictly as WhatsApp does. t.mu is held.
func (t *Twilio) fill(m *TwilioMessage, f url.Values) *twilioRefusal {
	var c *twilioContent
	for _, x := range t.contents {
		if x.sid == f.Get("ContentSid") {
			c = x
		}
	}
	if c == nil {
		return &twilioRefusal{400, 21655, "The ContentSid is invalid"}
	}
	vars := map[string]string{}
	if v := f.Get("ContentVariables"); v != "" && json.Unmarshal([]byte(v), &vars) != nil {
		return &twilioRefusal{400, 21656, "The ContentVariables are invalid"}
	}
	missing := false
	put := func(s string) string {
		return twilioVariable.ReplaceAllStringFunc(s, func(name string) string {
			v, ok := vars[strings.Trim(name, "{}")]
			// An approved template takes no empty values, no new lines, and no runs of blanks.
			if !ok || v == "" || c.approved && (strings.ContainsAny(v, "\n\t") || strings.Contains(v, "    ")) {
				missing = true
			}
			return v
		})
	}
	m.Body, m.Template = put(c.body), c.name
	for _, a := range c.buttons {
		m.Buttons = append(m.Buttons, TwilioButton{a.Title, put(a.ID)})
	}
	m.approved = c.approved
	switch {
	case missing:
		return &twilioRefusal{400, 21656, "The ContentVariables are invalid"}
	case !c.approved && len(c.buttons) > 3:
		return &twilioRefusal{400, 63013, "More than three buttons without approval"}
	}
	return nil
}

// closed is true for what WhatsApp will not deliver: free text to somebody who has not written for a day. Twilio takes it
// and reports the failure afterwards. t.mu is held.
func (t *Twilio) closed(m *TwilioMessage) bool {
	at, ok := t.heard[m.To]
	return strings.HasPrefix(m.To, "whatsapp:") && !m.approved && (!ok || t.now().Sub(at) >= windowLength)
}

// Press is what Twilio posts when somebody presses a quick reply of a message; it panics if there is none of that title.
func (t *Twilio) Press(from, to, title, sid string) url.Values {
	t.mu.Lock()
	m := t.message(sid)
	t.mu.Unlock()
	for _, b := range m.Buttons {
		if b.Title == title {
			f := t.InboundForm(from, to, title, "")
			f.Set("ButtonText", title)
			f.Set("ButtonPayload", b.Payload)
			f.Set("OriginalRepliedMessageSid", sid)
			f.Set("OriginalRepliedMessageSender", to)
			return f
		}
	}
	panic("fake: no button " + title)
}
