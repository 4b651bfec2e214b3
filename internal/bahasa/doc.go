// Package bahasa reads what people write (amounts, intents, phone numbers,
// dates, weeks, choices) and writes what people read (money, dates, GSM-7).
//
// It is pure: no clock, no store, no other room of the house. Reading is
// deliberately timid: where two readings are possible it answers Ask, because a
// wrong figure in somebody's report costs more than one more question.
//
// The words live in data/, one subject a file, with the reason beside each group:
//
//	spelling.txt      one spelling for each word (gk, ngga, tdk: tidak)
//	numbers.txt       number words of all the languages, slang and slips
//	amount_words.txt  what the words around a figure do to it
//	concepts.txt      words of one meaning over the languages
//	stems.txt         stems of harm, threat, taking and cutting; stems.go makes their forms
//	rules.txt         what a message wants, by concepts in order
//	phrases.txt       whole messages that words alone would not explain
//	stop.txt          the closed grammar of STOP and MULAI (R05)
//	commands.txt      our own keywords and their slips
//
// A word that no list knows beside a figure makes a question: no list of other
// money (savings, arisan, a debt) has to be complete. New harmless words (names,
// wares, places) are added to amount_words.txt so that plain reports are not asked.
//
// A misread message is mended there, by a general word or rule, together with a
// line in testdata: *_ear.tsv hold phrases of nobody's list, ear_*.tsv rounds of
// them that were written before the words were looked at, each with its first
// score at its head; the bars over them and over the labelled data fail the build.
// Three grammars make messages that no file holds: figures in company
// (amount_frames.txt), grave matters from parts, and manners around any wish.
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
