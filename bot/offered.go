package bot

import (
	"strings"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// exact answers an open question whose option the whole message is: its digit, its label ("ada potongan", "Modal habis") or
// both. Our own words are no keyword and no cry for help (R04), so this comes before everything but STOP. A bare digit
// answers the choice, however new an amount question is (R03), unless the newest question takes a small number.
func (t *turn) exact(s string, places []Place) (done bool, err error) {
	norm := strings.Trim(bahasa.Normalise(s), " .,!?)")
	digit := len(norm) == 1 && norm[0] >= '1' && norm[0] <= '9'
	for i := range places {
		if digit && (places[i].takes("days") || places[i].takes("number")) {
			return false, nil
		}
		for _, o := range places[i].Options {
			if !o.On(string(t.in.Via)) || !(digit && norm == o.Key || t.isLabel(norm, o)) {
				continue
			}
			if done, err = t.give(&places[i], flows.Answer{Option: o.Key, Text: s}); done || err != nil {
				return done, err
			}
		}
	}
	return false, nil
}

// isLabel says whether a message is an option's label, in her language or in Indonesian, with or without its key before.
func (t *turn) isLabel(norm string, o flows.Option) bool {
	if o.LabelKey == "" || norm == "" || o.Key == "yes" || o.Key == "no" {
		return false
	}
	if rest, ok := strings.CutPrefix(norm, strings.ToLower(o.Key)); ok && len(o.Key) == 1 {
		norm = strings.TrimLeft(rest, " .):-")
	}
	if _, isKey := menuKeys[norm]; isKey {
		return false
	}
	for _, lang := range []prokus.Lang{t.lang(), prokus.ID} {
		label := t.Texts.LabelOn(o.LabelKey, string(lang), string(channels.Telegram), t.Texts.Pick(o.LabelKey, o.LabelArgs))
		if label := strings.Trim(bahasa.Normalise(label), " .,!?"); label != "" && (label == norm || spoken(norm, label)) {
			return true
		}
	}
	return false
}

// spoken says whether a message is a label with politeness around it ("utuh bu"), and not just its number in words.
func spoken(norm, label string) bool {
	if _, number := bahasa.ReadChoice(norm, 1, nil); number {
		return false
	}
	_, ok := bahasa.ReadChoice(norm, 1, [][]string{{label}})
	return ok
}

// menuKeys are words that an option may be labelled with and that mean more as words: STOP is STOP everywhere.
var menuKeys = map[string]bool{"stop": true, "berhenti": true, "batal": true}

// keyboard are the keys of the everyday keyboard and the words that they stand for (J1-TG-01).
var keyboard = map[string]string{"menu.report": "report", "menu.status": "status", "menu.schedule": "schedule", "menu.help": "help"}

// readKeyboard reads a key of the everyday keyboard, which a chat app sends as its label.
func (t *turn) readKeyboard(s string) (word string, ok bool) {
	if t.in.Via != channels.Telegram && t.in.Via != channels.WhatsApp {
		return "", false
	}
	for key, word := range keyboard {
		for _, lang := range []prokus.Lang{t.lang(), prokus.ID, prokus.SU, prokus.JV} {
			if strings.EqualFold(s, t.Texts.LabelOn(key, string(lang), string(t.in.Via), nil)) {
				return word, true
			}
		}
	}
	return "", false
}

// readMedia gives a photo or voice note to the open question that takes one; else the kind itself is the word.
func (t *turn) readMedia() error {
	places, err := t.PlacesOf(t.ctx, t.owner(), t.now)
	if err != nil {
		return err
	}
	for i := range places {
		if !places[i].takes(t.in.MediaKind) {
			continue
		}
		done, err := t.give(&places[i], flows.Answer{Kind: t.in.MediaKind, Value: t.in.Media, Text: strings.TrimSpace(t.text)})
		if done || err != nil {
			return err
		}
	}
	return t.route("MEDIA_"+strings.ToUpper(t.in.MediaKind), flows.Vars{t.in.MediaKind: t.in.Media, "said": t.text})
}
