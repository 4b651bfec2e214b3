// Package arch holds the rules of the house as tests: who may import whom, where SQL and the clock live, and what no file
// of the project may say. docs/design.md tells the reasons; the tables here are what is enforced.
//
// The tests read the source themselves and start no other program.
package arch
