package fake

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Desk is the page and the API of a demo with doubles: what each provider took, and a way to write through it as a person
// would. A nil double is a provider that is real, or off.
type Desk struct {
	Base   string // where the service answers
	Public string // the address that it believes to have, over which Twilio signs

	Twilio           *Twilio
	Number, WhatsApp string // ours at Twilio
	Telegram         *Telegram
	SMSGate          *SMSGate
	Device           string // the phone that people write to
	Aggregator       *Aggregator
	Gateway, Own     string // the name of its route, and our number there
	SMSC             *SMSC
	ShortCode        string
}

// DeskMessage is one message as a provider took it.
type DeskMessage struct {
	At       time.Time `json:"at"`
	To       string    `json:"to"`
	Text     string    `json:"text"`
	State    string    `json:"state,omitempty"`
	Template string    `json:"template,omitempty"`
	Buttons  []string  `json:"buttons,omitempty"`
}

// DeskWrite is what a person does: write, or press a button by its label; or what is to go wrong with the provider's next calls.
type DeskWrite struct {
	From  string `json:"from"` // +62…, or a chat's number at Telegram
	Text  string `json:"text"`
	Press string `json:"press"`
	Fault string `json:"fault"`
}

// deskRows bounds what is shown of each provider.
const deskRows = 100

// Providers are the doubles that run, in the order of the page.
func (d *Desk) Providers() (names []string) {
	for _, p := range []struct {
		name string
		on   bool
	}{
		{"twilio", d.Twilio != nil}, {"whatsapp", d.Twilio != nil && d.WhatsApp != ""}, {"telegram", d.Telegram != nil},
		{"smsgate", d.SMSGate != nil}, {"gateway", d.Aggregator != nil}, {"smpp", d.SMSC != nil},
	} {
		if p.on {
			names = append(names, p.name)
		}
	}
	return names
}

// Messages are the newest that a provider took, newest first.
func (d *Desk) Messages(provider string) (out []DeskMessage) {
	switch provider {
	case "twilio", "whatsapp":
		for _, m := range d.Twilio.Messages() {
			to, wa := strings.CutPrefix(m.To, "whatsapp:")
			if wa != (provider == "whatsapp") {
				continue
			}
			x := DeskMessage{At: m.At, To: to, Text: m.Body, State: m.Status, Template: m.Template}
			if m.ErrorCode != 0 {
				x.State += " " + strconv.Itoa(m.ErrorCode)
			}
			for _, b := range m.Buttons {
				x.Buttons = append(x.Buttons, b.Title)
			}
			out = append(out, x)
		}
	case "telegram":
		for _, m := range d.Telegram.Sent() {
			x := DeskMessage{At: m.At, To: strconv.FormatInt(m.Chat, 10), Text: m.Text}
			for _, row := range m.Buttons {
				for _, b := range row {
					x.Buttons = append(x.Buttons, b.Label)
				}
			}
			out = append(out, x)
		}
	case "smsgate":
		for _, m := range d.SMSGate.Messages() {
			out = append(out, DeskMessage{At: m.At, To: m.To, Text: m.Text, State: strings.TrimSpace(m.State + " " + m.Device)})
		}
	case "gateway":
		for _, m := range d.Aggregator.Messages() {
			out = append(out, DeskMessage{At: m.At, To: m.To, Text: m.Text})
		}
	case "smpp":
		for _, m := range d.SMSC.Submits() {
			out = append(out, DeskMessage{At: m.At, To: "+" + strings.TrimPrefix(m.To, "+"), Text: m.Text, State: fmt.Sprintf("%d/%d", m.Part, m.Parts)})
		}
	}
	slices.Reverse(out)
	return out[:min(len(out), deskRows)]
}

// Write lets a person write through a provider and returns the status with which the service answered it.
func (d *Desk) Write(ctx context.Context, provider string, w DeskWrite) (status int, err error) {
	if !slices.Contains(d.Providers(), provider) {
		return 0, errors.New("no such double")
	}
	if w.Fault != "" {
		return http.StatusOK, d.Break(provider, w.Fault)
	}
	now := time.Now()
	switch provider {
	case "twilio", "whatsapp":
		from, to := w.From, d.Number
		if provider == "whatsapp" {
			from, to = "whatsapp:"+from, "whatsapp:"+d.WhatsApp
		}
		form := d.Twilio.InboundForm(from, to, w.Text, "")
		if w.Press != "" {
			sid, ok := d.shown(w.From, w.Press)
			if !ok {
				return 0, fmt.Errorf("no message to %s has a button %q", w.From, w.Press)
			}
			form = d.Twilio.Press(from, to, w.Press, sid)
		}
		r := d.Twilio.Request(d.Public+"/channels/twilio/messages", form)
		if u, err := url.Parse(d.Base); err == nil {
			r.URL.Scheme, r.URL.Host, r.Host = u.Scheme, u.Host, u.Host
		}
		return d.Twilio.post(ctx, r)
	case "telegram":
		chat, err := strconv.ParseInt(w.From, 10, 64)
		switch {
		case err != nil || chat <= 0:
			return 0, errors.New("a chat is a number such as 77001")
		case w.Press == "":
			d.Telegram.SendText(chat, w.Text)
		case !d.Telegram.PressLabel(chat, w.Press):
			return 0, fmt.Errorf("the chat shows no button %q", w.Press)
		}
		return http.StatusOK, nil
	case "smsgate":
		return d.SMSGate.Deliver(ctx, d.Base+"/channels/smsgate", d.SMSGate.Received(d.Device, 1, w.From, w.Text, now))
	case "gateway":
		r := d.Aggregator.Inbound(d.Base+"/channels/gateway/"+d.Gateway, w.From, d.Own, w.Text, "in-"+strconv.FormatInt(now.UnixNano(), 36), now)
		res, err := http.DefaultClient.Do(r.WithContext(ctx))
		if err != nil {
			return 0, err
		}
		return res.StatusCode, res.Body.Close()
	}
	answer, err := d.SMSC.Deliver(SMSCInbound{From: strings.TrimPrefix(w.From, "+"), FromTON: 1, To: d.ShortCode, Text: w.Text}, 10*time.Second)
	if err == nil && answer != 0 {
		err = fmt.Errorf("deliver_sm was answered with 0x%02X", answer)
	}
	return http.StatusOK, err
}

// shown finds the newest WhatsApp message with a button.
func (d *Desk) shown(to, title string) (sid string, ok bool) {
	for _, m := range slices.Backward(d.Twilio.To(to)) {
		if slices.ContainsFunc(m.Buttons, func(b TwilioButton) bool { return b.Title == title }) {
			return m.SID, true
		}
	}
	return "", false
}

//go:embed desk.html
var deskHTML string

// Routes are the page at /doubles and the API below it. Only for a demo: anybody can write in anybody's name.
func (d *Desk) Routes() http.Handler {
	page := template.Must(template.New("desk").Parse(deskHTML))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /doubles", func(w http.ResponseWriter, r *http.Request) {
		all := map[string][]DeskMessage{}
		for _, p := range d.Providers() {
			all[p] = d.Messages(p)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
		w.Header().Set("Cache-Control", "no-store")
		_ = page.Execute(w, map[string]any{"Providers": d.Providers(), "Messages": all, "Said": r.URL.Query().Get("said"), "Faults": DeskFaults()})
	})
	mux.HandleFunc("POST /doubles", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		said := ""
		if status, err := d.Write(r.Context(), r.FormValue("provider"), DeskWrite{strings.TrimSpace(r.FormValue("from")), r.FormValue("text"), r.FormValue("press"), r.FormValue("fault")}); err != nil {
			said = err.Error()
		} else {
			said = fmt.Sprintf("answered %d", status)
		}
		http.Redirect(w, r, "/doubles?said="+url.QueryEscape(said)+"#"+url.PathEscape(r.FormValue("provider")), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /doubles/api/{provider}", func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(d.Providers(), r.PathValue("provider")) {
			http.NotFound(w, r)
			return
		}
		out := d.Messages(r.PathValue("provider"))
		if out == nil {
			out = []DeskMessage{}
		}
		deskJSON(w, http.StatusOK, out)
	})
	mux.HandleFunc("POST /doubles/api/{provider}", func(w http.ResponseWriter, r *http.Request) {
		var in DeskWrite
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10)).Decode(&in); err != nil {
			deskJSON(w, http.StatusBadRequest, map[string]string{"error": "JSON with from and text or press is needed"})
			return
		}
		status, err := d.Write(r.Context(), r.PathValue("provider"), in)
		if err != nil {
			deskJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": err.Error()})
			return
		}
		deskJSON(w, http.StatusOK, map[string]int{"answered": status})
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

func deskJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
