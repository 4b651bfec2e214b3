package fake

import (
	"encoding/json"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const smsgateDate = "2006-01-02T15:04:05.000Z07:00" // the app's dates

// ServeHTTP is the part of the app's API that sends messages and tells about them.
func (p *smsgatePhone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	user, pass, ok := r.BasicAuth()
	id, one := strings.CutPrefix(r.URL.Path, "/messages/")
	switch {
	case r.URL.Path == "/health" && r.Method == http.MethodGet: // the only one without credentials
		p.owner.mu.Lock()
		body := p.health()
		p.owner.mu.Unlock()
		smsgateJSON(w, http.StatusOK, body)
	case !ok || user != p.Login || pass != p.Password:
		if r.Method == http.MethodPost {
			p.owner.count()
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="Access to SMS Gateway", charset=UTF-8`)
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method == http.MethodPost && (r.URL.Path == "/messages" || r.URL.Path == "/message"):
		p.create(w, r)
	case r.Method == http.MethodGet && one && id != "":
		p.fetch(w, id)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (g *SMSGate) count() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls++
}

// smsgatePost is a call as the app reads it.
type smsgatePost struct {
	ID          string   `json:"id"`
	Message     *string  `json:"message"`
	Numbers     []string `json:"phoneNumbers"`
	SIM         *int     `json:"simNumber"`
	Report      *bool    `json:"withDeliveryReport"`
	Encrypted   bool     `json:"isEncrypted"`
	Priority    int      `json:"priority"`
	Device      string   `json:"deviceId"`
	TTL         *int     `json:"ttl"`
	ValidUntil  *string  `json:"validUntil"`
	TextMessage *struct {
		Text string `json:"text"`
	} `json:"textMessage"`
}

func (p *smsgatePhone) create(w http.ResponseWriter, r *http.Request) {
	g := p.owner
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var post smsgatePost
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	decoder.DisallowUnknownFields() // the app ignores them; here a misspelt name is a fault of the caller
	bad := decoder.Decode(&post)
	g.mu.Lock()
	g.calls++
	var plan smsgatePlan
	if len(g.plans) > 0 {
		plan, g.plans = g.plans[0], g.plans[1:]
	}
	if plan.status != 0 || (plan.hang || plan.reset) && !plan.accept {
		g.mu.Unlock()
		plan.play(w, r, g.done)
		return
	}
	var m *SMSGateMessage
	status, words := http.StatusBadRequest, ""
	switch {
	case err != nil || t != "application/json":
		g.mu.Unlock()
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	case bad != nil:
		words = "Failed to convert request body: " + bad.Error()
	default:
		m, status, words = p.accept(post)
	}
	if words != "" {
		g.mu.Unlock()
		smsgateJSON(w, status, map[string]string{"message": words})
		return
	}
	m.AnswerLost = plan.hang || plan.reset
	g.messages = append(g.messages, m)
	body := m.json()
	if p.limit == 0 {
		m.State, m.Reason = "Failed", "Send result: RESULT_ERROR_LIMIT_EXCEEDED (Failed because we reached the sending queue limit)"
	} else if p.limit > 0 {
		p.limit--
	}
	g.mu.Unlock()
	if plan.play(w, r, g.done) {
		return
	}
	smsgateJSON(w, http.StatusAccepted, body)
	g.report(m)
}

var (
	smsgateNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	smsgateID     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,36}$`)
)

// accept makes a call's message, or tells in the app's words why not. It judges as the app does, and about numbers and ids as the servers do, which are stricter. g.mu is held.
func (p *smsgatePhone) accept(c smsgatePost) (m *SMSGateMessage, status int, words string) {
	no := func(words string) (*SMSGateMessage, int, string) {
		return nil, http.StatusBadRequest, words
	}
	switch {
	case (c.TextMessage == nil) == (c.Message == nil):
		return no("Must specify exactly one of: textMessage, dataMessage, or message")
	case c.TextMessage != nil && c.TextMessage.Text == "", c.Message != nil && *c.Message == "":
		return no("Text message is empty")
	case len(c.Numbers) == 0:
		return no("Empty phone numbers list")
	case len(c.Numbers) > 1:
		return no("one message, one number: several cannot be told apart in the answers")
	case !smsgateNumber.MatchString(c.Numbers[0]):
		return no("failed to use phone in row 1: invalid phone number")
	case c.SIM != nil && (*c.SIM < 1 || *c.SIM > len(p.SIMs)):
		return no("SIM number cannot be less than 1 or more than there are")
	case c.Device != "" && c.Device != p.Device:
		return no("Invalid device ID")
	case c.TTL != nil && c.ValidUntil != nil:
		return no("fields conflict: ttl and validUntil")
	case c.TTL != nil && *c.TTL < 5:
		return no("message already expired")
	case c.Priority < -128 || c.Priority > 127:
		return no("priority out of range")
	case !smsgateID.MatchString(c.ID):
		return no("invalid id")
	case p.owner.message(p.Device, c.ID) != nil:
		return nil, http.StatusConflict, "Message already exists"
	}
	m = &SMSGateMessage{
		ID: c.ID, Device: p.Device, To: c.Numbers[0], SIM: 1, Priority: c.Priority, Report: c.Report == nil || *c.Report,
		State: "Pending", At: p.owner.now(),
	}
	if c.TextMessage != nil {
		m.Text = c.TextMessage.Text
	} else {
		m.Text = *c.Message
	}
	if c.SIM != nil {
		m.SIM = *c.SIM
	}
	if c.TTL != nil {
		m.TTL = *c.TTL
	}
	return m, 0, ""
}

func (p *smsgatePhone) fetch(w http.ResponseWriter, id string) {
	p.owner.mu.Lock()
	m := p.owner.message(p.Device, id)
	var body map[string]any
	if m != nil {
		body = m.json()
	}
	p.owner.mu.Unlock()
	if body == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	smsgateJSON(w, http.StatusOK, body)
}

func (m *SMSGateMessage) json() map[string]any {
	recipient := map[string]any{"phoneNumber": m.To, "state": m.State}
	if m.Reason != "" {
		recipient["error"] = m.Reason
	}
	return map[string]any{
		"id": m.ID, "deviceId": m.Device, "state": m.State, "isHashed": false, "isEncrypted": false,
		"textMessage": map[string]string{"text": m.Text}, "recipients": []any{recipient},
		"states": map[string]string{m.State: m.At.Format(smsgateDate)},
	}
}

// health is what the phone tells about itself, at /health and in pings. g.mu is held.
func (p *smsgatePhone) health() map[string]any {
	check := func(value int, unit string, fine bool) map[string]any {
		return map[string]any{"observedValue": value, "observedUnit": unit, "status": map[bool]string{true: "pass", false: "warn"}[fine], "description": unit}
	}
	charging := 0
	if p.charging {
		charging = 1 + 4 // by USB
	}
	return map[string]any{
		"status": map[bool]string{true: "pass", false: "warn"}[p.battery >= 25], "version": "1.60.0", "releaseId": 160,
		"checks": map[string]any{
			"battery:level": check(p.battery, "percent", p.battery >= 25), "battery:charging": check(charging, "flags", true),
			"connection:status": check(1, "boolean", true), "messages:failed": check(0, "messages", true),
		},
	}
}

func smsgateJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
