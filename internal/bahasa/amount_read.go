package bahasa

import "strings"

// entry is one thing that was said, in order: a figure, a class of words that
// matters, or a sign. Words that mean nothing for an amount leave only a gap.
type entry struct {
	what entryKind
	m    money
	is   classes
	sym  byte
	odd  bool // an unknown word that may be a misspelt number
	long bool // an unknown word of more than three letters
	new  bool // an unknown word where no name, place or ware is to be expected
}

type entryKind int8

const (
	eFigure entryKind = iota
	eClass
	eSym
	eWord
)

// said is a whole message as entries.
type said struct {
	entries []entry
	seen    uint64 // the classes that occur
	marks   AmountKind
	odd     bool
	unclear AmountKind // a period or count that must be asked back
}

func (s *said) has(class uint16) bool { return s.seen&(1<<class) != 0 }

// reading walks over pieces and takes away what is no money: phones, dates,
// times, house numbers, counts of days.
type reading struct {
	*amountClasses
	n   numbers
	p   []piece
	out said
}

func (c *amountClasses) read(ps []piece, odd bool, buf []entry) said {
	r := reading{amountClasses: c, n: numbers{p: ps, words: c}, p: ps, out: said{entries: buf, odd: odd}}
	for i := 0; i < len(ps); {
		i = r.step(i)
	}
	return r.out
}

func (r *reading) step(i int) int {
	p := r.p[i]
	switch {
	case p.kind == pMark:
		r.out.marks = p.what
		return i + 1
	case r.n.starts(i):
		if j := r.date(i); j > i {
			r.out.marks = KindDate
			return j
		}
		return r.figure(i)
	case p.kind == pClass:
		return r.class(i)
	case p.kind == pSym:
		r.out.entries = append(r.out.entries, entry{what: eSym, sym: p.sym})
		return i + 1
	}
	if p.kind == pNumWord {
		if len(p.text) > 3 { // "kawan atu ewu": most likely four of something
			r.out.entries = append(r.out.entries, entry{what: eWord, odd: true, long: true})
		}
		return i + 1 // "se" that counts nothing
	}
	// "bu lina" is a name, "lina puluh" a slip
	named := i > 0 && r.p[i-1].kind == pClass && title(r.p[i-1].text)
	odd := !named && (nearNumber(p.text) || r.slips.near(p.text))
	if i > 0 && r.p[i-1].kind == pFigure && !p.glued {
		odd = odd || nearUnit(p.text) // "2 menggu 1jt"
	}
	r.out.entries = append(r.out.entries, entry{what: eWord, odd: odd, long: len(p.text) > 3, new: !r.expected(i)})
	return i + 1
}

// expected reports whether the unknown word at i stands where people write names,
// places and wares: behind a title, a name, a place, a word of selling or a
// count, one more word between. Whatever else is unknown may turn a figure into
// another thing ("celengan 300rb"). What follows a closing quote or semicolon is
// no speech at all.
func (r *reading) expected(i int) bool {
	if c, ok := commands()[r.p[i].text]; ok && i == 0 && (c.is == Correct || c.is == Report || c.is == Reschedule) {
		return true // "gentos 400rb"
	}
	for back := 1; back <= 2 && i >= back; back++ {
		switch q := r.p[i-back]; q.kind {
		case pFigure, pNumWord:
			return q.kind == pFigure && back == 1 && q.fig.shape == plainShape && q.fig.mant < 1000 && !r.p[i].glued
		case pClass:
			if back == 1 && q.is.has(r.filler) && i > 1 && r.p[i-2].text == "nama" {
				return true // "nama saya karsini"
			}
			return q.text == "nama" || title(q.text) && !nameless(r.p[i].text) || q.is.has(r.name) || q.is.has(r.place) || q.is.has(r.stall) || r.p[i].text == "rt"
		case pSym:
			if q.sym != '.' {
				return q.sym == ';' || q.sym == '\''
			}
		case pMark:
			return false
		}
	}
	return i > 1 && r.quoted(i)
}

// nameless reports whether a word that no list of amounts knows is nobody's name,
// though it stands behind a title: "bu kembaliin 20rb", "pak komisi 100rb". Words
// of everyday speech and their verbs are none.
func nameless(w string) bool {
	sp := speechData()
	known := func(w string) bool { return sp.lex.knows(w) || everyday()[w] || amountLexicon().lex.knows(w) }
	if known(spell(w)) || known(amountLexicon().lex.reduce(spell(w))) || isNumber(strings.TrimSuffix(w, "nya")) {
		return true
	}
	if rest, ok := strings.CutPrefix(w, "di"); ok && len(rest) > 3 && known(rest) {
		return true
	}
	for _, e := range [...]string{"in", "kan", "keun"} {
		if stem, ok := strings.CutSuffix(w, e); ok && len(stem) > 3 && known(stem) {
			return true
		}
	}
	return false
}

// quoted reports whether a quote and a semicolon stand somewhere before i.
func (r *reading) quoted(i int) bool {
	for k := 0; k+1 < i; k++ {
		if r.p[k].kind == pSym && r.p[k].sym == '\'' && r.p[k+1].kind == pSym && r.p[k+1].sym == ';' {
			return true
		}
	}
	return false
}

// class notes a class of words and takes away the numbers that belong to it.
func (r *reading) class(i int) int {
	is := r.p[i].is
	switch {
	case r.p[i].text == "rek" && !(i+1 < len(r.p) && r.p[i+1].kind == pFigure && r.p[i+1].fig.digits > 4):
		return i + 1 // friends, not an account
	case is.has(r.numbered):
		j := r.skipSigns(i + 1)
		if j < len(r.p) && r.p[j].kind == pFigure && !r.unitAfter(j+1) && !r.goesOn(j) && (r.p[j].fig.mant < 10_000 || r.p[j].fig.shape == plainShape && !r.p[i].is.has(r.goods)) {
			for j++; j+1 < len(r.p) && r.p[j].kind == pSym && r.p[j].sym == '/' && r.p[j+1].kind == pFigure; {
				j += 2 // rt 3/5
			}
			return j
		}
	case is.has(r.same) && r.p[i].text == "sama" && i+1 < len(r.p) && (r.p[i+1].is.has(r.goods) || r.p[i+1].is.has(r.input)):
		return i + 1 // gorengan sama es teh
	case is.has(r.input) && (i+1 < len(r.p) && r.p[i+1].kind == pMark || i+2 < len(r.p) && r.p[i+2].kind == pMark):
		return i + 1 // "hp saya 0812..."
	case is.has(r.person) && i > 0 && (title(r.p[i-1].text) && !is.has(r.kin) || r.p[i-1].text == "kata"):
		return i + 1 // "lapor bu tksk 350rb", "kata mama 350rb"
	case r.p[i].text == "kok" && r.figured():
		return i + 1 // "350rb kok bu"
	case r.p[i].text == "min" && !r.n.starts(r.skipSigns(i+1)):
		return i + 1 // the admin of the number, not a minimum
	case is.has(r.weeknoun) && r.span(i+1) > i+1:
		r.out.marks = KindDate
		return r.span(i + 1) // minggu 1-7 juni
	case is.has(r.weeknoun) && i > 0 && r.p[i-1].kind == pSym && r.p[i-1].sym == '/':
		return i + 1 // 350rb/minggu
	case is.has(r.weeknoun) && i+1 < len(r.p) && r.p[i+1].kind == pClass && r.p[i+1].is.has(r.numbered):
		return i + 1 // minggu ke 2
	case is.has(r.clock):
		if j := r.skipSigns(i + 1); j < len(r.p) && r.p[j].kind == pFigure && !r.unitAfter(j+1) {
			r.out.marks = KindTime
			return j + 1
		} else if j < len(r.p) && r.p[j].kind == pMark {
			r.out.marks = KindTime
			return j + 1
		} else if k := r.hour(j); k > j {
			r.out.marks = KindTime
			return k
		}
	case is.has(r.tgl):
		if j := r.skipSigns(i + 1); j < len(r.p) && r.p[j].kind == pFigure && r.p[j].fig.mant <= 31 && !r.unitAfter(j+1) {
			r.out.marks = KindDate
			if k := r.date(j); k > j {
				return k
			}
			if r.joinsDay(j+1) && j+2 < len(r.p) && r.p[j+2].kind == pFigure && !r.unitAfter(j+3) && r.p[j+2].fig.mant <= 31 {
				return j + 3
			}
			return j + 1
		}
	}
	for _, c := range is {
		r.out.seen |= 1 << c
	}
	if (is.has(r.filler) || is.has(r.name)) && (r.wordAt(i-1) && (i < 2 || r.p[i-2].kind != pFigure) || r.wordAt(i+1)) && len(r.p[i].text) > 3 && !everydayWord(r.p[i].text) && slipped(r.p[i].text) {
		r.out.odd = true // "saus lima ewu": satus with a letter lost
	}
	if !is.has(r.filler) && !is.has(r.currency) && !is.has(r.approx) && !is.has(r.harmless) && !is.has(r.name) || len(is) > 1 || is.has(r.piece) {
		r.out.entries = append(r.out.entries, entry{what: eClass, is: is})
	}
	return i + 1
}

// figured reports whether a figure was said already.
func (r *reading) figured() bool {
	for _, e := range r.out.entries {
		if e.what == eFigure {
			return true
		}
	}
	return false
}

// figure reads a figure and what the word after it makes of it.
func (r *reading) figure(i int) int {
	m, j := r.n.money(i)
	if j == i {
		j++ // never stand still
	}
	if r.n.isNum(i, nHalf) && i > 0 && !m.bad && (r.p[i-1].kind == pWord || r.p[i-1].kind == pClass) && slipped(r.p[i-1].text) {
		m.bad, m.kind, m.cands = true, KindDoubt, []int64{m.value} // uda setengah juta
	}
	if !m.full && !m.bad && j < len(r.p) && r.p[j].kind == pClass {
		is := r.p[j].is
		switch {
		case is.has(r.weeknoun) || is.has(r.week) && len(is) == 1:
			if m.value != 1 {
				r.out.unclear = KindTwoWeeks
			}
			return j + 1
		case is.has(r.daynoun):
			if m.value < 5 || m.value > 7 {
				r.out.unclear = KindDaily
			}
			return j + 1
		case is.has(r.monthnoun):
			r.out.unclear = KindMonthly
			return j + 1
		}
	}
	r.out.entries = append(r.out.entries, entry{what: eFigure, m: m})
	return j
}

// hour takes the words of a time, "setengah 8", "tujuh"; i when a unit of money
// follows, because then it is none.
func (r *reading) hour(i int) int {
	j := i
	for ; j < len(r.p) && j < i+3; j++ {
		w, ok := r.n.num(j)
		if !(ok && (w.kind == nDigit || w.kind == nFixed || w.kind == nBelas || w.kind == nHalf)) && !(j > i && r.p[j].kind == pFigure && r.p[j].fig.mant < 25) {
			break
		}
	}
	if _, more := r.n.num(j); more {
		return i
	}
	return j
}

func (r *reading) skipSigns(i int) int {
	for i < len(r.p) && r.p[i].kind == pSym && (r.p[i].sym == '.' || r.p[i].sym == ':' || r.p[i].sym == '-') {
		i++
	}
	return i
}

func (r *reading) unitAfter(i int) bool {
	w, ok := r.n.num(i)
	return ok && w.kind != nDigit && w.kind != nFixed
}

// goesOn reports whether the figure at j goes on in groups, "rt 1 250 000", and so
// is no number of the word before it.
func (r *reading) goesOn(j int) bool {
	_, end := r.n.spaceGroups(coefficient{figure: r.p[j].fig}, j+1)
	return end > j+1
}

// span takes the dates of a whole week, "1-7 jun"; i when there are none.
func (r *reading) span(i int) int {
	if i < len(r.p) && r.p[i].kind == pFigure {
		if j := r.date(i); j > i+3 && r.joinsDay(i+1) || j > i+4 {
			return j
		}
	}
	return i
}

// wordAt reports whether a number word stands at i.
func (r *reading) wordAt(i int) bool { return i >= 0 && i < len(r.p) && r.p[i].kind == pNumWord }

// everydayWord are words one letter from a number word that people do write
// beside one.
func everydayWord(w string) bool {
	switch w {
	case "dong", "neng", "siti", "juga", "rame", "ramai", "laku", "sana", "tiba", "mulai", "bulat", "dapat", "sama", "atuh", "angsal":
		return true
	}
	return false
}

// date takes "17 agustus 2020" and "1-7 jun"; it returns i when there is none.
func (r *reading) date(i int) int {
	day := func(k int) bool {
		return k < len(r.p) && r.p[k].kind == pFigure && r.p[k].fig.shape == plainShape && r.p[k].fig.mant >= 1 && r.p[k].fig.mant <= 31
	}
	month := func(k int) bool { return k < len(r.p) && r.p[k].kind == pClass && r.p[k].is.has(r.monthname) }
	if !day(i) {
		return i
	}
	j := i + 1
	if month(j) {
		j++
		if r.joinsDay(j) && day(j+1) && month(j+2) {
			j += 3 // 29 jun-5 jul
		}
	} else if r.joinsDay(j) && day(j+1) && month(j+2) {
		j += 3
	} else {
		return i
	}
	if j < len(r.p) && r.p[j].kind == pFigure && r.p[j].fig.shape == plainShape && r.p[j].fig.mant >= 1990 && r.p[j].fig.mant < 2100 && !r.unitAfter(j+1) {
		j++
	}
	return j
}

func (r *reading) joinsDay(i int) bool {
	return i < len(r.p) && (r.p[i].kind == pSym && r.p[i].sym == '-' || r.p[i].kind == pClass && r.p[i].is.has(r.until))
}
