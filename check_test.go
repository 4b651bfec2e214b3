package main

import (
	"testing"

	"github.com/kabar-prokus/kabar/bot"
	"github.com/kabar-prokus/kabar/flows"
)

// The product's own flows and texts hold together: every fault at once, with file and line.
func TestFlowsAndTextsHoldTogether(t *testing.T) {
	book, texts, err := content()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range flows.Check(book, bot.Verbs(), texts, opens()) {
		t.Errorf("%s:%d: %s", f.File, f.Line, f.Problem)
	}
}
