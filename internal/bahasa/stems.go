package bahasa

import (
	_ "embed"
	"strings"
)

//go:embed data/stems.txt
var stemsText string

// passives are what stands before a stem when it was done to somebody; a lone d
// is how thumbs write di.
var passives = [...]string{"di", "dipun", "ka", "ke", "ter", "d"}

// verbal are the endings of verbs, longest first within what they share; "" is
// the stem itself.
var verbal = [...]string{"", "i", "in", "kan", "an", "keun", "ake", "aken", "kake", "ke", "no", "na", "e", "nya", "inya", "annya", "kannya", "ane", "ana", "lah", "ni", "anana", "ku", "hi"}

// buildStems registers the forms of stems.txt: surface maps every prefixed form
// to the one that the lexicon knows. What the lists already know stays as it is.
func (sp *speech) buildStems(text string) {
	sp.surface = map[string]string{}
	for _, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, stems, _ := strings.Cut(line, ":")
		if head == "cry" {
			sp.cries = append(sp.cries, strings.Fields(stems)...)
			continue
		}
		passive, active, _ := strings.Cut(head, " ")
		for _, stem := range strings.Fields(stems) {
			if passive != "-" {
				for _, p := range passives {
					sp.form(p+stem, "di"+stem, passive)
				}
			}
			if active != "-" {
				for _, a := range actives(stem) {
					sp.form(a, actives(stem)[0], active)
				}
			}
		}
	}
}

func (sp *speech) form(surface, canonical, class string) {
	if _, ok := sp.lex.single[canonical]; !ok {
		sp.lex.single[canonical] = classes{sp.lex.class(class)}
	}
	if _, ok := sp.surface[surface]; !ok {
		sp.surface[surface] = canonical
	}
}

// graveClasses are the concepts of harm, threat, death and disaster.
var graveClasses = [...]string{"HIT", "HARM", "THREAT", "CAST", "DIE", "FLOOD"}

func (sp *speech) isGrave(w string) bool {
	for _, name := range graveClasses {
		if sp.lex.single[w].has(sp.lex.class(name)) {
			return true
		}
	}
	return false
}

// buildGrave indexes the cries by themselves with one letter left out, and by what
// is left of them without vowels: a cry that is misspelt is still one. Rarer grave
// words are not looked for behind a slip, because everyday words are one letter
// from too many of them (dibilang, dibantu, tentang).
func (sp *speech) buildGrave() {
	sp.grave, sp.skeletons = map[string]string{}, map[string]string{}
	cry := map[string]bool{}
	for _, w := range sp.cries {
		cry[w] = true
	}
	harmless := map[string]bool{} // a skeleton that everyday words leave as well
	for _, known := range [...]map[string]classes{sp.lex.single, amountLexicon().lex.single} {
		for w := range known {
			if !cry[w] && !sp.isGrave(w) {
				harmless[skeleton(w)] = true
			}
		}
	}
	for _, w := range sp.cries {
		means := w
		if _, ok := sp.lex.single[w]; !ok {
			if means, ok = sp.inflected(w); !ok {
				panic("bahasa: stems.txt: no grave word: " + w)
			}
		}
		if k := skeleton(w); len(k) >= 4 && !harmless[k] && sp.skeletons[k] == "" {
			sp.skeletons[k] = means
		}
		if len(w) < 7 {
			continue
		}
		sp.grave[w] = means
		for i := range len(w) {
			if k := w[:i] + w[i+1:]; sp.grave[k] == "" {
				sp.grave[k] = means
			}
		}
	}
}

// skeleton is a word without its vowels and doubled letters, as thumbs write it:
// banjir is bnjr.
func skeleton(w string) string {
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		if c := w[i]; !vowel(c) && (len(b) == 0 || b[len(b)-1] != c) {
			b = append(b, c)
		}
	}
	return string(b)
}

func vowel(c byte) bool { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' }

// shortenedGrave finds the grave word that an unknown one with few of its vowels
// stands for: bnjr, dpkul, kbnjiran.
func (sp *speech) shortenedGrave(w string) (string, bool) {
	if len(w) < 4 || len(w) > 12 || onlyDigits(w) {
		return "", false
	}
	vowels := 0
	for i := range len(w) {
		if vowel(w[i]) {
			vowels++
		}
	}
	if vowels > (len(w)-2)/3 || amountLexicon().lex.knows(w) {
		return "", false
	}
	m, ok := sp.skeletons[skeleton(w)]
	return m, ok
}

// slippedGrave finds the grave word that an unknown one of six letters or more is
// one slip away from.
func (sp *speech) slippedGrave(w string) (string, bool) {
	if len(w) < 6 || len(w) > 24 || onlyDigits(w) || amountLexicon().lex.knows(w) {
		return "", false // rendang is no slip of nendang
	}
	if m, ok := sp.grave[w]; ok {
		return m, true
	}
	var buf [24]byte
	for i := range len(w) {
		k := append(append(buf[:0], w[:i]...), w[i+1:]...)
		if m, ok := sp.grave[string(k)]; ok {
			return m, true
		}
	}
	return "", false
}

// actives are the forms of a stem that does: memukul, mukul, ngagebug, ngehajar.
func actives(stem string) []string {
	rest := stem[1:]
	switch stem[0] {
	case 'p':
		return []string{"mem" + rest, "m" + rest, "nge" + stem, "pem" + rest}
	case 't':
		return []string{"men" + rest, "n" + rest, "nge" + stem, "pen" + rest}
	case 'k':
		return []string{"meng" + rest, "ng" + rest, "peng" + rest}
	case 's':
		return []string{"meny" + rest, "ny" + rest, "peny" + rest}
	case 'c':
		return []string{"men" + stem, "ny" + rest, "n" + stem, "nge" + stem}
	case 'j', 'd':
		return []string{"men" + stem, "n" + stem, "nge" + stem, "nga" + stem}
	case 'b':
		return []string{"mem" + stem, "m" + stem, "nge" + stem, "nga" + stem}
	case 'g', 'h':
		return []string{"meng" + stem, "ng" + stem, "nge" + stem, "nga" + stem}
	case 'a', 'e', 'i', 'o', 'u':
		return []string{"meng" + stem, "ng" + stem, "nga" + stem, "peng" + stem}
	}
	return []string{"me" + stem, "nge" + stem, "nga" + stem}
}

// inflected returns the known form that w is an inflection of: dipukulin, dicekiki,
// ngagebugan. Short words are left alone.
func (sp *speech) inflected(w string) (string, bool) {
	if len(w) < 6 {
		return "", false
	}
	for _, e := range verbal {
		if stem, ok := strings.CutSuffix(w, e); ok && len(stem) >= 5 {
			if c, ok := sp.surface[stem]; ok {
				return c, true
			}
		}
	}
	return "", false
}
