package bahasa

import "strings"

// AmountKind says why an amount was read as it was, so that the dialogue can ask
// the question that fits (a day's figure, a profit, a range ...).
type AmountKind string

const (
	KindPlain    AmountKind = "plain"    // a clear turnover figure
	KindZero     AmountKind = "zero"     // nothing sold; Reason may say why
	KindDaily    AmountKind = "daily"    // a figure per day
	KindTwoWeeks AmountKind = "twoweeks" // a figure for two weeks
	KindMonthly  AmountKind = "monthly"  // a figure per month
	KindAverage  AmountKind = "average"  // "rata-rata"
	KindProfit   AmountKind = "profit"   // untung, bersih
	KindRange    AmountKind = "range"    // two bounds, in Low2 and High
	KindBound    AmountKind = "bound"    // "di bawah sejuta"
	KindSum      AmountKind = "sum"      // several figures to be added
	KindMultiply AmountKind = "multiply" // 6x100rb
	KindGoods    AmountKind = "goods"    // a count of goods, no money
	KindSmall    AmountKind = "small"    // bare figure: thousands or rupiah?
	KindVague    AmountKind = "vague"    // "sedikit", "ratusan ribu"
	KindSnooze   AmountKind = "snooze"   // "nanti", "besok"
	KindNotYet   AmountKind = "notyet"   // "belum"
	KindSame     AmountKind = "same"     // "sama kayak minggu lalu"
	KindUnknown  AmountKind = "unknown"  // nothing in it that we can read
	KindNegative AmountKind = "negative" // -400rb
	KindLoss     AmountKind = "loss"     // rugi, tekor
	KindCost     AmountKind = "cost"     // modal, belanja
	KindDebt     AmountKind = "debt"     // utang, pinjam
	KindReceived AmountKind = "received" // money from somebody, not from sales
	KindDoubt    AmountKind = "doubt"    // a broken or contradictory figure
	KindChanged  AmountKind = "changed"  // "eh", "bukan ... tapi": the last figure is proposed
	KindTooBig   AmountKind = "toobig"   // over the legal maximum
	KindPhone    AmountKind = "phone"    // a telephone number
	KindNIK      AmountKind = "nik"      // sixteen digits
	KindAccount  AmountKind = "account"  // other long digit runs
	KindDate     AmountKind = "date"     // a date
	KindTime     AmountKind = "time"     // a time
	KindOptOut   AmountKind = "optout"   // STOP and friends
	KindOther    AmountKind = "other"    // another intent: help, a complaint, a link ...
)

// Amount is what a text says about sales, in whole rupiah.
type Amount struct {
	Verdict    Verdict
	Rupiah     int64   // when Value
	Approx     bool    // "kira-kira", "-an"
	Low        bool    // accept, but confirm softly (typo, slang, implausible)
	Candidates []int64 // when Ask, likeliest first
	Kind       AmountKind
	Reason     string // for Zero: sakit, hajatan, modal, sepi, libur or ""
	Low2, High int64  // for Range and Bound; 0 = open
}

// MaxAmount is the largest amount that a week's report may hold, in rupiah.
const MaxAmount = 99_999_999

// ReadAmount reads a text without any context: the contract of `kabar parse amount`.
func ReadAmount(s string) Amount {
	s = head(s, maxBytes)
	text, zeros := normalise(s)
	if text == "" {
		return Amount{Verdict: Ask, Kind: KindUnknown}
	}
	if a, ok := noAmount(s, text); ok {
		return a
	}
	c := amountLexicon()
	var tokBuf [32]tok
	var pieceBuf [32]piece
	var entryBuf [32]entry
	ps, odd := c.pieces(lexAmount(text, tokBuf[:0]), pieceBuf[:0])
	said := c.read(ps, odd, entryBuf[:0])
	a := c.decide(s, text, &said)
	if a.Verdict == Value {
		a.Low = a.Low || zeros
		if zeros && loneO(s) {
			return Amount{Verdict: Ask, Kind: KindDoubt, Candidates: []int64{a.Rupiah, a.Rupiah / 10}}
		}
	}
	return a
}

// loneO reports whether a single small o stands between digits and rb: a zero, or
// a finger that touched two keys ("250orb").
func loneO(s string) bool {
	i := strings.Index(s, "orb")
	return i > 0 && isDigit(s[i-1])
}

// ReadAmountAsked reads a text that answers an open question for an amount. A
// bare figure is still asked back; the likelier value stands first.
func ReadAmountAsked(s string) Amount { return ReadAmount(s) }
