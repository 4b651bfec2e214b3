package roster

import (
	"strings"
	"unicode"

	"github.com/kabar-prokus/kabar/internal/prokus"
)

// longest free text of a cell that is kept.
const longestCell = 200

// tidyName brings spaces and capitals of a name in order. Only names in one case are rewritten: "McDonald" is as she writes it.
func tidyName(cell string) string {
	name := strings.Join(strings.Fields(cell), " ")
	upper, lower := strings.ToUpper(name) == name, strings.ToLower(name) == name
	if !upper && !lower {
		return name
	}
	start := true
	return strings.Map(func(r rune) rune {
		was := start
		start = r == ' ' || r == '-' || r == '.'
		if was {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, name)
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// words reduces a cell to lower-case words.
func words(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

// clusters of the programme (programme.md 1.1) and how lists spell them.
func readCluster(cell string) string {
	switch words(cell) {
	case "kuliner", "makanan", "makanan dan minuman":
		return "Kuliner"
	case "kriya", "kriya tekstil", "kriya tekstil/fesyen", "fesyen", "fashion", "kerajinan":
		return "Kriya"
	case "ritel", "retail", "warung", "perdagangan":
		return "Ritel"
	case "agribisnis", "agrobisnis", "pertanian":
		return "Agribisnis"
	}
	return strings.Join(strings.Fields(cell), " ")
}

func readLanguage(cell string) (lang prokus.Lang, called string, ok bool) {
	switch words(cell) {
	case "indonesia", "bahasa indonesia", "id", "ind":
		return prokus.ID, "Indonesia", true
	case "sunda", "basa sunda", "bahasa sunda", "su", "sun":
		return prokus.SU, "Sunda", true
	case "jawa", "basa jawa", "bahasa jawa", "krama", "jawa krama", "jv":
		return prokus.JV, "Jawa", true
	}
	return "", "", false
}

// LanguageName is how a list spells a language.
func LanguageName(l prokus.Lang) string {
	switch l {
	case prokus.SU:
		return "Sunda"
	case prokus.JV:
		return "Jawa"
	case prokus.EN:
		return "Inggris"
	}
	return "Indonesia"
}

func readSalutation(cell string) (string, bool) {
	switch strings.Trim(words(cell), ".") {
	case "ibu", "bu":
		return "Ibu", true
	case "bapak", "pak", "bpk":
		return "Bapak", true
	case "mbak", "mba", "teh", "neng":
		return "Mbak", true
	case "mas", "kang":
		return "Mas", true
	}
	return "", false
}

// readYes reads a cell that marks something: anything said that is no denial.
func readYes(cell string) (yes, said bool) {
	switch words(cell) {
	case "":
		return false, false
	case "tidak", "tdk", "t", "n", "no", "0", "-", "bukan", "belum", "tidak ada":
		return false, true
	}
	return true, true
}

// titled takes "Bu " or "Pak " off a name.
func titled(name string) (title, rest string) {
	first, rest, ok := strings.Cut(name, " ")
	if !ok {
		return "", name
	}
	switch strings.Trim(strings.ToLower(first), ".") {
	case "bu", "ibu":
		return "Bu", rest
	case "pak", "bapak", "bpk":
		return "Pak", rest
	}
	return "", name
}
