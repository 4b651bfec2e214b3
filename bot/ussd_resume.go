package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
)

// resumable are the screens that a lost session is taken up at: a figure was typed and shown, only her yes is missing.
// Every other screen is two keys from the menu.
var resumable = map[string]bool{"ussd#confirm": true, "ussd#unusual": true, "ussd#resume": true}

// ussdOpen begins a session: with the figure that a lost session has left unconfirmed (R21, faults.md F1: ten minutes, the
// life of its place), else with the menu. Who dials a direct code has said what she wants. On a shared phone nothing is taken
// up: somebody else may be holding it.
func (t *turn) ussdOpen(direct bool) error {
	places, err := t.PlacesOf(t.ctx, t.owner(), t.now)
	if err != nil {
		return fmt.Errorf("ussd: %w", err)
	}
	if err := t.ClosePlaces(t.ctx, t.owner()); err != nil {
		return fmt.Errorf("ussd: %w", err)
	}
	if direct || t.who.role != roleBeneficiary || len(places) == 0 || !resumable[places[0].Ref] {
		return t.route("start", flows.Vars{})
	}
	t.intent = "RESUME"
	res, err := t.Book.Start("ussd#resume", places[0].Vars, t.do)
	if err != nil {
		return fmt.Errorf("ussd resume: %w", err)
	}
	return t.say(res, nil)
}
