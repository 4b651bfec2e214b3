package bahasa

import (
	"slices"
	"strings"
)

// noAmount finds what cannot be an amount whatever else it holds: links,
// formulas, numbers as machines write them.
func noAmount(raw, text string) (Amount, bool) {
	switch {
	case strings.Contains(text, "://"), strings.Contains(text, "www."), strings.Contains(text, "bit.ly"), strings.Contains(text, "t.me/"), strings.Contains(text, "wa.me/"),
		strings.Contains(text, ".com"), strings.Contains(text, ".id/"):
		return Amount{Verdict: Invalid, Kind: KindOther}, true
	case len(text) > 1 && (text[0] == '=' || text[0] == '@') && isLetter(text[1]):
		return Amount{Verdict: Invalid, Kind: KindOther}, true // a spreadsheet formula
	case text == "nan", text == "inf", text == "-inf", text == "+inf", text == "infinity", text == "null", text == "undefined",
		len(text) > 2 && text[:2] == "0x" && hexOnly(text[2:]),
		len(text) > 2 && (text[0] == '+' || text[0] == '-') && isLetter(text[1]) && strings.Contains(text, "("), strings.Contains(text, "cmd|"),
		len(text) > 2 && text[0] == '=' && isDigit(text[1]) && strings.ContainsAny(text[2:], "+*/^"):
		return Amount{Verdict: Invalid, Kind: KindOther}, true
	}
	if IsStop(raw) {
		return Amount{Verdict: Invalid, Kind: KindOptOut}, true
	}
	if clockAlone(text) {
		return Amount{Verdict: Invalid, Kind: KindTime}, true
	}
	return Amount{}, false
}

// clockAlone reports whether a message is a time and nothing else: 19.30, or any
// hour with its zone, 10.00 wib. Other pairs of two digits ("10.00", "12.50") may
// be amounts with a zero lost, and are asked back.
func clockAlone(text string) bool {
	t, zoned := text, false
	for _, z := range [...]string{"wib", "wita", "wit"} {
		if rest, ok := strings.CutSuffix(text, z); ok {
			t, zoned = strings.TrimRight(rest, " "), true
			break
		}
	}
	if len(t) != 5 || t[2] != '.' && t[2] != ':' || !onlyDigits(t[:2]) || !onlyDigits(t[3:]) || t[:2] > "23" || t[3:] > "59" {
		return false
	}
	return zoned || t[3:] == "15" || t[3:] == "30" || t[3:] == "45"
}

func hexOnly(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// decide weighs a whole message. Anything that may change the meaning of the
// figure makes it a question.
func (c *amountClasses) decide(raw, text string, s *said) Amount {
	var full, bare []money
	for _, e := range s.entries {
		if e.what == eFigure {
			if e.m.full || e.m.bad {
				full = append(full, e.m)
			} else {
				bare = append(bare, e.m)
			}
		}
	}
	if len(full)+len(bare) == 0 {
		return c.noFigure(raw, s)
	}
	if it := Safety(raw); it != None {
		return Amount{Verdict: Invalid, Kind: KindOther}
	}
	ask := func(k AmountKind, cands ...int64) Amount {
		return Amount{Verdict: Ask, Kind: k, Candidates: tidy(cands)}
	}
	all := func() []int64 {
		var out []int64
		for _, m := range full {
			out = append(out, m.proposals()...)
		}
		if len(out) == 0 {
			for _, m := range bare {
				out = append(out, m.proposals()...)
			}
		}
		return out
	}
	if k, lo, hi, ok := c.between(s); ok {
		a := ask(k, lo, hi)
		a.Low2, a.High = lo, hi
		return a
	}
	if k, v, ok := c.arithmetic(s); ok {
		if k == KindSum {
			return ask(k, append([]int64{v}, all()...)...)
		}
		return ask(k, v)
	}
	full = c.labelled(s, full)
	if k, ok := c.doubtful(s, full, bare); ok {
		out := all()
		if k == KindChanged {
			slices.Reverse(out)
		}
		a := ask(k, out...)
		if k == KindBound && len(out) > 0 {
			c.limit(s, &a, out[0])
		}
		return a
	}
	full = distinct(full)
	if len(full) > 1 {
		if s.has(c.change) {
			last := full[len(full)-1]
			return ask(KindChanged, last.proposals()...)
		}
		sum := int64(0)
		for _, m := range full {
			sum += m.value
		}
		return ask(KindSum, append([]int64{sum}, all()...)...)
	}
	if len(full) == 0 {
		return c.onlyBare(s, bare, ask)
	}
	m := full[0]
	if !c.countsOnly(s, bare) {
		return ask(KindRange, append(all(), bare[0].proposals()...)...)
	}
	switch {
	case m.bad:
		return ask(m.kind, m.cands...)
	case c.pricedApiece(s, m, bare):
		return ask(KindMultiply, m.value*bare[0].value, m.value)
	case s.odd, garbled(s), stranger(s):
		return ask(KindDoubt, m.value)
	case c.outlay(s):
		return ask(KindCost, m.value)
	case m.value > MaxAmount:
		if m.digits && m.value >= 1_000_000_000 && len(s.entries) == 1 && m.value >= 1e12 {
			return Amount{Verdict: Invalid, Kind: KindAccount}
		}
		return ask(KindTooBig)
	case m.value == 0 && (len(bare) > 0 || s.seen&^c.besideZero() != 0):
		return ask(KindZero, 0)
	case m.value == 0:
		return Amount{Verdict: Value, Kind: KindZero}
	}
	return Amount{Verdict: Value, Rupiah: m.value, Kind: KindPlain, Approx: m.approx || s.has(c.approx) || s.has(c.after) || approxSign(s),
		Low: m.low || m.value < 10_000 || m.value > 50_000_000}
}

// proposals are the values to offer for a figure, likeliest first.
func (m money) proposals() []int64 {
	switch {
	case m.bad:
		return m.cands
	case m.full:
		return []int64{m.value}
	case m.value <= 0:
		return nil
	case m.value < 1000:
		return []int64{m.value * 1000, m.value}
	case m.value%1000 == 0 || m.value >= 5000:
		return []int64{m.value, m.value * 1000}
	}
	return []int64{m.value * 1000, m.value}
}

// tidy drops what cannot be a report, and repetitions.
func tidy(cands []int64) []int64 {
	var out []int64
	for _, v := range cands {
		if (v > 0 || v == 0 && len(cands) == 1) && v <= MaxAmount && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// distinct drops repetitions: the same amount said twice is that amount.
func distinct(full []money) []money {
	var out []money
	for _, m := range full {
		if i := slices.IndexFunc(out, func(o money) bool { return !o.bad && !m.bad && o.value == m.value }); i < 0 {
			out = append(out, m)
		}
	}
	return out
}

// doubtful finds the words that turn a figure into a question.
func (c *amountClasses) doubtful(s *said, full, bare []money) (AmountKind, bool) {
	switch {
	case s.has(c.help):
		return KindOther, true
	case s.has(c.question), hasSign(s, '?'):
		return KindOther, true
	case s.has(c.neg) && s.has(c.change):
		return KindChanged, true
	case s.has(c.bound), c.moreThan(s), c.upTo(s), hasSign(s, '<'), hasSign(s, '>') && !arrow(s):
		return KindBound, true
	case s.has(c.neg), s.has(c.notyet):
		return KindDoubt, true
	case negative(s):
		return KindNegative, true
	case s.has(c.loss):
		return KindLoss, true
	case s.has(c.profit):
		return KindProfit, true
	case s.has(c.debt):
		return KindDebt, true
	case s.has(c.cost):
		return KindCost, true
	case s.has(c.received), c.given(s):
		return KindReceived, true
	case s.unclear != "" && len(full) > 0:
		return s.unclear, true
	case s.has(c.fortnight):
		return KindTwoWeeks, true
	case s.has(c.month) || s.has(c.monthnoun) || s.has(c.monthname):
		return KindMonthly, true
	case s.has(c.average):
		return KindAverage, true
	case s.has(c.day), s.has(c.daynoun), c.oneDay(s):
		if len(full) > 1 {
			return "", false
		}
		return KindDaily, true
	case s.has(c.weeknoun) && !c.dayToDay(s):
		return KindDaily, true // "minggu" alone is Sunday as well
	case s.has(c.delta):
		return KindDoubt, true // "naik 500rb" is a difference
	case s.has(c.future), s.has(c.snooze):
		return KindSnooze, true
	case s.has(c.same):
		return KindSame, true
	case s.has(c.price), hasSign(s, '@'):
		return KindMultiply, true
	case s.has(c.each) && len(full) > 0:
		return KindMultiply, true
	case s.has(c.more):
		return KindSum, true
	case c.spent(s):
		return KindCost, true
	case s.has(c.cond), s.has(c.unknown), c.idleBut(s) && !nothing(full, bare), hasSign(s, '%'), hasSign(s, '$'):
		return KindDoubt, true
	case slashed(s, c), c.counted(s):
		return KindMultiply, true
	}
	return "", false
}

func hasSign(s *said, sym byte) bool {
	return slices.ContainsFunc(s.entries, func(e entry) bool { return e.what == eSym && e.sym == sym })
}

// arrow reports whether the only > is the head of an arrow: "-> 500rb", "=> 500rb".
func arrow(s *said) bool {
	for i, e := range s.entries {
		if e.what == eSym && e.sym == '>' && (i == 0 || s.entries[i-1].what != eSym || s.entries[i-1].sym != '-' && s.entries[i-1].sym != '=') {
			return false
		}
	}
	return true
}

// limit sets the open bound of "di bawah sejuta".
func (c *amountClasses) limit(s *said, a *Amount, v int64) {
	a.High = v
}

// nothing reports whether every figure is a zero: "0 libur" is no amount that an
// idle week would contradict.
func nothing(full, bare []money) bool {
	for _, m := range append(full[:len(full):len(full)], bare...) {
		if m.value != 0 || m.bad {
			return false
		}
	}
	return true
}

// besideZero are the classes that leave a zero a zero: "0 bu libur".
func (c *amountClasses) besideZero() uint64 {
	return 1<<c.filler | 1<<c.currency | 1<<c.week | 1<<c.turnover | 1<<c.count | 1<<c.total | 1<<c.idle | 1<<c.name | 1<<c.stall
}

// onlyBare reads a message whose figures all lack a unit.
func (c *amountClasses) onlyBare(s *said, bare []money, ask func(AmountKind, ...int64) Amount) Amount {
	m := bare[0]
	switch {
	case s.unclear != "":
		return ask(s.unclear)
	case c.goodsAt(s):
		return ask(KindGoods)
	case len(bare) > 1:
		return ask(KindSum, m.proposals()...)
	case m.value == 0 && !s.odd:
		if s.seen&^(c.besideZero()|1<<c.weeknoun) != 0 || stranger(s) {
			return ask(KindZero, 0)
		}
		return Amount{Verdict: Value, Kind: KindZero}
	}
	return ask(KindSmall, m.proposals()...)
}
