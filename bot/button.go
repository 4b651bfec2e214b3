package bot

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/kabar-prokus/kabar/flows"
)

// readButton reads a pressed button: an option of an open question ("o:<message>:<key>"), a command ("w:<name>"), or an
// action on a case ("c:<case>:<act>"), or the answer to a broadcast that offers seats ("b:<broadcast>:y"),
// or what to do with a broadcast that waits ("v:<broadcast>:r"). Buttons of questions that are closed, or that belong to somebody else, do nothing
// but say so (R22, faults.md E7).
func (t *turn) readButton() error {
	kind, rest, _ := strings.Cut(t.in.Choice, ":")
	switch kind {
	case "o":
		message, key, _ := strings.Cut(rest, ":")
		p, ok, err := t.PlaceOfMessage(t.ctx, t.owner(), message, t.now)
		if err != nil {
			return fmt.Errorf("button: %w", err)
		}
		if !ok {
			return t.stale()
		}
		done, err := t.give(&p, flows.Answer{Option: key})
		if err == nil && !done {
			return t.stale()
		}
		return err
	case "w":
		if _, ok := t.Book.Route(t.who.role, rest); ok {
			return t.route(rest, flows.Vars{})
		}
	case "b":
		id, act, _ := strings.Cut(rest, ":")
		n, err := strconv.ParseInt(id, 10, 64)
		word := map[string]string{"y": "JOIN", "n": "NOT_JOIN"}[act]
		if err == nil && n > 0 && word != "" && t.who.role == roleBeneficiary {
			return t.offerButton(n, word)
		}
	case "v":
		id, act, _ := strings.Cut(rest, ":")
		n, err := strconv.ParseInt(id, 10, 64)
		word := map[string]string{"r": "REVIEW", "n": "REFUSE"}[act]
		if err == nil && n > 0 && word != "" && t.who.role == roleCoordinator {
			return t.route(word, flows.Vars{"broadcast": n})
		}
	case "c":
		id, act, _ := strings.Cut(rest, ":")
		n, err := strconv.ParseInt(id, 10, 64)
		if err == nil && t.who.role == roleTKSK {
			return t.caseButton(n, act)
		}
	}
	return t.stale()
}

// elsewhere says that a button belongs to another officer's open card, as when a message is forwarded (J7-TG-01).
func (t *turn) elsewhere() (bool, error) {
	message, _, _ := strings.Cut(strings.TrimPrefix(t.in.Choice, "o:"), ":")
	if t.who.role != roleTKSK || uuid.Validate(message) != nil {
		return false, nil
	}
	owner, err := t.PlaceOwner(t.ctx, message)
	if err != nil {
		return false, err
	}
	return owner != "" && owner != t.owner(), nil
}

// stale answers a button that no longer means anything.
func (t *turn) stale() error {
	t.intent = "STALE"
	key := "button.stale"
	if other, err := t.elsewhere(); err != nil {
		return err
	} else if other {
		key = "case.not_yours"
	}
	return t.toast(key)
}

// readContact takes a shared phone number. It proves who somebody is only if the provider says that it is the sender's own
// (faults.md E6).
func (t *turn) readContact() error {
	contact := map[string]any{"phone": t.in.Phone, "own": t.in.OwnPhone}
	places, err := t.openPlaces()
	if err != nil {
		return err
	}
	for i := range places {
		if !places[i].takes("contact") {
			continue
		}
		if done, err := t.give(&places[i], flows.Answer{Kind: "contact", Value: contact}); done || err != nil {
			return err
		}
	}
	return t.route("CONTACT", flows.Vars{"contact": contact})
}
