package bot

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

func chatVerbs() []verb {
	return []verb{
		{flows.Verb{Name: "chat.token", Outcomes: []string{"person", "staff", "used", "already"}, Gives: []string{"code", "staff", "orang"}}, chatToken},
		{flows.Verb{
			Name: "chat.contact", Outcomes: []string{"linked", "staff", "foreign", "differs", "staff_differs", "unknown", "which"}, Knows: true,
			Gives:  []string{"code", "petugas", "people"},
			Offers: []flows.Offer{{Var: "people", Label: "person.called", Max: 5}},
		}, chatContact},
	}
}

// tokenShape is sixteen random bytes in base64url.
var tokenShape = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)

// chatToken opens the one-time link that the TKSK printed (J1-TG-01). It proves who gave it, not yet who holds the phone.
func chatToken(t *turn, v flows.Vars) (flows.Outcome, error) {
	token := str(v, "token")
	if !tokenShape.MatchString(token) {
		return outcome("used", nil)
	}
	person, staff, ok, err := t.TakeLink(t.ctx, token, t.in.From, t.now)
	if err != nil || !ok {
		return flows.Outcome{Name: "used"}, err
	}
	if staff != 0 {
		s, ok, err := t.StaffByID(t.ctx, staff)
		if err != nil || !ok || !s.Active {
			return flows.Outcome{Name: "used"}, err
		}
		if t.who.staff != nil && t.who.staff.ID == staff {
			return outcome("already", nil)
		}
		t.aside = true
		return outcome("staff", flows.Vars{"staff": strconv.FormatInt(staff, 10), "code": "", "orang": text.Str(s.Called())})
	}
	p, ok, err := t.Person(t.ctx, person)
	if err != nil || !ok || p.Status != prokus.Active {
		return flows.Outcome{Name: "used"}, err
	}
	if t.who.person != nil && t.who.person.ID == person {
		return outcome("already", nil)
	}
	t.aside = true
	return outcome("person", flows.Vars{"code": p.Code, "staff": "", "orang": called(p)})
}

// chatContact weighs a shared phone number. Only the sender's own counts (faults.md E6); it proves who she is when it is a
// number of the person that the link or code names, or, without one, of exactly one person.
func chatContact(t *turn, v flows.Vars) (flows.Outcome, error) {
	t.aside = true
	contact, _ := v["contact"].(map[string]any)
	phone, _ := contact["phone"].(string)
	if own, _ := contact["own"].(bool); !own || phone == "" {
		t.Log.InfoContext(t.ctx, "a contact of somebody else was shared", "number", prokus.Phone(phone))
		return outcome("foreign", nil)
	}
	owners, err := t.Owners(t.ctx, "phone", phone, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("contact: %w", err)
	}
	doubted, err := t.Doubted(t.ctx, phone, t.inbox, t.now)
	if err != nil {
		return flows.Outcome{}, fmt.Errorf("contact: %w", err)
	}
	var people []Owner
	var staff *prokus.Staff
	for _, o := range owners {
		switch {
		case o.Address.Status != prokus.AddressActive:
		case o.Staff != nil:
			staff = o.Staff
		case o.Person != nil:
			people = append(people, o)
		}
	}
	code, claimed := str(v, "code"), str(v, "staff")
	switch {
	case claimed != "":
		if staff == nil || strconv.FormatInt(staff.ID, 10) != claimed {
			t.Log.InfoContext(t.ctx, "a contact does not match", "number", prokus.Phone(phone))
			return outcome("staff_differs", nil)
		}
		return t.linkStaff(*staff, nil)
	case code != "":
		for _, o := range people {
			if o.Person.Code == code && !doubted {
				return flows.Outcome{Name: "linked"}, t.linkChat(*o.Person)
			}
		}
		t.Log.InfoContext(t.ctx, "a contact does not match", "number", prokus.Phone(phone))
		return outcome("differs", nil)
	case staff != nil:
		if len(people) == 1 && !doubted {
			return t.linkStaff(*staff, people[0].Person)
		}
		return t.linkStaff(*staff, nil)
	case len(people) == 0:
		return outcome("unknown", nil)
	case len(people) > 1 && !doubted: // a chat is one person's (faults.md H2)
		options := sharedOptions(people)
		for i := range options {
			options[i].Value = people[i].Person.Code
		}
		return outcome("which", flows.Vars{"people": options[:min(len(options), 5)]})
	case doubted:
		return outcome("differs", flows.Vars{"code": people[0].Person.Code})
	}
	return flows.Outcome{Name: "linked"}, t.linkChat(*people[0].Person)
}

// linkChat makes the chat hers, and nobody else's any more.
func (t *turn) linkChat(p prokus.Person) error {
	kind := addressKind(t.in.Via)
	if _, err := t.DropAddress(t.ctx, kind, t.in.From, p.ID, t.now); err != nil {
		return fmt.Errorf("link a chat: %w", err)
	}
	if _, err := acts.Link(t.ctx, t.Tx, t.by(), p, kind, t.in.From); err != nil {
		return err
	}
	if err := t.EndLinks(t.ctx, t.in.From, t.now); err != nil {
		return fmt.Errorf("link a chat: %w", err)
	}
	return t.becomes(p.ID)
}

// linkStaff makes the chat that of a member of staff; a TKSK who is a beneficiary too writes as both.
func (t *turn) linkStaff(s prokus.Staff, too *prokus.Person) (flows.Outcome, error) {
	kind := addressKind(t.in.Via)
	if err := acts.LinkStaff(t.ctx, t.Tx, t.by(), s, kind, t.in.From); err != nil {
		return flows.Outcome{}, err
	}
	if too != nil {
		if _, err := acts.Link(t.ctx, t.Tx, t.by(), *too, kind, t.in.From); err != nil {
			return flows.Outcome{}, err
		}
	}
	if err := t.EndLinks(t.ctx, t.in.From, t.now); err != nil {
		return flows.Outcome{}, fmt.Errorf("link a chat: %w", err)
	}
	if err := t.findWho(); err != nil {
		return flows.Outcome{}, err
	}
	t.aside = false
	return outcome("staff", flows.Vars{"petugas": text.Str(s.Called())})
}
