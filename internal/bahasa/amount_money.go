package bahasa

// segment is a coefficient with its unit; a figure has at most three: 1jt 250rb 500.
type segment struct {
	coefficient
	unit   unit
	spaced bool // the unit does not stand directly at the digits
}

// money parses the figure that begins at i and returns what follows it.
func (n *numbers) money(i int) (money, int) {
	first, i := n.segment(i)
	m := n.alone(first)
	if m.bad || first.unit == doneUnit || first.unit == milyarUnit || first.unit == noUnit {
		return m, i
	}
	if first.unit == jutaUnit {
		if w, ok := n.num(i); ok && (w.kind == nHalf || w.kind == nQuarter) && first.whole() && !n.unitAt(i+1) {
			m.value += halfOf(w) * 10_000 // sejuta setengah
			m.low = m.low || w.low || w.kind == nQuarter
			m.approx = m.approx || w.approx
			return m, i + 1
		}
		if w, ok := n.num(i); ok && w.kind == nDigit && w.value == 3 && first.whole() && n.isNum(i+1, nPerempat) && !n.unitAt(i+2) {
			m.value, m.low = m.value+750_000, true // sejuta tiga perempat
			return m, i + 2
		}
	}
	last := first.unit
	for range 2 {
		j := i
		if j < len(n.p) && n.p[j].kind == pSym && n.p[j].sym == ',' {
			j++ // 1 jt, 250 rb
		}
		if !n.starts(j) {
			break
		}
		next, k := n.segment(j)
		if !n.composes(m, first, last, next, k, j == i) {
			break
		}
		n.compose(&m, last, next, n.p[j].glued)
		if next.unit == noUnit && k < len(n.p) && n.p[k].kind == pWord && !m.bad {
			m.bad, m.kind, m.cands = true, KindDoubt, []int64{m.value} // sejuta dua ratus lima pulhu
		}
		i, last = k, next.unit
		if last == noUnit || m.bad {
			break
		}
	}
	return m, i
}

// segment parses a coefficient and its unit at i.
func (n *numbers) segment(i int) (segment, int) {
	if w, ok := n.num(i); ok {
		one := segment{coefficient: coefficient{figure: figure{mant: w.value, digits: 1}, words: true, low: w.low, approx: w.approx}}
		switch w.kind {
		case nThousand:
			one.unit = ribuUnit
			return one, i + 1
		case nMillion, nSlangMillion:
			one.unit = jutaUnit
			return one, i + 1
		case nSlang:
			one.unit = doneUnit
			return one, i + 1
		}
	}
	c, j := n.coefficient(i)
	s := segment{coefficient: c}
	if w, ok := n.num(j); ok {
		switch w.kind {
		case nRibu, nCeng:
			s.unit = ribuUnit
		case nJuta:
			s.unit = jutaUnit
		case nMilyar:
			s.unit = milyarUnit
		default:
			return s, j
		}
		s.low = s.low || w.low
		s.approx = s.approx || w.approx
		s.spaced = !n.p[j].glued
		if s.unit == ribuUnit && s.words && s.mant == 1 && s.dec == 0 {
			s.bad = true // "satu ewu" is a slip of "satus ewu" as well
		}
		j++
	}
	return s, j
}

func (n *numbers) unitAt(i int) bool {
	return n.isNum(i, nRibu) || n.isNum(i, nJuta) || n.isNum(i, nRatus)
}

// alone reads a segment by itself (rules 2 to 6 of the amount policy).
func (n *numbers) alone(s segment) money {
	m := money{low: s.low, approx: s.approx, unitful: s.unit != noUnit, full: s.unit != noUnit, glued: !s.spaced && !s.words, single: s.digits == 1}
	ask := func(kind AmountKind, cands ...int64) money {
		m.bad, m.kind, m.cands = true, kind, cands
		return m
	}
	if s.bad && s.words {
		if s.unit == jutaUnit {
			return ask(KindDoubt, s.mant*1_000_000)
		}
		return ask(KindDoubt, s.mant*1000)
	}
	if s.bad || s.shape == brokenShape {
		return ask(KindDoubt, s.broken()...)
	}
	if s.lead0 && s.mant == 0 && s.shape == plainShape && s.unit != noUnit {
		return ask(KindDoubt, 0) // 5 00rb is no zero
	}
	switch s.unit {
	case doneUnit:
		m.value, m.low = s.mant, true
		return m
	case milyarUnit:
		v, ok := s.times(1_000_000)
		if !ok || v > MaxAmount {
			return ask(KindTooBig)
		}
		return ask(KindTooBig, v)
	case ribuUnit:
		switch {
		case s.half, s.lead0 && s.shape != decimalShape && s.mant > 0:
			v, _ := s.times(1000)
			return ask(KindDoubt, v)
		case s.dec == 0 && s.mant >= 10_000, s.shape == groupedShape, s.shape == oneGroup && s.mant%1000 == 0:
			return ask(KindDoubt, s.mant, s.mant*1000) // 350.000 ribu, 5.000 ribu
		case s.shape == decimalShape && s.dec == 2 && s.mant%100 == 0 && s.mant > 0:
			return ask(KindDoubt, s.mant*1000, s.mant*10) // 5.00rb
		}
		v, ok := s.times(1000)
		if !ok || s.shape == decimalShape && v >= 1_000_000 {
			return ask(KindDoubt, v)
		}
		m.value = v
		return m
	case jutaUnit:
		switch {
		case s.shape == oneGroup && s.mant%1000 == 0 && s.mant >= 1000:
			return ask(KindDoubt, s.mant) // 350.000 juta
		case s.shape == oneGroup:
			s.dec, m.low = 3, true // 1.250 jt
		case s.shape == groupedShape, s.shape == plainShape && s.dec == 0 && s.mant >= 10_000:
			return ask(KindDoubt, s.mant)
		case s.shape == plainShape && s.dec == 0 && s.mant >= 1000:
			return ask(KindDoubt, s.mant*1000)
		case s.shape == plainShape && s.lead0 && s.mant > 0:
			return ask(KindDoubt, s.mant*1_000_000)
		}
		v, ok := s.times(1_000_000)
		if !ok {
			return ask(KindDoubt)
		}
		m.value = v
		return m
	}
	return n.bare(s, m, ask)
}

// bare reads a figure without a unit: rupiah only from 10,000 on.
func (n *numbers) bare(s segment, m money, ask func(AmountKind, ...int64) money) money {
	m.digits = !s.words
	switch {
	case s.half && s.words && s.dec == 2 && s.mant > 100, s.half && !s.words && s.dec > 0 && s.mant > 10*pow10(s.dec-1):
		v, _ := s.times(1_000_000)
		w, _ := s.times(100_000)
		return ask(KindDoubt, v, w) // dua setengah
	case s.half:
		v, _ := s.times(1_000_000)
		return ask(KindDoubt, v)
	case s.words:
		m.value = s.mant
		return m
	case s.shape == decimalShape && s.mant == 0 && s.dec == 2:
		return m // 0,00
	case s.shape == decimalShape:
		v, _ := s.times(1_000_000)
		if s.mant >= 1000 || s.dec == 2 && s.mant%100 == 0 {
			return ask(KindDoubt, s.mant/pow10(s.dec)*1000)
		}
		return ask(KindDoubt, v)
	case s.lead0 && s.mant > 0:
		if s.mant < 10_000 {
			return ask(KindSmall, s.mant*1000, s.mant)
		}
		return ask(KindDoubt, s.mant)
	case s.lead0:
		return ask(KindDoubt, 0)
	}
	m.value = s.mant
	m.full = s.mant >= 10_000
	return m
}

// broken proposes what a figure with misplaced separators may mean.
func (s segment) broken() []int64 {
	if s.digits > 9 || s.mant <= 0 {
		return nil
	}
	if s.mant >= 10_000 {
		return []int64{s.mant}
	}
	return []int64{s.mant * 1000}
}

// composes reports whether next continues the figure, or is another figure.
func (n *numbers) composes(m money, first segment, last unit, next segment, after int, adjacent bool) bool {
	if first.dec > 0 || first.shape == oneGroup && last == jutaUnit || first.half || next.half || next.dec > 0 {
		return false
	}
	switch next.unit {
	case ribuUnit:
		return last == jutaUnit && (next.bad || next.mant < 1000 && next.shape == plainShape)
	case noUnit:
		if !adjacent {
			return false
		}
		if last == ribuUnit {
			// 350rb500; a smaller rest, or one with a gap, may be another figure
			return next.bad || next.mant >= 100 && next.mant < 1000 && next.mant%100 == 0 || next.mant >= 10 && next.mant < 1000 && next.words ||
				next.mant >= 100 && next.mant < 1000 && !next.words && n.p[after-1].glued
		}
		return !n.counts(after)
	}
	return false
}

// counts reports whether what stands at i makes the number before it a count.
func (n *numbers) counts(i int) bool {
	if i >= len(n.p) || n.p[i].kind != pClass {
		return false
	}
	is := n.p[i].is
	c := n.words
	return is.has(c.goods) || is.has(c.daynoun) || is.has(c.weeknoun) || is.has(c.monthnoun) || is.has(c.times) || is.has(c.daypart) && !is.has(c.filler)
}

// compose adds a further segment. After juta, thousands are elided where three
// digits or tens are said; what may mean hundreds of thousands as well is asked.
func (n *numbers) compose(m *money, last unit, next segment, glued bool) {
	ask := func(cands ...int64) { m.bad, m.kind, m.cands = true, KindDoubt, cands }
	m.low = m.low || next.low
	m.approx = m.approx || next.approx
	switch {
	case next.bad || next.shape == brokenShape:
		ask(m.value + next.mant*1000)
	case next.unit == ribuUnit:
		m.value += next.mant * 1000
	case last == ribuUnit:
		if next.mant < 100 {
			ask(m.value+next.mant*1000, m.value+next.mant)
			return
		}
		m.value += next.mant
		if m.value < 10_000 { // seribu dua ratus: 1.2 million or 1,200?
			m.bad, m.kind, m.cands = true, KindSmall, []int64{m.value * 1000, m.value}
		}
	case next.lead0:
		ask(m.value + next.mant)
	case next.mant < 10:
		ask(m.value+next.mant*100_000, m.value+next.mant*1000)
	case next.mant < 100 && !next.words && glued:
		ask(m.value+next.mant*1000, m.value+next.mant*10_000)
	case next.mant < 1000 && next.shape == plainShape:
		m.value += next.mant * 1000
	case next.mant >= 10_000 && next.mant < 1_000_000:
		m.value += next.mant
	default:
		ask(m.value + next.mant)
	}
}
