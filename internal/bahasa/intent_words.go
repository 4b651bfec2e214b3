package bahasa

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed data/concepts.txt
var conceptsText string

//go:embed data/phrases.txt
var phrasesText string

// speech is what the lexicons of messages know, compiled once.
type speech struct {
	lex       *lexicon
	phrases   map[string]Intent // whole messages in one spelling
	cores     map[string]Intent // the same without their politeness
	rules     []rule
	vocab     map[string]struct{} // the words of the phrases
	fuzzy     map[string]string   // long words with one letter left out
	grave     map[string]string   // grave words with one letter left out
	cries     []string
	skeletons map[string]string // grave words without vowels
	surface   map[string]string // prefixed stems, and the form that stands for them

	fill, neg, dont, before, never, kena, all, yes, no, any, hi, thank, fine, me, this, done, take, official, staff, card, grant, sell, report, neutral uint16
}

var speechData = sync.OnceValue(func() *speech {
	sp := &speech{lex: newLexicon(conceptsText), phrases: map[string]Intent{}, cores: map[string]Intent{}, vocab: map[string]struct{}{}, fuzzy: map[string]string{}}
	for name, at := range map[string]*uint16{"FILL": &sp.fill, "NEG": &sp.neg, "DONT": &sp.dont, "BEFORE": &sp.before, "NEVER": &sp.never, "KENA": &sp.kena, "ALL": &sp.all, "YESW": &sp.yes, "NOW": &sp.no, "ANY": &sp.any,
		"HI": &sp.hi, "THANK": &sp.thank, "FINE": &sp.fine, "I": &sp.me, "THIS": &sp.this, "DONE": &sp.done, "TAKE": &sp.take, "OFFICIAL": &sp.official,
		"STAFF": &sp.staff, "CARD": &sp.card, "GRANT": &sp.grant, "SELL": &sp.sell, "REPORT": &sp.report, "NEUTRAL": &sp.neutral} {
		*at = sp.lex.class(name)
	}
	sp.rules = sp.parseRules(rulesText)
	sp.buildStems(stemsText)
	var intent Intent
	type pair struct {
		words []string
		is    Intent
	}
	var cores []pair
	for _, line := range strings.Split(phrasesText, "\n") {
		switch {
		case line == "" || line[0] == '#' && !strings.Contains(line, "|"):
		case line[0] == '[':
			intent = Intent(strings.Trim(line, "[]"))
		default:
			for _, p := range strings.Split(line, "|") {
				ws := sp.read(Normalise(p))
				for _, w := range ws {
					sp.vocab[w] = struct{}{}
				}
				if len(ws) > 0 {
					put(sp.phrases, ws, intent)
					cores = append(cores, pair{ws, intent})
				}
			}
		}
	}
	// A phrase without its politeness means the same, unless it is listed itself.
	for _, c := range cores {
		if core := sp.core(c.words); len(core) > 0 {
			put(sp.cores, core, c.is)
		}
	}
	sp.buildFuzzy()
	sp.buildGrave()
	return sp
})

func put(into map[string]Intent, ws []string, is Intent) {
	if key := strings.Join(ws, " "); into[key] == "" {
		into[key] = is
	}
}

// phrase looks a whole message up, as it stands or without its politeness.
func (sp *speech) phrase(ws []string) (Intent, bool) {
	key := strings.Join(ws, " ")
	if it, ok := sp.phrases[key]; ok {
		return it, true
	}
	it, ok := sp.cores[key]
	return it, ok
}

// spelled brings words into one spelling and drops repetitions.
func spelled(ws []string) []string {
	out := ws[:0]
	for _, w := range ws {
		if w = spell(w); len(out) == 0 || out[len(out)-1] != w {
			out = append(out, w)
		}
	}
	return out
}

// core takes away the words that carry no wish.
func (sp *speech) core(ws []string) []string {
	out := make([]string, 0, len(ws))
	for i := 0; i < len(ws); {
		is, n := sp.lex.at(ws, i)
		if !is.has(sp.fill) {
			for _, w := range ws[i : i+n] {
				if len(out) == 0 || out[len(out)-1] != w {
					out = append(out, w)
				}
			}
		}
		i += n
	}
	return out
}

// word is a word, or several that stand together, with its concepts.
type word struct {
	text string
	is   classes
	n    int // words it is made of

	common bool // an everyday word, so nobody's name
}

// known brings a raw word into the spelling that the lexicon knows: spelling,
// drawn-out letters, endings, and for long words one wrong letter.
func (sp *speech) known(w string) string {
	s := sp.lex.reduce(spell(w))
	if sp.lex.knows(s) {
		return s
	}
	if r, ok := reduceTo(sp.vocab, s); ok {
		return r
	}
	if f, ok := sp.inflected(s); ok {
		return f
	}
	if f, ok := sp.accent(s); ok {
		return f
	}
	if f, ok := sp.slippedGrave(s); ok {
		return f
	}
	if f, ok := sp.shortenedGrave(s); ok {
		return f
	}
	if len(s) >= 7 {
		if f, ok := sp.nearest(s); ok {
			return f
		}
	}
	return s
}

// read gives the words of a message, in the known spelling. A passive that is
// written apart ("di pukul", "dipun potong") is put together.
func (sp *speech) read(text string) []string {
	ws := sp.apart(splitWords(text))
	out := ws[:0]
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		if w == "d" {
			w = "di"
		}
		if i+1 < len(ws) && (w == "di" || w == "dipun") {
			if j := "di" + ws[i+1]; sp.lex.knows(j) {
				w = j
				i++
			} else if f, ok := sp.inflected(j); ok {
				w = f
				i++
			} else if j = spell(j); sp.lex.knows(j) {
				w = j
				i++
			}
		} else if len(w) > 7 && w[:5] == "dipun" {
			if j := "di" + w[5:]; sp.lex.knows(j) {
				w = j
			}
		}
		if w == "dah" && len(out) > 0 && i == len(ws)-1 {
			break // the Betawi particle, not "sudah"
		}
		if w = sp.known(w); len(out) == 0 || out[len(out)-1] != w {
			out = append(out, w)
		}
	}
	return out
}

// concepts joins words that stand together and looks their concepts up.
func (sp *speech) concepts(ws []string, join bool, out []word) []word {
	for i := 0; i < len(ws); {
		is, n := sp.lex.single[ws[i]], 1
		if join {
			is, n = sp.lex.at(ws, i)
		}
		text := ws[i]
		if n > 1 {
			text = strings.Join(ws[i:i+n], " ")
		}
		out = append(out, word{text, is, n, sp.common(text)})
		i += n
	}
	return out
}

// common reports whether a word stands in the lists on its own account, not only
// in phrases, which hold names as well.
func (sp *speech) common(w string) bool {
	if _, ok := sp.lex.parts[w]; ok {
		return true
	}
	return everyday()[w]
}

// everyday are the words of spelling.txt.
var everyday = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, to := range spellings() {
		out[to] = true
	}
	return out
})

// buildFuzzy indexes every known word of eight letters or more by itself with
// one letter left out. Shorter words are never corrected: muhun and nuhun,
// sampun and ampun are one letter apart. Grave words have an index of their own.
func (sp *speech) buildFuzzy() {
	add := func(w string) {
		if len(w) < 8 || onlyDigits(w) || sp.isGrave(w) || strings.Contains(spellStop, " "+w+" ") {
			return
		}
		for i := range len(w) {
			k := w[:i] + w[i+1:]
			if old, ok := sp.fuzzy[k]; ok && old != w {
				sp.fuzzy[k] = "" // two words: neither
			} else {
				sp.fuzzy[k] = w
			}
		}
	}
	for w := range sp.lex.single {
		add(w)
	}
	for w := range sp.lex.parts {
		if _, ok := sp.lex.single[w]; !ok {
			add(w)
		}
	}
	for w := range sp.vocab {
		if !sp.lex.knows(w) {
			add(w)
		}
	}
}

// spellStop are words that a slip of one letter must never produce.
const spellStop = " berhenti hentikan unsubscribe nonaktifkan "

// nearest finds the one long word that differs by one letter, or by two letters
// that changed places.
func (sp *speech) nearest(w string) (string, bool) {
	try := func(k string) (string, bool) {
		f := sp.fuzzy[k]
		return f, f != "" && oneSlip(w, f)
	}
	if f, ok := try(w); ok {
		return f, true
	}
	var buf [40]byte
	if len(w) > len(buf) {
		return "", false
	}
	for i := range len(w) {
		k := append(append(buf[:0], w[:i]...), w[i+1:]...)
		if f := sp.fuzzy[string(k)]; f != "" && oneSlip(w, f) {
			return f, true
		}
		if sp.knowsBytes(k) && len(k) >= 8 && !strings.Contains(spellStop, " "+string(k)+" ") {
			return string(k), true // one letter too many
		}
	}
	return "", false
}

func (sp *speech) knowsBytes(k []byte) bool {
	if _, ok := sp.lex.single[string(k)]; ok {
		return true
	}
	_, ok := sp.lex.parts[string(k)]
	return ok
}

// oneSlip reports whether a and b differ by one letter missing, added or
// replaced, or two neighbours swapped.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i < len(a) && (a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}
