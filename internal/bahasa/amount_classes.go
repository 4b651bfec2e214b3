package bahasa

import (
	_ "embed"
	"sync"
)

//go:embed data/amount_words.txt
var amountWordsText string

// amountClasses are the numbers of the classes of amount_words.txt; a field has
// the name of its class.
type amountClasses struct {
	lex   *lexicon
	slips labelSlips

	approx, after, bound, vague, day, daynoun, dayname, daypart, weeknoun, week, month, monthnoun, fortnight, monthname uint16
	future, average, same, turnover, profit, loss, cost, debt, received, from, price, each, times, plus, total, more    uint16
	until, change, neg, harmless, question, help, snooze, notyet, unknown, count, goods, numbered, clock, tgl, sale     uint16
	currency, filler, cond, delta, idle, purpose, name, place, stall, input, person, piece, weekstart, weekend, kin     uint16
}

var amountLexicon = sync.OnceValue(func() *amountClasses {
	c := &amountClasses{lex: newLexicon(amountWordsText)}
	for name, at := range map[string]*uint16{
		"approx": &c.approx, "after": &c.after, "bound": &c.bound, "vague": &c.vague, "day": &c.day, "daynoun": &c.daynoun,
		"dayname": &c.dayname, "daypart": &c.daypart, "weeknoun": &c.weeknoun, "week": &c.week, "month": &c.month,
		"monthnoun": &c.monthnoun, "fortnight": &c.fortnight, "monthname": &c.monthname, "future": &c.future, "average": &c.average,
		"same": &c.same, "turnover": &c.turnover, "profit": &c.profit, "loss": &c.loss, "cost": &c.cost, "debt": &c.debt,
		"received": &c.received, "from": &c.from, "price": &c.price, "each": &c.each, "times": &c.times, "plus": &c.plus,
		"total": &c.total, "more": &c.more, "until": &c.until, "change": &c.change, "neg": &c.neg, "harmless": &c.harmless,
		"question": &c.question, "help": &c.help, "snooze": &c.snooze, "notyet": &c.notyet, "unknown": &c.unknown,
		"count": &c.count, "goods": &c.goods, "numbered": &c.numbered, "clock": &c.clock, "tgl": &c.tgl, "sale": &c.sale,
		"currency": &c.currency, "filler": &c.filler, "cond": &c.cond, "delta": &c.delta, "idle": &c.idle, "purpose": &c.purpose,
		"name": &c.name, "place": &c.place, "stall": &c.stall, "input": &c.input, "person": &c.person, "piece": &c.piece,
		"weekstart": &c.weekstart, "kin": &c.kin, "weekend": &c.weekend,
	} {
		*at = c.lex.class(name)
	}
	c.buildSlips()
	if len(c.lex.names) > 64 {
		panic("bahasa: more classes in amount_words.txt than said.seen holds")
	}
	return c
})
