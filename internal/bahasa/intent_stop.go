package bahasa

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed data/stop.txt
var stopText string

// stopList is the closed grammar of data/stop.txt.
type stopList struct {
	stop, start, send, me map[string]bool
	dont                  map[string]bool // one to four words, joined by a space
	already, unwanted     map[string]bool // a DON'T only with a word of having enough

	stopVerb, startVerb, want, again map[string]bool

	sureVerb, removeVerb, removeObject, removeRest map[string]bool
}

var stops = sync.OnceValue(func() *stopList {
	set := func() map[string]bool { return map[string]bool{} }
	l := &stopList{stop: set(), start: set(), send: set(), me: set(), dont: set(), already: set(), unwanted: set(), stopVerb: set(), startVerb: set(), want: set(), again: set(),
		sureVerb: set(), removeVerb: set(), removeObject: set(), removeRest: set()}
	for _, line := range strings.Split(stopText, "\n") {
		name, text, ok := strings.Cut(line, ":")
		if line == "" || line[0] == '#' || !ok {
			continue
		}
		into := map[string]map[string]bool{"phrase": l.stop, "typo": l.stop, "dont": l.dont, "already": l.already, "unwanted": l.unwanted, "send": l.send, "me": l.me, "start": l.start,
			"stopverb": l.stopVerb, "startverb": l.startVerb, "want": l.want, "again": l.again,
			"sureverb": l.sureVerb, "removeverb": l.removeVerb, "removeobject": l.removeObject, "removerest": l.removeRest}[name]
		sep := "|"
		switch name {
		case "typo", "unwanted", "send", "me", "stopverb", "startverb", "want", "again", "sureverb", "removeverb", "removeobject", "removerest":
			sep = " "
		}
		for _, p := range strings.Split(text, sep) {
			if ws := stopWords(p); len(ws) > 0 {
				into[strings.Join(ws, " ")] = true
			}
		}
	}
	return l
})

// stopWords are the words of a message in one spelling, without politeness.
func stopWords(s string) []string {
	ws := apartStop(splitWords(Normalise(s)))
	out := ws[:0]
	for i, w := range ws {
		if i > 0 && w == "dah" {
			continue // the Betawi particle, not "sudah"
		}
		if w = spell(w); i == 0 && w == "saja" && len(ws) > 1 {
			w = "jangan" // Javanese aja
		}
		if d := spell(drawn(w, 1)); d != w && (d == "stop" || d == "berhenti" || d == "unreg" || d == "keluar" || d == "eureun" || d == "mandeg") {
			w = d // stooop
		}
		if len(w) >= 7 && oneSlip(w, "berhenti") {
			w = "berhenti"
		} else if oneSlip(w, "unsubscribe") {
			w = "unsubscribe"
		} else if len(w) == 5 && w != "strop" && oneSlip("stop", w) {
			w = "stop" // stoip: one letter too many is no other word (stok, step), but for strop, syrup
		}
		if stopFiller(w) || len(out) > 0 && out[len(out)-1] == w {
			continue
		}
		out = append(out, w)
	}
	return out
}

// stopFiller are the words of politeness that R05 ignores.
func stopFiller(w string) bool {
	switch w {
	case "ibu", "pak", "bu", "bapak", "mbak", "mas", "kak", "kakak", "min", "admin", "ya", "dong", "donk", "deh", "sih", "kok", "nih", "tuh", "lah", "kan",
		"mah", "teh", "atuh", "euy", "saja", "mohon", "tolong", "maaf", "please", "plis", "pls", "nggih", "nuwun", "punten", "hapunten", "ngapunten", "kang",
		"terimakasih", "terima", "kasih", "matur", "hatur", "nuhun", "sekarang", "aja", "neng", "bang", "om", "tante",
		"pa", "yo", "nya", "bos", "gan", "sis", "bro", "mpok", "teteh", "akang", "to", "ah":
		return true
	}
	return false
}

// IsStop reports whether the whole message is a stop phrase (R05): one of a
// closed list with its misspellings, politeness and punctuation ignored. "stop
// jualan" is content, not a stop.
func IsStop(s string) bool {
	if len(s) > 120 {
		return false
	}
	l := stops()
	ws := stopWords(s)
	if len(ws) == 0 || len(ws) > 10 {
		return false
	}
	whole := strings.Join(ws, " ")
	if l.stop[whole] {
		return true
	}
	for n := min(4, len(ws)-1); n >= 1; n-- {
		if !l.dont[strings.Join(ws[:n], " ")] && !(n == 1 && l.already[ws[0]] && slices.ContainsFunc(ws, func(w string) bool { return l.unwanted[w] })) {
			continue
		}
		sends := 0
		for _, w := range ws[n:] {
			if l.sends(w) {
				sends++
			} else if !l.me[w] {
				return false
			}
		}
		return sends > 0
	}
	return len(ws) > 1 && (l.only(ws, l.stopVerb, l.sends) || l.wishes(ws) || l.only(ws, l.sureVerb, func(w string) bool { return l.me[w] || l.want[w] }) || l.removes(ws))
}

// wishes reports whether a message says only that she wants to stop: "kula nyuwun
// kendel". What else could be meant needs a word of its own ("jualan").
func (l *stopList) wishes(ws []string) bool {
	verb := 0
	for _, w := range ws {
		switch w {
		case "saya", "aku", "kula", "abdi":
			continue
		}
		if l.stopVerb[w] {
			verb++
		} else if !l.want[w] {
			return false
		}
	}
	return verb == 1
}

// removes reports whether a message asks only to take her number off the list:
// "tolong hapus nomor saya dari daftar". "hapus data" is another wish.
func (l *stopList) removes(ws []string) bool {
	verb, object, mine := false, false, ""
	for i, w := range ws {
		switch {
		case l.removeVerb[w]:
			verb = true
		case l.removeObject[w]:
			object = true
		case i > 0 && verb && (w == "saya" || w == "aku" || w == "kula" || w == "abdi"):
			if mine != "" && mine != w {
				return false // "hapus aku saya" is a slip of her account
			}
			object, mine = true, w
		case !l.me[w] && !l.want[w] && !l.removeRest[w]:
			return false
		}
	}
	return verb && object
}

// sends reports whether a word is one of SEND, also with an ending: smsnya, smsin.
func (l *stopList) sends(w string) bool {
	if l.send[w] {
		return true
	}
	for _, e := range [...]string{"nya", "in", "e", "na", "i"} {
		if stem, ok := strings.CutSuffix(w, e); ok && len(stem) >= 2 && l.send[spell(stem)] {
			return true
		}
	}
	return false
}

// only reports whether a message has a verb and at least one word that says what
// it is about, and nothing else but ME and WANT words.
func (l *stopList) only(ws []string, verbs map[string]bool, about func(string) bool) bool {
	verb, object := false, false
	for _, w := range ws {
		switch {
		case verbs[w]:
			verb = true
		case about(w):
			object = true
		case !l.me[w] && !l.want[w]:
			return false
		}
	}
	return verb && object
}

// IsStart reports whether the whole message asks to be included (again).
func IsStart(s string) bool {
	if len(s) > 60 {
		return false
	}
	l := stops()
	ws := stopWords(s)
	return l.start[strings.Join(ws, " ")] || len(ws) > 1 && len(ws) < 8 && l.only(ws, l.startVerb, func(w string) bool { return l.again[w] })
}
