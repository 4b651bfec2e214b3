package text

import (
	"time"
)

// Arg is a typed value of a placeholder. It is rendered when the text is sent,
// for the language and the road it takes; until then it is kept as JSON.
type Arg struct {
	kind string
	s    string
	n    int64
	args Args
	list []Arg
}

// Args are the values of a text's placeholders.
type Args map[string]Arg

// Str is literal text.
func Str(s string) Arg { return Arg{kind: kindStr, s: s} }

// Num is a whole number, written 1.250.
func Num(n int64) Arg { return Arg{kind: kindNum, n: n} }

// Rp is money in whole rupiah, written in the road's own style.
func Rp(n int64) Arg { return Arg{kind: kindRp, n: n} }

// Thousands is money as people say it: 750 ribu.
func Thousands(n int64) Arg { return Arg{kind: kindThousands, n: n} }

// Week is the week that begins on monday: 1-7 Jun.
func Week(monday time.Time) Arg { return Arg{kind: kindWeek, s: monday.Format(time.DateOnly)} }

// Date is a day with its name: Rab 10 Jun.
func Date(t time.Time) Arg { return Arg{kind: kindDate, s: t.Format(time.DateOnly)} }

// Day is a day without its name: 10 Jun.
func Day(t time.Time) Arg { return Arg{kind: kindDay, s: t.Format(time.DateOnly)} }

// Clock is a time of day: 14.30.
func Clock(t time.Time) Arg { return Arg{kind: kindClock, s: t.Format(clockForm)} }

// Key is another text, said in the same language and for the same road.
func Key(key string, args Args) Arg { return Arg{kind: kindKey, s: key, args: args} }

// List joins values with ", ".
func List(items ...Arg) Arg { return Arg{kind: kindList, s: ", ", list: items} }

// ListBy joins values with a separator of its own.
func ListBy(sep string, items ...Arg) Arg { return Arg{kind: kindList, s: sep, list: items} }

// Name is a display name, cut to 14 characters and shorter where a text would
// not fit otherwise.
func Name(s string) Arg { return Arg{kind: kindName, s: s} }

// Quote is what somebody wrote in their own words: cut to what fits.
func Quote(s string) Arg { return Arg{kind: kindQuote, s: s} }

const (
	kindStr       = ""
	kindNum       = "num"
	kindRp        = "rp"
	kindThousands = "thousands"
	kindWeek      = "week"
	kindDate      = "date"
	kindDay       = "day"
	kindClock     = "clock"
	kindKey       = "key"
	kindList      = "list"
	kindName      = "name"
	kindQuote     = "quote"
)
