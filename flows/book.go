package flows

import (
	"io/fs"

	"github.com/kabar-prokus/kabar/flows/internal/source"
)

// Fault is something wrong in a flow, a route or a text, with its file and line.
type Fault = source.Fault

// Faults are the faults of a Load, as one error.
type Faults = source.Faults

// Book holds all flows and routes. It does not change after Load.
type Book struct{}

// Load reads every flow and routes.yaml of a directory. The error is Faults.
func Load(fsys fs.FS) (*Book, error) { return &Book{}, nil }

// Start runs from a step until something is asked or the flow ends.
func (b *Book) Start(ref string, vars Vars, do Do) (Result, error) { return Result{Vars: vars}, nil }

// Answer goes on from an open question.
func (b *Book) Answer(ref string, options []Option, vars Vars, a Answer, do Do) (Result, error) {
	return Result{Vars: vars}, nil
}

// Else goes on from an open question with a message that does not answer it;
// false when the question has no else.
func (b *Book) Else(ref string, vars Vars, do Do) (Result, bool, error) {
	return Result{Vars: vars}, false, nil
}

// Open is the question of a step that something outside the flows has asked.
func (b *Book) Open(ref string, vars Vars) (Wait, error) { return Wait{Ref: ref}, nil }

// Route finds where a word leads for a role.
func (b *Book) Route(role, word string) (ref string, ok bool) { return "", false }

// Step finds a step by flow#step.
func (b *Book) Step(ref string) (Step, bool) { return Step{}, false }

// Texts is what Check asks of the catalogue.
type Texts interface {
	Has(key string) bool
}

// Check finds every fault at once.
func Check(b *Book, verbs []Verb, texts Texts, opens []Open) []Fault { return nil }
