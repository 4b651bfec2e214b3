package bot

import (
	"fmt"

	"github.com/kabar-prokus/kabar/flows"
)

// leave is BATAL with a question open: the question ends, and nothing else happens. A figure that she changed after the
// question was put is nearer to her mind, and the receipt offered BATAL for it: then the change is taken back (decisions.md).
func (t *turn) leave(places []Place) (done bool, err error) {
	if len(places) == 0 {
		return false, nil
	}
	newest := places[0]
	if t.who.person != nil {
		c, ok, err := t.LastChange(t.ctx, t.personID())
		if err != nil {
			return false, fmt.Errorf("leave: %w", err)
		}
		if ok && !c.At.Before(newest.Asked) && c.Old != nil && c.What != "undo" {
			return false, nil
		}
	}
	if err := t.ClosePlace(t.ctx, newest.ID); err != nil {
		return false, fmt.Errorf("leave: %w", err)
	}
	return true, t.route("LEFT", flows.Vars{})
}
