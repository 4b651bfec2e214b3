package console

// Store is what the console reads and writes. It is fulfilled by package postgres. Methods that take a Scope answer
// ErrNotFound for records outside it: a foreign record and a missing one look the same.
type Store interface{}
