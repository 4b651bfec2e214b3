package bahasa

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed data/commands.txt
var commandsText string

// command is one keyword; an alone one counts only as the whole message.
type command struct {
	is    Intent
	alone bool
	words int
}

var commands = sync.OnceValue(func() map[string]command {
	out := map[string]command{}
	for name, words := range sections(commandsText) {
		rest, alone := strings.CutPrefix(name, "alone ")
		for _, w := range words {
			out[strings.ReplaceAll(w, "_", " ")] = command{Intent(rest), alone, 1 + strings.Count(w, "_")}
		}
	}
	return out
})

// ReadCommand reads a message by our own keywords first (DAFTAR 482919, CUTI
// 15-19 jun, UBAH 400rb, PAS), and falls back on ReadIntent, whose names it also
// returns. Stop, start and safety go before any keyword; a longer phrase goes
// before a keyword it begins with (SALAH SAMBUNG).
func ReadCommand(s string) IntentReading {
	r := ReadIntent(s)
	switch r.Intent {
	case Stop, Violence, Complaint, Disaster, Bereaved, NotStop, WrongNumber, ScamFear, Abuse:
		return r
	}
	text := Normalise(s)
	if len(text) > 200 {
		text = text[:200]
	}
	ws := splitWords(text)
	if len(ws) == 0 {
		return r
	}
	core := speechData().core(append([]string(nil), ws...))
	c, ok := leading(ws)
	if !ok {
		return r
	}
	rest := restAfter(s, c.words)
	bare := len(ws) == c.words || len(core) <= c.words
	switch {
	case c.alone && !bare:
		return r
	case c.is == Reschedule && !bare:
		if strings.ContainsAny(rest, "0123456789") && ReadAmount(rest).Verdict != Invalid {
			return IntentReading{Intent: Correct, Rest: rest, Lang: r.Lang}
		}
		if r.Sure {
			return r // ganti bahasa
		}
	case r.Sure && !bare && r.Intent != c.is && r.Intent != None && r.Intent != Start && c.is != SeeData && c.is != EraseData:
		return r // a known phrase of several words
	}
	if bare {
		rest = ""
	}
	reason := ""
	if c.is == Closed {
		reason = r.Reason
		if reason == "" || reason == "lainnya" {
			reason = "libur"
		}
	}
	return IntentReading{Intent: c.is, Sure: bare, Rest: rest, Reason: reason, Lang: r.Lang}
}

// leading returns the longest keyword that a message begins with.
func leading(ws []string) (command, bool) {
	all := commands()
	if len(ws) > 1 {
		if c, ok := all[ws[0]+" "+ws[1]]; ok {
			return c, true
		}
	}
	c, ok := all[ws[0]]
	return c, ok
}

// restAfter returns what follows the first n words of a message, in the writer's
// own letters.
func restAfter(s string, n int) string {
	i := 0
	for ; n > 0; n-- {
		for i < len(s) && !wordRune(s[i:]) {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
		}
		for i < len(s) && wordRune(s[i:]) {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
		}
	}
	return strings.Trim(s[i:], " \t\r\n,:;=.")
}

func wordRune(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
