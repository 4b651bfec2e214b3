// Package bahasa reads what people write (amounts, intents, phone numbers,
// dates, weeks, choices) and writes what people read (money, dates, GSM-7).
//
// It is pure: no clock, no store, no other room of the house. Reading is
// deliberately timid: where two readings are possible it answers Ask, because a
// wrong figure in somebody's report costs more than one more question.
package bahasa

// Verdict says what can be done with a reading.
type Verdict int8

const (
	// Invalid means that the text cannot be what was asked for.
	Invalid Verdict = iota
	// Ask means that the text may be meant so, but has to be asked back.
	Ask
	// Value means that the reading is safe to use.
	Value
)

func (v Verdict) String() string {
	switch v {
	case Value:
		return "VALUE"
	case Ask:
		return "ASK"
	}
	return "INVALID"
}
