package bahasa

// isNum reports whether the entry at i is a figure.
func (s *said) isNum(i int) bool { return i >= 0 && i < len(s.entries) && s.entries[i].what == eFigure }

// between finds "500-600rb", "500 s/d 600rb", "antara 500 dan 600 ribu".
func (c *amountClasses) between(s *said) (k AmountKind, lo, hi int64, ok bool) {
	for i, e := range s.entries {
		joins := e.what == eSym && e.sym == '-' && s.isNum(i-1) && s.isNum(i+1) ||
			e.what == eClass && e.is.has(c.until) && (s.isNum(i-1) && s.isNum(i+1) || s.isNum(i+1) && s.isNum(i+2))
		if !joins {
			continue
		}
		a, b := i-1, i+1
		if !s.isNum(a) {
			a, b = i+1, i+2
		}
		x, y := s.entries[a].m, s.entries[b].m
		lo, hi = x.value, y.value
		// "500-600rb": the unit of the second belongs to both.
		if !x.full && y.full && hi >= 1000 {
			switch {
			case hi >= 1_000_000 && lo < 100:
				lo *= 1_000_000
			case hi >= 100_000 && lo < 10:
				lo *= 100_000 // 3-4 ratus ribu
			case lo < 1000:
				lo *= 1000
			}
		} else if !x.full && !y.full && hi < 1000 {
			lo, hi = lo*1000, hi*1000
		}
		if lo > hi {
			lo, hi = hi, lo
		}
		return KindRange, lo, hi, true
	}
	return "", 0, 0, false
}

// arithmetic finds 6x100rb and 100rb+150rb; the result is only proposed.
func (c *amountClasses) arithmetic(s *said) (k AmountKind, v int64, ok bool) {
	sum, plus := int64(0), false
	for i, e := range s.entries {
		if e.what == eFigure {
			sum += e.m.value
		}
		times := e.what == eClass && e.is.has(c.times) || e.what == eSym && (e.sym == '*' || e.sym == '@')
		adds := e.what == eClass && e.is.has(c.plus) || e.what == eSym && (e.sym == '+' || e.sym == '&')
		if !times && !adds {
			continue
		}
		left, right := i-1, i+1
		for left >= 0 && !s.isNum(left) && !adds {
			left--
		}
		for right < len(s.entries) && !s.isNum(right) {
			right++
		}
		if !s.isNum(left) || !s.isNum(right) {
			if e.what == eSym && e.sym == '*' && (i == 0 || i == len(s.entries)-1) {
				continue // *500rb*
			}
			if times && (s.isNum(left) || s.isNum(right)) {
				return KindMultiply, -1, true
			}
			continue
		}
		if times {
			x, y := s.entries[left].m.value, s.entries[right].m.value
			if x > 0 && y > 0 && x <= MaxAmount/y {
				return KindMultiply, x * y, true
			}
			return KindMultiply, -1, true
		}
		plus = true
	}
	if plus {
		return KindSum, sum, true
	}
	return "", 0, false
}

// labelled keeps only the labelled turnover where two amounts are labelled,
// turnover and profit: "omzet 800rb untung 200rb".
func (c *amountClasses) labelled(s *said, full []money) []money {
	if len(full) != 2 || !s.has(c.turnover) || !s.has(c.profit) || s.has(c.cost) || s.has(c.loss) || s.has(c.debt) {
		return full
	}
	order, figures := "", 0
	for _, e := range s.entries {
		switch {
		case e.what == eFigure && e.m.full && !e.m.bad:
			order += "A"
			figures++
		case e.what == eFigure:
			return full
		case e.what == eClass && e.is.has(c.profit):
			order += "P"
		case e.what == eClass && e.is.has(c.turnover):
			order += "T"
		case e.what == eClass && (e.is.has(c.day) || e.is.has(c.neg) || e.is.has(c.month)):
			return full
		}
	}
	keep := -1
	switch order {
	case "TAPA", "ATAP":
		keep = 0
	case "PATA", "APAT":
		keep = 1
	default:
		return full
	}
	s.seen &^= 1 << c.profit
	return full[keep : keep+1]
}

// negative finds a minus before a figure. "-+" is approximate, "-0" is zero.
func negative(s *said) bool {
	for i, e := range s.entries {
		if e.what != eSym || e.sym != '-' || !s.isNum(i+1) || s.isNum(i-1) || s.entries[i+1].m.value == 0 {
			continue
		}
		if i > 0 && s.entries[i-1].what == eSym && (s.entries[i-1].sym == '+' || s.entries[i-1].sym == '/') {
			continue
		}
		return true
	}
	return false
}

// approxSign finds +400rb, ±, ~.
func approxSign(s *said) bool {
	for i, e := range s.entries {
		if e.what == eSym && (e.sym == '~' || e.sym == '+' && !s.isNum(i-1)) {
			return true
		}
	}
	return false
}

// given finds "500rb dari mentor": money from somebody is no sale. After "dari"
// only what is sold, where and when is known to be harmless.
func (c *amountClasses) given(s *said) bool {
	for i, e := range s.entries {
		if e.what != eClass || !e.is.has(c.from) {
			continue
		}
		if i+1 == len(s.entries) {
			return true
		}
		n := s.entries[i+1]
		if n.what != eClass || !n.is.has(c.sale) && !(n.is.has(c.place) && s.has(c.name) && !s.isNum(i-1)) && !n.is.has(c.goods) && !n.is.has(c.turnover) && !n.is.has(c.dayname) && !n.is.has(c.week) {
			return true
		}
	}
	return false
}

// spent finds "500rb buat berobat": after a figure, "untuk" names what it went
// to, unless that is the week or the trade itself.
func (c *amountClasses) spent(s *said) bool {
	figure := false
	for i, e := range s.entries {
		figure = figure || e.what == eFigure
		if !figure || e.what != eClass || !e.is.has(c.purpose) || i+1 == len(s.entries) {
			continue
		}
		n := s.entries[i+1]
		if n.what == eWord || n.what == eClass && !n.is.has(c.week) && !n.is.has(c.weeknoun) && !n.is.has(c.turnover) && !n.is.has(c.tgl) {
			return true
		}
	}
	return false
}

// moreThan finds "lebih 500rb": before any figure "lebih" is a limit, after one
// ("500rb lebih") it is approximate.
func (c *amountClasses) moreThan(s *said) bool {
	for _, e := range s.entries {
		if e.what == eFigure {
			return false
		}
		if e.what == eClass && e.is.has(c.after) {
			return true
		}
	}
	return false
}

// upTo finds "sampai 500rb", "ditambah 200rb": a limit or a part, when no other
// figure stands before.
func (c *amountClasses) upTo(s *said) bool {
	for i, e := range s.entries {
		if e.what == eFigure {
			return false
		}
		if e.what == eClass && (e.is.has(c.until) || e.is.has(c.plus)) && s.isNum(i+1) {
			return true
		}
	}
	return false
}

// idleBut finds "libur 500rb": no trade and an amount, without a word that says
// that something was sold after all ("suami sakit, cuma dapat 200rb").
func (c *amountClasses) idleBut(s *said) bool {
	return s.has(c.idle) && !s.has(c.count) && !s.has(c.turnover) && !s.has(c.total)
}

// outlay finds "gas 25rb", "anak 100rb": what the trade buys, or a person whose
// money it may be, without a word that says that something was sold.
func (c *amountClasses) outlay(s *said) bool {
	return (s.has(c.input) || s.has(c.person)) && !s.has(c.count) && !s.has(c.turnover) && !s.has(c.total) && !s.has(c.stall) && !s.has(c.sale)
}

// counted finds "2rb porsi", "5rb bungkus": a container or people straight behind
// a figure with its unit, which so is a count or a price.
func (c *amountClasses) counted(s *said) bool {
	for i, e := range s.entries {
		if e.what == eClass && e.is.has(c.piece) && s.isNum(i-1) && s.entries[i-1].m.unitful {
			return true
		}
	}
	return false
}

// stranger reports whether an unknown word stands beside the figure.
func stranger(s *said) bool {
	for _, e := range s.entries {
		if e.what == eWord && e.new {
			return true
		}
	}
	return false
}

// dayToDay finds a week told by its days: "senin sampai minggu", "senin-sabtu".
// From Monday to Wednesday is no week.
func (c *amountClasses) dayToDay(s *said) bool {
	begins, ends, days := false, false, 0
	for _, e := range s.entries {
		if e.what == eClass && (e.is.has(c.dayname) || e.is.has(c.weekend)) {
			if days++; days == 1 {
				begins = e.is.has(c.weekstart)
			}
			ends = e.is.has(c.weekend)
		}
	}
	return days == 2 && begins && ends && (s.has(c.until) || hasSign(s, '-'))
}

// oneDay finds a single day's name: "senin 100rb". "Senin sampai minggu" is a week.
func (c *amountClasses) oneDay(s *said) bool {
	return s.has(c.dayname) && !c.dayToDay(s)
}

// garbled reports whether a word may be a figure that was misspelt.
func garbled(s *said) bool {
	for _, e := range s.entries {
		if e.what == eWord && e.odd {
			return true
		}
	}
	return false
}

// slashed finds 10rb/kg and 100rb/hari: a price or a period.
func slashed(s *said, c *amountClasses) bool {
	for i, e := range s.entries {
		if e.what == eSym && e.sym == '/' && s.isNum(i-1) && i+1 < len(s.entries) {
			n := s.entries[i+1]
			if n.what == eClass && n.is.has(c.week) {
				continue
			}
			return n.what != eSym
		}
	}
	return false
}

// goodsAt reports whether the message speaks of goods, not money.
func (c *amountClasses) goodsAt(s *said) bool {
	return s.has(c.goods) || s.has(c.count) && !s.has(c.currency)
}

// pricedApiece finds "20 bungkus 10 ribuan": beside a count of goods an amount
// that would make each cheaper than Rp1.000, or a small "-an", is the price of one.
func (c *amountClasses) pricedApiece(s *said, m money, bare []money) bool {
	if !s.has(c.goods) && !countsUnknown(s) || len(bare) != 1 || bare[0].value < 2 || m.value > MaxAmount/bare[0].value {
		return false
	}
	return m.value < 1000*bare[0].value || (m.approx || s.has(c.approx)) && m.value <= 50_000
}

// countsUnknown finds "20 bengkus": a word that no list knows behind a bare figure.
func countsUnknown(s *said) bool {
	for i, e := range s.entries {
		if e.what == eWord && e.long && s.isNum(i-1) && !s.entries[i-1].m.full {
			return true
		}
	}
	return false
}

// countsOnly reports whether every bare figure beside an amount is a count of
// goods or the digit of a menu. Round figures may be thousands of rupiah.
func (c *amountClasses) countsOnly(s *said, bare []money) bool {
	for i, e := range s.entries {
		if e.what != eFigure || e.m.full || e.m.bad {
			continue
		}
		next, prev := entry{what: eSym}, entry{what: eSym}
		if i+1 < len(s.entries) {
			next = s.entries[i+1]
		}
		if i > 0 {
			prev = s.entries[i-1]
		}
		switch {
		case e.m.value == 0, prev.what == eSym && (prev.sym == ':' || prev.sym == '/') && s.isNum(i-2):
			return false // "0 atau 100rb", "700rb:2"
		case next.what == eClass && next.is.has(c.goods), next.what == eWord && next.long:
			if e.m.value == 1 || e.m.value >= 50 && next.what == eWord {
				return false // "1 bungkus 5rb" is a price
			}
		case !e.m.digits:
			return false // "tiga … lima ribu": part of a figure that we cannot read
		case i == 0 && e.m.single && e.m.value > 0 && (next.what == eSym && (next.sym == '.' || next.sym == ')') || next.what == eFigure && next.m.glued && next.m.unitful):
			// "2. 350rb", "2 350rb": the menu's digit
		case e.m.value >= 50:
			return false
		case prev.what == eClass && prev.is.has(c.count) && next.what == eClass:
		case prev.what == eWord && next.what == eClass && next.is.has(c.count):
		default:
			return false
		}
	}
	return true
}
