package bahasa

// pieceKind is what a token turned out to be.
type pieceKind int8

const (
	pWord    pieceKind = iota // in no class
	pClass                    // one of the classes of amount_words.txt
	pFigure                   // digits
	pFrac                     // 1/2
	pNumWord                  // a number word
	pSym
	pMark // a phone, a date, a time
)

// piece is a token with its meaning.
type piece struct {
	kind  pieceKind
	glued bool
	sym   byte
	fig   figure
	word  numWord
	is    classes
	what  AmountKind
	text  string
}

// money is a figure as it was understood.
type money struct {
	value   int64
	full    bool // has a unit, or is long enough to be rupiah
	bad     bool // must be asked back
	low     bool
	approx  bool
	digits  bool // only digits, no unit
	glued   bool // a unit stands directly at the digits
	single  bool // one digit
	cands   []int64
	kind    AmountKind
	unitful bool // an explicit unit was written
}

// unit of a segment.
type unit int8

const (
	noUnit unit = iota
	ribuUnit
	jutaUnit
	milyarUnit
	doneUnit // the value is complete: ceban
)

// coefficient is what stands before a unit.
type coefficient struct {
	figure
	words   bool // holds a number word
	bad     bool // telescoped or out of order: "tiga lima puluh"
	low     bool
	approx  bool
	half    bool // holds a half or a quarter
	hokkien bool
}

func (c coefficient) whole() bool { return c.dec == 0 }

// times returns c * mult when that is a whole number.
func (c coefficient) times(mult int64) (int64, bool) {
	p := pow10(c.dec)
	if c.mant > 1e12 {
		return 0, false
	}
	v := c.mant * mult
	return v / p, v%p == 0
}

func pow10(n int8) int64 {
	p := int64(1)
	for ; n > 0; n-- {
		p *= 10
	}
	return p
}

// numbers parses figures out of pieces.
type numbers struct {
	p     []piece
	words *amountClasses
}

func (n *numbers) num(i int) (numWord, bool) {
	if i < len(n.p) && n.p[i].kind == pNumWord {
		return n.p[i].word, true
	}
	return numWord{}, false
}

func (n *numbers) isNum(i int, k numKind) bool {
	w, ok := n.num(i)
	return ok && w.kind == k
}

// starts reports whether a figure begins at i.
func (n *numbers) starts(i int) bool {
	if i >= len(n.p) {
		return false
	}
	switch n.p[i].kind {
	case pFigure, pFrac:
		return true
	case pNumWord:
		w := n.p[i].word
		return w.kind != nKoma && (w.kind != nPrefix || n.prefixes(i))
	}
	return false
}

// prefixes reports whether "se", "sak" or "kawan" at i counts what follows.
func (n *numbers) prefixes(i int) bool {
	w, ok := n.num(i + 1)
	if !ok {
		return false
	}
	switch w.kind {
	case nRatus, nPuluh, nBelas, nLikur, nRibu, nJuta:
		return len(n.p[i+1].text) > 1
	}
	return false
}

// coefficient parses what may stand before a unit at i.
func (n *numbers) coefficient(i int) (coefficient, int) {
	if n.p[i].kind == pFigure || n.p[i].kind == pFrac {
		return n.digitsFirst(i)
	}
	return n.wordsFirst(i, 0, 3)
}

func (n *numbers) digitsFirst(i int) (coefficient, int) {
	c := coefficient{figure: n.p[i].fig}
	if n.p[i].kind == pFrac {
		c.half = true
		return c, i + 1
	}
	i++
	c, i = n.spaceGroups(c, i)
	if j := n.suffixAn(i); j > i { // 500an ribu, 500-an rb
		c.approx = true
		return c, j
	}
	if c.shape == plainShape && !c.lead0 {
		if w, ok := n.num(i); ok {
			switch {
			case c.mant >= 1 && c.mant <= 9 && (w.kind == nRatus || w.kind == nPuluh || w.kind == nBelas || w.kind == nLikur || w.kind == nPerempat):
				d, j := n.wordsFirst(i, c.mant, 3)
				return d, j
			case c.mant < 100 && (w.kind == nHalf || w.kind == nQuarter) && !n.p[i].glued:
				c.mant, c.dec, c.half = c.mant*100+halfOf(w), 2, true
				return c, i + 1
			case w.kind == nKoma && c.mant < 100:
				d, j := n.decimals(i+1, c.mant)
				if j > i+1 {
					return d, j
				}
			case w.kind == nRatus || w.kind == nPuluh || w.kind == nBelas || w.kind == nLikur:
				c.bad = true
				return c, i + 1
			}
		}
		if i < len(n.p) && n.p[i].kind == pFrac && !n.p[i].glued && c.mant < 100 {
			f := n.p[i].fig
			c.mant, c.dec, c.half = c.mant*pow10(f.dec)+f.mant, f.dec, true
			return c, i + 1
		}
	}
	return c, i
}

// suffixAn returns the place after a glued "an" or "-an", and i when there is none.
func (n *numbers) suffixAn(i int) int {
	j := i
	if j < len(n.p) && n.p[j].kind == pSym && n.p[j].sym == '-' && n.p[j].glued {
		j++
	}
	if j < len(n.p) && n.p[j].glued && n.p[j].text == "an" && n.p[j].kind == pClass {
		return j + 1
	}
	return i
}

// spaceGroups joins 500 000 and 1 250 000. A last group that is not 000 joins
// only when there are several groups: "2 350rb" is a menu digit and an amount.
func (n *numbers) spaceGroups(c coefficient, i int) (coefficient, int) {
	if c.shape != plainShape || c.digits > 3 || c.lead0 {
		return c, i
	}
	mant, j := c.mant, i
	for j < len(n.p) && n.p[j].kind == pFigure && !n.p[j].glued && n.p[j].fig.shape == plainShape && n.p[j].fig.digits == 3 && j-i < 3 {
		mant = mant*1000 + n.p[j].fig.mant
		j++
	}
	if j == i || n.p[j-1].fig.mant != 0 {
		return c, i
	}
	c.mant, c.shape, c.digits = mant, groupedShape, 9
	return c, j
}

// decimals reads the digits after "koma".
func (n *numbers) decimals(i int, whole int64) (coefficient, int) {
	c := coefficient{words: true, half: true}
	c.mant = whole
	for ; i < len(n.p) && c.dec < 3; i++ {
		if w, ok := n.num(i); ok && w.kind == nDigit {
			c.mant, c.dec = c.mant*10+w.value, c.dec+1
		} else if f := n.p[i]; f.kind == pFigure && f.fig.shape == plainShape && f.fig.digits <= 3 && c.dec == 0 {
			c.mant, c.dec = c.mant*pow10(f.fig.digits)+f.fig.mant, f.fig.digits
		} else {
			break
		}
	}
	return c, i
}

func halfOf(w numWord) int64 {
	if w.kind == nQuarter {
		return 25
	}
	return 50
}

// wordsFirst parses number words below a thousand; pending is a digit that was
// already read, room the highest place that is still free (3: hundreds).
func (n *numbers) wordsFirst(i int, pending int64, room int) (coefficient, int) {
	c := coefficient{words: true}
	total, cur := int64(0), pending
	from := i
loop:
	for ; i < len(n.p); i++ {
		if f := n.p[i]; f.kind == pFigure {
			if room == 2 && cur == 0 && f.fig.shape == plainShape && f.fig.mant < 100 && !f.fig.lead0 && i > from {
				total, room = total+f.fig.mant, 0
				continue
			}
			break
		}
		w, ok := n.num(i)
		if !ok {
			break
		}
		switch w.kind {
		case nPrefix:
			if !n.prefixes(i) || cur > 0 {
				break loop
			}
			cur = w.value
		case nDigit:
			if w.value == 0 {
				if total > 0 || cur > 0 {
					c.bad = true
				}
				break
			}
			if cur > 0 || room == 0 { // tiga lima puluh
				c.bad = true
				if n.isNum(i+1, nPuluh) || n.isNum(i+1, nBelas) {
					total += cur * 100
				} else {
					total += cur * 10
				}
			}
			cur = w.value
		case nRatus, nHundred:
			if w.kind == nHundred && cur == 0 {
				cur = 1
			}
			c.bad = c.bad || cur == 0 || room < 3
			total, cur, room = total+cur*100, 0, 2
		case nPuluh:
			c.bad = c.bad || cur == 0 || room < 2
			total, cur, room = total+cur*10, 0, 1
		case nBelas, nLikur:
			c.bad = c.bad || cur == 0 || room < 2
			total, cur, room = total+cur+w.value, 0, 0
		case nFixed:
			c.bad = c.bad || cur > 0 || room < 2
			total, room = total+cur*100+w.value, 0
			if w.value == 50 || w.value == 60 {
				room = 1
			}
			cur = 0
		case nHalf, nQuarter:
			c.mant, c.dec, c.half = (total+cur)*100+halfOf(w), 2, true
			c.low = c.low || w.low
			return c, i + 1
		case nPerempat:
			if total != 0 || cur != 3 && cur != 1 {
				c.bad = true
			}
			c.mant, c.dec, c.half = cur*25, 2, true
			return c, i + 1
		case nKoma:
			if i == from && pending == 0 {
				break loop
			}
			d, j := n.decimals(i+1, total+cur)
			if j == i+1 {
				break loop
			}
			d.bad = c.bad
			return d, j
		case nHokkien:
			if i > from || pending > 0 {
				c.bad = true
			}
			c.mant, c.hokkien = w.value, true
			return c, i + 1
		default:
			break loop
		}
		c.low = c.low || w.low
		c.approx = c.approx || w.approx
	}
	c.mant = total + cur
	if i == from && pending == 0 {
		c.bad = true // a unit without a figure: "ratusan ribu"
	}
	return c, i
}
