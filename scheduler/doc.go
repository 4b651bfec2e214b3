// Package scheduler finds what is due and delivers it.
//
// What is due lives in tables with one clock (design.md, rule 3). Sweep walks the rules: for each rule and zone the cron
// slots since the last sweep, one set-based selection a slot, natural keys on everything it writes, so that a second run,
// a crash or a second replica changes nothing. Deliver takes outbox rows through the one door out: it judges them again
// at the moment of sending, chooses the road, renders, marks, sends, and keeps what became of it. River only runs what is
// due now; whatever it says twice is harmless.
//
// The package knows no SQL: Store is fulfilled by package postgres, each method of it a transaction of its own.
package scheduler
