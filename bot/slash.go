package bot

import (
	"fmt"
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// slashes are the commands of chat apps and the words that they stand for (console.md, Telegram).
var slashes = map[string]string{
	"cancel": "batal", "batal": "batal", "jual": "lapor", "lapor": "lapor", "ubah": "ubah", "status": "status", "jadwal": "jadwal",
	"tolong": "tolong", "tips": "tips", "bahasa": "bahasa", "berhenti": "stop", "help": "menu", "menu": "menu", "settings": "bahasa",
	"tugas": "tugas", "cari": "cari", "rute": "rute", "cuti": "cuti", "sesi": "jadwal", "hadir": "hadir",
	"tautan": "tautan", "nomor": "nomor",
}

// readSlash reads a command of a chat app as the word that it stands for. /start may carry a one-time link (J1-TG-01).
func (t *turn) readSlash(cmd string) error {
	name, rest, _ := strings.Cut(cmd, " ")
	name, _, _ = strings.Cut(name, "@")
	if strings.EqualFold(name, "start") {
		rest = strings.TrimSpace(rest)
		if rest == "" {
			if t.who.role == roleUnknown {
				return t.route("START_CHAT", flows.Vars{})
			}
			if t.who.person != nil && t.who.person.Consent == prokus.Stopped {
				return t.route("START", flows.Vars{})
			}
			return t.route("MENU", flows.Vars{})
		}
		return t.route("LINK", flows.Vars{"token": rest})
	}
	if strings.EqualFold(name, "jual") && rest == "" {
		if _, ok := t.Book.Route(t.who.role, "report"); ok {
			return t.route("report", flows.Vars{})
		}
	}
	if word, ok := map[string]string{"grafik": "grafik", "rute": "route"}[strings.ToLower(name)]; ok {
		if _, ok := t.Book.Route(t.who.role, word); ok {
			return t.route(word, flows.Vars{})
		}
	}
	if t.who.staff != nil {
		if done, err := t.staffSlash(strings.ToLower(name), strings.TrimSpace(rest)); done || err != nil {
			return err
		}
	}
	word, ok := slashes[strings.ToLower(name)]
	if !ok {
		return t.route("NONE", flows.Vars{"said": cmd})
	}
	t.text = strings.TrimSpace(word + " " + rest)
	return t.readText()
}

// staffSlash reads the commands that every bot has, and those that need something behind them, as staff mean them. /cancel
// leaves whatever was asked, at any step (R22).
func (t *turn) staffSlash(name, rest string) (done bool, err error) {
	switch name {
	case "cancel", "batal":
		places, err := t.openPlaces()
		if err != nil {
			return false, err
		}
		if len(places) > 0 && rest == "" {
			if err := t.ClosePlace(t.ctx, places[0].ID); err != nil {
				return false, fmt.Errorf("cancel: %w", err)
			}
			return true, t.route("STAFF_LEFT", flows.Vars{})
		}
		if rest == "" && t.who.person == nil {
			return true, t.route("STAFF_NOTHING", flows.Vars{})
		}
	case "help":
		return true, t.route("STAFF_HELP", flows.Vars{})
	case "settings":
		return true, t.route("STAFF_SETTINGS", flows.Vars{})
	case "cari", "lapor":
		if _, ok := t.Book.Route(t.who.role, "PROXY_HOW"); ok && rest == "" {
			return true, t.route("PROXY_HOW", flows.Vars{})
		}
	}
	return false, nil
}
