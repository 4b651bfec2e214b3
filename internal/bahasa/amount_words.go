package bahasa

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/numbers.txt
var numbersText string

// numKind is what a number word does in a figure.
type numKind int8

const (
	nNone numKind = iota
	nDigit
	nPrefix // one, but only before another number word
	nFixed  // two digits in one word
	nPuluh
	nBelas
	nLikur
	nRatus
	nHundred // a coefficient and "ratus" in one word
	nRibu
	nThousand
	nJuta
	nMillion
	nHalf
	nQuarter
	nPerempat
	nMilyar
	nKoma
	nHokkien
	nCeng
	nSlang
	nSlangMillion
)

// numWord is one number word; an "approx" one ends in -an.
type numWord struct {
	kind   numKind
	value  int64
	low    bool // misspelt
	approx bool
}

var numKinds = map[string]numWord{
	"digit": {kind: nDigit}, "prefix": {kind: nPrefix}, "fixed": {kind: nFixed}, "puluh": {kind: nPuluh}, "belas": {kind: nBelas},
	"likur": {kind: nLikur}, "ratus": {kind: nRatus}, "hundred": {kind: nHundred}, "ribu": {kind: nRibu}, "thousand": {kind: nThousand},
	"juta": {kind: nJuta}, "million": {kind: nMillion}, "half": {kind: nHalf}, "quarter": {kind: nQuarter}, "perempat": {kind: nPerempat},
	"milyar": {kind: nMilyar}, "koma": {kind: nKoma}, "hokkien": {kind: nHokkien}, "ceng": {kind: nCeng}, "slang": {kind: nSlang},
	"slangmillion": {kind: nSlangMillion},
	"ribuan":       {kind: nRibu, approx: true}, "jutaan": {kind: nJuta, approx: true}, "thousandan": {kind: nThousand, approx: true},
	"millionan": {kind: nMillion, approx: true}, "ratusan": {kind: nRatus, approx: true}, "hundredan": {kind: nHundred, approx: true},
	"halfan":  {kind: nHalf, approx: true},
	"puluhan": {kind: nPuluh, approx: true}, "belasan": {kind: nBelas, approx: true},
}

// numberWords is read once from the embedded list; a fault in it is a fault in
// the program and is found by any test.
var numberWords = sync.OnceValue(func() map[string]numWord {
	out := map[string]numWord{}
	for _, line := range strings.Split(numbersText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		head, words, ok := strings.Cut(line, ":")
		name, value, ok2 := strings.Cut(head, " ")
		w, ok3 := numKinds[name]
		n, err := strconv.ParseInt(value, 10, 64)
		if !ok || !ok2 || !ok3 || err != nil {
			panic("bahasa: numbers.txt: " + line)
		}
		w.value = n
		for _, f := range strings.Fields(words) {
			e := w
			if f[0] == '~' {
				e.low, f = true, f[1:]
			}
			out[f] = e
		}
	}
	return out
})

// numberWord returns the number word that w is, also with drawn-out letters
// (ribuuu, limaa).
func numberWord(w string) (numWord, bool) {
	all := numberWords()
	if is, ok := all[w]; ok {
		return is, true
	}
	if d := drawn(w, 1); d != w && len(d) >= 2 {
		if is, ok := all[d]; ok && is.kind != nMilyar {
			is.low = true
			return is, true
		}
	}
	return numWord{}, false
}

// splitNumber reads words written together, "limaratusribu", as number words.
// Every letter must be used up; at most six parts.
func splitNumber(s string) []numWord {
	if len(s) < 6 || len(s) > 40 {
		return nil
	}
	all := numberWords()
	var parts [6]numWord
	var walk func(rest string, n int) int
	walk = func(rest string, n int) int {
		if rest == "" {
			return n
		}
		if n == len(parts) {
			return 0
		}
		for l := min(len(rest), 10); l >= 2; l-- {
			w, ok := all[rest[:l]]
			if !ok || l < 3 && w.kind != nPrefix && rest[:l] != "rb" && rest[:l] != "jt" {
				continue
			}
			// A part with the -an of an approximation ends the word.
			if w.approx && l != len(rest) || w.kind == nMilyar || w.kind == nKoma || w.kind == nHokkien && n > 0 {
				continue
			}
			parts[n] = w
			if got := walk(rest[l:], n+1); got > 0 {
				return got
			}
		}
		return 0
	}
	// Most words are no numbers: look at the beginning before anything is built.
	begins := false
	for l := 2; l <= min(len(s), 10); l++ {
		if _, ok := all[s[:l]]; ok {
			begins = true
			break
		}
	}
	if !begins {
		return nil
	}
	n := walk(s, 0)
	if n < 2 {
		return nil
	}
	return append([]numWord(nil), parts[:n]...)
}

// nearNumber reports whether an unknown word may be a misspelt number word: one
// slip away from one, or a joined pair with a slip in one half. Such a word next
// to a figure may have carried a part of it away ("seujta 200rb").
func nearNumber(w string) bool {
	if len(w) < 3 || len(w) > 24 {
		return false
	}
	if slipped(w) {
		return true
	}
	for k := 3; k+3 <= len(w); k++ {
		a, b := w[:k], w[k:]
		if isNumber(a) && (slipped(b) || isNumber(b)) || isNumber(b) && len(b) >= 4 && slipped(a) {
			return true
		}
	}
	return false
}

// slipped reports whether a word is one slip away from a number word.
func slipped(w string) bool {
	for n, is := range numberWords() {
		if is.low || is.kind == nMilyar || is.kind == nSlang {
			continue // a slip of a slip; words that no figure needs
		}
		if len(n) >= 3 && len(n)-len(w) <= 1 && len(w)-len(n) <= 1 && oneSlip(w, n) {
			return true
		}
	}
	return false
}
