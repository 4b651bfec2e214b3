package bahasa

import "slices"

// noFigure reads a message without any figure: nothing sold, and why, or
// another wish. A denial counts as zero only when nothing limits it.
func (c *amountClasses) noFigure(raw string, s *said) Amount {
	if s.marks != "" {
		return Amount{Verdict: Invalid, Kind: s.marks}
	}
	ask := func(k AmountKind, cands ...int64) Amount { return Amount{Verdict: Ask, Kind: k, Candidates: cands} }
	r := ReadIntent(raw)
	switch r.Intent {
	case Stop:
		return Amount{Verdict: Invalid, Kind: KindOptOut}
	case Violence, Complaint, Bereaved, Disaster, Abuse, WrongNumber, Help, CallMe, ScamFear, Data:
		if r.Intent == Help && !calls(raw) {
			return ask(KindOther)
		}
		return Amount{Verdict: Invalid, Kind: KindOther}
	case NoSales, Closed, Sick:
		if z, ok := c.zero(raw, r); ok {
			return z
		}
		return ask(KindZero, 0)
	case No:
		if s.has(c.notyet) {
			return ask(KindNotYet, 0)
		}
		return ask(KindUnknown, 0)
	case Later:
		if s.has(c.unknown) {
			return ask(KindUnknown)
		}
		return ask(KindSnooze)
	case NotStop:
		return ask(KindZero, 0)
	}
	switch {
	case s.has(c.unknown):
		return ask(KindUnknown)
	case s.has(c.same):
		return ask(KindSame)
	case s.has(c.goods), s.has(c.count):
		return ask(KindGoods)
	case s.has(c.loss):
		return ask(KindLoss)
	case s.has(c.vague):
		return ask(KindVague)
	case s.has(c.snooze):
		return ask(KindSnooze)
	}
	if t := Normalise(raw); t == "-" || t == "x" || t == "--" || t == "---" || t == "xx" || t == "_" || t == "/" {
		return ask(KindZero, 0) // how "none" is written on forms
	}
	return ask(KindUnknown)
}

// calls reports whether a cry for help is one: "tolong", not "gimana".
func calls(raw string) bool {
	sp := speechData()
	help := sp.lex.class("HELP")
	for _, w := range sp.read(Normalise(raw)) {
		if sp.lex.single[w].has(help) {
			return true
		}
	}
	return false
}

// zero accepts that nothing was sold. Quantities, single days, conditions and
// "sepi" (few customers are not none) keep it a question.
func (c *amountClasses) zero(raw string, r IntentReading) (Amount, bool) {
	ws := spelled(splitWords(Normalise(raw)))
	for i, w := range ws {
		if slices.Contains(limits[:], w) {
			return Amount{}, false
		}
		is, _ := c.lex.at(ws, i)
		if is.has(c.day) || is.has(c.dayname) || is.has(c.future) && w != "mau" || is.has(c.cond) || is.has(c.question) && !(r.Sure && w == "apa") || is.has(c.unknown) {
			return Amount{}, false
		}
	}
	if notYetGiven(ws) || !r.Sure && !onlyAboutTrade(raw) {
		return Amount{}, false
	}
	if r.Reason == "sepi" && r.Intent == Closed || r.Reason == "lainnya" {
		return Amount{}, false
	}
	return Amount{Verdict: Value, Kind: KindZero, Reason: r.Reason}, true
}

// notYetGiven finds "belum dapat": of sales, or of the grant?
func notYetGiven(ws []string) bool {
	for i := 1; i < len(ws); i++ {
		switch ws[i] {
		case "dapat", "terima", "menerima", "angsal", "kenging", "oleh", "nampi", "tampi":
			if p := ws[i-1]; p == "belum" || p == "durung" || p == "dereng" || p == "acan" || p == "tacan" || p == "can" {
				return true
			}
		}
	}
	return false
}

// tradeConcepts are what a message may hold and still say only that nothing was
// sold, and why.
var tradeConcepts = [...]string{"NEG", "ANY", "SELL", "TRADE", "SOLD", "BUY", "NOONE", "INCOME", "EMPTY", "FILL", "I", "THIS", "SICK", "KIN", "CAPITAL", "OUT", "TOOL", "BROKEN",
	"QUIET", "HAPPYDAY", "OFF", "AWAY", "HARVEST", "FAST", "SHOP", "OPEN", "CAN", "GET", "THANK", "HI", "MONEY"}

// onlyAboutTrade reports whether every word of a message is about trade or a
// reason for none. A word that nobody knows may turn the meaning.
func onlyAboutTrade(raw string) bool {
	sp := speechData()
	var buf [24]word
	for _, w := range sp.concepts(sp.read(Normalise(raw)), true, buf[:0]) {
		known := false
		switch w.text {
		case "yang", "minggu", "ini", "karena", "jadi", "sama", "lagi", "masih", "isih", "taksih", "nembe", "dulu", "sedang", "terus", "di", "ada", "saweg", "nuju", "keur", "seminggu", "saminggu", "heula", "rumiyin",
			"sik", "disik", "ka", "ing", "wonten", "jaga", "ngurus", "rumah", "sudah", "wis", "atos", "tos", "sampun", "nu", "sing", "ingkang", "masuk", "kena", "buat", "untuk", "euweuh", "melompong", "mlompong":
			continue
		case "hamil":
			return false
		}
		for _, c := range w.is {
			for _, name := range tradeConcepts {
				known = known || sp.lex.names[c] == name
			}
		}
		if !known {
			return false
		}
	}
	return true
}

// limits are the words that leave something sold after all.
var limits = [...]string{"banyak", "semua", "terlalu", "begitu", "seberapa", "tapi", "tetapi", "kecuali", "selain", "hanya", "cuma", "kalau", "kalo", "jika", "tiap",
	"setiap", "sebagian", "sering", "kadang", "penuh", "akeh", "loba", "seueur", "kathah", "ning", "nanging", "namung", "mung", "ngan", "sakedik", "saeutik",
	"sithik", "sedikit", "dikit", "kabeh", "sadayana", "sempat", "tutupan", "pas", "sore", "pagi", "siang", "malam", "setengah", "sering", "jarang",
	"kurang", "lumayan", "nanti", "besok", "untung", "rugi", "tentu", "seramai", "sebanyak", "rutin", "tetap", "sehari", "baru"}
