// Package roster reads the lists that offices keep as spreadsheets (people, staff, grants, sessions), judges every row and
// saves the good ones, and writes lists back out.
//
// Reading (Read, Table) knows files and nothing of the programme. Judging turns a row into what it means, in the field's own
// words: what is new, what changes, what was repaired, what is wrong and why (console.md 4.8). Saving is one transaction for
// a whole file, in bounded chunks, so that a list of any length passes through in flat memory and a crash leaves nothing or all.
//
// The sentences here are read by coordinators over a spreadsheet, in Indonesian; no beneficiary ever reads them.
package roster
