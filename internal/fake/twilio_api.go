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

// ServeHTTP is the part of Twilio's REST API that sends and lists messages.
func (t *Twilio) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := "/2010-04-01/Accounts/" + t.sid + "/Messages"
	user, pass, ok := r.BasicAuth()
	switch {
	case strings.HasPrefix(r.URL.Path, twilioStored):
		t.serveStored(w, r)
	case !ok || user != t.sid || pass != t.token:
		w.Header().Set("WWW-Authenticate", `Basic realm="Twilio API"`)
		if r.Method == http.MethodPost {
			t.mu.Lock()
			t.calls++
			t.mu.Unlock()
		}
		twilioRefusal{401, 20003, "Authenticate"}.write(w)
	case strings.HasPrefix(r.URL.Path, "/v1/Content/") && strings.HasSuffix(r.URL.Path, "/ApprovalRequests") && r.Method == http.MethodGet:
		t.serveApproval(w, strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, "/v1/Content/"), "/ApprovalRequests"))
	case r.URL.Path == "/v1/Content":
		t.serveContent(w, r)
	case r.URL.Path == path+".json" && r.Method == http.MethodPost:
		t.create(w, r)
	case r.URL.Path == path+".json" && r.Method == http.MethodGet:
		t.list(w, r)
	case strings.HasPrefix(r.URL.Path, path+"/") && strings.Contains(r.URL.Path, "/Media/") && r.Method == http.MethodGet:
		t.serveMedia(w, r, strings.TrimPrefix(r.URL.Path, strings.TrimSuffix(path, "/Messages")))
	case strings.HasPrefix(r.URL.Path, path+"/") && r.Method == http.MethodGet:
		t.fetch(w, strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, path+"/"), ".json"))
	case r.URL.Path == path+".json":
		twilioRefusal{405, 20004, "Method not allowed"}.write(w)
	default:
		twilioRefusal{404, 20404, "The requested resource was not found"}.write(w)
	}
}

func (t *Twilio) create(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
	err := r.ParseForm()
	t.mu.Lock()
	t.calls++
	p := t.next()
	broken := p.refusal.status != 0 || (p.hang || p.reset) && !p.accept
	if broken {
		t.mu.Unlock()
		t.play(w, r, p)
		return
	}
	m, refusal := t.accept(r.PostForm)
	if err != nil {
		refusal = &twilioRefusal{400, 20001, "Invalid form"}
	}
	if refusal != nil {
		t.mu.Unlock()
		refusal.write(w)
		return
	}
	m.AnswerLost = p.hang || p.reset
	t.messages = append(t.messages, m)
	body := m.json(t.sid)
	t.mu.Unlock()
	if t.play(w, r, p) {
		return
	}
	twilioJSON(w, 201, body)
	t.report(m)
}

// report begins the callbacks of a new message, unless the double is being closed.
func (t *Twilio) report(m *TwilioMessage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	select {
	case <-t.done:
	default:
		if t.closed(m) {
			if m.Status, m.ErrorCode = "failed", 63016; m.StatusCallback != "" {
				t.background.Go(func() { t.fails(m.SID, 63016) })
			}
			return
		}
		if states := t.auto; m.StatusCallback != "" && len(states) > 0 {
			t.background.Go(func() { t.callbacks(m.SID, states) })
		}
	}
}

var (
	twilioNumber  = regexp.MustCompile(`^(whatsapp:)?\+[1-9][0-9]{6,14}$`)
	twilioSender  = regexp.MustCompile(`^((whatsapp:)?\+[1-9][0-9]{6,14}|[0-9]{3,8}|[A-Za-z0-9 ]{1,11})$`)
	twilioService = regexp.MustCompile(`^MG[0-9a-f]{32}$`)
)

// accept judges a call as Twilio does and makes its message. t.mu is held.
func (t *Twilio) accept(f url.Values) (*TwilioMessage, *twilioRefusal) {
	no := func(code int, message string) (*TwilioMessage, *twilioRefusal) {
		return nil, &twilioRefusal{400, code, message}
	}
	m := &TwilioMessage{
		SID: twilioSID("SM"), To: f.Get("To"), From: f.Get("From"), Body: f.Get("Body"),
		MessagingServiceSID: f.Get("MessagingServiceSid"), StatusCallback: f.Get("StatusCallback"),
		Status: "queued", ValidityPeriod: 36000, At: t.now(),
	}
	if v := f.Get("ValidityPeriod"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 36000 {
			return no(21621, "The ValidityPeriod is out of range")
		}
		m.ValidityPeriod = n
	}
	callback, err := url.Parse(m.StatusCallback)
	plain := strings.TrimPrefix(m.To, "whatsapp:")
	switch {
	case m.To == "":
		return no(21604, "A 'To' phone number is required.")
	case !twilioNumber.MatchString(m.To):
		return no(21211, "The 'To' number "+m.To+" is not a valid phone number.")
	case m.From == "" && m.MessagingServiceSID == "":
		return no(21603, "A 'From' phone number is required.")
	case m.From != "" && !twilioSender.MatchString(m.From):
		return no(21212, "The 'From' number is not a valid phone number, shortcode, or alphanumeric sender ID.")
	case m.MessagingServiceSID != "" && !twilioService.MatchString(m.MessagingServiceSID):
		return no(21701, "The Messaging Service does not exist")
	case m.To == m.From:
		return no(21266, "'To' and 'From' number cannot be the same")
	case m.From != "" && strings.HasPrefix(m.To, "whatsapp:") != strings.HasPrefix(m.From, "whatsapp:"):
		return no(63007, "Twilio could not find a Channel with the specified From address")
	case m.Body == "" && f.Get("ContentSid") == "":
		return no(21602, "Message body is required.")
	case utf8.RuneCountInString(m.Body) > 1600:
		return no(21617, "The concatenated message body exceeds the 1600 character limit")
	case m.StatusCallback != "" && (err != nil || callback.Host == "" || strings.Contains(callback.Hostname(), "_")):
		return no(21609, "The StatusCallback URL is not a valid URL.")
	}
	if refusal, ok := t.numbers[plain]; ok {
		return nil, &refusal
	}
	if f.Get("ContentSid") != "" {
		if refusal := t.fill(m, f); refusal != nil {
			return nil, refusal
		}
	}
	m.Segments = twilioSegments(m.Body)
	if m.MessagingServiceSID != "" {
		m.Status = "accepted"
	}
	return m, nil
}

func (m *TwilioMessage) json(account string) map[string]any {
	date := m.At.UTC().Format(time.RFC1123Z)
	out := map[string]any{
		"account_sid": account, "api_version": "2010-04-01", "body": m.Body, "date_created": date, "date_updated": date,
		"date_sent": nil, "direction": "outbound-api", "error_code": nil, "error_message": nil, "from": nil,
		"messaging_service_sid": nil, "num_media": "0", "num_segments": strconv.Itoa(m.Segments), "price": nil,
		"price_unit": "USD", "sid": m.SID, "status": m.Status, "to": m.To, "subresource_uris": map[string]any{},
		"uri": fmt.Sprintf("/2010-04-01/Accounts/%s/Messages/%s.json", account, m.SID),
	}
	if m.From != "" {
		out["from"] = m.From
	}
	if m.MessagingServiceSID != "" {
		out["messaging_service_sid"] = m.MessagingServiceSID
	}
	if m.ErrorCode != 0 {
		out["error_code"] = m.ErrorCode
	}
	if m.Status != "queued" && m.Status != "accepted" {
		out["date_sent"] = date
	}
	return out
}

func (r twilioRefusal) write(w http.ResponseWriter) {
	twilioJSON(w, r.status, map[string]any{
		"code": r.code, "message": r.message, "status": r.status,
		"more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", r.code),
	})
}

func twilioJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
