// Package channels is the contract with the outside world: what comes in (Inbound, Status), what goes out (Outbound), and
// how a provider's refusal is classed (SendError). Each adapter lives in a room of its own below this one, sees only its
// provider and this contract, and passes channelstest.
//
// An adapter decides nothing about people: it verifies that a request is genuine, decodes it, hands it to a Handler, and
// acknowledges only after the Handler has committed. So a provider's retry is always safe.
package channels

import (
	"context"
	"time"
)

// Via is the way a text reaches a person: it decides length, characters and whether buttons exist.
type Via string

// The ways a person can be reached or can write.
const (
	SMS      Via = "sms"
	USSD     Via = "ussd"
	Telegram Via = "telegram"
	WhatsApp Via = "whatsapp"
)

// InboundKind says what arrived.
type InboundKind string

// The kinds of inbound. Everything that is none of the others is Other: it is recorded and answered "we read only text".
const (
	Text      InboundKind = "text"
	Choice    InboundKind = "choice"  // a button: Choice holds its data, Ref the message that carried it
	Contact   InboundKind = "contact" // a shared phone number
	Media     InboundKind = "media"   // photo, voice note, document
	Call      InboundKind = "call"    // a missed call to the service's number
	Edit      InboundKind = "edit"    // an edited message: Ref is the provider's id of the original
	Blocked   InboundKind = "blocked" // the person blocked the bot
	Unblocked InboundKind = "unblocked"
	Other     InboundKind = "other"
)

// Inbound is one thing that a person did, as the adapter decoded it.
type Inbound struct {
	Channel string // the adapter's name: "sim", "twilio", "telegram", "ussd" …
	ID      string // the provider's id, unique within Channel; the key by which a repeat is known
	Via     Via
	From    string // E.164 for phones, the chat id for Telegram
	To      string // our number, service code or bot
	Kind    InboundKind
	Text    string // valid UTF-8, cleaned for reading; empty where there is none
	Raw     []byte // what was typed, byte for byte; the turn masks 16-digit runs before it is kept
	Choice  string // Kind Choice: the button's data
	Ref     string // Kind Choice or Edit: the provider's id of the message it concerns
	// Phone is the shared number (Kind Contact), OwnPhone whether the provider proves it is the sender's own.
	Phone    string
	OwnPhone bool
	// Media is the provider's handle of a photo or voice note and its kind ("photo", "voice", "document").
	Media, MediaKind string
	// Session and Inputs belong to USSD: the gateway's session and every input so far, oldest first.
	Session    string
	Inputs     []string
	Language   string    // the client's language code, a hint only
	SentAt     time.Time // by the provider's clock; zero where it does not say
	ReceivedAt time.Time // by ours
}

// Reply is the part of an answer that cannot wait and rides home with the acknowledgement. Everything else is an outbox row.
type Reply struct {
	Text  string // USSD: the screen; sent as CON or END
	End   bool   // USSD: the session is over
	Toast string // Telegram: shown over the button that was pressed; empty clears its spinner
	// EditText replaces the message named by Inbound.Ref, EditButtons its buttons. Empty text: no edit.
	EditText    string
	EditButtons [][]Button
	// Role and Lang are those of whoever writes, once we know them: chats show the commands of that role.
	Role, Lang string
	Repeated   bool  // this inbound was known already; the answer is the stored one
	Inbox      int64 // the inbox row, for those who wait for what the turn caused (the simulator)
}

// Handler takes one inbound through a whole turn. It returns after the commit: an error means that nothing was kept and
// the provider must be made to send again (503).
type Handler interface {
	Handle(ctx context.Context, in Inbound) (Reply, error)
}

// State is where a message stands at the provider. Later states never go back (faults.md A3): see Rank.
type State string

// Provider states, in the order of the lattice.
const (
	Queued      State = "queued"
	Sending     State = "sending"
	Accepted    State = "sent"
	Delivered   State = "delivered"
	Read        State = "read"
	Failed      State = "failed"
	Undelivered State = "undelivered"
)

// Rank orders states so that callbacks may come in any order: a state replaces another only if it ranks higher.
// A delivery that is proven wins over an earlier failure.
func (s State) Rank() int {
	switch s {
	case Queued:
		return 1
	case Sending:
		return 2
	case Accepted:
		return 3
	case Failed, Undelivered:
		return 4
	case Delivered:
		return 5
	case Read:
		return 6
	}
	return 0
}

// Status is one callback about a message that we sent.
type Status struct {
	Channel    string
	Message    string // our own message id (UUID), empty where the provider does not carry it
	ProviderID string
	State      State
	Code       string // the provider's error code, empty if none
	At         time.Time
}

// StatusHandler keeps a status. Unknown messages are parked, never refused.
type StatusHandler interface {
	HandleStatus(ctx context.Context, s Status) error
}

// Button is one inline key: what it shows and what comes back when it is pressed (at most 64 bytes), or the address that it
// opens. Addresses are for staff only, on roads that show them as keys: people of the programme never get a link.
type Button struct {
	Label string `json:"label"`
	Data  string `json:"data"`
	Key   string `json:"key,omitempty"` // what can be typed instead; empty: the label itself
	URL   string `json:"url,omitempty"` // then Data is empty
}

// Template is a text that the provider has approved, for what may not leave as free text: WhatsApp outside the 24 hours
// after her last message (faults.md B19).
type Template struct {
	ID     string   // the provider's
	Values []string // what stands for {{1}}, {{2}} …
}

// Outbound is one message ready to leave: rendered, judged and marked as being sent.
type Outbound struct {
	ID       string // our own message id (UUID)
	To       string // E.164 or chat id
	Via      Via
	Kind     string // the message's kind as the simulator shows it: reply, prompt, digest …
	Text     string
	Buttons  [][]Button // inline; ignored where the channel has none
	Keys     [][]string // reply keyboard; ignored where the channel has none
	Picture  []byte     // PNG shown above Text, which is its caption then; channels without pictures send the text
	AskPhone string     // Telegram: label of the one-time key that shares the sender's number
	Template *Template  // WhatsApp: it leaves as this; Text is what it says
	Hint     string     // shown in the empty input field beside Keys
	EditRef  string     // edit this earlier message of ours instead of sending a new one, where that is possible
	Before   time.Time  // not_after: providers that take a validity period get the rest of it
	At       time.Time  // the moment of sending by the injected clock
	Segments int
}

// Sent is the provider's acceptance.
type Sent struct {
	ProviderID string
	Segments   int // as the provider counted them; 0 if it did not say
}

// Sender hands a message to a provider. A nil error means that the provider accepted it. Every error is a *SendError;
// anything else is taken as Ambiguous.
type Sender interface {
	Name() string
	Send(ctx context.Context, m Outbound) (Sent, error)
}

// Finder is fulfilled by senders whose provider can be asked what became of a message after an ambiguous send.
type Finder interface {
	// Find reports whether the provider has the message; found=false with a nil error is proof that it has not.
	Find(ctx context.Context, m Outbound) (s Sent, found bool, err error)
}
