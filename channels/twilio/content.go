package twilio

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/kabar-prokus/kabar/channels"
)

// What WhatsApp shows of quick replies outside a template (console.md section 9), and the length of the text above them.
const (
	quickReplies    = 3
	quickReplyRunes = 20
	quickReplyBody  = 1024
)

// content sets what the message says: an approved template, a text with quick replies, or a plain text. Buttons that cannot
// be shown become lines below the text, with what can be typed instead.
func (a *Adapter) content(ctx context.Context, p *api.CreateMessageParams, m channels.Outbound) error {
	switch {
	case m.Via == channels.WhatsApp && m.Template != nil:
		return template(p, m.Template.ID, m.Template.Values)
	case m.Via == channels.WhatsApp && len(m.Buttons) > 0:
		all := flat(m.Buttons)
		if sid, ok := a.quickReplySID(ctx, m.Text, all); ok {
			return template(p, sid, quickReplyValues(m.Text, all))
		}
		p.SetBody(listed(m.Text, all))
	default:
		p.SetBody(m.Text)
	}
	return nil
}

// template sends a content of Twilio's with its variables, which are numbered from 1.
func template(p *api.CreateMessageParams, sid string, values []string) error {
	p.SetContentSid(sid)
	if len(values) == 0 {
		return nil
	}
	vars := make(map[string]string, len(values))
	for i, v := range values {
		vars[strconv.Itoa(i+1)] = v
	}
	b, err := json.Marshal(vars)
	if err != nil {
		return &channels.SendError{Kind: channels.Invalid, Code: "variables", Err: err}
	}
	p.SetContentVariables(string(b))
	return nil
}

func flat(rows [][]channels.Button) (all []channels.Button) {
	for _, row := range rows {
		all = append(all, row...)
	}
	return all
}

// listed writes buttons as lines: "1 Lapor jualan", or the label alone where it is what can be typed.
func listed(text string, all []channels.Button) string {
	var b strings.Builder
	b.WriteString(text)
	for _, button := range all {
		b.WriteByte('\n')
		if button.Key != "" {
			b.WriteString(button.Key + " ")
		}
		b.WriteString(button.Label)
	}
	return b.String()
}

// showable says whether WhatsApp shows buttons as quick replies: few, short, and no two alike.
func showable(text string, all []channels.Button) bool {
	if len(all) > quickReplies || utf8.RuneCountInString(text) > quickReplyBody {
		return false
	}
	seen := map[string]bool{}
	for _, b := range all {
		if b.Label == "" || utf8.RuneCountInString(b.Label) > quickReplyRunes || seen[b.Label] || strings.Contains(b.Label, "{{") {
			return false
		}
		seen[b.Label] = true
	}
	return true
}
