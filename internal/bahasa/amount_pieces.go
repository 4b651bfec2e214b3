package bahasa

// pieces gives every token its meaning: number words, the classes of
// amount_words.txt, or nothing. odd is set when letters stand at digits in a way
// that may hide another figure (l50rb, 500tb).
func (c *amountClasses) pieces(toks []tok, out []piece) (ps []piece, odd bool) {
	words := make([]string, len(toks), len(toks)+1)
	n := 0
	for i, t := range toks {
		if t.kind == tSym && t.text == "-" && t.glued && i > 0 && i+1 < len(toks) && toks[i-1].kind == tWord && toks[i+1].kind == tWord && toks[i+1].glued {
			a, _ := c.lex.at([]string{spell(toks[i-1].text)}, 0)
			if !a.has(c.dayname) { // senin-sabtu stays a range of days
				continue // kira-kira, rb-an
			}
		}
		w := "\x00" // joins with nothing
		if t.kind == tWord && (t.text == "di" || t.text == "ke") && i+1 < len(toks) && toks[i+1].kind == tWord && !toks[i+1].glued && c.passive(t.text, toks[i+1].text) {
			toks[i+1].text, toks[i+1].glued = t.text+toks[i+1].text, t.glued
			continue // di kasih, ke luar
		}
		if t.kind == tWord {
			w = c.known(t.text)
			if n > 0 && words[n-1] == w && !isNumber(t.text) {
				continue // kira-kira, ya ya
			}
		}
		toks[n], words[n] = t, w
		n++
	}
	toks, words = toks[:n], words[:n]
	for i := 0; i < n; {
		t := toks[i]
		p := piece{glued: t.glued, text: t.text}
		switch t.kind {
		case tNum:
			p.kind, p.fig = pFigure, t.num
		case tFrac:
			p.kind, p.fig = pFrac, t.num
		case tMark:
			p.kind, p.what = pMark, t.what
		case tSym:
			p.kind, p.sym = pSym, t.text[0]
		case tWord:
			is, taken := c.lex.at(words, i)
			digitsBefore := i > 0 && toks[i-1].kind == tNum
			stuck := digitsBefore && t.glued
			before := i+1 < n && toks[i+1].kind == tNum && toks[i+1].glued
			switch {
			case taken > 1:
			case stuck && (t.text == "an" || t.text == "kan"):
				p.kind, p.word = pNumWord, numWord{kind: nRibu, value: 1000, approx: true}
				if t.text == "an" {
					p.kind, is = pClass, classes{c.approx}
				}
			case t.text == "an" && (t.glued || i > 0 && isNumber(toks[i-1].text)):
				p.kind, is = pClass, classes{c.approx}
			case t.text == "a" && i > 0:
				p.kind, is = pClass, classes{c.price} // 10 porsi a 15rb
			case stuck && t.text == "g":
				p.kind, is = pClass, classes{c.goods}
			case isNumber(t.text) && (len(t.text) > 1 && t.text != "mil" || digitsBefore):
				p.word, _ = numberWord(t.text)
				p.kind = pNumWord
			default:
				if parts := splitNumber(t.text); parts != nil && len(is) == 0 {
					for k, w := range parts {
						out = append(out, piece{kind: pNumWord, word: w, glued: k > 0 || t.glued, text: t.text})
					}
					i++
					continue
				}
				// Letters at digits are fine when they are a word of ours.
				between := stuck && i+1 < n && toks[i+1].kind == tNum && toks[i+1].glued // 1gt150rb
				doubled := before && is.has(c.approx) && toks[i+1].text[0] == '2'        // kira2250rb
				odd = odd || between || doubled || stuck && len(is) == 0 || before && (len(is) == 0 || len(t.text) < 2 && !is.has(c.times))
			}
			if p.kind == pWord && len(is) > 0 {
				p.kind = pClass
			}
			p.is = is
			i += taken - 1
		}
		out = append(out, p)
		i++
	}
	return out, odd
}

// passive reports whether a prefix that is written apart makes a word of other
// money with the next: "di kasih", "di pinjam", "ke luar".
func (c *amountClasses) passive(prefix, w string) bool {
	is := c.lex.single[spell(prefix+w)]
	return is.has(c.debt) || is.has(c.received) || is.has(c.cost) || is.has(c.profit)
}

func isNumber(w string) bool { _, ok := numberWord(w); return ok }

// known returns a word in the one spelling that the lexicon knows, also with a
// doubled letter or a possessive ending taken off.
func (c *amountClasses) known(w string) string {
	s := spell(w)
	if r := c.lex.reduce(s); len(r) > 3 || len(s) <= 3 {
		return r
	}
	return s // never down to a word of three letters: "seet" is no "set"
}
