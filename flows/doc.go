// Package flows holds what is asked and what follows, as YAML, and the pure
// function that steps through it.
package flows
