// Package prokus holds the words of the programme and the rules that are true without a database: people and their phones,
// weeks, grants and their stages, reports and their receipts, cases and their due times, quiet hours, priorities and prices.
// It imports the standard library only, reads no clock and does no input or output.
package prokus
