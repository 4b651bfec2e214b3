package bot_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows/text"
)

// The chat of a transcript. "U> [Label]" presses the newest button of that name, "U> {Label}" a key of the reply keyboard,
// "U> (photo) words" and "U> (voice note)" send media. "T>" is a message with its [buttons] and {keys}, "T*>" a message that
// replaced another, "!>" what is shown over the button.

// freshToken is a one-time link's: another one each time.
var freshToken = regexp.MustCompile(`start=[A-Za-z0-9_-]{22}\b`)

// chatButton is a button that the chat shows, or showed.
type chatButton struct{ label, data, message string }

// chatID is somebody's chat, linked on the first message.
func (p *player) chatID() string {
	id := "tg" + p.number()
	owner := `SELECT person_id, NULL::bigint FROM address WHERE kind = 'phone' AND value = $2 AND person_id IS NOT NULL`
	if p.one(`SELECT count(*) FROM address WHERE kind = 'phone' AND value = $1 AND staff_id IS NOT NULL`, p.number()) > 0 {
		owner = `SELECT NULL::bigint, staff_id FROM address WHERE kind = 'phone' AND value = $2 AND staff_id IS NOT NULL`
	}
	p.exec(`INSERT INTO address (person_id, staff_id, kind, value, linked_at) SELECT x.*, 'telegram', $1, $3 FROM (`+owner+`) x
		WHERE NOT EXISTS (SELECT 1 FROM address WHERE kind = 'telegram' AND value = $1)`, id, p.number(), p.clock())
	return id
}

// tap sends what she types, presses or shares in the chat and notes what the chat shows then.
func (p *player) tap(txt string) {
	var in channels.Inbound
	if p.channel == string(channels.WhatsApp) {
		in = p.inbound(p.number(), channels.WhatsApp, txt)
	} else {
		in = p.inbound(p.chatID(), channels.Telegram, txt)
		in.Channel = "telegram"
	}
	switch {
	case strings.HasPrefix(txt, "[") && strings.HasSuffix(txt, "]"):
		i := slices.IndexFunc(p.buttons, func(b chatButton) bool { return b.label == txt[1:len(txt)-1] })
		if i < 0 {
			p.t.Fatalf("no button %s", txt)
		}
		in.Kind, in.Text, in.Raw, in.Choice, in.Ref = channels.Choice, "", nil, p.buttons[i].data, p.buttons[i].message
	case strings.HasPrefix(txt, "{"):
		in.Text = strings.Trim(txt, "{}")
		in.Raw = []byte(in.Text)
	case strings.HasPrefix(txt, "(contact"):
		shareContact(&in, txt)
	case strings.HasPrefix(txt, "(photo)"), strings.HasPrefix(txt, "(voice note"):
		kind, words, _ := strings.Cut(txt, ")")
		in.Kind, in.MediaKind, in.Media, in.Text = channels.Media, "photo", "file-1", strings.TrimSpace(words)
		if strings.HasPrefix(kind, "(voice") {
			in.MediaKind = "voice"
		}
	}
	r := p.handle(in)
	if r.Toast != "" {
		p.out = append(p.out, "!> "+r.Toast)
	}
	if r.EditText != "" {
		p.show("T*> ", r.EditText, r.EditButtons, nil, in.Ref)
	}
	p.chatted(r, in.From)
}

// chatted notes the messages that a turn caused, in the chat and elsewhere.
func (p *player) chatted(r channels.Reply, chat string) {
	rows, err := p.pool.Query(p.ctx, `SELECT id::text, text_key, args, lang, via, coalesce(buttons, '{}'), keyboard, coalesce(edits::text, ''), picture IS NOT NULL
		FROM outbox WHERE cause = $1 AND recipient = $2 AND not_before <= $3 ORDER BY seq`, r.Inbox, chat, p.clock())
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, key, lang, via, keyboard, edits string
		var args text.Args
		var raw []byte
		var picture bool
		if err := rows.Scan(&id, &key, &args, &lang, &via, &raw, &keyboard, &edits, &picture); err != nil {
			p.t.Fatal(err)
		}
		said, err := p.text.Render(key, lang, args, text.Route{Via: via, MaxParts: 1})
		if err != nil {
			p.t.Fatalf("render %s: %v", key, err)
		}
		var shown struct {
			Options []struct {
				Key, Label string
				Args       text.Args
			}
			Commands []string
			Links    []struct{ Label, URL string }
		}
		if err := json.Unmarshal(raw, &shown); err != nil {
			p.t.Fatal(err)
		}
		var row []channels.Button
		for _, o := range shown.Options {
			row = append(row, channels.Button{Label: p.text.LabelOn(o.Label, lang, via, o.Args), Data: "o:" + id + ":" + o.Key})
		}
		for _, c := range shown.Commands {
			row = append(row, channels.Button{Label: p.text.LabelOn("button."+c, lang, via, nil), Data: "w:" + c})
		}
		for _, l := range shown.Links {
			row = append(row, channels.Button{Label: p.text.LabelOn(l.Label, lang, via, nil), URL: l.URL})
		}
		mark, ref := "T> ", id
		if edits != "" {
			mark, ref = "T*> ", edits
		}
		var keys []string
		if keyboard == "menu" {
			for _, k := range []string{"menu.report", "menu.status", "menu.schedule", "menu.help"} {
				keys = append(keys, p.text.LabelOn(k, lang, via, nil))
			}
		}
		if keyboard == "contact" {
			keys = append(keys, p.text.LabelOn("keyboard.share_phone", lang, via, nil))
		}
		if picture {
			mark += "(gambar) "
		}
		p.show(mark, said.Text, [][]channels.Button{row}, keys, ref)
	}
	for _, s := range p.caused(r) {
		if s.to != chat {
			p.out = append(p.out, "N> <"+s.to+"> "+strings.ReplaceAll(s.text, "\n", `\n`))
		}
	}
}

// show notes a message as the chat shows it. Buttons that were there before stay pressable, as in a client that is behind.
func (p *player) show(mark, words string, buttons [][]channels.Button, keys []string, message string) {
	line := mark + strings.ReplaceAll(words, "\n", `\n`)
	var now []chatButton
	for _, row := range buttons {
		for _, b := range row {
			line += " [" + b.Label + "]"
			now = append(now, chatButton{b.Label, b.Data, message})
		}
	}
	for _, k := range keys {
		line += " {" + k + "}"
	}
	p.buttons = append(now, p.buttons...)
	p.out = append(p.out, freshToken.ReplaceAllString(line, "start=(22 huruf)"))
}
