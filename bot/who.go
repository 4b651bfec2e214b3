package bot

import (
	"fmt"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Roles of routes.yaml.
const (
	roleBeneficiary = "beneficiary"
	roleTKSK        = "tksk"
	roleMentor      = "mentor"
	roleCoordinator = "coordinator"
	roleUnknown     = "unknown"
)

// acting says in which capacity somebody writes who may be staff and beneficiary at once.
type acting int

const (
	actingPerson acting = iota
	actingStaff
)

// who is behind a message.
type who struct {
	role    string
	acting  acting
	person  *prokus.Person // nil for strangers and staff
	staff   *prokus.Staff
	shared  []Owner         // all people on the number when there are several; then person is nil until a letter names her
	letter  string          // of the person on a shared number
	doubted []prokus.Person // whose number it was before it was silent for sixty days
}

// addressKind is the kind of address that a message came from. WhatsApp proves a phone number like an SMS does: whoever is
// known by the number is known there, and registers it there.
func addressKind(v channels.Via) string {
	if v == channels.Telegram {
		return "telegram"
	}
	return "phone"
}

// findWho looks behind the number or chat, and takes the letter off a message from a number that several people share.
func (t *turn) findWho() error {
	t.text = t.in.Text
	owners, err := t.Owners(t.ctx, addressKind(t.in.Via), t.in.From, t.now)
	if err != nil {
		return fmt.Errorf("who: %w", err)
	}
	t.who = who{role: roleUnknown}
	var people []Owner
	for _, o := range owners {
		switch {
		case o.Staff != nil && o.Address.Status == prokus.AddressActive:
			t.who.staff, t.who.acting = o.Staff, actingStaff
		case o.Person != nil && o.Address.Status == prokus.AddressActive:
			people = append(people, o)
		}
	}
	switch len(people) {
	case 0:
	case 1:
		t.who.person = people[0].Person
		if t.takeLetter(people); t.text == "" { // a letter is taken off out of habit, from when she shared the number
			t.text = t.in.Text
		}
		t.who.letter = ""
	default:
		t.who.shared = people
		t.takeLetter(people)
	}
	t.who.role = t.roleOf()
	t.now = t.now.In(t.zone())
	return nil
}

func (t *turn) roleOf() string {
	if s := t.who.staff; s != nil {
		switch s.Role {
		case prokus.TKSK:
			return roleTKSK
		case prokus.Mentor:
			return roleMentor
		}
		return roleCoordinator
	}
	switch {
	case t.who.person != nil:
		return roleBeneficiary
	case len(t.who.shared) > 0:
		return roleShared
	}
	return roleUnknown
}

func (t *turn) zone() *time.Location {
	switch {
	case t.who.person != nil:
		return t.who.person.Location()
	case t.who.staff != nil:
		return t.who.staff.Location()
	case len(t.who.shared) > 0:
		return t.who.shared[0].Person.Location()
	}
	return prokus.Zone("")
}

func (t *turn) personID() int64 {
	if t.who.person != nil {
		return t.who.person.ID
	}
	return 0
}

func (t *turn) staffID() int64 {
	if t.who.staff != nil && t.who.acting == actingStaff {
		return t.who.staff.ID
	}
	return 0
}

// owner names whose question a place is: the person's, the staff's, or the number's while nobody is named.
func (t *turn) owner() string {
	switch {
	case t.in.Via == channels.USSD:
		return "u:" + t.in.From
	case t.aside:
		return numberOwner(t.in.From)
	case t.who.acting == actingStaff && t.who.staff != nil:
		return fmt.Sprintf("s:%d", t.who.staff.ID)
	case t.who.person != nil:
		return fmt.Sprintf("p:%d", t.who.person.ID)
	}
	return numberOwner(t.in.From)
}

// words of a message without politeness and punctuation, for verbs that read free text.
func words(s string) []string { return strings.Fields(bahasa.Normalise(s)) }
