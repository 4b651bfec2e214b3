package bahasa

import (
	"slices"
	"strings"
)

// denials are the words that thumbs write together with what they deny: gamau,
// gakada, blmjadi, teuaya.
var denials = [...]string{"tidak", "nggak", "enggak", "engga", "ngga", "mboten", "belum", "boten", "gak", "tdk", "blm", "teu", "ora", "ga", "gk", "ra"}

// apart writes a denial and the known word that it is joined to as two words.
func (sp *speech) apart(ws []string) []string {
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		if w == "gada" || w == "gda" {
			ws = slices.Insert(ws, i+1, "ada")
			ws[i] = "ga"
			continue
		}
		if len(w) < 5 && !strings.HasPrefix(w, "ga") {
			continue
		}
		for _, d := range denials {
			rest, ok := strings.CutPrefix(w, d)
			if !ok || len(rest) < 2 {
				continue
			}
			if sp.knows(w) || !sp.knows(rest) || len(d) == 2 && d != "ga" && len(rest) < 4 {
				break
			}
			ws = slices.Insert(ws, i+1, rest)
			ws[i] = d
			break
		}
	}
	return ws
}

// apartStop does the same for the words of STOP: gausah, gamau, gakmau.
func apartStop(ws []string) []string {
	if len(ws) < 2 {
		return ws
	}
	for _, d := range [...]string{"gak", "ga", "tdk", "tidak", "nggak", "ngga"} {
		if rest, ok := strings.CutPrefix(ws[0], d); ok && (rest == "mau" || rest == "usah" || rest == "perlu" || rest == "butuh") {
			ws = slices.Insert(ws, 1, rest)
			ws[0] = d
			break
		}
	}
	return ws
}

// knows reports whether a raw word, or the word it is a spelling of, stands in
// any list.
func (sp *speech) knows(w string) bool {
	if s, ok := spellings()[w]; ok {
		w = s
		return w != ""
	}
	if sp.lex.knows(w) {
		return true
	}
	_, ok := sp.vocab[w]
	return ok
}

// accent finds the known word behind a spelling by ear: Javanese o for a (menowo),
// dh and th (kapundhut), a w before (uwong), Betawi e for a (ade).
func (sp *speech) accent(w string) (string, bool) {
	if len(w) < 4 || onlyDigits(w) || amountLexicon().lex.knows(w) {
		return "", false
	}
	known := func(v string) (string, bool) {
		if v == w {
			return "", false
		}
		v = spell(v)
		if sp.lex.knows(v) {
			return v, true
		}
		_, ok := sp.vocab[v]
		return v, ok
	}
	hard := strings.ReplaceAll(strings.ReplaceAll(w, "dh", "d"), "th", "t")
	if v, ok := known(hard); ok {
		return v, ok
	}
	if rest, ok := strings.CutPrefix(hard, "u"); ok && rest[0] == 'w' {
		return known(rest)
	}
	if v, ok := known(strings.ReplaceAll(hard, "o", "a")); ok && v != "lara" {
		return v, ok
	}
	if stem, ok := strings.CutSuffix(w, "e"); ok && len(stem) >= 3 {
		return known(stem + "a")
	}
	return "", false
}
