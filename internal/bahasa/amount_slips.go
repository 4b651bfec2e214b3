package bahasa

import "strings"

// labelSlips finds words one letter away from a word that makes an amount a
// question ("keuntngan 300rb"), because a label that was misspelt is still a
// label, or from two number words in one.
// Only words of five letters or more, because short ones have too many neighbours.
type labelSlips map[string][]string

// minLabel is the length from which a label is looked for behind a slip.
const minLabel = 5

func (c *amountClasses) buildSlips() {
	c.slips = labelSlips{}
	risky := classes{c.bound, c.profit, c.loss, c.cost, c.debt, c.received, c.day, c.month, c.average, c.fortnight, c.price, c.unknown}
	for a, digit := range numberWords() {
		if digit.kind != nDigit || digit.low {
			continue
		}
		for b, tens := range numberWords() {
			if k := tens.kind; !tens.low && !tens.approx && (k == nPuluh || k == nRatus || k == nBelas) {
				c.slips.add(a + b) // dupauluh
			}
		}
	}
	for w, is := range c.lex.single {
		if len(w) < minLabel || len(w) > 20 {
			continue
		}
		for _, r := range risky {
			if is.has(r) {
				c.slips.add(w)
				break
			}
		}
	}
}

func (l labelSlips) add(w string) {
	for i := range len(w) {
		k := w[:i] + w[i+1:]
		l[k] = append(l[k], w)
	}
	l[w] = append(l[w], w)
}

// nearUnit reports whether an unknown word straight behind a figure may be a
// misspelt time or unit, not something that was counted: menggu, bilan, jufta.
func nearUnit(w string) bool {
	for _, n := range [...]string{"hari", "minggu", "bulan", "tahun", "ribu", "juta", "ratus", "puluh", "belas"} {
		if oneSlip(w, n) || len(n) > 4 && len(w) > 3 && apartAtMost(w, n, 2) {
			return true
		}
	}
	return false
}

// apartAtMost reports whether a becomes b by at most n letters added, lost or
// replaced.
func apartAtMost(a, b string, n int) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	switch {
	case len(a) == 0, len(b) == 0:
		return len(a)+len(b) <= n
	case n == 0:
		return false
	}
	return apartAtMost(a[1:], b, n-1) || apartAtMost(a, b[1:], n-1) || apartAtMost(a[1:], b[1:], n-1)
}

// near reports whether an unknown word may be a misspelt label.
func (l labelSlips) near(w string) bool {
	if len(w) < minLabel-1 || len(w) > 21 || strings.IndexByte(w, '\'') >= 0 {
		return false
	}
	try := func(ws []string) bool {
		for _, n := range ws {
			if oneSlip(w, n) {
				return true
			}
		}
		return false
	}
	if try(l[w]) {
		return true
	}
	var buf [24]byte
	for i := range len(w) {
		if try(l[string(append(append(buf[:0], w[:i]...), w[i+1:]...))]) {
			return true
		}
	}
	return false
}
