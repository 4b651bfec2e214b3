// Package bot holds one turn of a conversation: who writes, what they mean, what is kept and what is said back.
//
// A turn is one transaction (design.md, rule 1). The inbound message is recorded, the writer is locked, the text is read
// as what the open question expects, the flow steps and its verbs act, the answers become outbox rows with their jobs,
// and the place in the conversation moves: all or nothing. A repeat of the same inbound gets the stored answer.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/kabar-prokus/kabar/channels"
	"github.com/kabar-prokus/kabar/flows"
	"github.com/kabar-prokus/kabar/flows/text"
	"github.com/kabar-prokus/kabar/internal/acts"
	"github.com/kabar-prokus/kabar/internal/bahasa"
	"github.com/kabar-prokus/kabar/internal/prokus"
)

// Store runs a turn in one transaction. f may run more than once when the database lost a race, so it has no effect
// outside.
type Store interface {
	Turn(ctx context.Context, f func(Tx) error) error
}

// Tx is what a turn needs of the database.
type Tx interface {
	acts.Store
	Inbox
	Places
	Programme
	Talk
	Links
	Doors
	Approvals
}

// Approvals are broadcasts that wait for a second person.
type Approvals interface {
	// TextsToApprove are the words of a broadcast that waits and that this member of staff may approve.
	TextsToApprove(ctx context.Context, by prokus.Staff, broadcast int64) (texts []string, ok bool, err error)
	// RefuseBroadcast sends it back to its author with a reason; ok is false where it does not wait for this person.
	RefuseBroadcast(ctx context.Context, by prokus.Staff, broadcast int64, reason string, now time.Time) (ok bool, err error)
}

// Inbox records what arrived and who sent it.
type Inbox interface {
	// Accept records an inbound. When it is known already, stored is the answer that it got (faults.md A1, A2).
	Accept(ctx context.Context, in channels.Inbound, now time.Time) (inbox int64, stored *channels.Reply, err error)
	// Conclude keeps the in-line answer, who wrote and how it was read.
	Conclude(ctx context.Context, inbox int64, r channels.Reply, person, staff int64, intent string) error
	// Owners are the people and staff behind a number or chat, active ones first by letter; released numbers stay for seven
	// days so that BUKAN works. It locks the sender, so that two messages of one sender take turns.
	Owners(ctx context.Context, kind, value string, now time.Time) ([]Owner, error)
	// Seen notes the time of her last inbound.
	Seen(ctx context.Context, person int64, now time.Time) error
	// RepliesTo counts our replies to a sender since a moment, for the loop guard (faults.md A17).
	RepliesTo(ctx context.Context, recipient string, since time.Time) (int, error)
	// SameReplies counts how often we said the reply that we said most often.
	SameReplies(ctx context.Context, recipient string, since time.Time) (int, error)
	// RangBefore says whether a number called us, besides this inbound, since a moment.
	RangBefore(ctx context.Context, from string, inbox int64, since time.Time) (bool, error)
	// PhoneOf is her active number, empty if she has none.
	PhoneOf(ctx context.Context, person int64) (prokus.Phone, error)
	// BlockAddress marks a chat that blocked us, or is back.
	BlockAddress(ctx context.Context, kind, value string, blocked bool, now time.Time) error
}

// Places are the open questions.
type Places interface {
	// PlacesOf are an owner's open questions, newest first; expired ones are gone.
	PlacesOf(ctx context.Context, owner string, now time.Time) ([]Place, error)
	// OpenPlace opens a question and ends older ones of the same kind (R03).
	OpenPlace(ctx context.Context, p Place) error
	ClosePlace(ctx context.Context, id int64) error
	ClosePlaces(ctx context.Context, owner string) error
	// PlaceOfMessage is the open question that a message's buttons belong to.
	PlaceOfMessage(ctx context.Context, owner, message string, now time.Time) (p Place, ok bool, err error)
	// USSDSession locks the session and says how many inputs were taken. ok is false when it belongs to another phone.
	USSDSession(ctx context.Context, session, phone string, now time.Time) (taken int, ok bool, err error)
	SaveUSSDSession(ctx context.Context, session string, taken int, ended bool, now time.Time) error
}

// Programme is what conversations read besides.
type Programme interface {
	// GrantSteps are the days on which her grant came to each stage, as far as they are known.
	GrantSteps(ctx context.Context, grant int64) (map[prokus.Stage]time.Time, error)
	// Worklist are the open cases of a member of staff with the numbers of the day.
	Worklist(ctx context.Context, staff int64, now time.Time) ([]prokus.WorkItem, error)
	// ReportedIn counts who was to report in a week in a kecamatan, and who did.
	ReportedIn(ctx context.Context, areas []string, w prokus.Week) (reported, due int, err error)
	// Invites are her coming sessions.
	Invites(ctx context.Context, person int64, now time.Time) ([]acts.Invite, error)
}

// Owner is a person or a member of staff behind an address.
type Owner struct {
	Address prokus.Address
	Person  *prokus.Person
	Staff   *prokus.Staff
}

// Place is an open question.
type Place struct {
	ID      int64
	Owner   string
	Ref     string // flow#step
	Vars    flows.Vars
	Options []flows.Option
	Typed   []string // types of answer that it takes
	Channel string
	Message string // the outbox row that asked
	Session string // USSD
	Asked   time.Time
	Expires time.Time
}

// Config is what a Bot is made of.
type Config struct {
	Book  *flows.Book
	Texts *text.Catalogue
	Store Store
	Now   func() time.Time // the injected clock
	Log   *slog.Logger
	USSD  string // the service code that texts mention, "*123*77#"
	// Telegram is the name of our bot there, for links; nil or empty while there is none.
	Telegram func() string
	// PublicURL is where staff open the console, without a slash at its end; empty: nobody is sent there.
	PublicURL string
}

// Bot takes inbound messages through their turns.
type Bot struct {
	Config
	verbs map[string]verb
}

// New makes a Bot.
func New(c Config) *Bot {
	return &Bot{Config: c, verbs: verbs()}
}

// Handle takes one inbound through its turn and returns after the commit.
func (b *Bot) Handle(ctx context.Context, in channels.Inbound) (channels.Reply, error) {
	now := b.Now()
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = now
	}
	in.Raw = bahasa.MaskDigits(in.Raw)
	masked := string(bahasa.MaskDigits([]byte(in.Text)))
	nik := masked != in.Text
	in.Text = masked
	for i := range in.Inputs {
		in.Inputs[i] = string(bahasa.MaskDigits([]byte(in.Inputs[i])))
	}
	var reply channels.Reply
	err := b.Store.Turn(ctx, func(tx Tx) error {
		reply = channels.Reply{}
		inbox, stored, err := tx.Accept(ctx, in, now)
		if err != nil {
			return fmt.Errorf("accept: %w", err)
		}
		if stored != nil {
			reply = *stored
			reply.Repeated, reply.Inbox = true, inbox
			return nil
		}
		t := &turn{Bot: b, Tx: tx, ctx: ctx, in: in, now: now, inbox: inbox, masked: nik}
		if err := t.run(); err != nil {
			return err
		}
		reply = t.inline
		reply.Inbox = inbox
		if reply.Role = t.who.role; reply.Role == roleUnknown || reply.Role == roleDoubted || reply.Role == roleShared {
			reply.Role = ""
		}
		reply.Lang = string(t.lang())
		return tx.Conclude(ctx, inbox, t.inline, t.personID(), t.staffID(), t.intent)
	})
	if err != nil {
		b.Log.ErrorContext(ctx, "turn failed", "channel", in.Channel, "kind", in.Kind, "error", err)
		return channels.Reply{}, fmt.Errorf("turn: %w", err)
	}
	return reply, nil
}

// errSilent ends a turn that is recorded but not answered.
var errSilent = errors.New("recorded without an answer")
