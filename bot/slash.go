package bot

import (
	"strings"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// slashes are the commands of chat apps and the words that they stand for (console.md, Telegram).
var slashes = map[string]string{
	"cancel": "batal", "batal": "batal", "jual": "lapor", "lapor": "lapor", "ubah": "ubah", "status": "status", "jadwal": "jadwal",
	"tolong": "tolong", "tips": "tips", "bahasa": "bahasa", "berhenti": "stop", "help": "menu", "menu": "menu", "settings": "bahasa",
	"tugas": "tugas", "cari": "cari", "rute": "rute", "cuti": "cuti", "sesi": "jadwal", "hadir": "hadir",
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
	if strings.EqualFold(name, "grafik") {
		if _, ok := t.Book.Route(t.who.role, "grafik"); ok {
			return t.route("grafik", flows.Vars{})
		}
	}
	word, ok := slashes[strings.ToLower(name)]
	if !ok {
		return t.route("NONE", flows.Vars{"said": cmd})
	}
	t.text = strings.TrimSpace(word + " " + rest)
	return t.readText()
}
