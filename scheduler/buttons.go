package scheduler

import (
	"encoding/json"
	"fmt"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/bahasa"
)

// keys is how an outbox row keeps what a channel with buttons shows.
type keys struct {
	Options []struct {
		Key   string    `json:"key"`
		Label string    `json:"label"`
		Args  text.Args `json:"args"`
	} `json:"options"`
	Commands []string `json:"commands"`
	Links    []struct {
		Label string `json:"label"`
		URL   string `json:"url"`
	} `json:"links"` // staff only, and only where a link is a key
	Case int64    `json:"case"`
	Acts []string `json:"acts"` // letters of what can be done about the case
	// Broadcast offers seats: its buttons last as long as the offer, whatever is asked meanwhile.
	Broadcast int64 `json:"broadcast"`
	Review    int64 `json:"review"` // a broadcast that waits for whoever gets this
}

// menuKeys is the reply keyboard named "menu" (J1-TG-01), two keys a row; actLabels name the letters of the worklist.
var (
	menuKeys  = [][]string{{"menu.report", "menu.status"}, {"menu.schedule", "menu.help"}}
	actLabels = map[string]string{"h": "worklist.contacted", "k": "worklist.visited", "t": "worklist.snooze", "e": "worklist.forward"}
)

// withButtons adds the keys of a row for channels that show them: options answer the question that this row asks, commands
// stand for a word, acts concern a case.
func (s *Scheduler) withButtons(out channels.Outbound, f Facts) (channels.Outbound, error) {
	via, lang := string(out.Via), string(f.Lang)
	if len(f.Buttons) > 0 {
		var k keys
		if err := json.Unmarshal(f.Buttons, &k); err != nil {
			return out, fmt.Errorf("buttons: %w", err)
		}
		var row []channels.Button
		add := func(label, data, key string) {
			if row = append(row, channels.Button{Label: label, Data: data, Key: key}); len(row) == 3 {
				out.Buttons, row = append(out.Buttons, row), nil
			}
		}
		for _, o := range k.Options {
			add(s.Texts.LabelOn(o.Label, lang, via, o.Args), "o:"+f.ID+":"+o.Key, o.Key)
		}
		for _, a := range k.Acts {
			add(s.Texts.LabelOn(actLabels[a], lang, via, nil), fmt.Sprintf("c:%d:%s", k.Case, a), "")
		}
		if k.Broadcast != 0 {
			add(s.Texts.LabelOn("offer.join_button", lang, via, nil), fmt.Sprintf("b:%d:y", k.Broadcast), "")
			add(s.Texts.LabelOn("offer.decline_button", lang, via, nil), fmt.Sprintf("b:%d:n", k.Broadcast), "")
		}
		if k.Review != 0 {
			add(s.Texts.LabelOn("approval.read_button", lang, via, nil), fmt.Sprintf("v:%d:r", k.Review), "")
			if s.PublicURL != "" && f.Staff != 0 && out.Via == channels.Telegram {
				row = append(row, channels.Button{Label: s.Texts.LabelOn("button.in_console", lang, via, nil), URL: fmt.Sprintf("%s/siaran/%d", s.PublicURL, k.Review)})
			}
			add(s.Texts.LabelOn("approval.refuse_button", lang, via, nil), fmt.Sprintf("v:%d:n", k.Review), "")
		}
		for _, c := range k.Commands {
			add(s.Texts.LabelOn("button."+c, lang, via, nil), "w:"+c, "")
		}
		for _, l := range k.Links {
			if f.Staff != 0 && out.Via == channels.Telegram {
				row = append(row, channels.Button{Label: s.Texts.LabelOn(l.Label, lang, via, nil), URL: l.URL})
			}
		}
		if row != nil {
			out.Buttons = append(out.Buttons, row)
		}
	}
	switch f.Keyboard {
	case "menu":
		out.Hint = s.Texts.LabelOn("keyboard.hint", lang, via, nil)
		for _, row := range menuKeys {
			var labels []string
			for _, key := range row {
				labels = append(labels, s.Texts.LabelOn(key, lang, via, nil))
			}
			out.Keys = append(out.Keys, labels)
		}
	case "contact", "share_phone":
		out.AskPhone = s.Texts.LabelOn("keyboard.share_phone", lang, via, nil)
	}
	return out, nil
}

func segments(s string) int {
	parts, _, _ := bahasa.Segments(s)
	return max(parts, 1)
}
