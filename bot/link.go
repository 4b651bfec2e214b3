package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Links are the proofs of who somebody is.
type Links interface {
	Person(ctx context.Context, id int64) (prokus.Person, bool, error)
	StaffByID(ctx context.Context, id int64) (prokus.Staff, bool, error)
	// NoticeTo is when a number was last told of a link that still stands, looking back to a moment.
	NoticeTo(ctx context.Context, told string, since time.Time) (at time.Time, ok bool, err error)
	// Doubted says whether a number that was silent for sixty days has still to prove whose it is (faults.md H1).
	Doubted(ctx context.Context, number string, inbox int64, now time.Time) (bool, error)
	TrustNumber(ctx context.Context, number string) error
	// Tries counts wrong answers, Tried keeps one more, ForgetTries ends the count.
	Tries(ctx context.Context, sender, code string, now time.Time) (Tries, error)
	Tried(ctx context.Context, sender, code string, now time.Time) error
	ForgetTries(ctx context.Context, sender, code string) error
	// TakeLink opens a one-time link for a chat; ok is false when it is used, expired or another chat's.
	TakeLink(ctx context.Context, token, chat string, now time.Time) (person, staff int64, ok bool, err error)
	EndLinks(ctx context.Context, chat string, now time.Time) error
}

// Tries are wrong answers about who somebody is.
type Tries struct {
	Own    int // of this sender for this code, within a day
	Sender int // of this sender for any code, within an hour
	Code   int // of anybody for this code, within a day
}

// Limits of wrong answers (J1-SMS-03, faults.md H4).
const (
	triesOwn    = 2
	triesSender = 5
	triesCode   = 10
)

func (n Tries) locked() bool {
	return n.Own >= triesOwn || n.Sender >= triesSender || n.Code >= triesCode
}

// The roles of a number on which nobody has been named yet, and of one that has to prove itself again.
const (
	roleShared  = "shared"
	roleDoubted = "doubted"
)

// What proving can come to.
const (
	proven = "proven"
	again  = "again"
	locked = "locked"
)

// prove compares a year of birth with those of the people that a secret may belong to; nobody's code is answered like
// somebody's, and both are counted alike (faults.md F7, H4).
func (t *turn) prove(secret string, people []prokus.Person, year int64) (p prokus.Person, verdict string, err error) {
	n, err := t.Tries(t.ctx, t.in.From, secret, t.now)
	if err != nil {
		return p, "", fmt.Errorf("prove: %w", err)
	}
	if n.locked() {
		return p, locked, nil
	}
	for _, p := range people {
		if p.BirthYear != 0 && int64(p.BirthYear) == year {
			return p, proven, t.ForgetTries(t.ctx, t.in.From, secret)
		}
	}
	if err := t.Tried(t.ctx, t.in.From, secret, t.now); err != nil {
		return p, "", fmt.Errorf("prove: %w", err)
	}
	if (Tries{n.Own + 1, n.Sender + 1, n.Code + 1}).locked() {
		return p, locked, nil
	}
	return p, again, nil
}

// doubt takes a number that was silent for sixty days for a stranger's until it has proven itself: no name, no amount and
// no status is said before (faults.md H1). A call for help is heard all the same.
func (t *turn) doubt() error {
	if addressKind(t.in.Via) != "phone" || t.who.staff != nil || bahasa.Safety(t.in.Text) != bahasa.None {
		return nil
	}
	people := t.who.people()
	if len(people) == 0 {
		return nil
	}
	doubted, err := t.Doubted(t.ctx, t.in.From, t.inbox, t.now)
	if err != nil {
		return fmt.Errorf("doubt: %w", err)
	}
	if doubted {
		t.who, t.text = who{role: roleDoubted, doubted: people}, t.in.Text
	}
	return nil
}

// people are all who answer on the number, whether somebody has been named or not.
func (w who) people() []prokus.Person {
	var out []prokus.Person
	for _, o := range w.shared {
		out = append(out, *o.Person)
	}
	if len(out) == 0 && w.person != nil {
		out = append(out, *w.person)
	}
	if len(out) == 0 {
		out = w.doubted
	}
	return out
}

// becomes looks again behind the number or chat after it was linked: she writes now.
func (t *turn) becomes(person int64) error {
	t.in.Text = "" // no letter is read off a message that has been understood
	if err := t.findWho(); err != nil {
		return err
	}
	t.aside = false
	if t.who.person != nil && t.who.person.ID == person {
		return nil
	}
	for _, o := range t.who.shared {
		if o.Person.ID == person {
			t.name(o)
			return nil
		}
	}
	return fmt.Errorf("becomes: %d does not answer on this address", person)
}

// name says who of those that share a number writes.
func (t *turn) name(o Owner) {
	t.who.person, t.who.letter, t.aside = o.Person, o.Address.Letter, false
	t.who.role = t.roleOf()
	t.now = t.now.In(o.Person.Location())
}

// prefix begins an answer on a shared number: "B ", else nothing. Chats belong to one person.
func (t *turn) prefix() string {
	if t.who.letter == "" || addressKind(t.in.Via) != "phone" {
		return ""
	}
	return t.who.letter + " "
}

// onShared is the wording of a text for a number that several people share, where there is one of its own.
func (t *turn) onShared(key string) string {
	if t.prefix() != "" && t.Texts.Has(key+"_shared") {
		return key + "_shared"
	}
	return key
}

// openPlaces are the questions that whoever writes may be answering, the newest first: her own, and those that were put to
// the number rather than to a person.
func (t *turn) openPlaces() ([]Place, error) {
	own := t.owner()
	places, err := t.PlacesOf(t.ctx, own, t.now)
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	if number := numberOwner(t.in.From); own != number && t.in.Via != channels.USSD {
		aside, err := t.PlacesOf(t.ctx, number, t.now)
		if err != nil {
			return nil, fmt.Errorf("places: %w", err)
		}
		places = append(places, aside...)
		slices.SortFunc(places, func(a, b Place) int { return cmp.Or(b.Asked.Compare(a.Asked), cmp.Compare(b.ID, a.ID)) })
	}
	return places, nil
}

func numberOwner(from string) string { return "n:" + from }

// readNotMe reads BUKAN at a number or chat that was told of a link: it takes the link back, unless a newer question takes it for
// its no (decisions.md). "Bukan saya" means the same while the number is still hers.
func (t *turn) readNotMe(s string) (done bool, err error) {
	if t.who.role == roleDoubted {
		return false, nil
	}
	switch in := bahasa.ReadCommand(s).Intent; {
	case in == bahasa.NotMe, in == bahasa.WrongNumber && t.who.role != roleUnknown:
	default:
		return false, nil
	}
	at, ok, err := t.NoticeTo(t.ctx, t.in.From, t.now.Add(-acts.UndoLinkFor))
	if err != nil || !ok {
		return false, err
	}
	places, err := t.openPlaces()
	if err != nil {
		return false, err
	}
	for _, p := range places {
		if p.Asked.After(at) && slices.ContainsFunc(p.Options, func(o flows.Option) bool { return o.Key == "no" || slices.Contains(o.Is, "NO") }) {
			return false, nil
		}
	}
	return true, t.route(string(bahasa.NotMe), flows.Vars{})
}

// called is how somebody is named to others, cut so that every text fits.
func called(p prokus.Person) text.Arg {
	return text.Str(p.Title() + " " + bahasa.FitName(p.First(), 10))
}

// lastDigits is the end by which a number is named to those who may not see it whole.
func lastDigits(number string) text.Arg {
	return text.Str(strings.TrimPrefix(prokus.Phone(number).Tail(), "..."))
}

// letters name those who share a number, each with the letter: "A untuk Bu Siti, B untuk Bu Ani".
func letters(owners []Owner) text.Arg {
	var items []text.Arg
	for _, o := range owners {
		items = append(items, text.Key("shared.letter_of", text.Args{"huruf": text.Str(o.Address.Letter), "orang": called(*o.Person)}))
	}
	return text.List(items...)
}
