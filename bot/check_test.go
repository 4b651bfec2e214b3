package bot

import (
	"testing"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
)

// The product's own flows and texts hold together: every fault at once, with file and line.
func TestFlowsAndTextsHoldTogether(t *testing.T) {
	book, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := text.Load(text.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flows.Check(book, Verbs(), texts, Opens()) {
		t.Errorf("%s:%d: %s", f.File, f.Line, f.Problem)
	}
}
